"""Text that spreadsheets would take for a formula, made harmless in a way that can be undone.

A text is dangerous where its first character other than apostrophes, spaces and byte order marks is one of
`= + - @`, their full-width forms, tab, CR, LF or NUL. Such a text gets one apostrophe in front. To undo it: where the
text after a leading apostrophe is dangerous, take that apostrophe away. Numbers are never touched.
"""

from __future__ import annotations

import re

import polars as pl
import polars.selectors as cs

_PATTERN = (
    r"^[' \u{a0}\u{feff}]*[=+\-@\t\r\n\x00\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}\u{2212}\u{fe62}\u{fe63}\u{fe66}\u{fe6b}]"
)
_DANGEROUS = re.compile(re.sub(r"\\u\{(\w+)\}", lambda code: chr(int(code[1], 16)), _PATTERN))


def neutral(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet might take it for a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text[1:]) else text


def neutralised(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The frame with the text of its cells and headers made harmless."""
    texts = cs.string() | cs.categorical() | cs.enum()
    as_text = texts.cast(pl.String)
    made = frame.with_columns(
        pl.when(as_text.str.contains(_PATTERN)).then(pl.lit("'") + as_text).otherwise(as_text).name.keep()
    )
    return made.rename({name: neutral(name) for name in frame.collect_schema().names()})
