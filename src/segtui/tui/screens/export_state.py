"""What of an export still stands: results that are stale, or not there yet, and what is to be run for it."""

from __future__ import annotations

from segtui.api.text import join_words, safe
from segtui.project.document import SegmentationEntry
from segtui.project.session import Session
from segtui.tui.screens.export_choices import chosen_of


def known_to(session: Session) -> list[str]:
    """All segmentations, in the order of the project."""
    return [entry.id for entry in session.document.segmentations]


def leaving_from(session: Session) -> tuple[str, ...]:
    """The segmentations that leave."""
    return chosen_of(session.document.export, known_to(session))


def stale_in(session: Session) -> dict[str, tuple[str, ...]]:
    """Results that leave though they no longer stand, with the reasons."""
    found = {name: session.stale(name).reasons for name in leaving_from(session) if name in session.results}
    return {name: why for name, why in found.items() if why}


def missing_in(session: Session) -> list[str]:
    """Segmentations that leave and have no result yet."""
    return [name for name in leaving_from(session) if name not in session.results]


def state_words(session: Session) -> str:
    """What does not stand, and the key that runs it; empty where all does."""
    old, missing = stale_in(session), missing_in(session)
    if not old and not missing:
        return ""
    alike = {why: [name for name in old if old[name] == why] for why in old.values()}
    said = [
        f"{listed(names)} no longer {'stands' if len(names) == 1 else 'stand'}: {join_words(why)}."
        for why, names in alike.items()
    ]
    if missing:
        said.append(f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no result yet.")
    return f"! {' '.join(said)} r runs {'it' if len(old) + len(missing) == 1 else 'them'}."


def to_run(session: Session) -> list[SegmentationEntry]:
    """What leaves and does not stand, with what it builds on, in the order of the project."""
    wanted, waiting = set[str](), [*stale_in(session), *missing_in(session)]
    while waiting:
        name = waiting.pop()
        entry = session.document.segmentation(name)
        if name not in wanted and entry is not None:
            wanted.add(name)
            waiting += entry.after
    return [entry for entry in session.document.segmentations if entry.id in wanted]


def listed(names: list[str]) -> str:
    """Names as they may be shown."""
    return join_words(safe(name, 40) for name in names)
