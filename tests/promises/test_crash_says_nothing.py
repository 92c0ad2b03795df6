"""Promise 30: a fault of segtui itself is one message and exit code 70, and quotes nothing of what it was handling."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command import Command

CANARY = "CANARY7Q"

DRIVER = f"""
import sys, threading
from segtui.cli import {{module}} as module

class Private(BaseException):
    def __str__(self):
        return "{CANARY} in words"

def failing(*words, **more):
    client = "{CANARY} in a local"
    {{fault}}

module.{{name}} = failing
from segtui.cli.main import main
main()
"""
FAULTS = {
    "an exception": f'raise ValueError("{CANARY}", client)',
    "no exception, but as bad": f'raise Private("{CANARY}")',
    "one from another": f'raise KeyError("{CANARY}") from RuntimeError(client)',
    "a group": f'raise ExceptionGroup("{CANARY}", [ValueError(client)])',
    "with a note": f'error = OSError(5, "{CANARY}", client); error.add_note(client); raise error',
    "in a thread": (
        f"threading.Thread(target=lambda: {{}}[{CANARY!r}], name=client).start()\n"
        "    for _ in range(300): threading.Event().wait(0.1)"
    ),
    "on the way out": f"import atexit; atexit.register(lambda: {{}}[{CANARY!r}]); raise ValueError(client)",
    "what can't be raised": (
        "type('Late', (), {'__del__': lambda self: {}[client], '__repr__': lambda self: client})(); raise ValueError"
    ),
}


def crashed(segtui: Command, module: str, name: str, fault: str, *words: object) -> subprocess.CompletedProcess[str]:
    program = DRIVER.format(module=module, name=name, fault=fault)
    return subprocess.run(
        [sys.executable, "-P", "-c", program, *map(str, words)],
        cwd=segtui.folder,
        env=segtui.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def kept(segtui: Command) -> list[str]:
    """Files that hold the canary, wherever a file may have been left; the data itself is not one of them."""
    places = [segtui.machine, segtui.folder]
    files = [path for place in places for path in place.rglob("*") if path.is_file() and path.name != "orders.csv"]
    return [path.name for path in files if CANARY.encode() in path.read_bytes()]


@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_command(segtui: Command, fault: str, debug: bool) -> None:
    ended = crashed(segtui, "file_commands", "begin", fault, "inspect", "x.csv", *["--debug"] * debug)
    assert ended.returncode == 70, ended
    assert CANARY not in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr and ended.stdout == ""
    first, *rest = ended.stderr.splitlines()
    assert first.startswith("segtui: a fault of segtui itself (") and "<string>:" in first
    assert bool(rest) == debug
    assert kept(segtui) == []


def test_the_place_is_told_and_with_debug_the_way_there(segtui: Command) -> None:
    short = crashed(segtui, "file_commands", "begin", FAULTS["an exception"], "inspect", "x.csv").stderr
    assert "(ValueError at <string>:" in short and short.count("\n") == 1
    long = crashed(segtui, "file_commands", "begin", FAULTS["an exception"], "inspect", "x.csv", "--debug").stderr
    assert long.startswith(short) and "main.py:" in long and "file_commands.py:" in long


def test_a_fault_while_an_error_is_shown(segtui: Command) -> None:
    ended = crashed(segtui, "output", "say_error", FAULTS["an exception"], "run", "nowhere.toml")
    assert (ended.returncode, ended.stdout) == (70, ""), ended
    assert CANARY not in ended.stderr and "Traceback" not in ended.stderr


def test_a_fault_with_data_in_hand(segtui: Command, orders: Path) -> None:
    ended = crashed(segtui, "inspecting", "_print", FAULTS["no exception, but as bad"], "inspect", orders)
    assert (ended.returncode, ended.stdout) == (70, ""), ended
    assert CANARY not in ended.stderr and ended.stderr.count("segtui: ") == 1
    assert segtui.left() == []


BREAKS = f"""
import segtui.segment.naming as naming

def shown(model, labels, customers, *more):
    client = customers.frame.row(0)
    raise {{kind}}("{CANARY}", client)

naming.shown = shown
"""


@pytest.mark.parametrize("kind", ["ValueError", "type('Odd', (BaseException,), {})", "GeneratorExit"])
def test_a_fault_of_segtui_in_the_worker(segtui: Command, orders: Path, kind: str) -> None:
    orders.write_text(orders.read_text().replace("DE", CANARY))
    folder = segtui.folder / "plugins"
    folder.mkdir()
    (folder / "breaks.py").write_text(BREAKS.format(kind=kind))
    words = ("segment", orders, "-m", "rfm", "--plugin-dir", folder, "--out", "out", "--json")
    ended = segtui(*words)
    assert (ended.code, ended.out) == (70, ""), ended.err
    assert ended.err.count("segtui: ") == 1 and "breaks.py, line 6" in ended.err
    assert CANARY not in ended.err
    assert not (segtui.folder / "out").exists()
    assert segtui.left() == [], "the log is gone with the run folder"
    assert kept(segtui) == ["breaks.py"]
    _, log = segtui.start(*words, "--debug").communicate(timeout=60)
    assert CANARY in log, "--debug shows the log of the worker, and says that it may hold values"
