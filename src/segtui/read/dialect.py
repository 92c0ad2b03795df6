"""Finding how a text is delimited: the delimiter whose cells look most like values and whose rows are most alike."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from segtui.read.reading import Reading, given

DELIMITERS = (",", ";", "\t", "|")
_RARE_DELIMITERS = (":", "~", "^", "\x1f", "\x01", "§")
_ROWS = 400
_CELLS = 40_000
_LARGEST_FIELD = 1 << 28

VALUE = re.compile(
    r"""\s*(?:
      | [-+(]?\s?[£$€¥]?\s?[-+]?(?:\d{1,3}(?:[,.'\u00a0\u202f ]\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s?[£$€¥%)]?-?
      | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp][Mm])?
        (?:Z|[-+]\d{2}:?\d{2})?)?
      | \d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4} | \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:[AaPp][Mm])?
      | (?i:nan|n/?a|null|none|true|false|yes|no|-?inf)
      | [\w.+-]+@[\w-]+\.[\w.]+ | https?://\S+
    )\s*""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[\w \-'’.&()/\[\]#%*+°£€$\"!?@=<>\u00a0]*")
_LOOSE_WORDS = re.compile(r"[^\x00-\x08\x0e-\x1f]*")


@dataclass(frozen=True)
class Dialect:
    """How lines become cells. None where there is none; `delimiter` None for a file of one column."""

    delimiter: str | None = ","
    quote: str | None = '"'
    escape: str | None = None
    comment: str | None = None
    padded: bool = False

    def rows(self, text: str) -> Iterator[tuple[int, int, list[str]]]:
        """Each row with its first and last line number, from 1; blank lines are left out."""
        end = "\n" if "\n" in text else "\r"
        return self.rows_of(line + end for line in text.removesuffix(end).split(end))

    def rows_of(self, lines: Iterable[str]) -> Iterator[tuple[int, int, list[str]]]:
        """The same for lines that come one by one."""
        if csv.field_size_limit() < _LARGEST_FIELD:
            csv.field_size_limit(_LARGEST_FIELD)
        reader = csv.reader(
            lines,
            delimiter=self.delimiter or "\x00",
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape,
            skipinitialspace=self.padded,
        )
        before = 0
        while True:
            try:
                row = next(reader, None)
            except csv.Error:
                return
            if row is None:
                return
            first, before = before + 1, reader.line_num
            if not row or (self.comment and row[0].startswith(self.comment)):
                continue
            yield first, reader.line_num, [cell.strip() for cell in row] if self.padded else row


def sniffed(text: str, reading: Reading) -> Dialect:
    """The dialect of a text, of which `reading` may give parts."""
    comment = given(reading.comment) if reading.comment else _comment(text)
    body = "\n".join(line for line in text.split("\n") if not line.startswith(comment)) if comment else text
    quotes = [given(reading.quote)] if reading.quote else _quotes(body)
    if reading.delimiter is not None:
        delimiters = [given(reading.delimiter)]
    else:
        present = [mark for mark in DELIMITERS if mark in body]
        delimiters = [*present, *(mark for mark in _RARE_DELIMITERS if mark in body and not present), None]
    found = [Dialect(delimiter, quote) for delimiter in delimiters for quote in quotes]
    dialect = max(found, key=lambda each: _likeness(body, each)) if len(found) > 1 else found[0]
    escape = given(reading.escape) if reading.escape else _escape(body, dialect)
    padded = reading.padded if reading.padded is not None else _padded(body, replace(dialect, escape=escape))
    return replace(dialect, escape=escape, comment=comment, padded=padded)


def _likeness(text: str, dialect: Dialect) -> float:
    """How alike the rows are, times how much the cells look like values; after CleverCSV's idea."""
    rows = sampled_rows(text, dialect)
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    alike = sum(count * count / len(rows) * (max(width - 1, 0.001) / width) for width, count in widths.items())
    alike /= len(rows)
    others = "".join(mark for mark in DELIMITERS if mark != dialect.delimiter and mark != ",")
    known = cells = 0.0
    for row in rows:
        for cell in row:
            cells += 1
            known += _value_likeness(cell, others)
    return alike * known / max(cells, 1)


def _value_likeness(cell: str, others: str) -> float:
    if len(cell) < 200 and VALUE.fullmatch(cell):
        return 1.0
    if any(mark in cell for mark in others):
        return 0.1
    if _WORDS.fullmatch(cell):
        return 0.9
    return 0.5 if _LOOSE_WORDS.fullmatch(cell) else 0.1


def sampled_rows(text: str, dialect: Dialect) -> list[list[str]]:
    """The first rows of a text, at most so many that a wide file stays quick."""
    rows: list[list[str]] = []
    cells = 0
    for _, _, row in islice(dialect.rows(text), _ROWS):
        rows.append(row)
        cells += len(row)
        if cells > _CELLS:
            break
    return rows


def _quotes(text: str) -> list[str | None]:
    """The quotes worth trying: the double one unless it only stands inside values, the single one where it pairs."""
    if '"' in text and re.search(r'(?:^|[,;\t|:])\s*"', text, re.MULTILINE):
        return ['"']
    pairs = r"(?:^|[,;\t|])'[^'\n]*[,;\t|][^'\n]*'(?:$|[,;\t|\r\n])"
    if "'" in text and len(re.findall(pairs, text, re.MULTILINE)) >= 2:
        return ["'"]
    return [None] if '"' in text else ['"']


def _comment(text: str) -> str | None:
    """A # that starts lines, of which some stand among the data or all at the top."""
    if "#" not in text:
        return None
    lines = text.split("\n")
    marked = [number for number, line in enumerate(lines) if line.startswith("#")]
    if not marked or len(marked) > len(lines) / 2:
        return None
    others = Counter(_marks(line) for number, line in enumerate(lines) if line.strip() and number not in set(marked))
    usual = others.most_common(1)[0][0] if others else None
    alike = sum(_marks(lines[number]) == usual is not None for number in marked)
    return None if alike > len(marked) / 2 else "#"


def _marks(line: str) -> tuple[int, ...] | None:
    counts = tuple(line.count(mark) for mark in DELIMITERS)
    return counts if any(counts) else None


def _escape(text: str, dialect: Dialect) -> str | None:
    """A backslash before delimiters or quotes, where heeding it makes the rows more alike."""
    if "\\" not in text or not dialect.delimiter or not re.search(r"\\[" + re.escape(dialect.delimiter) + r'"]', text):
        return None
    plain = Counter(map(len, sampled_rows(text, dialect)))
    escaped = Counter(map(len, sampled_rows(text, replace(dialect, escape="\\"))))
    return "\\" if max(escaped.values()) > max(plain.values()) else None


def _padded(text: str, dialect: Dialect) -> bool:
    """Whether blanks follow (or stand on both sides of) the delimiter nearly always."""
    if not dialect.delimiter or dialect.delimiter == "\t":
        return False
    if dialect.quote and re.search(re.escape(dialect.delimiter) + " +" + re.escape(dialect.quote), text):
        return True
    cells = [cell for row in sampled_rows(text, dialect) for cell in row[1:] if cell]
    blank = sum(cell.startswith(" ") for cell in cells)
    return bool(cells) and blank >= 0.8 * len(cells)


def width_of(rows: Sequence[Sequence[str]]) -> int:
    """How many columns the rows have: the most frequent count of cells, of equally frequent ones the first."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda each: widths[each], default=0)
