"""The table of segments with names that are edited in it; below, what is said of the segment under the cursor, and what
sets it apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from segtui.api.profile import Profile
from segtui.api.segmentation import ShownSegment
from segtui.api.text import safe
from segtui.project.document import GivenName
from segtui.tui.widgets.line_input import LineInput
from segtui.tui.widgets.segment_card import SegmentCard
from segtui.tui.widgets.segment_table import SegmentTable

LONGEST = {"name": 200, "description": 2000}


class SegmentNames(Vertical):
    """Segments in a table. Where `can_name`, a name is edited in its row, and a description below the table."""

    DEFAULT_CSS = """
    SegmentNames { height: 1fr; }
    SegmentNames > .about { height: auto; max-height: 2; color: $text-muted; padding: 0 1; }
    SegmentNames > Input { background: $surface; padding: 0 1; }
    SegmentNames > Input.over { position: absolute; padding: 0; width: 40; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    class Named(Message):
        """A segment got another name or description; empty ones mean the default."""

        def __init__(self, code: int, given: GivenName) -> None:
            super().__init__()
            self.code, self.given = code, given

    def __init__(self) -> None:
        super().__init__()
        self._segments: dict[int, ShownSegment] = {}
        self._profile: Profile | None = None
        self._given: Mapping[int, GivenName] = {}
        self.can_name = False
        self._editing: tuple[int, str] | None = None

    def compose(self) -> ComposeResult:
        """The table, and the line about the segment under the cursor."""
        yield SegmentTable()
        yield Static("", classes="about", markup=False)
        yield SegmentCard()

    def set_segments(
        self,
        segments: Sequence[ShownSegment],
        profile: Profile,
        columns: Sequence[str],
        given: Mapping[int, GivenName] | None = None,
    ) -> None:
        """Show these; `given` are the names people gave, None where segments can't be named (of a sample)."""
        self._editing = None
        self.query(Input).remove()
        self._segments = {one.code: one for one in segments}
        self._profile = profile
        self._given, self.can_name = given or {}, given is not None
        self.query_one(SegmentTable).set_segments(segments, profile, columns)
        self._tell_about()

    def on_resize(self) -> None:
        """A name may be cut now, or no longer."""
        self.call_after_refresh(self._tell_about)

    @on(SegmentTable.RowHighlighted)
    def _tell_about(self) -> None:
        table = self.query_one(SegmentTable)
        one = self._segments.get(table.code or 0)
        words = _about(one, named=not table.cuts_name) if one else ""
        about = self.query_one(".about", Static)
        about.update(f"{one.letter}  {words}" if one and words else "")
        about.display = bool(words)
        rows = self._profile.segments if self._profile else ()
        row = next((row for row in rows if row.code == table.code), None)
        self.query_one(SegmentCard).show(one.letter if one else "", row, self._profile)

    @on(SegmentTable.RowChosen)
    def _chosen(self, chosen: SegmentTable.RowChosen) -> None:
        chosen.stop()
        if self.can_name:
            self.edit("name")

    def edit(self, what: str) -> None:
        """Edit the name or the description of the segment under the cursor."""
        table = self.query_one(SegmentTable)
        if table.code is None or self._editing:
            return
        self._editing = (table.code, what)
        one, given = self._segments[table.code], self._given.get(table.code, GivenName())
        if what == "name":
            field = LineInput(
                given.name, placeholder=safe(one.name, 60), max_length=LONGEST[what], compact=True, classes="over"
            )
            x, y = table.name_place
            field.styles.offset = (x, y)
        else:
            self.query_one(".about").display = False
            hint = f"What is to be known of {safe(one.name, 40)}"
            field = LineInput(given.description, placeholder=hint, max_length=LONGEST[what], compact=True)
        self.mount(field, before=self.query_one(SegmentCard))
        self.call_after_refresh(field.focus)

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        if self._editing is None:
            return
        code, what = self._editing
        before = self._given.get(code, GivenName())
        given = before.model_copy(update={what: submitted.value.strip()})
        self._leave()
        if given != before:
            self.post_message(self.Named(code, given))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only a field can be left."""
        return action != "leave" or self._editing is not None

    def action_leave(self) -> None:
        """Leave the field without a change."""
        self._leave()

    def on_descendant_blur(self) -> None:
        """Whoever goes elsewhere leaves the field as it was."""
        self.call_after_refresh(self._stop_if_gone)

    def _stop_if_gone(self) -> None:
        if self._editing and self.is_attached and not isinstance(self.app.focused, Input):
            self._stop()

    def _leave(self) -> None:
        self._stop()
        self.query_one(SegmentTable).focus()

    def _stop(self) -> None:
        self._editing = None
        self.query(Input).remove()
        self._tell_about()


def _about(one: ShownSegment, *, named: bool) -> str:
    """What a segment is called, what people say of it, and its rule: each that is not said already."""
    name, rule = safe(one.name, LONGEST["name"]), safe(one.rule, 300)
    called = ": ".join(filter(None, ("" if named else name, safe(one.description, 400))))
    return "\n".join(filter(None, (called, "" if rule == name else rule)))
