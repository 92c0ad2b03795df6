"""Starting the app in a terminal, and leaving it as it was, however the app ends.

The app is a child of the command, which waits for it: whatever kills the app, the command gives the terminal back.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Sequence
from pathlib import Path

from segtui.tui.peeking import Peeking
from segtui.tui.terminal import Keeper, drawn_by_python_alone
from segtui.worker.limits import die_with_parent, no_core_dumps
from segtui.worker.signals import ENDING, Terminated

KEPT_SETTINGS = {f"TEXTUAL_{name}" for name in ("ANIMATIONS", "COLOR_SYSTEM", "DISABLE_KITTY_KEY", "FPS")}
"""What a person may set of Textual. The rest is for its developers: it logs, connects, and writes what is shown."""

SELDOM = (10_000, 20, 20)
"""How often Python looks for rubbish: each time all stands still, and imports and drawing make much that is none."""


class LeftFromWithin(Exception):
    """Some library ended the program, which is not its to end."""


def launch(paths: Sequence[Path], plugin_folders: Sequence[Path], allow_outside: bool) -> int:
    """Run the app to its end; the exit code. Other processes start before the terminal is taken."""
    no_core_dumps()
    keeper, command = Keeper(), os.getpid()
    app = os.fork()
    if app:
        return keeper.wait(app)
    die_with_parent(command, by=signal.SIGTERM)
    return _run(paths, plugin_folders, allow_outside)


def _run(paths: Sequence[Path], plugin_folders: Sequence[Path], allow_outside: bool) -> int:
    peeking = Peeking.start(paths[0]) if paths else None
    gc.set_threshold(*SELDOM)
    for name in [name for name in os.environ if name.startswith("TEXTUAL") and name not in KEPT_SETTINGS]:
        del os.environ[name]
    from segtui.tui.app import FAULT, SegtuiApp

    app = SegtuiApp(paths, peeking=peeking, plugin_folders=plugin_folders, allow_outside=allow_outside)
    try:
        with drawn_by_python_alone():
            app.run()
    except BaseException as error:
        if app.return_code == FAULT:  # which the app has told already
            return FAULT
        if isinstance(error, SystemExit) and not isinstance(error, Terminated):
            raise LeftFromWithin().with_traceback(error.__traceback__) from None
        raise
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        if peeking is not None:
            peeking.close()
        if app.opened is not None:
            app.opened.close()
    return app.return_code or 0
