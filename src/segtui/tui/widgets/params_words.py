"""A form in words: each of its rows as a line, and what helps with the row that has the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from segtui.api.text import safe
from segtui.tui.widgets.params_fields import Field, Takes
from segtui.tui.widgets.params_sheet import Row, Sheet
from segtui.tui.widgets.params_values import limits, problem, shown

INDENT = 2
WIDEST_LABEL = 18


def row_words(sheet: Sheet, row: Row, width: int, *, wrong: bool) -> Text:
    """A row as it is drawn: label and value; a default is dim, and what is `wrong` has a mark."""
    line = Text(_indent(row), no_wrap=True, overflow="ellipsis")
    if row.adds:
        return line.append("+ add a row", style="dim")
    if row.field is None:
        return line.append_text(_item_words(sheet, row))
    value = sheet.value(row)
    line.append(fitted(safe(row.field.title, 60), _label_width(sheet.fields, width))).append("  ")
    if wrong or problem(row.field, value):
        line.append("! ")
    line.append(shown(row.field, value), style="dim" if value == row.field.default else "")
    opens = row.field.takes in (Takes.ONE, Takes.SEVERAL, Takes.TABLE)
    return line.append(" ▾" if opens else "", style="dim")


def label_words(sheet: Sheet, row: Row, width: int) -> str:
    """What stands before a value: as long as where the value begins."""
    title = safe(row.field.title, 60) if row.field else ""
    return f"{_indent(row)}{fitted(title, _label_width(sheet.fields, width))}  "


def help_words(sheet: Sheet, row: Row | None) -> str:
    """What a row is for, and what it takes."""
    if row is None:
        return "Nothing to set."
    if row.adds:
        return f"Adds to {sheet.table(row).title.lower()}."
    if row.field is None:
        return "enter opens it, x removes it, J and K move it down and up."
    sentence = safe(row.field.help, 300)
    sentence += "." * bool(sentence and sentence[-1] not in ".!?")
    return " ".join(filter(None, (sentence, limits(row.field))))


def _item_words(sheet: Sheet, row: Row) -> Text:
    """A row of a table in one line: what was given for it."""
    item, fields = sheet.value(row), sheet.table(row).fields
    first, *others = [shown(one, item[one.name]) for one in fields if one.name in item] or ["new"]
    opened = "▾" if sheet.opened == row.path else "▸"
    line = Text(f"{opened} {(row.place or 0) + 1}  {first}  ", no_wrap=True, overflow="ellipsis")
    return line.append("  ".join(others), style="dim")


def _indent(row: Row) -> str:
    return " " + " " * INDENT * (len(row.path) - 1)


def _label_width(fields: Sequence[Field], width: int) -> int:
    return min(max((len(one.title) for one in fields), default=0), max(width // 2, 8), WIDEST_LABEL)


def fitted(words: str, width: int) -> str:
    """The words in exactly that width."""
    cut = words if len(words) <= width else f"{words[: width - 1]}…"
    return cut.ljust(width)
