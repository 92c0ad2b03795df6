"""Screen 5: any analysis with its parameters, and what is pinned for the export."""

from __future__ import annotations

import asyncio
from pathlib import Path

from journeys import AppOn, settled
from some_results import BIG, GROUPS, HOSTILE, REGIONS, app_of, drawn, people, press, said, with_results
from textual.widgets import OptionList, Static

from segtui.api.errors import DataError
from segtui.project.document import ReportEntry
from segtui.tui.frame import Rail
from segtui.tui.key_line import KeyLine
from segtui.tui.pane import State
from segtui.tui.screens.report import ReportPane
from segtui.tui.screens.report_dialogs import ChooseResults, SetParams
from segtui.tui.widgets.report_view import ReportView


def prompts(pane: ReportPane, name: str) -> list[str]:
    options = pane.query_one(f"#{name}", OptionList)
    return [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]


def title(pane: ReportPane) -> str:
    report = pane.query_one(ReportView).report
    return report.title if report else ""


def test_it_can_not_be_entered_before_there_is_a_result_and_says_what_can_run(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            pane = app.frame.query_one(ReportPane)
            await press(pilot, "5")
            assert app.showing is not pane
            assert (pane.state, pane.blocked()) == (State.EMPTY, "Run a segmentation first.")
            await with_results(pilot, REGIONS)
            await press(pilot, "5")
            assert app.showing is pane and title(pane) == "Profile of regions"
            listed = dict(zip(("profile", "quality", "comparison", "explain"), prompts(pane, "analyses"), strict=True))
            assert [words[1] for words in listed.values()] == ["●", "●", "○", "●"]
            await press(pilot, "down", "down")
            assert "Needs 2 results, and looks at 1." in said(pane.query_one(".about", Static))
            await press(pilot, "enter")
            assert pane.state is State.STALE and title(pane) == ""
            await press(pilot, "down", "enter")
            assert (pane.state, title(pane)) == (State.READY, "How regions was made")

    asyncio.run(journey())


def test_results_and_parameters_of_an_analysis_are_chosen(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS, BIG)
            pane = app.frame.query_one(ReportPane)
            app.session.change(app.session.document.choosing("regions"))
            await press(pilot, "5")
            assert title(pane) == "Profile of regions", "the chosen one, where none is marked"
            app.view.mark("groups")
            app.view.mark("big")
            await press(pilot, "enter")
            assert title(pane) == "Profile of groups and big", "the marked ones before it"
            await press(pilot, "s")
            assert isinstance(app.screen, ChooseResults)
            await press(pilot, "space", "down", "space", "enter")
            assert title(pane) == "Profile of regions and big"
            await press(pilot, "down", "enter")
            assert title(pane) == "Quality of groups and big", "each analysis has its own"
            await press(pilot, "up", "e")
            assert isinstance(app.screen, SetParams)
            await press(pilot, "enter", "backspace", "backspace", "1", "enter", "m")
            assert pane.wanted is not None
            assert (pane.wanted.analysis, pane.wanted.settings) == ("profile", {"columns": 1})
            assert "With columns 1." in said(pane.query_one(".about", Static))
            await press(pilot, "e", "escape")
            assert pane.wanted.settings == {"columns": 1}

    asyncio.run(journey())


def test_reports_are_pinned_ordered_unpinned_and_undone(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ReportPane)

            def pinned() -> list[str]:
                return [entry.analysis for entry in app.session.document.export.reports]

            await press(pilot, "5")
            assert "None yet" in said(pane.query_one(".none-pinned", Static))
            await press(pilot, "p")
            export = app.session.document.export
            assert [entry.exporter for entry in export.files] == ["html"], "what is pinned leaves in a file"
            await press(pilot, "u")
            assert app.session.document.export.files == () and pinned() == []
            await press(pilot, "p", "p", "down", "enter", "p")
            assert [entry.exporter for entry in app.session.document.export.files] == ["html"]
            assert app.session.document.export.reports == (
                ReportEntry(analysis="profile", segmentations=("groups", "regions")),
                ReportEntry(analysis="quality", segmentations=("groups", "regions")),
            )
            await press(pilot, "tab", "down", "K")
            assert pinned() == ["quality", "profile"]
            assert [words.split()[:2] for words in prompts(pane, "pinned")] == [["1", "Quality"], ["2", "Profile"]]
            await press(pilot, "J")
            assert pinned() == ["profile", "quality"]
            await press(pilot, "up", "enter")
            assert title(pane) == "Profile of groups and regions"
            await press(pilot, "x")
            assert pinned() == ["quality"]
            await press(pilot, "u")
            assert pinned() == ["profile", "quality"]
            await press(pilot, "x", "x")
            assert pinned() == [] and pane.query_one("#analyses", OptionList).has_focus

    asyncio.run(journey())


def test_pinned_reports_on_stale_results_say_so_and_run_again(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ReportPane)
            app.session.change(app.session.document.choosing("groups"))
            await press(pilot, "5", "p")
            assert not pane.warns()
            app.session.add_segmentation(GROUPS.model_copy(update={"params": {"k": 2, "starts": 2}}))
            app.changed()
            await settled(pilot)
            assert "! stale" in prompts(pane, "pinned")[0]
            assert next(one for one in app.frame.query_one(Rail).steps if one.name == "report").warns
            assert (pane.state, title(pane)) == (State.STALE, "")
            assert "groups is stale" in said(pane.query_one(".stale-line", Static))
            await press(pilot, "r")
            await settled(pilot, lambda _app: pane.state is State.READY)
            assert title(pane) == "Profile of groups" and not pane.warns()
            assert "stale" not in prompts(pane, "pinned")[0]

    asyncio.run(journey())


def test_a_pinned_report_that_nothing_can_make_says_so(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path, region=HOSTILE)], (80, 24)) as pilot:
            app = await with_results(pilot, REGIONS)
            pane = app.frame.query_one(ReportPane)
            document = app.session.document
            reports = (
                ReportEntry(analysis=HOSTILE, params={"x": HOSTILE}),
                ReportEntry(analysis="profile", segmentations=(HOSTILE,)),
            )
            app.session.change(document.replacing(export=document.export.model_copy(update={"reports": reports})))
            await press(pilot, "5")
            listed = "\n".join(prompts(pane, "pinned"))
            assert "no such analysis" in listed and "a result is gone" in listed
            assert not {"\x1b", "\x07", "\u202e"} & set(listed)
            view, side = pane.query_one(ReportView), pane.query_one(".side")
            assert side.region.right <= view.region.x
            await press(pilot, "enter")
            assert view.has_focus and view.size.width >= 78
            assert "[red]x[/]" in drawn(view) and "\x1b" not in drawn(view)
            await press(pilot, "escape", "tab", "enter")
            assert "No plugin brings the analysis" in drawn(view)

    asyncio.run(journey())


def test_a_report_that_fails_says_so_and_is_tried_again(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, REGIONS)
            pane = app.frame.query_one(ReportPane)

            def broken(*_words: object, **_more: object) -> None:
                raise DataError("It can't be said.", next_step="Do something else.")

            app.session.analyse = broken  # type: ignore[assignment, method-assign]
            await press(pilot, "5")
            assert pane.state is State.FAILED
            assert "Do something else. r tries again." in drawn(pane.query_one(ReportView))
            await press(pilot, "p")
            assert app.session.document.export.reports == ()
            del app.session.analyse
            await press(pilot, "r")
            assert (pane.state, title(pane)) == (State.READY, "Profile of regions")

    asyncio.run(journey())


def test_the_key_of_parameters_is_there_where_there_are_some(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS)
            footer = app.frame.query_one(KeyLine)
            await press(pilot, "5")
            assert "e Parameters" in str(footer.render()), "of a profile"
            await press(pilot, "down")
            assert "e Parameters" not in str(footer.render()), "of the quality"
            await press(pilot, "e")
            assert app.screen is app.frame
            await press(pilot, "up")
            assert "e Parameters" in str(footer.render())

    asyncio.run(journey())
