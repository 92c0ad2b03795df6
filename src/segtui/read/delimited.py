"""Opening delimited text: unpacked, in UTF-8, its dialect and layout found, its ragged rows refused or sorted out."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from segtui.api.errors import ReadError
from segtui.api.run import PartOfRun, Run
from segtui.api.table import Finding, Severity
from segtui.api.text import safe
from segtui.read import headers, rows, sample
from segtui.read.dialect import Dialect, sniffed
from segtui.read.encoding import Survey, surveyed, transcoded
from segtui.read.guard import no_rows
from segtui.read.layout import Layout, laid_out
from segtui.read.reading import NONE, Reading

_HEAD_BYTES = 1 << 19
_UTF8 = frozenset({"utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii"})


@dataclass
class TextFile:
    """A UTF-8 file on disk with all that is needed to scan it. `source` is the client's file, for messages."""

    source: Path
    path: Path
    dialect: Dialect
    layout: Layout
    line_end: str
    start: int
    names: dict[str, str]
    reading: Reading
    findings: list[Finding] = field(default_factory=list)
    rejected: int = 0
    headless: bool = False
    sorted_out: bool = False
    loose_ends: bool = False
    quotes: bool = True

    def scan(self, types: Mapping[str, pl.DataType] | None = None) -> pl.LazyFrame:
        """All rows under their names; String, where `types` does not say otherwise."""
        quote = self.dialect.quote if self.quotes or self.dialect.quote != '"' else None
        return pl.scan_csv(
            self.path,
            has_header=False,
            schema={name: (types or {}).get(name, pl.String()) for name in self.names},
            separator=self.dialect.delimiter or "\x1f",
            quote_char=quote,
            skip_lines=0 if self.headless else self.layout.data - 1,
            eol_char="\r" if self.line_end == "cr" else "\n",
            truncate_ragged_lines=self.loose_ends or None,
            glob=False,
        )

    @property
    def marks(self) -> rows.Marks:
        """The bytes that matter in counting fields."""
        delimiter, quote = self.dialect.delimiter, self.dialect.quote
        return rows.Marks(
            ord(delimiter) if delimiter else None, ord(quote) if quote else None, 13 if self.line_end == "cr" else 10
        )

    def count(self, run: Run) -> rows.Shape:
        """Count the fields of every row."""
        return rows.shape(self.path, self.start, self.layout.data, self.layout.width, self.marks, run)

    def about_rows(self) -> int:
        """About how many rows there are, by the lines at the start."""
        size = self.path.stat().st_size - self.start
        with self.path.open("rb") as file:
            file.seek(self.start)
            head = file.read(_HEAD_BYTES)
        return size * head.count(b"\r" if self.line_end == "cr" else b"\n") // max(len(head), 1)

    def narrowed(self) -> TextFile:
        """The same with no more columns than the header has names."""
        width = len(self.layout.names)
        return replace(self, layout=replace(self.layout, width=width), names=dict(list(self.names.items())[:width]))

    def sample(self) -> pl.DataFrame:
        """Some rows spread over the file."""
        found = sample.of_text(self.path, self.start, self.layout.width, self.dialect)
        return found.rename(dict(zip(found.columns, self.names, strict=True)))


def opened(source: Path, path: Path, reading: Reading, folder: Path, run: Run) -> TextFile:
    """Find out how a text file is written. `path` is `source`, or where it was unpacked to."""
    size = path.stat().st_size
    survey = surveyed(path, size, PartOfRun(run, 0.0, 0.5))
    findings: list[Finding] = []
    given = path
    path, encoding = _as_utf8(source, given, survey, reading, folder, findings, PartOfRun(run, 0.5, 0.9))
    quotes = survey.quotes or path != given
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\0 \t\r\n\x0b\x0c,;"):
        raise no_rows(source)
    line_end = reading.line_ends or _line_end(head)
    text = _whole_lines(head, size > _HEAD_BYTES, line_end).decode("utf-8", "replace").removeprefix("\ufeff")
    text = text.replace("\r", "\n") if line_end == "cr" else text
    dialect = sniffed(text, reading)
    layout = laid_out(text, dialect, reading)
    if layout is None:
        raise no_rows(source)
    names = headers.named(layout.names, layout.width)
    if dialect.comment and not reading.comment and not _comments_below(text, dialect.comment, layout.data):
        dialect = replace(dialect, comment=None)
    start = _offset(head, layout.data, line_end)
    found = TextFile(source, path, dialect, layout, line_end, start, names, reading, findings, quotes=quotes)
    if _beyond_polars(text, dialect):
        found = _rewritten(found, folder, run)
    found.reading = reading.model_copy(
        update={
            "format": "csv",
            "encoding": encoding,
            "delimiter": dialect.delimiter or NONE,
            "quote": dialect.quote or NONE,
            "escape": dialect.escape or NONE,
            "comment": dialect.comment or NONE,
            "padded": dialect.padded,
            "header": layout.header or NONE,
            "header_rows": layout.header_rows,
            "skip_rows": _skipped(layout, reading),
            "line_ends": line_end,
        }
    )
    _notice(found, text)
    return found


def refuse_ragged(file: TextFile, shape: rows.Shape) -> ReadError | None:
    """The error for rows that do not fit, or None where all do."""
    if shape.open_quote:
        return ReadError(
            "A quote is opened and never closed.",
            where=safe(file.source),
            next_step="Correct the row, set the quote to none, or ask for the file again.",
        )
    if not shape.bad:
        return None
    row, line, found = shape.bad[0]
    count = sum(times for fields, times in shape.fields.items() if fields != file.layout.width)
    others = f" {count - 1:,} other row{'s do' if count > 2 else ' does'} not fit either." if count > 1 else ""
    expected = "the header has" if file.layout.header else "most rows have"
    return ReadError(
        f"Row {row:,} has {found} field{'' if found == 1 else 's'}, {expected} {file.layout.width}.{others}",
        where=f"{safe(file.source)}, line {line:,}",
        next_step="Correct it, or set tolerant to leave such rows out and count them.",
    )


def unreadable_quotes(file: TextFile) -> ReadError:
    """The error for quotes that stand where they may not."""
    return ReadError(
        "Its quotes do not pair: somewhere a quote stands inside a quoted value.",
        where=safe(file.source),
        next_step="Set the quote to none, or ask for the file again.",
    )


def sort_out(file: TextFile, folder: Path, run: Run) -> TextFile:
    """Without the rows that do not fit; they are listed in a file of rejects (row number, reason)."""
    good, rejects = _place(folder, "rows.csv"), folder / rejects_name(file.source)
    shape = rows.sorted_out(file.path, file.start, file.layout.width, file.marks, good, rejects, run)
    finding = Finding(
        f"{len(shape.bad):,} row{' does' if len(shape.bad) == 1 else 's do'} not fit the header and "
        f"{'was' if len(shape.bad) == 1 else 'were'} left out.",
        rows=len(shape.bad),
    )
    return replace(
        file,
        path=good,
        start=0,
        headless=True,
        findings=[*file.findings, finding],
        rejected=file.rejected + len(shape.bad),
        loose_ends=True,
        sorted_out=True,
    )


def _as_utf8(
    source: Path, path: Path, survey: Survey, reading: Reading, folder: Path, findings: list[Finding], run: Run
) -> tuple[Path, str]:
    encoding = (reading.encoding or survey.encoding).lower()
    if encoding in _UTF8 and survey.encoding in _UTF8 and not survey.damaged:
        return path, "utf-8"
    if encoding in _UTF8 and not reading.encoding:
        encoding = "utf-8"
    target = _place(folder, "utf8.csv")
    damaged = transcoded(path, "utf-8-sig" if encoding in _UTF8 else encoding, target, path.stat().st_size, run)
    if not reading.encoding and not survey.certain and encoding not in _UTF8:
        findings.append(Finding(f"It is not UTF-8; its encoding was taken for {encoding}.", severity=Severity.NOTE))
    if damaged:
        findings.append(
            Finding(f"{damaged:,} characters are damaged: they are no {encoding}, and read as \ufffd (U+FFFD).")
        )
    if damaged > path.stat().st_size // 4:
        raise ReadError(
            f"It is not {safe(encoding)}.", where=safe(source), next_step="Leave the encoding out, or set another."
        )
    return target, encoding


def _line_end(head: bytes) -> str:
    if b"\n" not in head:
        return "cr" if b"\r" in head else "lf"
    if head.count(b"\r") > head.count(b"\n") * 2:
        return "cr"
    return "crlf" if head.count(b"\r\n") * 2 > head.count(b"\n") else "lf"


def _whole_lines(head: bytes, cut: bool, line_end: str) -> bytes:
    end = b"\r" if line_end == "cr" else b"\n"
    return head[: head.rfind(end) + 1] or head if cut else head


def _offset(head: bytes, line: int, line_end: str) -> int:
    """The byte where line `line` (from 1) starts."""
    end = b"\r" if line_end == "cr" else b"\n"
    place = 0
    for _ in range(line - 1):
        found = head.find(end, place)
        if found < 0:
            return len(head)
        place = found + 1
    return place or (3 if head.startswith(b"\xef\xbb\xbf") else 0)


def _skipped(layout: Layout, reading: Reading) -> int:
    if reading.skip_rows is not None:
        return reading.skip_rows
    return 0 if layout.header else layout.data - 1


def _beyond_polars(text: str, dialect: Dialect) -> bool:
    """Whether the rows must be rewritten before polars can read them."""
    quoted_after_blank = dialect.padded and dialect.quote is not None and dialect.quote in text
    wide = any(mark is not None and ord(mark) > 127 for mark in (dialect.delimiter, dialect.quote) if mark)
    return dialect.escape is not None or dialect.comment is not None or quoted_after_blank or wide


def _comments_below(text: str, comment: str, data: int) -> bool:
    return any(line.startswith(comment) for line in text.split("\n")[data - 1 :])


def _rewritten(file: TextFile, folder: Path, run: Run) -> TextFile:
    """The rows written anew with commas and double quotes, row by row."""
    target = _place(folder, "plain.csv")
    size = file.path.stat().st_size
    with (
        file.path.open("r", encoding="utf-8-sig", errors="replace", newline="") as read,
        os.fdopen(
            os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
        ) as write,
    ):
        out = csv.writer(write, lineterminator="\n")
        done = 0
        for number, (first, _, row) in enumerate(file.dialect.rows_of(read)):
            done += sum(map(len, row)) + len(row)
            if first < file.layout.data:
                continue
            trimmed = row[:-1] if len(row) == file.layout.width + 1 and not row[-1] else row
            out.writerow(trimmed)
            if number % 20_000 == 0:
                run.progress(min(done / max(size, 1), 1.0), "rewriting the rows")
    return replace(
        file,
        path=target,
        start=0,
        headless=True,
        line_end="lf",
        dialect=Dialect(padded=file.dialect.padded),
        quotes=True,
    )


def _notice(file: TextFile, text: str) -> None:
    """What is odd about the file as a whole."""
    layout, dialect, findings = file.layout, file.dialect, file.findings
    if layout.header and layout.header > 1:
        above = "The line" if layout.header == 2 else f"The {layout.header - 1} lines"
        was = "was" if layout.header == 2 else "were"
        findings.append(Finding(f"{above} above the header {was} left out.", severity=Severity.NOTE))
    if layout.header_rows > 1:
        findings.append(
            Finding(f"The header has {layout.header_rows} rows; their names were joined.", severity=Severity.NOTE)
        )
    if layout.header is None:
        findings.append(Finding("It has no header; the columns were numbered.", severity=Severity.NOTE))
    if dialect.delimiter is None or layout.width == 1:
        lines = [line for line in text.splitlines()[:200] if line.strip()]
        blanks = sum("  " in line.strip() for line in lines)
        marks = sum(any(mark in line for mark in "\t;|") for line in lines)
        if marks > len(lines) / 2:
            findings.append(Finding("It was read as one column, yet its lines hold tabs, semicolons or bars."))
        elif lines and blanks > len(lines) / 2:
            findings.append(Finding("It was read as one column, yet its lines look like columns of fixed width."))


def _place(folder: Path, name: str) -> Path:
    return folder / f"{secrets.token_hex(4)}-{name}"


def rejects_name(source: Path) -> str:
    """What the list of rows that did not fit is called, in the private folder."""
    return f"{_stem(source)}.rejects.csv"


def _stem(path: Path) -> str:
    kept = "".join(each if each.isalnum() or each in "-_" else "_" for each in path.stem)[:80]
    return kept or "source"
