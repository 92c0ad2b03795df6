"""The log, the plugins, and the palette: what can be looked up from everywhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

from command import FAULTS
from journeys import AppOn, settled
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from segtui.api.errors import DataError
from segtui.project.begin import begin
from segtui.tui.app import SegtuiApp
from segtui.tui.dialogs_log import EntryView, LogView
from segtui.tui.dialogs_plugins import PluginsView

HOSTILE = "[red]x[/] \x1b]0;t\x07 \u202e"
CANARY = "CANARY-0192"


def people(folder: Path) -> Path:
    path = folder / "people.csv"
    path.write_text("id,age,spent\n" + "\n".join(f"p{n:03},{20 + n % 50},{n * 1.25}" for n in range(60)) + "\n")
    return path


def app_of(pilot: Pilot[int]) -> SegtuiApp:
    assert isinstance(pilot.app, SegtuiApp)
    return pilot.app


def drawn(app: SegtuiApp) -> str:
    """What the screen shows, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def test_what_was_done_is_in_the_log(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            error = DataError(f"It is off {HOSTILE}.", where="column age", next_step="Look at it.")
            error.log = f"printed {CANARY} {HOSTILE}"

            def fails(_progress: object) -> None:
                raise error

            told = []
            app.work.long(f"Trying {HOSTILE}", fails, lambda _: None, told.append)
            await settled(pilot, lambda _app: bool(told))
            entries = app.log_book.entries()
            assert entries[0].error is error and entries[0].ended == "failed" and entries[0].seconds is not None
            assert any(entry.words.startswith("Reading") and entry.ended == "done" for entry in entries)
            assert [entry.when for entry in entries] == sorted((entry.when for entry in entries), reverse=True)
            await pilot.press("L")
            assert isinstance(app.screen, LogView)
            assert app.screen.query_one(OptionList).option_count == len(entries)
            assert "Trying [red]x[/]" in drawn(app) and "Reading people" in drawn(app)
            await pilot.press("enter")
            assert isinstance(app.screen, EntryView)
            await pilot.pause()
            shown = drawn(app)
            assert "It is off [red]x[/]" in shown and "column age" in shown and "Look at it." in shown
            assert "may hold values" in shown and CANARY not in shown
            await pilot.press("w")
            await pilot.pause()
            assert CANARY in drawn(app)
            assert not {"\x1b", "\x07", "\u202e"} & set(drawn(app))
            await pilot.press("escape", "escape")
            assert app.screen is app.frame

    asyncio.run(journey())


def test_what_a_task_failed_of_stands_once_in_the_log(app_on: AppOn) -> None:
    async def journey() -> None:
        async with app_on([]) as pilot:
            app, error = app_of(pilot), DataError("It is off.")

            def fails(_progress: object) -> None:
                raise error

            app.work.long("Trying", fails, lambda _: None, lambda found: app.tell("It failed.", found))
            await settled(pilot, lambda app: bool(app._notifications))
            assert [(entry.words, entry.error) for entry in app.log_book.entries()] == [("Trying", error)]
            app.tell("Another.", DataError("It is off, too."))
            assert [entry.words for entry in app.log_book.entries()] == ["Another.", "Trying"]

    asyncio.run(journey())


def test_the_plugins_and_what_is_wrong_with_them(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)], (80, 24)) as pilot:
            app = app_of(pilot)
            await pilot.press("P")
            await settled(pilot, lambda app: isinstance(app.screen, PluginsView))
            catalogue = await asyncio.to_thread(app.session.catalogue)
            assert app.screen.query_one(OptionList).option_count == len(catalogue.plugins)
            await pilot.pause()
            shown = drawn(app)
            assert "segtui_clusters" in shown and "brings" not in shown and "5 exporters" in shown
            names = [plugin.name for plugin in app.screen._plugins]  # type: ignore[attr-defined]
            app.screen.query_one(OptionList).highlighted = names.index("segtui_clusters")
            await pilot.pause()
            assert "kmeans" in drawn(app) and "method" in drawn(app)
            await pilot.press("escape")
            assert app.screen is app.frame

    asyncio.run(journey())


def test_a_broken_plugin_stands_first_with_its_reason(app_on: AppOn, tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "off.py").write_text("import nothing_of_that_name\n")

    async def journey() -> None:
        async with app_on([]):
            pass
        app = SegtuiApp([people(tmp_path)], begun=begin(), plugin_folders=[folder])
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            await pilot.press("P")
            await settled(pilot, lambda app: isinstance(app.screen, PluginsView))
            await pilot.pause()
            shown = drawn(app)
            assert "! off" in shown and "failed" in shown and "nothing_of_that_name" in shown
            assert folder.name in shown
        if app.opened is not None:
            await asyncio.to_thread(app.opened.close)

    assert FAULTS.is_dir()
    asyncio.run(journey())


def test_the_palette_has_every_action_that_works_and_no_screenshot(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            commands = list(app.get_system_commands(app.screen))
            titles = [command.title for command in commands]
            assert not [title for title in titles if "screenshot" in title.casefold()]
            pane = app.showing
            assert pane is not None
            shown = [one for one in pane.BINDINGS if isinstance(one, Binding) and one.show]
            wanted = [one.description for one in shown if one.action != "next_source"]
            assert len(wanted) == len(shown) - 1 and "Source" not in titles, "there is one source"
            wanted += ["Save", "Save as", "Open", "Log", "Plugins", "Undo", "Redo", "Stop", "Help", "Quit"]
            assert set(wanted) <= set(titles)
            own = [one.description for kind in type(app).__mro__[:2] for one in kind.__dict__["BINDINGS"]]
            offered = " ".join(titles)
            assert [name for name in own if name not in offered and name != "Commands"] == []
            await next(command for command in commands if command.title == "Log").callback()
            await pilot.pause()
            assert isinstance(app.screen, LogView)

    asyncio.run(journey())


def test_what_is_copied_stays_in_the_app(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            written: list[str] = []
            assert app._driver is not None
            app._driver.write = written.append  # type: ignore[method-assign]
            app.copy_to_clipboard("p003")
            assert app.clipboard == "p003" and not any("]52" in text for text in written)

    asyncio.run(journey())


def test_the_entries_fit_a_small_terminal(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)], (80, 24)) as pilot:
            app = app_of(pilot)
            for number in range(40):
                app.tell(f"Message {number} that matters", details=tuple(f"line {one}" for one in range(40)))
            await pilot.press("L")
            await pilot.pause()
            assert "Message 39" in drawn(app)
            assert app.screen.query_one(".keys", Static).region.bottom <= 24
            await pilot.press("end", "enter", "escape", "home", "enter")
            await pilot.pause()
            assert "line 0" in drawn(app)

    asyncio.run(journey())
