"""The right side of the Segment screen: a preview that says so, or a result, or why there is neither."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from segtui.api.text import count, duration, plural, safe
from segtui.project.document import SegmentationEntry
from segtui.project.facts import SegmentationFacts
from segtui.segment.preview import Preview
from segtui.tui.widgets.segment_names import SegmentNames
from segtui.tui.widgets.segment_table import SegmentTable

MOST_NOTES = 5
ABOUT, LEAST = 2, 8
"""Lines for what is said of a segment, and the fewest for the table."""


class SegmentView(Vertical):
    """A title that says what the figures are of, a line to say something, the table, and notes."""

    DEFAULT_CSS = """
    SegmentView > .title { height: auto; text-style: bold; padding: 0 1; }
    SegmentView > .told { height: auto; padding: 0 1; color: $text-muted; }
    SegmentView > .notes { height: auto; max-height: 6; padding: 0 1; color: $text-muted; }
    SegmentView.-waiting SegmentNames { text-style: dim; opacity: 60%; }
    SegmentView.-empty SegmentNames { display: none; }
    """

    def compose(self) -> ComposeResult:
        """The parts."""
        yield Static("", classes="title", markup=False)
        yield Static("", classes="told", markup=False)
        yield SegmentNames()
        yield Static("", classes="notes", markup=False)

    def show_preview(self, preview: Preview, columns: Sequence[str], told: Text | str = "") -> None:
        """The figures of a sample, or of all customers where they are few."""
        whole = preview.rows == preview.of
        of = f"all {count(preview.of)}" if whole else f"{count(preview.rows)} of {count(preview.of)}"
        said = [] if whole else ["A sample: sizes and figures are those of the customers drawn."]
        self._say(f"Preview, {of} customers  {duration(preview.seconds)}", told)
        self._fill([*preview.notes, *said])
        self.query_one(SegmentNames).set_segments(preview.segments, preview.profile, columns)

    def show_result(
        self, facts: SegmentationFacts, entry: SegmentationEntry, columns: Sequence[str], told: Text | str = ""
    ) -> None:
        """The figures of all customers; the segments can be named."""
        self._say(
            f"{safe(facts.id, 40)}, all {plural(facts.account.total, 'customer')}  {duration(facts.seconds)}", told
        )
        self._fill([f"{count(one.rows)} {safe(one.text, 200)}" for one in facts.account.dropped] + list(facts.notes))
        self.query_one(SegmentNames).set_segments(facts.segments, facts.profile, columns, entry.given)

    def show_waiting(self, told: Text | str = "", *, keeping: bool) -> None:
        """A preview is being made; until then the one before is seen, dim, where it is to be kept."""
        before = keeping and not self.has_class("-empty")
        self._say("Preview is being made; below is the one before" if before else "Preview is being made ...", told)
        if before:
            self.add_class("-waiting")
        else:
            self._empty()

    def show_words(self, title: str, told: Text | str) -> None:
        """Words, and no figures."""
        self._say(title, told)
        self.remove_class("-waiting")
        self._empty()

    def on_resize(self) -> None:
        """Give the table the room that the words leave."""
        self._fit()

    def _fit(self) -> None:
        words = sum(part.outer_size.height for part in self.query(".title, .told, .notes") if part.display)
        self.query_one(SegmentTable).styles.max_height = max(self.size.height - words - ABOUT, LEAST)

    def _say(self, title: str, told: Text | str) -> None:
        self.query_one(".title", Static).update(title)
        line = self.query_one(".told", Static)
        line.update(told)
        line.display = bool(told)

    def _empty(self) -> None:
        self.add_class("-empty")
        self.query_one(".notes", Static).display = False

    def _fill(self, notes: Sequence[str]) -> None:
        self.remove_class("-waiting", "-empty")
        shown = [safe(note, 300) for note in notes[:MOST_NOTES]]
        shown += [f"and {plural(len(notes) - MOST_NOTES, 'more note')}"] if len(notes) > MOST_NOTES else []
        line = self.query_one(".notes", Static)
        line.update("\n".join(shown))
        line.display = bool(shown)
        self.call_after_refresh(self._fit)
