"""Calling an analysis: what it is handed can't reach the host's data, and what it throws becomes a PluginError."""

from __future__ import annotations

import operator
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from segtui.api import calling
from segtui.api.analysis import Refit, View
from segtui.api.calling import broken
from segtui.api.method import Model
from segtui.api.run import Run
from segtui.api.segmentation import Segmentation

_SEEDS = 2**32


def handed(view: View, plugin: str) -> View:
    """The same view for a plugin: whatever it does to frames, labels and mappings, the host's own stay as they are."""
    customers = calling.handed(view.customers)
    segmentations = tuple(
        replace(one, params=MappingProxyType(dict(one.params)), labels=one.labels.clone()) for one in view.segmentations
    )
    baseline = None if view.baseline is None else handed(view.baseline, plugin)
    return View(customers, segmentations, _checked_refit(view, plugin), baseline)


def _checked_refit(view: View, plugin: str) -> Refit:
    """The host's refit behind a check of what the plugin asks of it; of the segmentation only params may differ."""
    own = {segmentation.id: segmentation for segmentation in view.segmentations}

    def refit(segmentation: Segmentation, rows: np.ndarray, seed: int, run: Run) -> Model:
        if not isinstance(segmentation, Segmentation) or segmentation.id not in own:
            broken(plugin, "refit takes a segmentation of its own view")
        if not _are_positions(rows, len(view.customers)):
            broken(plugin, "refit takes positions of customers of its own view, as an array of whole numbers")
        if not 0 <= operator.index(seed) < _SEEDS:
            broken(plugin, "a seed is a whole number from 0 and below 2**32")
        asked = replace(own[segmentation.id], params=dict(segmentation.params))
        return view.refit(asked, rows.copy(), int(seed), run)

    return refit


def _are_positions(rows: object, customers: int) -> bool:
    if not isinstance(rows, np.ndarray) or rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows):
        return False
    return bool(rows.min() >= 0 and rows.max() < customers)
