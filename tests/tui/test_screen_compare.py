"""Screen 4: results side by side; what is shown always belongs to the marks, results and names as they are."""

from __future__ import annotations

import asyncio
from pathlib import Path

from journeys import AppOn, settled
from some_results import BIG, GROUPS, HOSTILE, REGIONS, app_of, drawn, people, press, rename, said, with_results
from textual.widgets import OptionList, Static

from segtui.api.errors import DataError
from segtui.api.report import Flow, Grid, Text, Tone
from segtui.prepare import FeatureSet, Form
from segtui.prepare.steps.rows import Drop
from segtui.project.document import ReportEntry
from segtui.project.session import Session
from segtui.tui.frame import Rail
from segtui.tui.pane import State
from segtui.tui.screens.compare import ComparePane
from segtui.tui.screens.compare_view import Part
from segtui.tui.widgets.report_view import ReportView


def prompts(pane: ComparePane) -> list[str]:
    options = pane.query_one(OptionList)
    return [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]


def title(pane: ComparePane) -> str:
    report = pane.query_one(ReportView).report
    return report.title if report else ""


def test_it_can_not_be_entered_before_there_are_two_results(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4")
            assert app.showing is not pane and pane.state is State.EMPTY
            assert pane.blocked() == "Run two segmentations first."
            await with_results(pilot, GROUPS)
            assert pane.blocked()
            await with_results(pilot, REGIONS)
            assert not pane.blocked()
            step = next(one for one in app.frame.query_one(Rail).steps if one.name == "compare")
            assert step.blocked == ""

    asyncio.run(journey())


def test_marks_decide_what_is_compared_and_one_is_chosen(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS, BIG)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4")
            assert (pane.state, title(pane)) == (State.READY, "Comparison of groups, regions and big")
            assert "None is marked, so all are compared" in said(pane.query_one(".said", Static))
            assert "Measured on the feature set" in said(pane.query_one(".said", Static))
            assert pane.query_one(OptionList).has_focus
            await press(pilot, "space")
            assert app.view.marked == {"groups"} and title(pane) == ""
            assert "needs two results" in drawn(pane.query_one(ReportView))
            await press(pilot, "down", "down", "space")
            assert app.view.marked == {"groups", "big"}
            assert title(pane) == "Comparison of groups and big"
            assert [words[1] for words in prompts(pane)] == ["●", "○", "●"]
            await press(pilot, "c")
            assert app.session.document.chosen == "big" and "★" in prompts(pane)[2]
            await press(pilot, "c")
            assert app.session.document.chosen is None

    asyncio.run(journey())


def test_the_flow_alone_and_who_moved_alone(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ComparePane)
            view = pane.query_one(ReportView)
            await press(pilot, "4")
            assert view.report is not None
            whole = view.report
            await press(pilot, "f")
            assert pane.part is Part.FLOW
            found = [
                block for block in view.report.blocks if not (isinstance(block, Text) and block.tone is Tone.HEADING)
            ]
            assert found and all(isinstance(block, Flow) for block in found)
            await press(pilot, "m")
            assert pane.part is Part.MOVED
            moved = [block for block in view.report.blocks if isinstance(block, Grid)]
            assert {block.title for block in moved} >= {"Best matches"}
            assert not any(isinstance(block, Flow) for block in view.report.blocks)
            await press(pilot, "m")
            assert pane.part is Part.ALL and view.report == whole

    asyncio.run(journey())


def test_the_feature_set_that_is_measured_on_is_chosen_and_pinned(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4", "s")
            assert len(app.screen_stack) == 1, "with one set there is nothing to choose"
            spend = FeatureSet(name="spend alone", columns={"spend": Form.Z})
            app.session.change(
                app.session.document.replacing(feature_sets=(*app.session.customers.feature_sets, spend))
            )
            await asyncio.to_thread(app.session.prepare)
            app.changed()
            await settled(pilot)
            await press(pilot, "r")
            before = drawn(pane.query_one(ReportView))
            assert "spend and visits" in before and "s chooses another" in said(pane.query_one(".said", Static))
            await press(pilot, "s", "down", "enter")
            after = drawn(pane.query_one(ReportView))
            assert "Measured on spend (z)." in after and after != before
            assert "spend alone (1 feature)" in said(pane.query_one(".said", Static))
            await press(pilot, "p")
            names = ("groups", "regions")
            pinned = ReportEntry(analysis="comparison", segmentations=names, feature_set="spend alone")
            assert app.session.document.export.reports == (pinned,)
            assert [entry.exporter for entry in app.session.document.export.files] == ["html"]
            facts = await asyncio.to_thread(app.session.deliver, tmp_path / "out")
            (page,) = (file.path for file in facts.files if file.path.suffix == ".html")
            assert (
                "Measured on" in page.read_text("utf-8")
                and "visits" not in page.read_text("utf-8").split("Measures")[0]
            )

    asyncio.run(journey())


def test_new_names_make_the_report_anew(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4", "f")
            await rename(pilot, "groups", c0=HOSTILE, c1="Second")
            words = drawn(pane.query_one(ReportView))
            assert "Second" in words and "[red]x[/]" in words
            assert not {"\x1b", "\x07", "\u202e"} & set(words)
            await press(pilot, "u")
            assert "Second" not in drawn(pane.query_one(ReportView)) or not app.session.document.segmentations[0].names

    asyncio.run(journey())


def test_what_is_stale_is_left_out_and_runs_again(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS, BIG)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4")
            app.session.add_segmentation(GROUPS.model_copy(update={"params": {"k": 2, "starts": 2}}))
            app.changed()
            await settled(pilot)
            assert (pane.state, title(pane)) == (State.STALE, "Comparison of regions and big")
            assert "groups is stale" in said(pane.query_one(".stale-line", Static))
            assert "stale" in prompts(pane)[0]
            await press(pilot, "r")
            await settled(pilot, lambda _app: pane.state is State.READY)
            assert title(pane) == "Comparison of groups, regions and big"
            assert not app.session.stale("groups").reasons
            assert sum(1 for one in app.session.results["groups"].segments if one.size) == 2

    asyncio.run(journey())


def test_an_older_comparison_is_never_shown_for_newer_marks(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS, BIG)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4")
            await pilot.press("space", "down", "space")
            assert app.view.marked == {"groups", "regions"}
            assert title(pane) in ("", "Comparison of groups and regions")
            await pilot.press("up", "space", "down", "down", "space")
            await settled(pilot)
            assert title(pane) == "Comparison of regions and big"

    asyncio.run(journey())


def test_a_comparison_that_fails_says_so_and_is_tried_again(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ComparePane)

            def broken(*_words: object, **_more: object) -> None:
                raise DataError("Nothing can be compared.", next_step="Do something else.")

            app.session.analyse = broken  # type: ignore[assignment, method-assign]
            await press(pilot, "4")
            words = drawn(pane.query_one(ReportView))
            assert pane.state is State.FAILED
            assert "Nothing can be compared." in words and "Do something else. r tries again." in words
            assert pane.query_one(OptionList).has_focus, "the results stay where they are"
            del app.session.analyse
            assert app.session.analyse.__func__ is Session.analyse  # type: ignore[attr-defined]
            await press(pilot, "r")
            assert pane.state is State.READY and title(pane)

    asyncio.run(journey())


def test_on_a_small_terminal_the_report_gets_the_room_while_it_is_read(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path, region=HOSTILE)], (80, 24)) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            pane = app.frame.query_one(ComparePane)
            await press(pilot, "4")
            view, side = pane.query_one(ReportView), pane.query_one(".side")
            assert side.size.width > 0 and side.region.right <= view.region.x
            await press(pilot, "enter")
            assert view.has_focus and view.size.width >= 78 and not side.display
            assert "\x1b" not in drawn(view)
            await press(pilot, "escape")
            assert pane.query_one(OptionList).has_focus and side.display
            assert max(len(line) for line in drawn(view).splitlines()) <= view.size.width

    asyncio.run(journey())


def test_what_several_runs_fail_of_is_told_once(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            recipe = app.session.document.recipe
            assert recipe is not None
            lost = Drop(table="people", where="nowhere > 1")
            app.session.change(
                app.session.document.replacing(recipe=recipe.model_copy(update={"steps": (*recipe.steps, lost)}))
            )
            app.changed()
            await press(pilot, "4", "r")
            failed = [task for task in app.work.tasks if task.kind == "segment" and task.ended == "failed"]
            assert len(failed) == 2
            assert len([one for one in app._notifications if one.severity == "error"]) == 1

    asyncio.run(journey())
