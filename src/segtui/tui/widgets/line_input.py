"""A line of text inside a form."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class LineInput(Input):
    """A line of text; the footer says how to keep what was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Keep", tooltip="Keep what was typed")]
