"""The themes: contrast and difference of colours, computed, also as colour-blind people and old terminals see them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from sample_blocks import BLOCKS
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES, Theme
from widget_app import WidgetApp, run

from segtui.tui.palette import Palette, contrast
from segtui.tui.themes import THEMES
from segtui.tui.widgets.block_view import BlockView

DIFFERENCE = 0.07
"""Two colours this far from each other in OKLab are told apart at a glance."""
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""How linear RGB is seen (Machado, Oliveira and Fernandes 2009, severity 1)."""
TO_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip

every_theme = pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)


def named(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def colour(theme: Theme, name: str) -> Color:
    return Color.parse(named(theme)[name])


def oklab(of: Color, sight: np.ndarray) -> np.ndarray:
    parts = np.array(of.normalized)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(sight @ linear, 0, 1)
    return np.asarray(TO_LAB @ np.cbrt(TO_CONES @ seen))


@every_theme
def test_segment_colours_stand_off_every_ground(theme: Theme) -> None:
    for place in range(1, 9):
        for ground in ("background", "surface", "panel"):
            assert contrast(colour(theme, f"segment-{place}"), colour(theme, ground)) >= 3, (place, ground)


@every_theme
@pytest.mark.parametrize("sight", SIGHTS)
def test_segment_colours_are_told_apart_by_everybody(theme: Theme, sight: str) -> None:
    seen = [oklab(colour(theme, f"segment-{place}"), SIGHTS[sight]) for place in range(1, 9)]
    nearest = min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))
    assert nearest >= DIFFERENCE


@every_theme
def test_text_is_readable(theme: Theme) -> None:
    least = 7 if theme.name == "segtui-contrast" else 4.5
    for name in ("foreground", "above", "below", "success", "warning", "error", "primary"):
        assert contrast(colour(theme, name), colour(theme, "background")) >= least, name


@every_theme
def test_quiet_text_is_readable_and_rules_are_seen(theme: Theme) -> None:
    palette = Palette(named(theme), theme.dark)
    background = colour(theme, "background")
    for look, least in (("dim", 4.5), ("rule", 1.8)):
        style = palette.style(look)
        assert style.color is not None
        assert contrast(Color.from_rich_color(style.color), background) >= least


@every_theme
def test_numbers_are_readable_on_shades(theme: Theme) -> None:
    for side in ("above", "below"):
        shades = [colour(theme, f"{side}-{level}") for level in range(1, 5)]
        assert all(contrast(colour(theme, "foreground"), shade) >= 4.5 for shade in shades)
        steps = [contrast(shade, colour(theme, "background")) for shade in shades]
        assert steps == sorted(steps)


@every_theme
def test_the_cursor_is_readable(theme: Theme) -> None:
    for state in ("", "blurred-"):
        ground = colour(theme, f"block-cursor-{state}background")
        assert contrast(colour(theme, f"block-cursor-{state}foreground"), ground) >= 7


@every_theme
def test_sixteen_colours_are_enough_to_read(theme: Theme) -> None:
    palette = Palette(named(theme), theme.dark)
    ground = sixteen(RichColor.parse(named(theme)["background"]))
    foreground = sixteen(RichColor.parse(named(theme)["foreground"]))
    assert foreground != ground
    looks = [f"segment-{place}" for place in range(1, 9)]
    for look in [*looks, "dim", "above", "below", "pass", "warn", "fail", "bar"]:
        style = palette.style(look)
        assert style.color is not None and sixteen(style.color) != ground, look
    for look in [f"{side}-{level}" for side in ("above", "below") for level in range(1, 5)]:
        shade = palette.style(look).bgcolor
        assert shade is not None and sixteen(shade) != foreground, look


def sixteen(of: RichColor) -> int | None:
    return of.downgrade(ColorSystem.STANDARD).number


def test_colours_that_fade_on_a_ground_are_left_out() -> None:
    palette = Palette({"background": "#000000", "foreground": "#ffffff", "segment-1": "#ffffee"}, dark=True)
    assert palette.style("strong segment-1", RichColor.parse("#ffffff")).color is None
    assert palette.style("strong segment-1", RichColor.parse("#000000")).color is not None
    assert palette.style("strong segment-1", RichColor.parse("#ffffff")).bold


@pytest.mark.parametrize("name", BUILTIN_THEMES)
def test_every_theme_of_textual_gets_colours(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    palette = Palette(named(theme), theme.dark)
    assert len({palette.style(f"segment-{place}").color for place in range(1, 9)}) == 8


@pytest.mark.parametrize("theme", [*(theme.name for theme in THEMES), "ansi-dark"])
def test_no_color_leaves_the_words_and_the_weight(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def styles(pilot: Pilot[None]) -> tuple[bool, list[str]]:
        assert isinstance(pilot.app, WidgetApp)
        drawn = pilot.app.query_one(BlockView)
        strips = [strip.apply_filter(one, Color(0, 0, 0)) for strip in drawn.render_lines(drawn.region) for one in
                  pilot.app.get_line_filters()]  # fmt: skip
        pieces = [(piece.text, piece.style) for strip in strips for piece in strip]
        grey = all(
            colour is None or colour.is_default or colour.triplet is None or len(set(colour.triplet)) == 1
            for _, style in pieces if style for colour in (style.color, style.bgcolor)
        )  # fmt: skip
        return grey, [text.strip() for text, style in pieces if style and style.bold]

    grey, bold = run(BlockView(BLOCKS["grid"]), styles, (100, 14), theme)
    assert grey
    assert {"12.4▼", "38.2▲", "4,120▲"} <= set(bold)
