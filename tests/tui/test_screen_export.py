"""Screen 6: what leaves is the document's export; what is written is what was shown, and runs again headless."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command
from journeys import AppOn, settled
from rich.console import Console
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from segtui.project.document import ASSIGNMENTS, ReportEntry, SegmentationEntry
from segtui.project.session import Session
from segtui.tui.app import SegtuiApp
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.dialogs_checklist import Checklist
from segtui.tui.dialogs_export import Settings, Write
from segtui.tui.key_line import KeyLine
from segtui.tui.pane import State
from segtui.tui.screens.export import ExportPane

HOSTILE = "[red]x[/] \x1b]0;t\x07 \u202e"
CUSTOMERS = 30


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Orders of thirty customers, with a personal column."""
    lines = ["order_id,customer_id,order_date,amount,country,email"]
    for customer in range(1, CUSTOMERS + 1):
        for bought in range(customer % 7 + 1):
            day = f"2024-{1 + (customer + bought) % 12:02}-{1 + (customer * 3 + bought) % 28:02}"
            paid, country = customer * 10 + bought + 0.25, "DE" if customer % 3 else "FR"
            person = f"c{customer}@example.com"
            lines.append(f"o{len(lines):04},{customer:05},{day},{paid},{country},{person}")
    path = tmp_path / "data" / "orders.csv"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    people = ["customer_id,full_name,email,city"]
    people += [f"{one:05},Ada No{one},c{one}@example.com,{'Bonn' if one % 2 else 'Ulm'}" for one in range(1, 31)]
    (path.parent / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    """The command in a process of its own."""
    for name in ("home", "cache", "temporary"):
        (tmp_path / "machine" / name).mkdir(parents=True)
    command = Command(tmp_path / "machine", tmp_path / "data")
    yield command
    command.end()


async def with_rfm(pilot: Pilot[int], *more: str) -> ExportPane:
    """Run RFM, and go to the screen."""
    app = pilot.app
    assert isinstance(app, SegtuiApp)
    await asyncio.to_thread(app.session.prepare)
    for name in ("rfm", *more):
        await asyncio.to_thread(app.session.segment, SegmentationEntry(id=name, method="rfm"))
    app.changed()
    await pilot.press("6")
    await settled(pilot)
    pane = app.frame.query_one(ExportPane)
    assert pane.state is State.READY
    return pane


def said(pane: ExportPane, part: str = "what") -> str:
    """The words of a part of the right side, without its lines."""
    console = Console(width=200, color_system=None)
    with console.capture() as captured:
        console.print(pane.query_one(f".{part}", Static).visual._renderable)  # type: ignore[attr-defined]
    return " ".join(captured.get().split())


async def at(pilot: Pilot[int], row: str) -> None:
    """Put the cursor on a line of the form."""
    pane = pilot.app.screen_stack[0].query_one(ExportPane)
    form = pane.query_one(OptionList)
    form.highlighted = [one.id for one in pane._rows].index(row)
    form.focus()
    await pilot.pause()


async def typed(pilot: Pilot[int], text: str) -> None:
    """Answer a question with a line of text."""
    assert isinstance(pilot.app.screen, Ask)
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


def session_of(pilot: Pilot[int]) -> Session:
    assert isinstance(pilot.app, SegtuiApp)
    return pilot.app.session


def test_a_delivery_and_the_same_again_headless(app_on: AppOn, orders: Path, command: Command) -> None:
    async def journey() -> None:
        async with app_on([orders, orders.with_name("people.csv")]) as pilot:
            pane = await with_rfm(pilot)
            session = session_of(pilot)
            assert "30 rows × 3 columns" in said(pane) and "held back: full_name and email" in said(pane)
            await at(pilot, "folder")
            await pilot.press("enter")
            await typed(pilot, str(orders.parent / "out"))
            for row in ("form:parquet", "file:html", "file:workbook"):
                await at(pilot, row)
                await pilot.press("space")
            await at(pilot, "brief")
            await pilot.press("enter")
            assert isinstance(pilot.app.screen, Write)
            pilot.app.screen.query_one(TextArea).text = "Whom to write to?\nIn spring."
            await pilot.press("escape")
            await settled(pilot)
            export = session.document.export
            assert export.assignments == "csv" and export.models
            assert [entry.exporter for entry in export.files] == [ASSIGNMENTS, "html", "workbook"]
            assert session.document.brief == "Whom to write to?\nIn spring."
            assert "30 rows × 3 columns in each of 2 files" in said(pane)
            await pilot.press("x")
            await settled(pilot, lambda _app: pane.written is not None)
            assert pane.written is not None
            files = {file.path.name: file for file in pane.written.facts.files}
            assert set(files) >= {"rfm.csv", "rfm.parquet", "rfm.segmodel", "rfm.manifest.json"}
            assert len(files) == 6, sorted(files)
            for name, file in files.items():
                assert (orders.parent / "out" / name).stat().st_size == file.size
                assert name in said(pane, "written")
            await pilot.press("w")
            await typed(pilot, str(orders.parent / "shop.segtui.toml"))
            assert session.path is not None and not session.unsaved

    asyncio.run(journey())
    before = {path.name: path.read_bytes() for path in (orders.parent / "out").iterdir()}
    ended = command("run", "shop.segtui.toml", "--out", "again")
    assert ended.code == 0, ended.err
    for name in ("rfm.csv", "rfm.parquet", "rfm.segmodel"):
        assert (orders.parent / "again" / name).read_bytes() == before[name], name
    assert {path.name for path in (orders.parent / "again").iterdir()} == set(before)


def test_files_that_are_there_are_replaced_only_on_a_yes(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders]) as pilot:
            pane = await with_rfm(pilot)
            session = session_of(pilot)
            folder = orders.parent / "out"
            session.change(
                session.document.replacing(export=session.document.export.model_copy(update={"folder": str(folder)}))
            )
            folder.mkdir()
            (folder / "rfm.csv").write_text("mine")
            await pilot.press("x")
            await settled(pilot, lambda app: isinstance(app.screen, Confirm))
            await pilot.press("n")
            await settled(pilot)
            assert (folder / "rfm.csv").read_text() == "mine" and pane.written is None
            assert [path.name for path in folder.iterdir()] == ["rfm.csv"]
            await pilot.press("x")
            await settled(pilot, lambda app: isinstance(app.screen, Confirm))
            await pilot.press("y")
            await settled(pilot, lambda _app: pane.written is not None)
            assert (folder / "rfm.csv").read_text() != "mine"

    asyncio.run(journey())


def test_what_leaves_of_each_customer(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders, orders.with_name("people.csv")]) as pilot:
            pane = await with_rfm(pilot)
            session, app = session_of(pilot), pilot.app
            await at(pilot, "columns")
            await pilot.press("enter")
            assert isinstance(app.screen, Checklist)
            assert "email" not in app.screen._options and session.customers is not None
            await pilot.press("space", "down", "space", "enter")
            await settled(pilot)
            chosen = session.document.export.columns
            assert len(chosen) == 2 and set(chosen) < set(session.customers.columns)
            assert "30 rows × 5 columns" in said(pane)
            await at(pilot, "personal")
            await pilot.press("enter", "space")
            assert isinstance(app.screen, Confirm)
            await pilot.press("n", "enter")
            await settled(pilot)
            assert session.document.export.personal_columns == ()
            await pilot.press("enter", "space", "y", "enter")
            await settled(pilot)
            assert session.document.export.personal_columns == ("full_name",)
            assert "leaves, as you chose: full_name held back: email" in said(pane) and "6 columns" in said(pane)
            await at(pilot, "ids")
            await pilot.press("enter")
            assert session.document.export.ids == "pseudonymised"
            assert "the key stays here, in orders.key" in said(pane)
            for _ in range(3):
                await pilot.press("u")
            await settled(pilot)
            assert session.document.export.columns == () and session.document.export.ids == "clear"
            assert "30 rows × 3 columns" in said(pane)

    asyncio.run(journey())


def test_small_groups_reports_and_numbers(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders]) as pilot:
            pane = await with_rfm(pilot)
            session = session_of(pilot)
            sizes = [segment.size for segment in session.results["rfm"].segments]
            small = sum(0 < size < 10 for size in sizes)
            assert small and "no file that holds reports" in said(pane)
            hidden = int(said(pane).partition("the sizes of ")[2].split()[0])
            assert hidden >= small
            await at(pilot, "file:markdown")
            await pilot.press("space")
            await settled(pilot)
            assert "Profile of rfm" in said(pane) and "reports may hide more" in said(pane)
            pinned = (ReportEntry(analysis="quality"),)
            session.change(
                session.document.replacing(export=session.document.export.model_copy(update={"reports": pinned}))
            )
            pilot.app.changed()  # type: ignore[attr-defined]
            await settled(pilot)
            assert "Quality of rfm" in said(pane) and "Profile" not in said(pane)
            for row, text, field, value in (
                ("threshold", "4", "threshold", 10),
                ("threshold", "5", "threshold", 5),
                ("rounding", "many", "rounding", 0),
                ("rounding", "5", "rounding", 5),
            ):
                await at(pilot, row)
                await pilot.press("enter")
                await typed(pilot, text)
                assert getattr(session.document.export, field) == value
            await at(pilot, "file:markdown")
            await pilot.press("enter")
            assert isinstance(pilot.app.screen, Settings)
            await pilot.press("enter", "escape")
            await settled(pilot)
            assert session.document.export.files[0].params == {"segments": False}

    asyncio.run(journey())


def test_what_is_stale_leaves_only_on_a_yes_and_says_so(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders]) as pilot:
            pane = await with_rfm(pilot, "other")
            session = session_of(pilot)
            folder = orders.parent / "out"
            export = session.document.export.model_copy(update={"folder": str(folder), "segmentations": ("rfm",)})
            entry = session.document.segmentation("rfm")
            assert entry is not None
            changed = entry.model_copy(update={"params": {"binning": "nested"}})
            session.change(session.document.with_segmentation(changed).replacing(export=export))
            pilot.app.changed()  # type: ignore[attr-defined]
            await settled(pilot)
            assert pane.state is State.STALE
            assert "rfm no longer stands" in str(pane.query_one(".stale-line", Static).render())
            await pilot.press("x")
            assert isinstance(pilot.app.screen, Confirm)
            await pilot.press("y")
            await settled(pilot, lambda _app: pane.written is not None)
            notes = json.loads((folder / "rfm.manifest.json").read_text())["notes"]
            assert any("rfm was made before" in note for note in notes)
            assert "rfm was made before" in said(pane, "written")
            await pilot.press("r")
            await settled(pilot, lambda _app: not session.stale("rfm").reasons)
            assert pane.state is State.READY and session.results["rfm"].params["binning"] == "nested"

    asyncio.run(journey())


def test_where_nothing_can_be_written(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders], (80, 24)) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            await pilot.press("6")
            assert app.panes["export"].blocked() == "Run a segmentation first."
            assert app.showing is not app.panes["export"]
            pane = await with_rfm(pilot)
            await at(pilot, "folder")
            await pilot.press("enter")
            await typed(pilot, str(orders))
            await pilot.press("x")
            await settled(pilot, lambda _app: pane.state is State.FAILED)
            assert pane.written is None and "folder" in str(pane.query_one(".notice", Static).render())
            assert pane.query_one(OptionList).region.height > 3, "the form stays, to correct it"
            assert any(entry.error for entry in app.log_book.entries())
            await pilot.press("u")
            await settled(pilot)
            assert pane.state is State.READY
            assert pane.query_one(".leaves").region.bottom <= 23

    asyncio.run(journey())


def test_hostile_names_are_shown_as_they_are(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders]) as pilot:
            await with_rfm(pilot, HOSTILE)
            session = session_of(pilot)
            session.change(session.document.replacing(name=HOSTILE, brief=HOSTILE))
            pilot.app.changed()  # type: ignore[attr-defined]
            await settled(pilot)
            drawn = "".join(segment.text for strip in pilot.app.screen._compositor.render_strips() for segment in strip)
            assert "[red]x[/]" in drawn
            assert not {"\x1b", "\x07", "\u202e"} & set(drawn)
            await at(pilot, f"segmentation:{HOSTILE}")
            await pilot.press("space")
            assert session.document.export.segmentations == ("rfm",)
            await at(pilot, "segmentation:rfm")
            await pilot.press("space")
            assert session.document.export.segmentations == ("rfm",), "the last one stays"

    asyncio.run(journey())


def test_what_was_pinned_and_chosen_before_is_not_lost(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders], (80, 24)) as pilot:
            pane = await with_rfm(pilot)
            app = pane.segtui
            session_of(pilot).change(session_of(pilot).document.choosing("rfm"))
            await pilot.press("5")
            await settled(pilot)
            await pilot.press("p", "6")
            await settled(pilot)
            form = pane.query_one(OptionList)
            lines = [str(form.get_option_at_index(place).prompt) for place in range(form.option_count)]
            assert [line for line in lines if "★ chosen" in line and "rfm" in line]
            assert "Profile of rfm" in said(pane)
            await at(pilot, "file:html")
            await pilot.press("space")
            assert "! 1 report pinned, but no file that holds reports is chosen" in said(pane)
            assert "Run again" not in {key.words for key in app.frame.query_one(KeyLine).keys}, "all stands"

    asyncio.run(journey())


def test_what_a_line_cuts_is_said_below_and_the_key_that_writes_comes_first(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders]) as pilot:
            pane = await with_rfm(pilot)
            about, footer = pane.query_one(".about", Static), pilot.app.screen_stack[0].query_one(KeyLine)
            assert str(footer.render()).startswith("x Export  ")
            await at(pilot, "form:csv")
            assert not about.display
            await at(pilot, "file:workbook")
            row = next(one for one in pane._rows if one.id == "file:workbook")
            assert about.display and str(about.render()) == row.value and len(row.value) > 45
            await pilot.resize_terminal(200, 40)
            await settled(pilot, lambda _app: not about.display)

    asyncio.run(journey())


def test_what_is_stale_for_one_reason_is_said_in_one_sentence(app_on: AppOn, orders: Path) -> None:
    async def journey() -> None:
        async with app_on([orders]) as pilot:
            pane = await with_rfm(pilot, "other")
            session = session_of(pilot)
            session.change(session.document.replacing(seed=7))
            pilot.app.changed()  # type: ignore[attr-defined]
            await settled(pilot)
            line = str(pane.query_one(".stale-line", Static).render())
            assert line == "! rfm and other no longer stand: the seed changed. r runs them."

    asyncio.run(journey())
