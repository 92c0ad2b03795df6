"""Promises 38, 39, 41 and 48: whatever a plugin does and however the command ends, nothing is left behind."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import psutil
import pytest
from command import FAULTS, Command, family, gone

MUTATES = """
import polars as pl
from segtui.api import Basis, Method, Model, Params, hookimpl
from dataclasses import dataclass

class None_(Params):
    pass

@dataclass(frozen=True, eq=False)
class One(Model):
    def assign(self, customers):
        return pl.Series([0] * customers.frame.height, dtype=pl.Int32)

class Mutates(Method):
    id, title, summary, basis, Params, Model = "mutates", "M", "m", Basis.A_PRIORI, None_, One
    def fit(self, customers, params, run):
        customers.frame.replace_column(0, pl.Series(customers.frame.columns[0], ["x"] * customers.frame.height))
        return One(segments=(), uses=None)

@hookimpl
def segtui_methods():
    return [Mutates()]
"""


def hanging(segtui: Command, orders: Path) -> tuple[object, list[psutil.Process]]:
    """A command whose method hangs in C code, once it does, with all its processes."""
    words = ("segment", orders, "-m", "hangs", "--plugin-dir", FAULTS / "fitting", "--out", "out")
    program = segtui.start(*words)
    until = time.monotonic() + 30
    while time.monotonic() < until and program.poll() is None:
        if any(segtui.temporary.glob("segtui-*/job-*/customers-*.arrow")):
            time.sleep(0.7)
            return program, family(program.pid)
        time.sleep(0.05)
    raise AssertionError(program.communicate())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_hanging_method_ends_with_the_command(segtui: Command, orders: Path, number: int, code: int) -> None:
    program, processes = hanging(segtui, orders)
    assert len(processes) >= 3
    began = time.monotonic()
    program.send_signal(number)
    out, errors = program.communicate(timeout=20)
    assert (program.returncode, out) == (code, "")
    assert time.monotonic() - began < 5
    assert "Traceback" not in errors
    assert gone(processes)
    assert segtui.left() == []
    assert not (segtui.folder / "out").exists()


def test_a_command_that_was_killed_leaves_nothing(segtui: Command, orders: Path) -> None:
    program, processes = hanging(segtui, orders)
    program.kill()
    program.communicate(timeout=20)
    assert gone(processes)
    assert segtui("inspect", orders).code == 0
    assert segtui.left() == []
    assert not (segtui.folder / "out").exists()


@pytest.mark.parametrize("method", ["aborts", "panics"])
def test_a_method_that_dies_is_one_message(segtui: Command, orders: Path, method: str) -> None:
    ended = segtui("segment", orders, "-m", method, "--plugin-dir", FAULTS / "fitting", "--out", "out")
    assert (ended.code, ended.out) == (4, ""), ended.err
    assert ended.err.count("segtui: ") == 1
    assert not (segtui.folder / "out").exists()
    assert segtui.left() == []


def test_a_method_that_changes_what_it_is_handed_is_told(segtui: Command, orders: Path) -> None:
    folder = segtui.folder / "plugins"
    folder.mkdir()
    (folder / "mutates.py").write_text(MUTATES)
    ended = segtui("segment", orders, "-m", "mutates", "--plugin-dir", folder, "--out", "out")
    assert (ended.code, ended.out) == (4, "")
    assert "leaves the customers it is given as they are" in ended.err
    assert not (segtui.folder / "out").exists()


def test_two_plugins_of_one_name_are_both_refused_until_one_is_chosen(segtui: Command, orders: Path) -> None:
    orders.write_text("customer,amount\na,1\nb,5\nc,9\nd,0.2\n")
    both = ("--plugin-dir", FAULTS / "sound", "--plugin-dir", FAULTS / "clash")
    refused = segtui("segment", orders, "-m", "halves", *both)
    assert refused.code == 4
    assert "copycat:halves and sound:halves" in refused.err
    chosen = segtui("segment", orders.name, "-m", "sound:halves", *both, "--save-project", "p.segtui.toml")
    assert chosen.code == 0, chosen.err
    text = (segtui.folder / "p.segtui.toml").read_text()
    assert 'plugin = "sound:halves:1.2.3"' in text
    missing = segtui("run", "p.segtui.toml")
    assert (missing.code, missing.out) == (4, "")
    assert "halves" in missing.err and "sound" in missing.err
    other = segtui("run", "p.segtui.toml", "--plugin-dir", FAULTS / "clash")
    assert (other.code, other.out) == (4, "")
