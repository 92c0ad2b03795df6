"""Names of segments are undone and redone: results, reports and what leaves are called as the document says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from project_sessions import NewSession

from segtui.project.document import GivenName, SegmentationEntry
from segtui.project.session import Session

BANDS = {"columns": ["household_size"], "bands": 2}


@pytest.fixture
def session(new_session: NewSession, root: Path) -> Session:
    """Bands of a sample, without names of people."""
    session = new_session(root / "sample_data" / "customers.csv")
    session.segment(SegmentationEntry(id="bands", method="bands", params=BANDS))
    return session


def first(session: Session) -> tuple[str, str]:
    """What the first segment is called, and what is said of it."""
    segment = session.results["bands"].segments[0]
    return segment.name, segment.description


def named(session: Session, name: str, description: str = "") -> None:
    code = session.results["bands"].segments[0].code
    session.rename("bands", {code: GivenName(name=name, description=description)})


def test_names_and_descriptions_follow_undo_and_redo(session: Session) -> None:
    default = first(session)
    named(session, "Big")
    named(session, "Huge", "Many at home.")
    assert first(session) == ("Huge", "Many at home.") and not session.misnamed
    for turn, expected in (
        (session.undo, ("Big", "")),
        (session.undo, default),
        (session.redo, ("Big", "")),
        (session.redo, ("Huge", "Many at home.")),
    ):
        assert turn() and [entry.id for entry in session.misnamed] == ["bands"]
        session.name_again()
        assert first(session) == expected and not session.misnamed
        assert session.stale("bands").reasons == ()


def test_two_undone_one_after_the_other_are_named_once(session: Session) -> None:
    default = first(session)
    named(session, "Big")
    named(session, "Huge")
    assert session.undo() and session.undo()
    session.name_again()
    assert first(session) == default


def test_what_leaves_after_an_undo_has_the_old_name(session: Session, tmp_path: Path) -> None:
    named(session, "Big")
    named(session, "Huge")
    assert session.undo()
    session.deliver(tmp_path)
    found = pl.read_csv(tmp_path / "bands.csv", infer_schema=False)
    assert "Big" in set(found["segment"]) and "Huge" not in set(found["segment"])
    scored = session.score(tmp_path / "bands.segmodel", [facts.located for facts in session.sources])
    assert "Big" in {segment.name for segment in scored.segments}


def test_a_report_after_an_undo_has_the_old_name(session: Session) -> None:
    named(session, "Big")
    named(session, "Huge")
    assert session.undo()
    words = repr(session.analyse("profile", ["bands"], {}))
    assert "Big" in words and "Huge" not in words


def test_what_builds_on_it_stands_again(session: Session) -> None:
    rules = [{"name": "one", "when": "household_size > 1"}]
    entry = SegmentationEntry(id="action", method="rules", after=("bands",), params={"rules": rules})
    session.segment(entry)
    named(session, "Big")
    assert session.stale("action").reasons and session.undo()
    session.name_again()
    assert session.stale("action").reasons == ()


def test_a_result_of_other_parameters_keeps_its_names(session: Session) -> None:
    """Its codes may be others than those that the names are for; it is stale, and named once it is run again."""
    named(session, "Big")
    entry = session.document.segmentation("bands")
    assert entry
    session.segment(entry.model_copy(update={"params": {**BANDS, "bands": 3}, "names": {}}))
    assert session.undo() and session.stale("bands").reasons and not session.misnamed
