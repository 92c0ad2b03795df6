"""Promises 56 to 58: whatever stands in files, names and plugins is text on the screen, and nothing of it is obeyed."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from app_terminal import Shown
from hypothesis import given, settings
from hypothesis import strategies as st
from journeys import ROOT, AppOn, settled
from key_walk import Walk
from rich.segment import Segment
from rich.style import Style
from some_results import app_of
from textual.color import Color
from textual.css.query import DOMQuery
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

import segtui.tui
from segtui.api.errors import DataError, SegtuiError
from segtui.project.document import GivenName, SegmentationEntry
from segtui.tui.app import SCREENS, SegtuiApp
from segtui.tui.dialogs import Ask, Choose, Confirm, PickFile
from segtui.tui.last_gate import LastGate
from segtui.tui.pane import State

sys.path.append(str(ROOT / "tests" / "promises"))
from hostile import CHUNKS, CONTROLS, MARKUP, PAYLOADS, harmful, hostile_plugins

pytestmark = pytest.mark.slow

TUI = Path(segtui.tui.__file__).parent
NAMES = [*PAYLOADS, *CHUNKS]
BAD = "".join(PAYLOADS[:6]) + "[@click=app.quit]x[/][/nope][link=http://x]y[/link]"
FILE_NAME = "\x1b]0;t\x07\u202e[@click=app.quit]x[nope].parquet"


def table(path: Path, rows: int = 120) -> Path:
    """Customers whose ids, columns and categories are hostile."""
    columns: dict[str, list[object]] = {"customer": [f"{row:04}{NAMES[row % len(NAMES)]}" for row in range(rows)]}
    columns |= {"kind of": [f"{row % 12:02} {NAMES[row % 12]}" for row in range(rows)]}
    columns |= {f"{name}#{place}": [float(row * 7 % 90) for row in range(rows)] for place, name in enumerate(NAMES)}
    pl.DataFrame(columns).write_parquet(path)
    return path


def lines(app: SegtuiApp) -> list[str]:
    """What the terminal shows."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def look(app: SegtuiApp) -> Callable[[], None]:
    """Fails where something on the screen would be obeyed, by the terminal or by Textual."""

    def looked() -> None:
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                assert harmful(segment.text) == set(), (app.screen, segment.text)
                assert segment.style is None or not segment.style.link
                meta = segment.style.meta if segment.style else {}
                assert not str(meta.get("@click", "")).startswith("app.quit"), segment
        static: DOMQuery[Static] = app.screen.query(Static)
        for each in static:
            content = each.content
            assert not (isinstance(content, str) and each._render_markup and content), (each, content)
        lists: DOMQuery[OptionList] = app.screen.query(OptionList)
        for options in lists:
            if type(options).__module__.startswith("segtui") or type(app.screen).__module__.startswith("segtui"):
                prompts = [option.prompt for option in options.options]
                assert not [one for one in prompts if isinstance(one, str)], options

    return looked


async def with_everything_bad(pilot: Pilot[int]) -> SegtuiApp:
    """Segments named after values, by a plugin, and by hand; and one run that failed."""
    app = app_of(pilot)
    session = app.session

    def run() -> None:
        session.segment(SegmentationEntry(id="values", method="bands", params={"columns": ("kind of",)}))
        session.segment(SegmentationEntry(id="plugin", method="bad"))
        session.rename("plugin", {0: GivenName(name=BAD[:80], description=BAD[:200])})

    await asyncio.to_thread(run)
    app.changed()
    await settled(pilot)
    return app


def walked(app_on: AppOn, folder: Path, size: tuple[int, int], *, own: bool) -> None:
    async def steps() -> None:
        path = table(folder / FILE_NAME)
        async with app_on([path], size, plugin_folders=[hostile_plugins(folder / "plugins", BAD)]) as pilot:
            app = await with_everything_bad(pilot)
            walk = Walk(pilot, look(app))
            assert "[@click=app.quit]x[nope].parquet" in "\n".join(lines(app))
            for _, name, _, _ in SCREENS:
                await walk.show(name, None)
                app.panes[name].show_session()
                await settled(pilot)
                walk.look()
                await walk.press_all(name, own=own)

    asyncio.run(asyncio.wait_for(steps(), 900))


def test_every_screen_and_dialog(app_on: AppOn, tmp_path: Path) -> None:
    walked(app_on, tmp_path, (120, 40), own=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_every_key(app_on: AppOn, tmp_path: Path, size: tuple[int, int]) -> None:
    walked(app_on, tmp_path, size, own=False)


def test_files_to_pick_from(app_on: AppOn, tmp_path: Path) -> None:
    folder = tmp_path / "picked"
    folder.mkdir()
    for name in [*PAYLOADS, "".join(CHUNKS)[:60], " ", "\u3000", "\n", "[/]"]:
        (folder / name.replace("/", "_").replace("\0", "0")).write_text("")
    (folder / os.fsdecode(b"caf\xe9\x1b")).write_text("")

    async def steps() -> None:
        async with app_on([], (120, 60)) as pilot:
            app = app_of(pilot)
            app.push_screen(PickFile(folder))
            for key in ("pause", *["down"] * 30, "left", "backspace", "enter", "escape"):
                await pilot.pause(0.1) if key == "pause" else await pilot.press(key)
                look(app)()
                if key == "pause":
                    assert "[@click=app.quit]x[_]" in "\n".join(lines(app))
                    assert "caf<DCE9>␛" in "\n".join(lines(app))
                    assert "user<202E>gnp.exe" in "\n".join(lines(app))

    asyncio.run(steps())


def test_every_sink_by_itself(app_on: AppOn) -> None:
    """Where words of others come to: errors, notices, the log, titles, questions, and fields that are edited."""

    async def steps() -> None:
        async with app_on([], (100, 40)) as pilot:
            app, shown = app_of(pilot), ""
            for bad in (
                "".join(PAYLOADS[:10]),
                "".join(PAYLOADS[10:]),
                *MARKUP[:3],
                "".join(MARKUP),
                "".join(CONTROLS),
                "\ud800\U000e0041\ue000",
            ):
                error: SegtuiError = DataError(bad, where=bad, next_step=bad)
                error.log = bad
                app.panes["data"].say(State.FAILED, error=error)
                app.tell(bad, error, (bad,))
                await pilot.pause()
                look(app)()
                shown += "\n".join(lines(app))
                app.clear_notifications()
                for dialog in (Confirm(bad, bad), Ask(bad, bad, bad), Choose(bad, {bad: bad})):
                    app.push_screen(dialog)
                    await pilot.pause()
                    look(app)()
                    await pilot.press("escape")
                app.work.long(bad, lambda _progress: 1, lambda _result: None, pytest.fail)
            await settled(pilot)
            for key in ("L", "enter", "w", "escape", "down", "enter", "escape", "escape"):
                await pilot.press(key)
                look(app)()
            assert "[@click=app.quit]x[/]" in shown

    asyncio.run(steps())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.sampled_from(NAMES), st.booleans())
def test_the_last_gate(text: str, linked: bool) -> None:
    style = Style(link="http://evil.example", bold=True) if linked else None
    (line,) = LastGate().apply([Segment(text, style)], Color(0, 0, 0))
    assert harmful(line.text) <= {"\u200d"}
    assert line.cell_length == Segment(text).cell_length
    assert line.style is None or (line.style.link is None and line.style.bold)
    if text.isprintable():
        assert line.text == text


def test_nothing_of_it_is_on_a_terminal(on_terminal: Callable[..., Shown], tmp_path: Path) -> None:
    path = table(tmp_path / FILE_NAME)
    folder = hostile_plugins(tmp_path / "plugins", BAD)
    shown = on_terminal("open", path, "--plugin-dir", folder)
    shown.until("worker idle", "kind of")
    for keys in (
        "\x1b[C" * 4,
        "n",
        "k",
        "\x1b",
        "/",
        "evil",
        "\x1b",
        "2",
        "3",
        "4",
        "5",
        "6",
        "1",
        "L",
        "\x1b",
        "P",
        "\x1b",
    ):
        shown.press(keys)
        shown.rest(0.3)
    for keys in ("?", "\x1b", ":", "screen", "\x1b", "O", "\x1b", "W", "\x1b"):
        shown.press(keys)
        shown.rest(0.3)
    assert "bad_words" in shown.text
    shown.process.terminate()
    assert shown.end() == 143
    assert harmful(shown.text) <= {"\r", "\n"}
    for payload in PAYLOADS:
        assert harmful(payload) == set() or payload.encode() not in shown.raw
    commands = set(re.findall(rb"\x1b\](\d+)", shown.raw))
    assert commands <= {b"22"}, "the shape of the pointer, and neither title nor clipboard"
    assert "[@click=app.quit]x[nope].parquet" in shown.text


# What an app of Textual brings and this one does not


def test_nothing_writes_what_is_shown(app_on: AppOn) -> None:
    async def steps() -> None:
        async with app_on([]) as pilot:
            app = app_of(pilot)
            offered = [command.title.casefold() for command in app.get_system_commands(app.screen)]
            assert len(offered) > 10
            assert not [title for title in offered if "screenshot" in title or "save screen" in title]
            written: list[str] = []
            assert app._driver is not None
            app._driver.write = written.append  # type: ignore[method-assign]
            app.copy_to_clipboard("CANARY7Q")
            assert written == [] and app.clipboard == "CANARY7Q"

    asyncio.run(steps())


def test_what_developers_of_textual_may_switch_on_stays_off(on_terminal: Callable[..., Shown], tmp_path: Path) -> None:
    log = tmp_path / "textual.log"
    switched = {
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_LOG": str(log),
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_DRIVER": "nowhere:Driver",
        "TEXTUAL_PRESS": "Q",
        "TEXTUAL_SHOW_RETURN": "1",
    }
    shown = on_terminal("open", **switched)
    shown.until("worker idle", "No data yet")
    shown.rest(1.5)
    assert core_limit(shown.app()) == core_limit(shown.process.pid) == ["0", "0"]
    shown.press("Q")
    assert shown.end() == 0
    assert shown.said_after() == ""
    assert list(tmp_path.iterdir()) == []


def core_limit(pid: int) -> list[str]:
    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    (line,) = [line for line in limits if line.startswith("Max core file size")]
    return line.split()[4:6]


# The lint

PLAIN_SINKS = {"Static", "notify"}
"""Take markup unless told not to."""
TITLES = {"border_title", "border_subtitle", "tooltip", "sub_title"}
UNKNOWN = {"Label", "Button", "DataTable", "Tree", "Markdown", "RichLog", "Log", "Link", "Pretty", "Select", "Tabs"}
UNKNOWN |= {"SelectionList", "Checkbox", "RadioButton", "Collapsible", "TabbedContent", "ListView", "Placeholder"}
MARKUP_FUNCTIONS = {"from_markup", "from_ansi", "render_markup", "to_content", "print_markup"}


def is_safe_text(node: ast.expr | None) -> bool:
    """No text at all, a constant without brackets, or an object that is no markup."""
    if node is None or (isinstance(node, ast.Constant) and "[" not in str(node.value)):
        return True
    made = node
    while isinstance(made, (ast.Call, ast.Attribute)):
        made = made.func if isinstance(made, ast.Call) else made.value
    return isinstance(node, ast.Call) and isinstance(made, ast.Name) and made.id in ("Text", "Content")


def test_no_words_of_others_are_markup() -> None:
    found = []
    for path in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                plain = any(one.arg == "markup" and ast.unparse(one.value) == "False" for one in node.keywords)
                first = node.args[0] if node.args else None
                wrong = name in PLAIN_SINKS and not plain and (name == "notify" or not is_safe_text(first))
                wrong |= name == "Option" and isinstance(first, (ast.JoinedStr, ast.BinOp, ast.Constant))
                wrong |= name == "Option" and isinstance(first, ast.Call) and ast.unparse(first.func) in ("safe", "str")
                wrong |= name in MARKUP_FUNCTIONS
                wrong |= any(one.arg == "tooltip" and not is_safe_text(one.value) for one in node.keywords)
            elif isinstance(node, ast.Assign):
                targets = {getattr(target, "attr", "") for target in node.targets}
                wrong = bool(targets & TITLES) and not is_safe_text(node.value)
            elif isinstance(node, ast.ImportFrom):
                wrong = (node.module or "").startswith("textual.widgets") and bool(
                    {one.name for one in node.names} & UNKNOWN
                )
            else:
                continue
            if wrong:
                found.append(f"{path.relative_to(TUI)}:{node.lineno} {ast.unparse(node)[:90]}")
    assert found == []


def test_the_lint_sees() -> None:
    assert not is_safe_text(ast.parse("f'{x}'", mode="eval").body)
    assert not is_safe_text(ast.parse("safe(x)", mode="eval").body)
    assert is_safe_text(ast.parse("Text(x)", mode="eval").body)
    assert is_safe_text(ast.parse("Text('a').append(safe(x))", mode="eval").body)
