"""Screen 2: a recipe is proposed, changed and run; errors stand at their step; features are chosen; all rows show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from journeys import AppOn, added, is_choosing, is_typing, made, settled, typed
from textual.pilot import Pilot
from textual.widgets import Input, Static

from segtui.prepare import Form
from segtui.project.session import Session
from segtui.tui.app import SegtuiApp
from segtui.tui.dialogs import Choose
from segtui.tui.pane import State
from segtui.tui.screens.customers import CustomersPane
from segtui.tui.widgets.feature_list import FeatureList
from segtui.tui.widgets.frame_table import FrameTable
from segtui.tui.widgets.pick_columns import PickColumn
from segtui.tui.widgets.recipe_list import RecipeList
from segtui.tui.widgets.step_form import StepForm

HOSTILE = "[red]x[/] [@click=app.quit]"


def write_shop(folder: Path, name: str = "spent") -> list[Path]:
    """Forty customers' orders, six lines without a customer; a CRM file that knows thirty of them."""
    lines = [f"order_id,customer_id,order_date,channel,{name}"]
    for number in range(240):
        customer = "" if number % 40 == 39 else f"{number * 7 % 41:05}"
        day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
        channel = ("store", "web", "phone")[number % 3]
        lines.append(f"o{number:04},{customer},{day},{channel},{5 + number % 17}.50")
    orders, crm = folder / "orders.csv", folder / "crm.csv"
    orders.write_text("\n".join(lines) + "\n", encoding="utf-8")
    people = [f"{number:05},{20 + number % 50},c{number}@example.com" for number in range(30)]
    crm.write_text("\n".join(["customer_id,points,email", *people]) + "\n", encoding="utf-8")
    return [orders, crm]


def words(pane: CustomersPane, selector: str) -> str:
    return str(pane.query_one(selector, Static).render())


def shown(pane: CustomersPane) -> str:
    rows = pane.query_one(RecipeList)
    return "\n".join(str(rows.get_option_at_index(at).prompt) for at in range(rows.option_count))


def on_screen(app_on: AppOn, files: list[Path], size: tuple[int, int] = (120, 40)) -> Callable[..., None]:
    """Runs a journey on the screen once its customers are made."""

    def run(journey: Callable[[Pilot[int], CustomersPane, Session], object]) -> None:
        async def whole() -> None:
            async with app_on(files, size) as pilot:
                app = pilot.app
                assert isinstance(app, SegtuiApp)
                await settled(pilot, made)
                await pilot.press("2")
                await settled(pilot)
                await journey(pilot, app.frame.query_one(CustomersPane), app.session)  # type: ignore[misc]

        asyncio.run(whole())

    return run


def test_a_recipe_is_proposed_changed_and_run(app_on: AppOn, tmp_path: Path) -> None:
    async def journey(pilot: Pilot[int], pane: CustomersPane, session: Session) -> None:
        assert pane.state is State.READY and "Proposed" in words(pane, ".stale-line")
        assert [step.step for step in session.document.recipe.steps] == ["drop", "purchases"]  # type: ignore[union-attr]
        assert session.customers is not None and session.customers.rows == 41
        assert "240" in shown(pane) and "234" in shown(pane) and "6 without a customer" not in shown(pane)
        assert "= 234  used" in words(pane, ".summary") and "+   6  without a customer" in words(pane, ".summary")

        steps = pane.query_one(RecipeList)
        assert pane.check_action("remove_step", ())
        steps.highlighted = len(session.document.recipe.steps)  # type: ignore[union-attr]
        assert not pane.check_action("remove_step", ()), "there is no step on the line that adds one"
        steps.highlighted = 0

        await added(pilot, 0, "channel = 'web'")
        await settled(pilot, made)
        assert [step.step for step in session.document.recipe.steps] == ["drop", "keep", "purchases"]
        assert session.customers.account.used == 78 and "channel = 'web'" in shown(pane)
        assert "Proposed" not in words(pane, ".stale-line") and pane.query_one(RecipeList).at == 1

        await pilot.press("space")
        await settled(pilot, made)
        assert session.customers.account.used == 234 and "(off)" in shown(pane)
        await pilot.press("K")
        await settled(pilot, made)
        assert [step.step for step in session.document.recipe.steps] == ["keep", "drop", "purchases"]
        assert pane.query_one(RecipeList).at == 0
        await pilot.press("x")
        await settled(pilot, made)
        assert [step.step for step in session.document.recipe.steps] == ["drop", "purchases"]
        await pilot.press("u")
        await settled(pilot, made)
        assert [step.step for step in session.document.recipe.steps] == ["keep", "drop", "purchases"]

        await pilot.press("enter")
        await pilot.pause()
        assert pane.has_class("-form")
        await pilot.press("u")
        await settled(pilot, made)
        assert not pane.has_class("-form"), "the step it was opened on is no longer there"
        await pilot.press("U")
        await settled(pilot, made)

        assert "= customers: the rows of orders, named by customer_id" in shown(pane)

        await pilot.press("d")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = "2024-12-24"
        await pilot.press("enter")
        await settled(pilot, made)
        assert session.customers.as_of == date(2024, 12, 24) and "as of 2024-12-24" in words(pane, ".summary")

        await pilot.press("t")
        await settled(pilot, lambda _app: pane.query_one(FrameTable).rows == 41)
        await pilot.press("G")
        await settled(pilot)
        assert pane.query_one(FrameTable).cursor_row == 40
        await pilot.press("escape")
        await pilot.pause()
        assert pane.query_one(RecipeList).has_focus

    on_screen(app_on, write_shop(tmp_path)[:1])(journey)


def test_another_table_can_hold_the_customers(app_on: AppOn, tmp_path: Path) -> None:
    async def journey(pilot: Pilot[int], pane: CustomersPane, session: Session) -> None:
        assert session.customers is not None and session.customers.rows == 41
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Choose)
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PickColumn)
        await pilot.press("enter")
        await settled(pilot, lambda _app: pane.warns())
        recipe = session.document.recipe
        assert recipe is not None and (recipe.customers, recipe.id) == ("crm", "customer_id")
        assert "= customers: the rows of crm, named by customer_id" in shown(pane)
        assert "Feature set" in words(pane, ".stale-line"), "its features are not in that table"
        await pilot.press("u")
        await settled(pilot, made)
        assert session.customers.rows == 41 and "= customers: the rows of orders" in shown(pane)
        await pilot.press("c", "escape")
        await pilot.pause()
        assert pane.query_one(RecipeList).has_focus

    on_screen(app_on, write_shop(tmp_path))(journey)


def test_an_error_stands_at_its_step_and_takes_nothing_away(app_on: AppOn, tmp_path: Path) -> None:
    async def journey(pilot: Pilot[int], pane: CustomersPane, session: Session) -> None:
        before = session.customers
        assert before is not None
        await pilot.press("down", "a", *["up"], "enter")
        await pilot.pause()
        await pilot.press("s")
        await settled(pilot, lambda _app: pane.warns())
        assert session.customers is before and pane.state is State.STALE
        assert "stopped at step 3" in words(pane, ".stale-line")
        assert "find a match" in shown(pane) and "least_match" in shown(pane)
        assert pane.query_one(FeatureList).rows > 3 and pane.query_one(RecipeList).has_focus

        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("end", "up", "enter")
        await typed(pilot, "0.5")
        await pilot.press("s")
        await settled(pilot, made)
        assert not pane.warns() and pane.state is State.READY
        assert "points" in session.customers.columns and "30 matched, 11 without a record" in shown(pane)

        await pilot.press("a")
        await settled(pilot, is_choosing)
        await pilot.press("enter")
        await settled(pilot, is_typing)
        await typed(pilot, "nowhere > 3")
        assert "There is no column nowhere" in words(pane, ".form-help")
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert pane.query_one(RecipeList).has_focus and len(session.document.recipe.steps) == 3  # type: ignore[union-attr]

    on_screen(app_on, write_shop(tmp_path))(journey)


def test_features_are_chosen_on_a_small_terminal_whatever_they_are_called(app_on: AppOn, tmp_path: Path) -> None:
    async def journey(pilot: Pilot[int], pane: CustomersPane, session: Session) -> None:
        assert pane.has_class("-narrow") and not pane.query_one(FeatureList).region
        await pilot.press("tab")
        await settled(pilot)
        features = pane.query_one(FeatureList)
        assert features.has_focus and not pane.query_one(RecipeList).region
        assert features.region.bottom <= pane.region.bottom and features.region.height >= 5
        first = session.customers
        assert first is not None and first.feature_sets[0].columns["recency"] is Form.Z
        await pilot.press("right")
        await settled(pilot, made)
        assert session.customers.feature_sets[0].columns["recency"] is Form.LOG_Z
        assert session.customers.frame == first.frame, "features are scaled anew; the recipe is not run"
        await pilot.press("space")
        await settled(pilot, made)
        assert "recency" not in session.document.feature_sets[0].columns

        await pilot.press("n")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = HOSTILE
        await pilot.press("enter")
        await settled(pilot, made)
        assert [one.name for one in session.document.feature_sets] == ["behaviour", HOSTILE]
        assert HOSTILE in words(pane, ".set") and "2 of 2 sets" in words(pane, ".set")
        await pilot.press("s")
        assert "behaviour" in words(pane, ".set")
        await pilot.press("s", "X")
        await settled(pilot, made)
        assert [one.name for one in session.document.feature_sets] == ["behaviour"]
        await pilot.press("X")
        await pilot.pause()
        assert len(session.document.feature_sets) == 1

        await pilot.press("tab")
        await settled(pilot)
        await pilot.press("a")
        await settled(pilot, is_choosing)
        await pilot.press("enter")
        await settled(pilot, is_typing)
        assert pane.query_one(StepForm).query_one(Input).region.bottom <= pane.region.bottom
        assert HOSTILE in words(pane, ".form-help")

        line = pane.query_one(StepForm).query_one(Input)
        pilot.app.screen.set_focus(None)
        line.focus()
        pane.segtui.focus_pane()
        await settled(pilot)
        assert line.has_focus, "the line keeps the cursor, whoever asks for it last"

    name = f'"{HOSTILE}"'
    on_screen(app_on, write_shop(tmp_path, name)[:1], (80, 24))(journey)


def test_what_is_corrected_in_the_file_is_proposed_anew(app_on: AppOn, tmp_path: Path) -> None:
    async def journey(pilot: Pilot[int], pane: CustomersPane, session: Session) -> None:
        assert session.customers is not None
        assert list(session.customers.feature_sets[0].columns) == ["points", "spent"]
        await pilot.press("1")
        await settled(pilot)
        await pilot.press("right", "k", "down", "enter")
        await settled(pilot, lambda app: made(app) and "points" not in app.session.document.feature_sets[0].columns)
        assert pane.state is State.READY and "no step is needed" in words(pane, ".stale-line")

    lines = [f"{number:05},{number % 5},{number % 7}.25" for number in range(20)]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["customer_id,points,spent", *lines]) + "\n", encoding="utf-8")
    on_screen(app_on, [path])(journey)
