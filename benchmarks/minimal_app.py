"""The smallest app of the library that draws segtui: a header, a line of text, a footer."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static


class MinimalApp(App[None]):
    """Nothing but its frame."""

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("minimal")
        yield Footer()


if __name__ == "__main__":
    MinimalApp().run()
