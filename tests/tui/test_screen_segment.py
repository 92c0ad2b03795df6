"""Screen 3: methods and their form, previews that follow it, runs and what is done with them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from journeys import ROOT, AppOn, settled
from textual.pilot import Pilot
from textual.widgets import Input, Static

from segtui.prepare import FeatureSet
from segtui.project.document import GivenName, SegmentationEntry
from segtui.tui.app import SegtuiApp
from segtui.tui.key_line import KeyLine
from segtui.tui.pane import State
from segtui.tui.screens.segment import SegmentPane
from segtui.tui.screens.segment_view import SegmentView
from segtui.tui.widgets.method_list import MethodList
from segtui.tui.widgets.params_form import ParamsForm
from segtui.tui.widgets.params_rows import FieldRow
from segtui.tui.widgets.results_line import ResultsList
from segtui.tui.widgets.segment_table import SegmentTable

FAULTS = ROOT / "tests" / "fault_plugins" / "fitting"
HOSTILE = "[red]x[/] \x1b]0;t\x07\u202e"
CUSTOMERS = 60


def write_orders(path: Path, amount: str = "amount") -> Path:
    """Customer k buys k % 7 + 1 times, two groups far apart in what they spend."""
    lines = [f'order_id,customer_id,order_date,"{amount}",country']
    number = 0
    for customer in range(1, CUSTOMERS + 1):
        for bought in range(customer % 7 + 1):
            number += 1
            day = f"2024-{1 + (customer + bought) % 12:02}-{1 + (customer * 3 + bought) % 28:02}"
            spent = (500 if customer % 2 else 10) + customer + bought
            lines.append(f"o{number:04},{customer:05},{day},{spent}.25,{'DE' if customer % 3 else 'FR'}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Screen:
    """The screen as a person sees it, and the Session behind it."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        app = pilot.app
        assert isinstance(app, SegtuiApp)
        self.app, self.session = app, app.session
        self.pane = app.frame.query_one(SegmentPane)
        self.form, self.results = self.pane.query_one(ParamsForm), self.pane.query_one(ResultsList)

    async def rest(self, until: Callable[[], bool] = lambda: True) -> None:
        """Wait until a preview or result is seen."""
        view = self.pane.query_one(SegmentView)
        await settled(
            self.pilot,
            lambda _app: until() and self.pane.state is not State.LOADING and "being made" not in said(view, ".title"),
        )

    async def keys(self, *keys: str) -> None:
        """Press keys, and wait until all has come to rest."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()
        await self.rest()

    async def choose(self, method: str) -> None:
        """Choose a method."""
        methods = self.pane.query_one(MethodList)
        await self.pilot.press("m")
        await self.pilot.pause()
        methods.highlighted = methods.get_option_index(method)
        await self.keys("enter")

    async def set(self, name: str, text: str) -> None:
        """Write something into a field."""
        names = [row.row.path for row in self.form.query(FieldRow)]
        await self.keys("e", "home", *["down"] * names.index((name,)), "enter")
        self.form.query_one(Input).value = text
        await self.keys("enter")

    @property
    def title(self) -> str:
        return said(self.pane.query_one(SegmentView), ".title")

    @property
    def told(self) -> str:
        return said(self.pane.query_one(SegmentView), ".told")

    @property
    def segments(self) -> int:
        return len(self.pane.query_one(SegmentTable)._segments)

    def entry(self, name: str) -> SegmentationEntry:
        """A run of the project."""
        entry = self.session.document.segmentation(name)
        assert entry is not None
        return entry

    def row(self, name: str) -> str:
        """A line of the list of results."""
        lines = [str(option.prompt) for option in self.results.options]
        return next(line for line in lines if f" {name} " in line)


def said(widget: SegmentView, where: str) -> str:
    line = widget.query_one(where, Static)
    return str(line.render()) if line.display else ""


def drawn(screen: Screen) -> str:
    """All that stands on the terminal."""
    return "".join(segment.text for strip in screen.app.screen._compositor.render_strips() for segment in strip)


def on_segment(app_on: AppOn, paths: list[Path], journey: Callable[[Screen], Awaitable[None]], **more: object) -> None:
    """Open files, make customers, go to the screen, and take a journey."""

    async def run() -> None:
        async with app_on(paths, **more) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            if app.session.customers_are_stale:
                app.work.long("customers", lambda _: app.session.prepare(), lambda _: app.changed(), print)
            await settled(pilot, lambda app: not app.session.customers_are_stale)
            await pilot.press("3")
            screen = Screen(pilot)
            await screen.rest()
            await journey(screen)

    asyncio.run(run())


@pytest.fixture
def orders(tmp_path: Path) -> list[Path]:
    return [write_orders(tmp_path / "orders.csv")]


def test_the_preview_follows_and_runs_stay(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session, view = screen.session, screen.app.view
        await screen.choose("kmeans")
        assert screen.title.startswith("Preview, all 60 customers")
        await screen.set("k", "3")
        assert screen.segments == 3 and not session.results and not session.document.segmentations
        await screen.keys("right")
        assert screen.segments == 4
        await screen.keys("r")
        assert list(session.results) == ["kmeans"] and session.results["kmeans"].params["k"] == "4"
        assert screen.title.startswith("kmeans, all 60 customers") and session.stale("kmeans").reasons == ()
        await screen.keys("r")
        assert len(session.document.segmentations) == 1
        await screen.keys("left", "r")
        assert [entry.id for entry in session.document.segmentations] == ["kmeans", "kmeans-2"]
        assert screen.entry("kmeans-2").params == {"k": "3"}
        screen.results.focus()
        await screen.keys("up", "enter", "space", "c")
        assert screen.form.values["k"] == "4" and view.marked == {"kmeans"} and session.document.chosen == "kmeans"
        assert "★ chosen" in screen.row("kmeans") and "segments 4" in screen.row("kmeans")
        await screen.keys("i", *["backspace"] * 6, *"four", "enter")
        assert [entry.id for entry in session.document.segmentations] == ["four", "kmeans-2"]
        assert session.results["four"].id == "four" and view.marked == {"four"} and session.document.chosen == "four"
        assert session.stale("four").reasons == ()
        await screen.keys("i", *["backspace"] * 4, *"kmeans-2", "enter")
        assert any(entry.words == "four keeps its id." and entry.error for entry in screen.app.log_book.entries())
        await screen.keys("D", "r")
        assert screen.entry("kmeans").params == {"k": "4"}
        await screen.keys("x")
        assert session.document.segmentation("kmeans") is None
        await screen.keys("u")
        assert session.document.segmentation("kmeans") is not None and session.stale("kmeans").reasons == ()

    on_segment(app_on, orders, journey)


def test_the_preview_follows_its_feature_set(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session = screen.session
        await screen.choose("kmeans")
        await screen.set("k", "2")
        table = screen.pane.query_one(SegmentTable)
        before = [one.size for one in table._segments]
        assert sum(before) == CUSTOMERS
        chosen = session.document.feature_sets[0]
        session.set_feature_set(FeatureSet(name=chosen.name, columns={"recency": "z"}))
        await asyncio.to_thread(session.prepare)
        screen.app.changed()
        await screen.rest()
        after = [one.size for one in table._segments]
        assert screen.title.startswith("Preview, all 60 customers") and after != before and sum(after) == CUSTOMERS
        await screen.keys("r")
        assert [one.size for one in session.results["kmeans"].segments] == after

    on_segment(app_on, orders, journey)


def test_what_can_not_be_run_is_not_offered(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        await screen.choose("bands")
        assert screen.title == "No preview" and said_of(screen.form) == "It can't run with these values."
        await screen.keys("e", "home", "enter", "down", "down", "down", "space", "enter")
        assert screen.title.startswith("Preview, ") and said_of(screen.form) == "r makes bands from 60 customers."
        await screen.choose("kmeans")
        assert said_of(screen.form).startswith("r makes kmeans from ")
        session = screen.session
        session.change(session.document.with_segmentation(SegmentationEntry(id="kmeans", method="kmeans")))
        screen.app.changed()
        await screen.rest()
        assert said_of(screen.form).startswith("r runs kmeans from "), "it has never been run"
        await screen.keys("r")
        session.change(session.document.replacing(seed=7))
        screen.app.changed()
        await screen.rest()
        assert said_of(screen.form).startswith("r runs kmeans again from ")

    on_segment(app_on, orders, journey)


def test_the_footer_begins_with_what_is_wanted_most(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        footer = screen.app.frame.query_one(KeyLine)

        def shown() -> str:
            return str(footer.render())

        await screen.choose("kmeans")
        await screen.set("k", "2")
        assert shown().startswith("r Run  ⏎ Edit")
        assert not {"Name", "Mark", "Choose", "Remove"} & set(shown().split()), "there is no result yet"
        await screen.keys("m")
        assert shown().startswith("r Run  ⏎ Parameters")
        await screen.keys("r")
        screen.results.focus()
        await screen.rest(lambda: shown().startswith("⏎ Show  space Mark  c Choose  r Run"))
        screen.pane.query_one(SegmentTable).focus()
        await screen.rest(lambda: shown().startswith("n Name  N Describe  r Run"))
        await screen.keys("n")
        assert shown() == "⏎ Keep  esc Back"
        await screen.keys("escape", "e", "down", "enter")
        assert shown() == "⏎ Keep  esc Back"
        await screen.keys("escape")
        assert "esc Back" not in shown()
        session = screen.session
        session.set_feature_set(FeatureSet(name="money", columns={"monetary": "log z"}))
        screen.app.changed()
        await screen.pilot.press("2")
        await screen.rest(lambda: not session.customers_are_stale)
        assert not shown().startswith("r ")

    on_segment(app_on, orders, journey)


def test_segments_are_named_in_place(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session = screen.session
        await screen.choose("kmeans")
        await screen.set("k", "2")
        await screen.keys("n")
        assert not screen.pane.query(".over")
        await screen.keys("r")
        before = session.results["kmeans"].segments[1].name
        screen.pane.query_one(SegmentTable).focus()
        await screen.keys("down", "n", *"Big", "enter")
        await screen.rest(lambda: session.results["kmeans"].segments[1].name == "Big")
        await screen.keys("N", *"Spend", "enter")
        await screen.rest(lambda: session.results["kmeans"].segments[1].description == "Spend")
        code = str(session.results["kmeans"].segments[1].code)
        assert screen.entry("kmeans").names[code].name == "Big"
        assert said(screen.pane.query_one(SegmentView), ".about").startswith("B  Spend")
        await screen.keys("n", "x", "escape")
        assert session.results["kmeans"].segments[1].name == "Big" and screen.pane.query_one(SegmentTable).has_focus
        await screen.keys("enter", *["backspace"] * 3, "enter")
        await screen.rest(lambda: session.results["kmeans"].segments[1].name == before)
        assert screen.entry("kmeans").names[code].description == "Spend"
        assert session.stale("kmeans").reasons == ()

    on_segment(app_on, orders, journey)


def test_names_that_are_undone_are_undone_everywhere(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session = screen.session
        await screen.choose("kmeans")
        await screen.set("k", "2")
        await screen.keys("r")
        table = screen.pane.query_one(SegmentTable)

        def name() -> str:
            (shown,) = {one.name for one in table._segments if one.letter == "A"}
            return shown

        def is_called(wanted: str) -> Callable[[], bool]:
            return lambda: name() == wanted == session.results["kmeans"].segments[0].name

        before = name()
        table.focus()
        await screen.keys("n", *"Big", "enter")
        await screen.rest(is_called("Big"))
        await screen.keys("n", *["backspace"] * 3, *"Huge", "enter")
        await screen.rest(is_called("Huge"))
        await screen.keys("u")
        await screen.rest(is_called("Big"))
        await screen.pilot.press("u", "U", "u")
        await screen.rest(is_called(before))
        assert screen.entry("kmeans").names == {}
        await screen.keys("U")
        await screen.rest(is_called("Big"))
        await screen.pilot.press("5")
        await screen.rest(lambda: "Big" in drawn(screen))
        await screen.pilot.press("u")
        await screen.rest(lambda: is_called(before)() and "Big" not in drawn(screen) and before in drawn(screen))

    on_segment(app_on, orders, journey)


def test_r_runs_the_result_under_the_cursor_where_it_is_not_run(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session, results = screen.session, screen.results
        await screen.choose("kmeans")
        await screen.set("k", "2")
        await screen.keys("r")
        named = {"0": GivenName(name="Big")}
        for entry in (
            SegmentationEntry(id="three", method="kmeans", params={"k": "3"}, names=named),
            SegmentationEntry(id="four", method="kmeans", params={"k": "4"}),
        ):
            session.add_segmentation(entry)
        screen.app.changed()
        await screen.rest()
        results.move_to("three")
        assert "▸" in screen.row("kmeans")
        await screen.keys("r")
        assert list(session.results) == ["kmeans"], "the cursor is elsewhere: r is for the form, which is up to date"
        results.focus()
        results.move_to("three")
        await screen.keys("r")
        assert list(session.results) == ["kmeans", "three"] and "▸" in screen.row("three")
        assert results.current == "three" and results.has_focus
        assert "Big" in {one.name for one in session.results["three"].segments}
        await screen.keys("r")
        assert list(session.results) == ["kmeans", "three"] and len(session.document.segmentations) == 3
        session.change(session.document.replacing(seed=7))
        screen.app.changed()
        await screen.rest(lambda: not session.customers_are_stale)
        results.focus()
        results.move_to("kmeans")
        await screen.keys("r")
        assert session.stale("kmeans").reasons == () and session.stale("three").reasons

    on_segment(app_on, orders, journey)


def test_a_preview_follows_the_names_it_builds_on(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session = screen.session
        await screen.choose("kmeans")
        await screen.set("k", "2")
        await screen.keys("r")
        one = session.results["kmeans"].segments[0]
        rules = [{"name": "chosen", "when": "kmeans = 'Big'"}]
        session.add_segmentation(
            SegmentationEntry(id="action", method="rules", after=("kmeans",), params={"rules": rules})
        )
        screen.app.changed()
        screen.results.focus()
        await screen.rest(lambda: screen.results.option_count == 2)
        screen.results.move_to("action")
        await screen.keys("enter")
        table = screen.pane.query_one(SegmentTable)

        def chosen() -> int:
            return sum(segment.size for segment in table._segments if segment.name == "chosen")

        assert screen.title.startswith("Preview, all 60 customers") and chosen() == 0
        await asyncio.to_thread(session.rename, "kmeans", {one.code: GivenName(name="Big")})
        screen.app.changed()
        await screen.rest(lambda: chosen() == one.size)

    on_segment(app_on, orders, journey)


def test_a_preview_of_all_customers_has_the_names_that_were_given(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        await screen.choose("kmeans")
        await screen.set("k", "2")
        await screen.keys("r")
        table = screen.pane.query_one(SegmentTable)
        screen.session.change(screen.session.document.without_segmentation("kmeans"))
        named = {str(table._segments[0].code): GivenName(name="Big")}
        entry = SegmentationEntry(id="saved", method="kmeans", params={"k": "2"}, names=named)
        screen.session.add_segmentation(entry)
        screen.app.changed()
        await screen.rest(lambda: "Big" in {one.name for one in table._segments})
        assert screen.title.startswith("Preview, all 60 customers") and "keep the names" in screen.told
        await screen.keys("r")
        assert "Big" in {one.name for one in screen.session.results["saved"].segments}

    on_segment(app_on, orders, journey)


def test_what_changes_makes_stale_and_r_makes_it_again(app_on: AppOn, orders: list[Path]) -> None:
    async def journey(screen: Screen) -> None:
        session = screen.session
        await screen.choose("kmeans")
        await screen.set("k", "2")
        await screen.keys("r", "S", *["backspace"] * 2, "7", "enter", "y")
        await screen.rest(lambda: not session.customers_are_stale)
        assert session.document.seed == 7 and "Stale: the seed changed. r runs it again." in screen.told
        assert "stale: the seed changed" in screen.row("kmeans")
        await screen.keys("n")
        assert not screen.pane.query(".over")
        await screen.keys("r")
        assert session.results["kmeans"].seed == 7 and session.stale("kmeans").reasons == ()
        assert len(session.document.segmentations) == 1
        session.set_feature_set(FeatureSet(name="money", columns={"monetary": "log z"}))
        screen.pane.show_session()
        await screen.rest()
        assert screen.pane.state is State.STALE and "stale" not in screen.row("kmeans"), "it has another set"
        await screen.keys("right", "e", "home", "down", "right")
        assert "p does it" in screen.told
        await screen.keys("r")
        assert session.results["kmeans-2"].params["k"] == "3" and not session.customers_are_stale
        await screen.keys("e", "home", "right", "r")
        assert session.results["kmeans-3"].feature_set == "money" and "stale" not in screen.row("kmeans")
        session.set_feature_set(FeatureSet(name="money", columns={"monetary": "z"}))
        screen.pane.show_session()
        await screen.rest()
        assert "stale: its features changed" in screen.row("kmeans-3") and "stale" not in screen.row("kmeans-2")

    on_segment(app_on, orders, journey)


@pytest.mark.slow
def test_what_fails_says_so_and_the_next_works(app_on: AppOn, orders: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    for name in ("_faulty", "raises", "hangs"):
        shutil.copy(FAULTS / f"{name}.py", folder)

    async def journey(screen: Screen) -> None:
        session = screen.session
        await screen.choose("raises")
        assert screen.title == "No preview" and "A plugin failed" in screen.told and "CANARY" not in screen.told
        await screen.keys("r")
        assert not session.results and session.document.segmentations == ()
        assert "failed: " in screen.row("raises") and screen.pane.warns() and "The run failed." in screen.told
        (failed,) = [entry for entry in screen.app.log_book.entries() if entry.error]
        assert failed.words.endswith("on 60 customers") and failed.ended == "failed"
        await screen.choose("bands")
        screen.results.focus()
        attempt = screen.pane.runs.attempts["raises"]
        await screen.keys("r")
        again = screen.pane.runs.attempts["raises"]
        assert again is not attempt and again.is_over and "The run failed." in screen.told
        methods = screen.pane.query_one(MethodList)
        await screen.pilot.press("m")
        methods.highlighted = methods.get_option_index("hangs")
        await screen.pilot.press("r")
        await screen.pilot.pause(0.5)
        assert screen.app.work.running is not None
        await screen.keys("z")
        assert "stopped" in screen.row("hangs") and "The run was stopped" in screen.told
        await screen.choose("rfm")
        await screen.keys("r")
        assert list(session.results) == ["rfm"] and screen.segments == len(session.results["rfm"].segments)
        screen.results.focus()
        await screen.keys("end", "x", "end", "x")
        assert list(screen.pane.runs.attempts) == [] and list(session.results) == ["rfm"]

    on_segment(app_on, orders, journey, plugin_folders=[folder])


def test_methods_that_cannot_run_say_why(app_on: AppOn, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("customer_id,visits,plan\n" + "\n".join(f"{n:04},{n * 7 % 50},{'ab'[n % 2]}" for n in range(40)))

    async def journey(screen: Screen) -> None:
        await screen.choose("rfm")
        assert "Needs days since the last purchase" in said_of(screen.form)
        assert screen.title == "No preview"
        await screen.keys("r")
        assert not screen.pane.runs.attempts
        methods = screen.pane.query_one(MethodList)
        assert "▸" in str(methods.get_option("rfm").prompt) and "●" in str(methods.get_option("bands").prompt)
        await screen.choose("kmeans")
        assert "○" in str(methods.get_option("rfm").prompt)
        await screen.keys("r")
        assert list(screen.session.results) == ["kmeans"]

    on_segment(app_on, [people], journey)


def said_of(form: ParamsForm) -> str:
    return str(form.query_one(".note", Static).render())


def test_without_customers_it_says_where_to_make_them(app_on: AppOn) -> None:
    async def run() -> None:
        async with app_on([]) as pilot:
            await pilot.press("3")
            await pilot.pause()
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            assert app.frame.query_one(SegmentPane).blocked() == "There is no data yet. Add a file on screen 1."

    asyncio.run(run())


@pytest.mark.slow
def test_everything_is_there_on_a_small_screen_and_names_are_harmless(app_on: AppOn, tmp_path: Path) -> None:
    async def journey(screen: Screen) -> None:
        pane = screen.pane
        methods = pane.query_one(MethodList)
        assert not methods.display and screen.form.has_focus
        await screen.keys("m")
        assert methods.display and methods.has_focus and not screen.form.region
        await screen.keys("escape")
        assert not methods.display and screen.form.has_focus
        await screen.choose("bands")
        assert not methods.display and screen.form.has_focus
        await screen.keys("home", "enter", "down", "down", "down", "space", "enter")
        await screen.keys("r")
        assert list(screen.session.results) == ["bands"]
        for part in (screen.form, pane.query_one(SegmentTable), screen.results):
            assert part.region.height >= 1 and pane.region.contains_region(part.region), part
        await screen.keys("i", *["backspace"] * 5, *"[b]x", "enter")
        assert "[b]x" in screen.row("[b]x")
        assert not {"\x1b", "\x07", "\u202e"} & set(drawn(screen))
        await screen.pilot.resize_terminal(120, 40)
        await screen.rest()
        assert methods.display and screen.form.display

    on_segment(app_on, [write_orders(tmp_path / "orders.csv", f"amount {HOSTILE}")], journey, size=(80, 24))
