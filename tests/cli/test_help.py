"""The help teaches, and changes only on purpose. To accept a change: SEGTUI_ACCEPT=1 pytest tests/cli/test_help.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import Command

from segtui.api.errors import Exit

GOLDEN = Path(__file__).parent / "help"
COMMANDS = ["segtui", "inspect", "segment", "run", "score", "plugins"]


def helped(segtui: Command, name: str) -> str:
    words = ("--help",) if name == "segtui" else (name, "--help")
    ended = segtui(*words)
    assert (ended.code, ended.err) == (0, "")
    return re.sub(r"Usage: \S*(python\S* -m segtui|segtui)\b", "Usage: segtui", ended.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_is_as_it_was_agreed(segtui: Command, name: str) -> None:
    found, golden = helped(segtui, name), GOLDEN / f"{name}.txt"
    if os.environ.get("SEGTUI_ACCEPT"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_every_command_shows_an_example_that_fits_on_one_line() -> None:
    for name in COMMANDS:
        lines = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        own = "segtui" if name == "segtui" else f"segtui {name}"
        assert any(line.strip().startswith(own) for line in lines), name


def test_the_exit_codes_of_the_help_are_those_of_the_program() -> None:
    text = " ".join((GOLDEN / "segtui.txt").read_text(encoding="utf-8").split())
    said = re.findall(r"(\d+) ", text.partition("Exit codes:")[2])
    assert [int(code) for code in said] == sorted(Exit)


def test_no_word_at_all_shows_the_help(segtui: Command) -> None:
    ended = segtui()
    assert ended.code == Exit.USAGE
    assert "Commands:" in ended.out + ended.err


def test_the_version_is_data(segtui: Command) -> None:
    from segtui import __version__

    ended = segtui("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"{__version__}\n", "")


HEAVY = ("polars", "pydantic", "sklearn", "scipy", "pandas", "textual", "tomlkit", "narwhals")
PLUGINS = ("segtui_behaviour", "segtui_clusters", "segtui_files", "segtui_rules")
ROOMS = ["read", "prepare", "segment", "analyse", "export", "project", "worker", "plugins", "draw.report"]
MODULES = [*ROOMS, "cli.file_commands", "cli.segmenting", "cli.scoring", "project.session", "project.jobs.segments"]

LOADED = """
import sys
{do}
loaded = {{name.partition(".")[0] for name in sys.modules}}
print(sorted(loaded & {{*{names!r}}}))
"""


def loaded(do: str, names: tuple[str, ...]) -> str:
    code = LOADED.format(do=do, names=names)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()[-1]


def test_the_help_loads_nothing_heavy() -> None:
    do = "sys.argv = ['segtui', '--help']\nfrom segtui.cli.main import main\ntry: main()\nexcept SystemExit: pass"
    assert loaded(do, (*HEAVY, *PLUGINS)) == "[]"


def test_the_rooms_load_neither_textual_nor_a_plugin() -> None:
    do = "\n".join(f"import segtui.{room}" for room in MODULES)
    assert loaded(do, ("textual", "sklearn", "scipy", "pandas", *PLUGINS)) == "[]"
