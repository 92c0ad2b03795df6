"""Promises 28 to 30: the terminal is as it was however the app ends, the exit code tells, nothing private is said."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial

import psutil
import pytest
from app_terminal import Shown, program
from command import SEGTUI, gone
from faulty_program import CANARY

Start = Callable[..., Shown]
QUICK = ("widget_panics", "twice")
SLOW = ("handler", "group", "widget", "loop", "handler_panics", "timer_panics", "task", "thread_panics")
SLOW += ("textual_worker_panics", "drawing", "thread")


@contextlib.contextmanager
def ends_clean(shown: Shown) -> Iterator[None]:
    """What it started is gone, the terminal is as it was, and nothing was said of what was in hand."""
    family = shown.family()
    yield
    assert gone(family)
    assert shown.not_given_back() == []
    assert CANARY.encode() not in shown.raw
    assert b"Traceback" not in shown.raw


@pytest.mark.parametrize(
    ("to", "number"),
    [
        *(("command", number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)),
        ("both", signal.SIGINT),
        pytest.param("app", signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param("both", signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_ended_by_a_signal(on_terminal: Start, to: str, number: signal.Signals) -> None:
    shown = on_terminal("open")
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        if to == "both":
            os.killpg(shown.process.pid, number)
        else:
            os.kill(shown.process.pid if to == "command" else shown.app(), number)
        assert shown.end() == 128 + number
    assert shown.said_after() == ""


@pytest.mark.slow
def test_ended_before_there_is_anything_to_see(on_terminal: Start) -> None:
    for delay in (0.05, 0.15, 0.3, 0.45, 0.6):
        shown = on_terminal("open")
        time.sleep(delay)
        shown.process.terminate()
        assert shown.end() in (143, -15)
        assert shown.not_given_back() in ([], ["?1049", "?1000", "?1003", "?2004", "?25"])
        assert b"Traceback" not in shown.raw


@pytest.mark.parametrize("fault", [*QUICK, *(pytest.param(fault, marks=pytest.mark.slow) for fault in SLOW)])
def test_a_fault_of_the_app(on_terminal: Start, fault: str) -> None:
    shown = on_terminal("open", before=program(fault))
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        shown.press("!")
        assert shown.end() == 70
    said = shown.said_after()
    assert said.startswith("segtui: a fault of segtui itself (") and said.count("segtui:") == 1
    assert "faulty_program.py:" in said or "PanicException" in said
    assert len(said.splitlines()) <= 2


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "code"), [("handler_leaves", 70), ("handler_is_interrupted", 130)])
def test_an_end_from_within(on_terminal: Start, fault: str, code: int) -> None:
    shown = on_terminal("open", before=program(fault))
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        shown.press("!")
        assert shown.end() == code


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [("abort", 134, "SIGABRT"), ("segfault", 139, "SIGSEGV"), pytest.param("vanish", 9, "", marks=pytest.mark.slow)],
)
def test_the_app_dies(on_terminal: Start, fault: str, code: int, said: str) -> None:
    shown = on_terminal("open", before=program(fault))
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        shown.press("!")
        assert shown.end() == code
    assert said in shown.said_after() and len(shown.said_after().splitlines()) == bool(said)


@pytest.mark.slow
def test_the_app_is_killed(on_terminal: Start) -> None:
    shown = on_terminal("open")
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        os.kill(shown.app(), signal.SIGKILL)
        assert shown.end() == 137
    assert "was ended by SIGKILL" in shown.said_after()


@pytest.mark.slow
def test_the_command_is_killed(on_terminal: Start) -> None:
    """Nothing can be done for it, but the app sees it and puts the terminal right."""
    shown = on_terminal("open")
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        app = psutil.Process(shown.app())
        shown.process.kill()
        assert gone([app])
        shown.rest()


@pytest.mark.slow
def test_an_app_that_hangs_is_killed_when_it_should_end(on_terminal: Start) -> None:
    shown = on_terminal("open", before=program("hang"))
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        shown.press("!")
        shown.rest()
        shown.process.terminate()
        assert shown.end() == 137


@pytest.mark.slow
@pytest.mark.parametrize("to", ["command", "both"])
def test_stopped_and_continued(on_terminal: Start, to: str) -> None:
    """Twice. A shell stops and continues both at once, where the app hears of it from the command as well."""
    shown = on_terminal("open")
    shown.until("worker idle", "No data yet")
    both = {psutil.Process(shown.app()), psutil.Process(shown.process.pid)}
    send = shown.process.send_signal if to == "command" else partial(os.killpg, shown.process.pid)
    with ends_clean(shown):
        for _ in range(2):
            send(signal.SIGTSTP)
            until(lambda: {process.status() for process in both} == {psutil.STATUS_STOPPED})
            shown.rest()
            assert shown.not_given_back() == []
            since = len(shown.raw)
            send(signal.SIGCONT)
            shown.until("worker idle", "No data yet", "Quit", since=since)
            shown.rest(0.6)
        shown.press("Q")
        assert shown.end() == 0


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_work_that_fails_and_native_code_that_prints(on_terminal: Start) -> None:
    """The first is one message each and the app goes on; of the second nothing is on the screen."""
    shown = on_terminal("open", before=program("work_panics,work_raises,work_refuses,write"))
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        for word in ("work", "work", "work", "it went on"):
            since = len(shown.raw)
            shown.press("!")
            shown.until(word, since=since)
            shown.rest()
        shown.press("Q")
        assert shown.end() == 0


def test_leaving(on_terminal: Start) -> None:
    shown = on_terminal("open")
    shown.until("worker idle", "No data yet")
    with ends_clean(shown):
        shown.press("Q")
        assert shown.end() == 0
    assert shown.said_after() == ""


@pytest.mark.slow
def test_the_terminal_goes_away(on_terminal: Start) -> None:
    shown = on_terminal("open", before=("setsid", "-cw", *SEGTUI))
    shown.until("worker idle", "No data yet")
    family = shown.family()
    shown.hang_up()
    assert gone(family, 20)
