"""The colours of looks in each theme, and how they become styles.

Eight colours name segments. They keep apart for people who confuse red and green or blue and yellow, and stand off
every ground of their theme by a contrast of at least 3. A theme without colours of its own gets these, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.color import Color as RichColor
from rich.style import Style
from textual.app import App
from textual.color import Color

LEAST_CONTRAST = 3.0

LIGHT = ("#2383db", "#217d63", "#c15d9e", "#7f5500", "#6a2302", "#164279", "#6e8711", "#50504f")
DARK = ("#73d2ff", "#78be9d", "#ad7499", "#f9d067", "#cf6747", "#5295e6", "#c9aa30", "#e3ead7")
CONTRAST = ("#6ddcf9", "#b1e5ad", "#ca88b2", "#f8b118", "#f57760", "#6caeff", "#fded46", "#fffffa")
LIGHT_ABOVE, LIGHT_BELOW = "#1b69b6", "#a84e0c"
DARK_ABOVE, DARK_BELOW = "#5fa8ec", "#e08a4a"
STRENGTHS = (0.12, 0.22, 0.34, 0.46)
"""How much of a colour the shades of a heatmap have."""

_ANSI_SEGMENTS = ("blue", "red", "green", "magenta", "yellow", "cyan", "bright_black", "white")
_ANSI = {
    "strong": Style(bold=True),
    "title": Style(bold=True),
    "dim": Style(dim=True),
    "rule": Style(dim=True),
    "bar": Style(color="blue"),
    "above": Style(color="blue"),
    "below": Style(color="red"),
    "warning": Style(color="yellow"),
    "pass": Style(color="green"),
    "warn": Style(color="yellow"),
    "fail": Style(color="red"),
    **{f"segment-{place + 1}": Style(color=colour) for place, colour in enumerate(_ANSI_SEGMENTS)},
}


def variables(segments: tuple[str, ...], background: str, above: str, below: str) -> dict[str, str]:
    """The variables that a theme adds for looks: segment-1 to segment-8, above-1 to above-4 and below-1 to below-4."""
    named = {f"segment-{place + 1}": colour for place, colour in enumerate(segments)}
    for name, colour in (("above", above), ("below", below)):
        named[name] = colour
        for place, strength in enumerate(STRENGTHS):
            shade = Color.parse(background).blend(Color.parse(colour), strength)
            named[f"{name}-{place + 1}"] = shade.hex
    return named


def _defaults(dark: bool, background: str) -> dict[str, str]:
    if dark:
        return variables(DARK, background, DARK_ABOVE, DARK_BELOW)
    return variables(LIGHT, background, LIGHT_ABOVE, LIGHT_BELOW)


class Palette:
    """Styles by look: words such as "strong segment-2". A word that is unknown has no style."""

    def __init__(self, named: Mapping[str, str], dark: bool) -> None:
        background = named.get("background", "#14171a" if dark else "#fdfcf9")
        self._is_ansi = background.startswith("ansi")
        defaults = {} if self._is_ansi else _defaults(dark, background)
        self._named = {**defaults, **named}
        self._styles: dict[tuple[str, RichColor | None], Style] = {}

    def style(self, look: str, ground: RichColor | None = None) -> Style:
        """The style of a look, to be laid over a widget's; colours that do not stand off `ground` are left out."""
        key = (look, ground)
        if key not in self._styles:
            self._styles[key] = sum((self._word(word, ground) for word in look.split()), Style.null())
        return self._styles[key]

    def _word(self, word: str, ground: RichColor | None) -> Style:
        if self._is_ansi:
            return _ANSI.get(word, Style.null())
        if word in ("strong", "title"):
            return Style(bold=True)
        if word in ("dim", "rule"):
            return Style(color=self._dimmed(0.35 if word == "dim" else 0.6))
        if word[:-2] in ("above", "below"):
            return Style(bgcolor=self._named[word])
        role = {"pass": "success", "warn": "warning", "fail": "error", "bar": "primary"}.get(word, word)
        if role not in self._named:
            return Style.null()
        style = Style(color=self._named[role])
        return Style.null() if _fades(style.color, ground) else style

    def _dimmed(self, share: float) -> str:
        """The colour of text, `share` on the way to the ground."""
        foreground, background = (Color.parse(self._named[name]) for name in ("foreground", "background"))
        return foreground.blend(background, share, 1.0).hex


def palette_of(app: App[object]) -> Palette:
    """The palette of the theme that an app shows now."""
    return _palette(tuple(sorted(app.theme_variables.items())), app.current_theme.dark)


@lru_cache(maxsize=8)
def _palette(named: tuple[tuple[str, str], ...], dark: bool) -> Palette:
    return Palette(dict(named), dark)


def _fades(colour: RichColor | None, ground: RichColor | None) -> bool:
    """Whether a colour is too like the ground that it stands on."""
    if colour is None or ground is None or colour.triplet is None or ground.triplet is None:
        return False
    return contrast(Color.from_rich_color(colour), Color.from_rich_color(ground)) < LEAST_CONTRAST


def contrast(one: Color, other: Color) -> float:
    """The ratio of WCAG: 1 for the same, 21 for black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
