"""Saved models for the tests: fitted by small methods, as a project would save them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from small_methods import PLUGIN, Cutting, NearestCentre, some_customers

from segtui.api import Method, PluginError, QuietRun
from segtui.segment.fit import fit
from segtui.segment.model_file import SavedModel, needed_columns
from segtui.segment.naming import GivenName, shown

METHODS: dict[str, Method[Any, Any]] = {"cutting": Cutting(), "nearest": NearestCentre()}


def method_of(method: str, plugin: str) -> Method[Any, Any]:
    if method not in METHODS:
        raise PluginError(f"There is no method {method}.", where=plugin)
    return METHODS[method]


def saved_model(method: str = "cutting", builds_on: Mapping[str, SavedModel] | None = None) -> SavedModel:
    customers = some_customers()
    fitted = fit(METHODS[method], customers, {}, QuietRun(), plugin=PLUGIN)
    return SavedModel(
        method=method,
        plugin=PLUGIN,
        revision=METHODS[method].revision,
        params={"cuts": [100.0], "word": "Grüße \u202e"},
        seed=42,
        feature_set="behaviour",
        model=fitted.model,
        segments=shown(fitted.model, fitted.labels, customers, {1: GivenName("Best", "who spend most")}),
        columns=needed_columns(fitted.model, customers),
        as_of=date(2025, 1, 1),
        created_from={"orders.parquet": "ab" * 32},
        plan={"recipe": [{"step": "keep", "condition": "amount > 0"}], "levels": {}},
        builds_on=builds_on or {},
    )
