"""The documentation: its commands run, it names everything there is, its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from in_terminal import opened_and_left

from segtui.api.errors import Exit
from segtui.api.expression import KEYWORDS
from segtui.api.expression_parse import _FUNCTIONS as FUNCTIONS
from segtui.api.table import Kind, Role
from segtui.cli.opening import COMMANDS
from segtui.prepare.features import Form
from segtui.prepare.recipe import AnyStep, Recipe
from segtui.prepare.steps.step import Step
from segtui.project.document import Document, ExportEntry, FileEntry, ReportEntry, SegmentationEntry, Source
from segtui.read import ColumnReading, Reading

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(DOCS.glob("*.md")),
]
README = ROOT / "README.md"
FIRST = "segtui sample_data/orders.parquet"
PICTURED = "segtui segment sample_data/orders.parquet --method rfm --out deliverables/"
TESTS = "python -m pytest -n auto"
BLOCK = re.compile(r"^(?P<indent> *)```(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
SECONDS = 60


class Block(NamedTuple):
    """A fenced block: its language, its label (`file=NAME` or a word) and its text."""

    language: str
    label: str
    body: str


def _blocks(page: Path) -> Iterator[Block]:
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        language, _, label = match["info"].partition(" ")
        yield Block(language, label.strip(), match["body"])


def _commands(page: Path) -> list[str]:
    """The segtui commands of the shell blocks, in order; of a longer line the part that is segtui's."""
    lines = [line.strip() for block in _blocks(page) if block.language == "sh" for line in block.body.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    return [part for part in parts if part.startswith("segtui ")]


def _read(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def _section(page: str, heading: str) -> str:
    """The text below a heading, down to the next of its level or above."""
    text = _read(page)
    start = re.search(rf"^(#+) {re.escape(heading)}\s*$", text, re.MULTILINE)
    assert start, f"{page} has no heading {heading}"
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def _not_said(names: Iterable[str], text: str) -> list[str]:
    """Names that do not stand as code in the text."""
    bodies = [match["body"] for match in BLOCK.finditer(text)]
    code = "\n".join([*re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)), *bodies])
    return [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", code)]


def _name(words: list[str]) -> str:
    """The command that the words name; a file is opened."""
    return words[1] if words[1] in COMMANDS or words[1].startswith("-") else "open"


def _started(command: list[str]) -> list[str]:
    program = Path(sys.executable).with_name("segtui")
    return [str(program) if program.is_file() else "segtui", *command[1:]]


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_started(command), cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)


def _shop(folder: Path) -> Path:
    """A folder with a copy of the sample data, as a clone of the repository has it."""
    target = folder / "shop"
    shutil.copytree(ROOT / "sample_data", target / "sample_data", ignore=shutil.ignore_patterns("__pycache__"))
    return target


@cache
def _catalogue() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(_run(["segtui", "plugins", "--json"], ROOT).stdout)
    return found


def _steady(text: str) -> str:
    """A transcript without what may differ between machines and days: seconds, sizes of files, today."""
    text = re.sub(r" in [\d.,]+ m?s,", " in … s,", text)
    text = re.sub(r"(wrote \S+) .*", r"\1", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


FIRST_READ = ("README.md", "plugins.md")
"""Pages whose commands run with every change; those of the others take minutes together, and run with `-m slow`."""
WITH_COMMANDS = [
    pytest.param(page, id=page.name, marks=[] if page.name in FIRST_READ else [pytest.mark.slow])
    for page in PAGES
    if _commands(page)
]


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    folder = _shop(tmp_path)
    for block in _blocks(page):
        if block.label.startswith("file="):
            target = folder / block.label.removeprefix("file=")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
    for command in _commands(page):
        words = shlex.split(command.replace("$PWD", str(folder)))
        if _name(words) == "open":
            kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
            state = {"XDG_STATE_HOME": str(tmp_path), "TERM": "xterm-256color"}
            code = opened_and_left(_started(words), folder, b"206,661", {**kept, **state})
            assert code == Exit.DONE, command
            continue
        done = _run(words, folder)
        assert done.returncode == Exit.DONE, f"{command}\n{done.stderr}"
        assert done.stdout or ("score" in words and "--out" in words), f"{command} printed nothing"
        if command == PICTURED and page == README:
            picture = next(block.body for block in _blocks(page) if block.label == "picture")
            assert _steady(done.stderr + done.stdout) == _steady(picture), "correct the picture in the README"
    if page.name == "projects.md":
        first, second = (folder / "deliverables" / name / "rfm.csv" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_the_main_job_and_the_tests_are_one_command_each() -> None:
    lines = [line for block in _blocks(README) if block.language == "sh" for line in block.body.splitlines()]
    install = "python -m venv .venv && . .venv/bin/activate && "
    assert f"{install}pip install . && {FIRST}" in lines
    assert f"{install}pip install --upgrade pip && pip install --editable . --group dev && {TESTS}" in lines
    assert TESTS in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_commands_in_running_text_exist() -> None:
    known = set(_click_commands()) | {"-h", "--help", "--version", "--debug"}
    for page in PAGES:
        for words in re.findall(r"`segtui ([a-z-][^`\n]*)`", page.read_text(encoding="utf-8")):
            first = words.split()[0]
            assert first in known or "." in first, f"{page.name}: segtui {words}"


def _click_commands() -> Mapping[str, Any]:
    import typer

    from segtui.cli.program import app

    group: Any = typer.main.get_command(app)
    commands: Mapping[str, Any] = group.commands
    return commands


def test_every_option_of_every_command_is_described() -> None:
    for name, command in _click_commands().items():
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("-")]
        said = _section("docs/commands.md", f"segtui {name}")
        assert not _not_said(options, said), f"segtui {name}"
    assert not _not_said(["--version", "--debug", "--help", "-h"], _read("docs/commands.md"))


def test_every_command_is_in_the_readme() -> None:
    used = {_name(command.split()) for command in _commands(README)}
    assert used == set(_click_commands())


def test_every_exit_code_is_described() -> None:
    said = {int(code) for code in re.findall(r"^\| (\d+) \|", _section("README.md", "Exit codes"), re.MULTILINE)}
    assert said == {int(code) for code in Exit}


def test_every_step_and_its_keys_are_described() -> None:
    steps: tuple[type[Step], ...] = get_args(get_args(AnyStep)[0])
    for step in steps:
        name = step.model_fields["step"].default
        said = _section("docs/recipes.md", name)
        own = [key for key in step.model_fields if key not in ("step", "table", "active")]
        assert not _not_said(own, said), name
        assert any(f'step = "{name}"' in block.body for block in _blocks(DOCS / "recipes.md")), name
    recipe = _read("docs/recipes.md")
    assert not _not_said(["table", "active", *Recipe.model_fields, *(form.value for form in Form)], recipe)


def test_every_key_of_a_project_is_described() -> None:
    said = _read("docs/projects.md")
    for part in (Document, Source, SegmentationEntry, ExportEntry, FileEntry, ReportEntry):
        assert not _not_said(part.model_fields, said), part.__name__


def test_every_name_of_a_reading_is_described() -> None:
    said = _read("docs/reading.md")
    names = [*Reading.model_fields, *ColumnReading.model_fields, *map(str, Kind), *map(str, Role)]
    assert not _not_said(names, said)


def test_the_whole_language_is_described() -> None:
    assert not _not_said([*KEYWORDS, *FUNCTIONS], _read("docs/expressions.md"))


def test_every_parameter_of_every_shipped_method_is_described() -> None:
    methods = _catalogue()["methods"]
    assert {method["id"] for method in methods} >= {"rfm", "kmeans", "rules", "bands"}
    for method in methods:
        said = _section("docs/methods.md", method["id"])
        assert not _not_said(method["params"]["properties"], said), method["id"]
        choices = [choice for schema in method["params"]["properties"].values() for choice in schema.get("enum", ())]
        assert not _not_said(choices, said), method["id"]


def test_the_small_plugin_is_small() -> None:
    code = next(block.body for block in _blocks(DOCS / "plugins.md") if block.language == "python")
    assert len(code.splitlines()) < 60


def test_links_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "sample_data" / "README.md"]:
        text = BLOCK.sub("", page.read_text(encoding="utf-8"))
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if link.startswith("https://"):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name}: {link}"
            assert not anchor or anchor in _anchors(target), f"{page.name}: {link}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_index() -> None:
    index = _read("docs/index.md")
    assert [page.name for page in DOCS.glob("*.md") if page.name != "index.md" and f"({page.name})" not in index] == []


def test_promises_name_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _read("SECURITY.md"))
    assert len(named) > 15
    for path, test in named:
        code = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
        assert f"def {test}(" in code, f"{path}::{test}"


UNWANTED = re.compile(
    "|".join(
        (
            r"(?<![\w.])/(?:home|Users|root|work)/(?=\w)",
            r"[A-Z]:\\Users\\",
            r"py" + r"pi\.(?:org|python)|python" + r"hosted\.org|test\.py" + r"pi",
            r"(?:extra-)?index" + r"-url",
            r"find" + r"-links",
        )
    )
)
SKIPPED_FOLDERS = {"__pycache__", "deliverables", "build", "dist", "site", "node_modules"}


def _files_of_the_repository() -> Iterator[Path]:
    for folder, names, files in os.walk(ROOT):
        names[:] = [
            name
            for name in names
            if name not in SKIPPED_FOLDERS
            and (name in (".ci", ".github") or not name.startswith("."))
            and not (Path(folder) / name / "pyvenv.cfg").is_file()
        ]
        yield from (Path(folder) / file for file in files)


def test_no_machine_and_no_registry_shows_in_any_file() -> None:
    found = []
    for path in _files_of_the_repository():
        if path.suffix in (".parquet", ".arrow", ".pyc") or path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in UNWANTED.finditer(text)]
    assert found == []
