"""Text that wants to be more than text: controls, bidi, what has no width, markup, commands to terminals."""

from __future__ import annotations

import unicodedata
from pathlib import Path

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
"""Every code point below U+00A0 that is not a plain letter, digit or sign."""

PAYLOADS = [
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]0;title\x1b\\",
    "\x1b]8;;http://evil.example\x07x\x1b]8;;\x07",
    "\x1b[2J\x1b[H",
    "\x1b[31mred",
    "\x9b2J",
    "\x90q\x9c",
    "a\tb\nc\rd",
    "user\u202egnp.exe",
    "\u2066x\u2069\u061c\u200e",
    "\ufeffid",
    "a\u200bb\u2060c\u00ad",
    "x\u2028y\u2029z",
    "\U000e0041\U000e007f",
    "[@click=app.quit]x[/]",
    "[link=http://x]y[/link]",
    "[/nope]",
    ":smile: {{7*7}}",
    "<script>alert(1)</script>",
]
"""Each can stand in a file of UTF-8."""

MARKUP = [payload for payload in PAYLOADS if payload.isprintable()]
"""Those that are shown as they are, letter by letter."""

CHUNKS = ["".join(CONTROLS[start : start + 11]) for start in range(0, len(CONTROLS), 11)]
"""All controls, few enough at a time to be shown whole."""


_PLUGIN = """
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal
import polars as pl
from pydantic import Field
from segtui.api import Basis, Method, Model, Needs, Params, Segment, Uses, UsageError, hookimpl


BAD = {bad!r}

class BadParams(Params):
    fail: bool = Field(False, description=BAD)
    word: str = Field(BAD, description=BAD)
    which: Literal[{bad!r}, "b"] = Field(BAD, description=BAD)

@dataclass(frozen=True, eq=False)
class BadModel(Model):
    segments: tuple[Segment, ...]
    uses: Uses
    def assign(self, customers):
        return customers.frame["customer"].str.slice(3, 1).cast(pl.Int32) % 2

class Bad(Method):
    id, title, summary, basis, revision = "bad", BAD[:60], BAD, Basis.A_PRIORI, 1
    needs: ClassVar[Needs] = Needs()
    Params, Model = BadParams, BadModel
    def fit(self, customers, params, run):
        print(BAD)
        run.progress(0.5, BAD)
        if params.fail:
            raise UsageError(BAD, where=BAD, next_step=BAD)
        return BadModel((Segment(0, BAD + "0", BAD), Segment(1, BAD + "1", BAD)), Uses(columns=()))

@hookimpl
def segtui_methods():
    return [Bad()]
"""


def harmful(text: str) -> set[str]:
    """The characters in `text` that must not reach a terminal."""
    return {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}


def hostile_plugins(folder: Path, bad: str) -> Path:
    """A folder of plugins: the method `bad`, which says `bad` wherever it may say something, and one that can't be
    loaded."""
    folder.mkdir()
    (folder / "bad_words.py").write_text(_PLUGIN.format(bad=bad))
    (folder / "broken_words.py").write_text(f"raise RuntimeError({bad!r})\n")
    return folder
