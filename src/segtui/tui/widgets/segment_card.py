"""What a segment is like against all customers, in as many lines as there is room for."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from segtui.api.profile import Profile, ProfileRow
from segtui.draw.apart import HEAD, draw_apart
from segtui.draw.line import Line
from segtui.tui.widgets.block_view import strip_of

LEAST = HEAD + 3
"""In fewer lines there is little to be said."""


class SegmentCard(Widget):
    """Figures of one segment, what sets it apart first. It takes the room there is, and is empty where that is low."""

    DEFAULT_CSS = """
    SegmentCard { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, ProfileRow, Profile] | None = None
        self._lines: list[Line] = []

    def show(self, letter: str = "", row: ProfileRow | None = None, profile: Profile | None = None) -> None:
        """Show a segment, by its letter and its row of the profile, or none."""
        self._shown = (letter, row, profile) if row is not None and profile is not None else None
        self._lay_out()

    def on_resize(self) -> None:
        """Lay out anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        width, height = self.size
        self._lines = draw_apart(*self._shown, width, height) if self._shown and height >= LEAST else []
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        return strip_of(self, self._lines[y] if y < len(self._lines) else (), self.size.width)
