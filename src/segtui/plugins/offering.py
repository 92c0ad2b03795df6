"""From what a plugin brings to what can be offered: checked, with its entry in the Catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segtui.api.text import safe
from segtui.plugins.catalogue import AnalysisEntry, Entry, ExporterEntry, MethodEntry, Provenance, ReaderEntry
from segtui.plugins.checking import fault
from segtui.plugins.finding import Found
from segtui.plugins.registry import Offer


def offered(plugin: Found, brought: Sequence[tuple[str, Any]]) -> tuple[list[Offer[Any, Any]], list[str]]:
    """What keeps its contract, and a sentence for each contribution that does not."""
    offers: list[Offer[Any, Any]] = []
    faults: list[str] = []
    for kind, item in brought:
        try:
            problem = fault(kind, item)
            entry = None if problem else _entry(plugin, kind, item)
        except Exception as error:
            problem, entry = f"a {kind} can't be looked at ({type(error).__name__})", None
        if entry and any(type(offer.entry) is type(entry) and offer.id == entry.id for offer in offers):
            problem = f"the {kind} {entry.id} is there twice"
        if problem or entry is None:
            faults.append(f"Left out: {safe(problem, 300)}.")
        else:
            offers.append(Offer(entry, item))
    return offers, faults


def _entry(plugin: Found, kind: str, item: Any) -> Entry:
    common: dict[str, Any] = {
        "id": item.id,
        "title": item.title,
        "summary": getattr(item, "summary", ""),
        "plugin": plugin.name,
        "provenance": Provenance(plugin.distribution, plugin.version, plugin.module),
        "params": item.Params.model_json_schema(),
    }
    if kind == "method":
        return MethodEntry(
            **common, basis=item.basis, revision=item.revision, needs=item.needs, ordered=item.Model.ordered
        )
    if kind == "analysis":
        return AnalysisEntry(**common, needs=item.needs, segmentations=item.segmentations, baseline=item.baseline)
    if kind == "reader":
        return ReaderEntry(**common, suffixes=item.suffixes, magic=item.magic)
    return ExporterEntry(**common)
