"""What the Report screen lists: analyses and why one can't run, and pinned reports and why one is stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text as Words

from segtui.api.text import join_words, plural, safe
from segtui.plugins import AnalysisEntry, Catalogue
from segtui.project.document import ReportEntry
from segtui.project.session import Session
from segtui.tui.screens.report_making import measured_set, results_of, why_stale

WIDEST = 40
NOT_RUN = "not run yet"


def looked_at(entry: AnalysisEntry, session: Session, marked: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """What an analysis looks at unless people say otherwise: what is marked, else the chosen, else all."""
    every = [made.id for made in results_of(session)]
    least, most = entry.segmentations
    found = list(marked) or ([chosen] if chosen else every)
    if len(found) < least:
        found = every
    return tuple(found if most is None else found[:most])


def lacking(entry: AnalysisEntry, session: Session, segmentations: Sequence[str]) -> tuple[str, ...]:
    """Why an analysis can't run on these segmentations, a sentence each; nothing where it can."""
    customers = session.customers
    if customers is None:
        return ("There are no customers yet. Screen 2 makes them.",)
    name = measured_set(session, segmentations)
    features = customers.scalings[name].columns if name in customers.scalings else ()
    needs = replace(entry.needs, segmentations=0, tables=())
    reasons = list(needs.unmet(customers.columns, features, (), customers.rows))
    least, most = entry.segmentations
    if len(segmentations) < least:
        reasons.append(f"Needs {plural(least, 'result')}, and looks at {len(segmentations)}. Run more on screen 3.")
    if most is not None and len(segmentations) > most:
        reasons.append(f"Looks at {most} at most. Choose fewer with s.")
    if entry.baseline:
        reasons.append("Needs an earlier state to compare with, which a project does not hold yet.")
    for one in segmentations:
        if why := why_stale(session, one):
            reasons.append(f"{safe(one, WIDEST)} is stale: {why}. r runs it again, s chooses others.")
    return tuple(reasons)


def analysis_words(entry: AnalysisEntry, catalogue: Catalogue, *, can_run: bool) -> Words:
    """An analysis in the list."""
    words = Words(" ● " if can_run else " ○ ", no_wrap=True, overflow="ellipsis")
    words.append(safe(entry.title, WIDEST), style="" if can_run else "dim")
    if catalogue.ambiguous(entry):
        words.append(f"  {safe(entry.provenance.distribution, WIDEST)}", style="dim")
    return words


def why_pinned_is_off(entry: ReportEntry, catalogue: Catalogue, session: Session) -> str:
    """Why a pinned report does not stand as it is: stale, not run, or an analysis that is not there."""
    if not any(entry.analysis in (one.id, one.qualified) for one in catalogue.analyses):
        return "no such analysis"
    names = entry.segmentations or tuple(one.id for one in session.document.segmentations)
    known = session.document
    if any(known.segmentation(name) is None for name in names):
        return "a result is gone"
    if any(name not in session.results for name in names):
        return NOT_RUN
    return "stale" if any(why_stale(session, name) for name in names) else ""


def pinned_words(place: int, entry: ReportEntry, catalogue: Catalogue, session: Session) -> Words:
    """A pinned report in the list: its place, its analysis, what it looks at, and what is off."""
    found = next((one for one in catalogue.analyses if entry.analysis in (one.id, one.qualified)), None)
    title = safe(found.title if found else entry.analysis, WIDEST)
    words = Words(f" {place} {title}", no_wrap=True, overflow="ellipsis")
    off = why_pinned_is_off(entry, catalogue, session)
    if off:
        words.append(f"  ! {off}")
    of = join_words(safe(name, WIDEST) for name in entry.segmentations) or "all that is exported"
    said = [f"{safe(name, WIDEST)} {safe(value, WIDEST)}" for name, value in entry.params.items()]
    settings = ", ".join([f"on {safe(entry.feature_set, WIDEST)}", *said] if entry.feature_set else said)
    words.append(f"\n   {of}", style="dim")
    return words.append(f"\n   {settings}", style="dim") if settings else words
