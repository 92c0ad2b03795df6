"""Text that wants to be more than text: controls, bidi, what has no width, markup, commands to terminals."""

from __future__ import annotations

import unicodedata

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


def harmful(text: str) -> set[str]:
    """The characters in `text` that must not reach a terminal."""
    return {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
