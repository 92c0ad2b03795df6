"""Previews that follow a form: started once it is settled, kept for a while, given up where they take too long."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from segtui.api.errors import SegtuiError
from segtui.project.document import SegmentationEntry
from segtui.segment.preview import Preview
from segtui.tui.pane import Pane
from segtui.tui.work import Task

PATIENCE = 10.0
"""Seconds after which a preview is given up: the screen is for looking, runs are for long work."""
MOST_KEPT = 20


class Previews:
    """Previews, or why there are none, by a key that holds all they depend on. `found` is told that one has come."""

    def __init__(self, pane: Pane, found: Callable[[str], None]) -> None:
        self._pane, self._found = pane, found
        self._kept: dict[str, Preview | SegtuiError] = {}
        self._asked = ""
        self._delay: Timer | None = None
        self._patience: Timer | None = None
        self._task: Task | None = None

    def known(self, key: str) -> Preview | SegtuiError | None:
        """What came of a preview."""
        return self._kept.get(key)

    def forget(self, key: str) -> None:
        """Let it be made again."""
        self._kept.pop(key, None)

    def wait(self) -> None:
        """Start none that has not been started."""
        if self._delay is not None:
            self._delay.stop()
            self._delay = None

    def ask(self, key: str, entry: SegmentationEntry, after: float) -> None:
        """Make a preview after so many seconds, unless another is asked for before."""
        self.wait()
        if key != self._asked:
            self._delay = self._pane.set_timer(after, lambda: self._start(key, entry))

    def _start(self, key: str, entry: SegmentationEntry) -> None:
        self._asked, self._delay = key, None
        session = self._pane.session
        self._task = self._pane.segtui.work.look(
            "preview",
            lambda progress: session.preview(entry, progress),
            lambda preview: self._came(key, preview),
            lambda error: self._came(key, error),
        )
        self._be_patient()

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.stop()
        self._patience = self._pane.set_timer(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        task = self._task
        if task is not None and task.waiting:
            self._be_patient()
        elif task is not None and not task.ended:
            self._pane.session.asking.cancel("look")

    def _came(self, key: str, preview: Preview | SegtuiError) -> None:
        self._asked = ""
        self._kept[key] = preview
        for old in list(self._kept)[:-MOST_KEPT]:
            del self._kept[old]
        self._found(key)
