"""A segmentation gets another id, or goes, and what names it in the document follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from project_sessions import NewSession

from segtui.api.errors import UsageError
from segtui.project.document import Document, ExportEntry, ReportEntry, SegmentationEntry

DOCUMENT = Document(
    segmentations=(
        SegmentationEntry(id="rfm", method="rfm"),
        SegmentationEntry(id="kmeans", method="kmeans"),
        SegmentationEntry(id="cross", method="bands", after=("kmeans",)),
    ),
    export=ExportEntry(
        segmentations=("rfm", "kmeans"),
        reports=(
            ReportEntry(analysis="profile", segmentations=("rfm",)),
            ReportEntry(analysis="comparison", segmentations=("rfm", "kmeans")),
            ReportEntry(analysis="quality"),
        ),
    ),
)


def test_another_id_is_followed_by_the_export() -> None:
    changed = DOCUMENT.with_id("rfm", "value")
    assert [entry.id for entry in changed.segmentations] == ["value", "kmeans", "cross"]
    assert changed.export.segmentations == ("value", "kmeans")
    assert [entry.segmentations for entry in changed.export.reports] == [("value",), ("value", "kmeans"), ()]
    assert changed.with_id("value", "rfm") == DOCUMENT


def test_what_looks_at_one_that_is_gone_alone_goes_with_it() -> None:
    changed = DOCUMENT.without_segmentation("rfm")
    assert [entry.id for entry in changed.segmentations] == ["kmeans", "cross"]
    assert changed.export.segmentations == ("kmeans",)
    assert [(entry.analysis, entry.segmentations) for entry in changed.export.reports] == [
        ("comparison", ("kmeans",)),
        ("quality", ()),
    ]


@pytest.mark.parametrize("new", ["kmeans", "", "x" * 101])
def test_an_id_that_is_taken_or_no_id_is_refused(new_session: NewSession, new: str) -> None:
    session = new_session(document=DOCUMENT)
    with pytest.raises(UsageError):
        session.change_id("rfm", new)
    assert session.document == DOCUMENT


def test_one_that_others_build_on_keeps_its_id(new_session: NewSession) -> None:
    session = new_session(document=DOCUMENT)
    with pytest.raises(UsageError, match="cross builds on kmeans"):
        session.change_id("kmeans", "clusters")


def test_a_result_keeps_standing_under_another_id(new_session: NewSession, root: Path) -> None:
    session = new_session(root / "sample_data" / "customers.csv")
    session.segment(SegmentationEntry(id="bands", method="bands", params={"columns": ["household_size"]}))
    session.change_id("bands", "homes")
    assert session.results["homes"].id == "homes" and session.stale("homes").reasons == ()
    assert session.undo() and session.stale("bands").reasons == ()
    session.change(session.document.without_segmentation("bands"))
    assert session.undo() and session.stale("bands").reasons == ()
