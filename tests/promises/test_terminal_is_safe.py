"""Promise 57: whatever stands in a file, nothing of it moves the cursor, hides or is run on a terminal."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
from pathlib import Path

import polars as pl
import pytest
from command import Command
from hostile import CHUNKS, MARKUP, PAYLOADS, harmful, hostile_plugins
from hypothesis import given
from hypothesis import strategies as st
from terminal_bytes import Shown, on_a_terminal

from segtui.api.text import safe
from segtui.cli import output

pytestmark = pytest.mark.slow

CLI = Path(output.__file__).parent
NAMES = [*PAYLOADS, *CHUNKS]
FILE_NAMES = [name.replace("/", "_").replace("\0", "0") for name in [*PAYLOADS, "".join(CHUNKS)[:60]]]


def table(path: Path, rows: int = 120) -> Path:
    """Customers whose ids, columns and categories are hostile."""
    columns: dict[str, list[object]] = {"customer": [f"{row:04}{NAMES[row % len(NAMES)]}" for row in range(rows)]}
    columns |= {f"{name}#{place}": [float(row * 7 % 90) for row in range(rows)] for place, name in enumerate(NAMES)}
    columns |= {"kind of": [f"{row % 12:02} {NAMES[row % 12]}" for row in range(rows)]}
    columns |= {"other kind": [NAMES[12 + row % (len(NAMES) - 12)] for row in range(rows)]}
    pl.DataFrame(columns).write_parquet(path)
    return path


def harmless(shown: Shown, code: int = 0) -> str:
    """The text of a command that ended with `code` and did no harm."""
    assert (shown.code, shown.harm()) == (code, set()), shown.text[-2000:]
    return shown.text


@pytest.mark.parametrize("name", FILE_NAMES, ids=range(len(FILE_NAMES)))
def test_names_of_files_are_shown_letter_by_letter(segtui: Command, name: str) -> None:
    path = segtui.folder / f"{name}.toml"
    shown = on_a_terminal(segtui, "run", path)
    assert safe(path.name) in harmless(shown, 2).replace("\n", "") or len(path.name) > 60


def test_a_name_that_is_no_text_is_shown(segtui: Command) -> None:
    path = Path(os.fsdecode(os.fsencode(segtui.folder) + b"/caf\xe9\x1b.csv"))
    path.write_text("a,b\n1,2\n3,4\n")
    for words in (("inspect", path), ("segment", path, "-m", "kmeans"), ("score", path, path), ("run", path)):
        assert "caf<DCE9>␛.csv" in harmless(on_a_terminal(segtui, *words), 2)


def test_columns_values_and_ids(segtui: Command) -> None:
    path = table(segtui.folder / "people.parquet")
    text = harmless(on_a_terminal(segtui, "inspect", path.name))
    for name in MARKUP:
        assert name[:24] in text
    shown = on_a_terminal(segtui, "inspect", path.name, "--json")
    harmless(shown)
    (data,) = shown.json
    names = {column["name"] for column in data["columns"]}
    assert {f"{name}#{place}" for place, name in enumerate(NAMES) if name in MARKUP} <= names
    assert [name for name in names if harmful(name)] == [], "the rest is taken out when a file is read, and said"
    assert len(data["findings"]) >= len(NAMES) - len(MARKUP)


def test_segments_named_after_values_and_by_people(segtui: Command) -> None:
    path = table(segtui.folder / "people.parquet")
    words = ("segment", path.name, "-m", "bands", "-s", "columns=['kind of']", "--out", "out")
    words += ("--save-project", "p.segtui.toml")
    text = harmless(on_a_terminal(segtui, *words))
    assert safe(NAMES[0])[:20] in text
    project = segtui.folder / "p.segtui.toml"
    hostile = json.dumps("\x1b]0;x\x07[@click=app.quit]\u202e\u200b")
    named = f"[segmentations.names]\n0 = {{name = {hostile}, description = {hostile}}}\n"
    written = project.read_text().replace("[segmentations.params]", f"{named}\n[segmentations.params]")
    project.write_text(written.replace('name = "p"', f"name = {hostile}"))
    assert "␛]0;x␇[@click=app.quit]<202E><200B>" in harmless(on_a_terminal(segtui, "run", project, "--out", "again"))
    for words in (("profile",), ("quality", "--json")):
        harmless(on_a_terminal(segtui, "analyse", project, *words))
    model = segtui.folder / "out" / "bands.segmodel"
    scored = on_a_terminal(segtui, "score", model, path.name)
    assert f"0000{safe(NAMES[0])}" in harmless(scored)
    again = segtui("score", model, path.name)
    assert again.out == (segtui.folder / "out" / "bands.csv").read_text(), "a program gets the text as it is"


def test_what_is_said_of_words_that_make_no_sense(segtui: Command) -> None:
    path = table(segtui.folder / "people.parquet")
    bad = "\x1b]0;x\x07\x9b2J\u202e"
    for words, code in (
        (("inspect", path.name, "--read", f"{bad}=1"), 2),
        (("segment", path.name, "-m", bad), 4),
        (("segment", path.name, "-m", "kmeans", "-s", f"{bad}=1"), 2),
        (("segment", path.name, "-m", "kmeans", "-f", bad), 3),
        (("segment", path.name, "-m", "kmeans", f"--{bad}"), 2),
        (("segment", path.name, "-m", "kmeans", "--as-of", bad), 2),
        (("plugins", bad), 4),
        (("plugins", "--plugin-dir", bad), 2),
        (("score", bad, path.name), 3),
        ((bad,), 2),
    ):
        text = harmless(on_a_terminal(segtui, *words), code)
        assert "␛]0;x␇" in text or "\\x1b" in text, words


def test_a_plugin_with_hostile_words(segtui: Command) -> None:
    table(segtui.folder / "people.parquet")
    bad = "".join(PAYLOADS[:6])
    with_plugins = ("--plugin-dir", hostile_plugins(segtui.folder / "plugins", bad))
    shown = safe(bad)[:18]
    assert shown in harmless(on_a_terminal(segtui, "plugins", *with_plugins))
    assert shown in harmless(on_a_terminal(segtui, "plugins", "bad", *with_plugins))
    listed = on_a_terminal(segtui, "plugins", "--json", *with_plugins)
    harmless(listed)
    assert bad in [method["summary"] for method in listed.json["methods"]]
    assert shown in harmless(on_a_terminal(segtui, "segment", "people.parquet", "-m", "bad", *with_plugins))
    failing = ("segment", "people.parquet", "-m", "bad", "-s", "fail=true", "--debug", *with_plugins)
    assert harmless(on_a_terminal(segtui, *failing), 2).count(shown) >= 3


@given(st.text(max_size=60) | st.sampled_from(NAMES))
def test_no_text_gets_through_what_prints(text: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        output.say(text)
        output.data(text)
        output.say_block(text)
        output.data_json({text: [text]})
    finally:
        sys.stdout, sys.stderr = before
    assert harmful(out.getvalue() + err.getvalue()) <= {"\n"}
    first, _, rest = out.getvalue().partition("\n")
    assert first == safe(text)
    assert json.loads(rest) == {text: [text]}, "nothing of the data is lost"


PRINTERS = {"print", "pprint", "input", "breakpoint"}
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
ELSEWHERE = {"echo", "secho", "echo_via_pager", "style", "displayhook", "print_exc", "print_exception"}


def test_only_one_file_prints() -> None:
    """The lint: no file of the command but `output` knows a way to the terminal."""
    found = []
    for path in sorted(CLI.glob("*.py")):
        if path.name == "output.py":
            continue
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        asked = [node.value for node in nodes if isinstance(node, ast.Attribute) and node.attr == "isatty"]
        for node in nodes:
            if node in asked:
                continue
            printed = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PRINTERS
            streamed = isinstance(node, ast.Attribute) and node.attr in STREAMS | ELSEWHERE
            imported = isinstance(node, ast.ImportFrom) and {each.name for each in node.names} & (STREAMS | ELSEWHERE)
            logged = isinstance(node, ast.Import) and {each.name for each in node.names} & {"logging", "rich", "click"}
            if printed or streamed or imported or logged:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_all_that_it_prints_is_made_harmless() -> None:
    """The lint: `output` prints text that went through `harmless`, and its own sequences, and nothing else."""
    source = (CLI / "output.py").read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert len(prints) >= 3

    def is_harmless(node: ast.expr) -> bool:
        if isinstance(node, ast.JoinedStr):
            return all(is_harmless(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Name) and node.func.id == "harmless"
        return isinstance(node, ast.Name) and node.id == "TAKE_LINE_AWAY"

    assert [ast.unparse(call) for call in prints if not all(map(is_harmless, call.args))] == []
    written = [
        ast.unparse(call) for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "write"
    ]
    assert written == []
