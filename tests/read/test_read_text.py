"""Promises 3, 5, 6 and 8: dialects, encodings, headers and ragged rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from reads import Read

from segtui.api import Finding, ReadError, Table
from segtui.read import ReadResult

PEOPLE = "id;name;spent\n0001;Anna Müller;12,50\n0002;Jürgen Groß;7,25\n0003;José Peña;1.203,99\n" * 1


def texts(table: Table) -> str:
    return " ".join(finding.text for finding in table.findings)


def rows(result: ReadResult) -> list[tuple[object, ...]]:
    return result.table.frame.collect().rows()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, line_end: str, read_text: Read) -> None:
    lines = ["city,zip,amount", "Berlin,01067,12.50", '"Paris, or near",75001,3.00', "Rome,00184,"]
    text = line_end.join(lines if delimiter == "," else map(delimiter.join, csv.reader(lines)))
    result = read_text(text + line_end)
    assert result.reading.delimiter == delimiter
    assert result.reading.line_ends == {"\n": "lf", "\r\n": "crlf", "\r": "cr"}[line_end]
    assert rows(result) == [("Berlin", "01067", 12.5), ("Paris, or near", "75001", 3.0), ("Rome", "00184", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str, read_text: Read) -> None:
    result = read_text(PEOPLE.encode(encoding))
    assert result.reading.encoding == {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    assert rows(result) == [
        ("0001", "Anna Müller", 12.5),
        ("0002", "Jürgen Groß", 7.25),
        ("0003", "José Peña", 1203.99),
    ]
    assert ("not UTF-8" in texts(result.table)) == (encoding in ("cp1252", "utf-16-le", "utf-16-be"))


def test_a_late_byte_of_another_encoding_is_counted(read_text: Read) -> None:
    body = "".join(f"{row},Müller\n" for row in range(2000)).encode()
    result = read_text(b"n,name\n" + body + b"2000,M\xfcller\n2001,M\xfcller\n")
    assert result.reading.encoding == "utf-8"
    assert "2 characters are damaged" in texts(result.table)
    assert rows(result)[-1][1] == "M\ufffdller"


def test_a_given_encoding_wins(read_text: Read) -> None:
    result = read_text("id,name\n1,Łódź\n2,Łask\n".encode("cp1250"), encoding="cp1250")
    assert rows(result)[0][1] == "Łódź"
    with pytest.raises(ReadError, match="no encoding called"):
        read_text("a,b\n1,\xe4\n".encode("cp1252"), encoding="klingon")


def test_title_lines_comments_and_blank_lines(read_text: Read) -> None:
    result = read_text(
        "Sales report 2024\n\n# made by hand\ncity,amount,day\nRome,1.5,2024-01-02\n\nBonn,2,2024-01-03\n"
    )
    assert result.table.frame.collect().columns == ["city", "amount", "day"]
    assert result.table.rows == 2 and result.table.rejected == 0
    assert result.reading.header == 4
    assert "3 lines above the header" in texts(result.table)
    commented = read_text("a,b\n1,2\n# note\n3,4\n# note, with comma\n5,6\n")
    assert commented.table.frame.collect().rows() == [(1, 2), (3, 4), (5, 6)]


def test_no_header(read_text: Read) -> None:
    result = read_text("1,5.5,red\n2,6.5,red\n3,7.5,blue\n")
    assert result.reading.header == "none"
    assert result.table.frame.collect().columns == ["column_1", "column_2", "column_3"]
    assert result.table.rows == 3
    assert "no header" in texts(result.table)


def test_a_backslash_before_the_delimiter(read_text: Read) -> None:
    result = read_text("id,title,year\n1,Yes\\, please,1990\n2,No,1991\n3,Maybe\\, then,1992\n")
    assert result.reading.escape == "\\"
    assert [row[1] for row in rows(result)] == ["Yes, please", "No", "Maybe, then"]


def test_blanks_after_the_delimiter(read_text: Read) -> None:
    result = read_text('date, name, amount\n2024-01-01, "a, b", "6,000.50"\n2024-01-02, c, 5.00\n')
    assert result.reading.padded
    assert [row[1:] for row in rows(result)] == [("a, b", 6000.5), ("c", 5.0)]


def test_inch_marks_are_no_quotes(read_text: Read) -> None:
    result = read_text('part,length\npipe 5" long,7\npipe 3/4",8\nelbow,9\n')
    assert result.reading.quote == "none"
    assert [row[0] for row in rows(result)] == ['pipe 5" long', 'pipe 3/4"', "elbow"]


def test_one_column_with_marks_or_of_fixed_width_is_warned_of(read_text: Read) -> None:
    result = read_text("name\nanna   rome   12\nberta  bonn    3\ncarla  oslo   14\n")
    assert "fixed width" in texts(result.table)
    result = read_text("a\tb\n1\t2\n3\t4\n", delimiter="none")
    assert "tabs" in texts(result.table)


def test_odd_headers_are_renamed_the_same_way_each_time(read_text: Read) -> None:
    text = 'a,b,a,,a_2,"x\0\x1by",  ,a,"long\nname"\n' + "1,2,3,4,5,6,7,8,9\n" * 3
    first, second = read_text(text), read_text(text)
    names = ["a", "b", "a_3", "column_4", "a_2", "xy", "column_7", "a_4", "long name"]
    assert list(first.table.columns) == names == list(second.table.columns)
    sources = {name: column.source for name, column in first.reading.columns.items() if column.source is not None}
    assert sources == {
        "a_3": "a",
        "column_4": "",
        "xy": "x\0\x1by",
        "column_7": "  ",
        "a_4": "a",
        "long name": "long\nname",
    }
    renamed = [finding for finding in first.table.findings if "is called" in finding.text]
    assert {finding.column for finding in renamed} == set(sources)
    assert not any("\0" in finding.text or "\x1b" in finding.text for finding in renamed)
    again = read_text(text, first.reading)
    assert again.table.frame.collect().equals(first.table.frame.collect())


def test_a_delimiter_at_the_end_of_lines_is_no_column(read_text: Read) -> None:
    result = read_text("a,b\n1,2,\n3,4,\n5,6,\n")
    assert rows(result) == [(1, 2), (3, 4), (5, 6)]
    loose = read_text("a,b\n1,2\n3,4,\n5,6\n")
    assert rows(loose) == [(1, 2), (3, 4), (5, 6)]


RAGGED = 'id,name,amount\n1,a,3\n2,b\n3,"c\nd",5\n4,e,6,7\n5,f,8\n\n6,g,9\n7\n8,"h,h",1\n'


def test_ragged_rows_are_refused_by_their_line(read_text: Read) -> None:
    with pytest.raises(ReadError) as raised:
        read_text(RAGGED)
    assert raised.value.where.endswith("data.csv, line 3")
    assert "Row 2 has 2 fields, the header has 3. 2 other rows do not fit either." in raised.value.what
    assert "tolerant" in raised.value.next_step


def test_tolerant_reading_lists_what_it_leaves_out(read_text: Read, tmp_path: Path) -> None:
    result = read_text(RAGGED, tolerant=True)
    assert rows(result) == [("1", "a", 3), ("3", "c\nd", 5), ("5", "f", 8), ("6", "g", 9), ("8", "h,h", 1)]
    in_file = sum(1 for row in csv.reader(io.StringIO(RAGGED, newline="")) if row) - 1
    assert result.table.rows + result.table.rejected == in_file == 8
    rejects = pl.read_csv(tmp_path / "run" / "data.rejects.csv")
    assert rejects.rows() == [(2, "2 fields instead of 3"), (4, "4 fields instead of 3"), (7, "1 fields instead of 3")]
    assert "3 rows do not fit" in texts(result.table)


@pytest.mark.parametrize("size", [10, 3_000, 60_000])
def test_every_row_is_accounted_for(size: int, read_text: Read) -> None:
    lines = ["id,word,amount"]
    for number in range(size):
        cells = [f"{number}", "some, text" if number % 7 else "plain", f"{number / 4}"]
        if number % 53 == 11:
            cells.pop()
        if number % 97 == 5:
            cells.append("more")
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
        if number % 101 == 3:
            lines += ["", ",,"]
    text = "\n".join(lines) + "\n"
    result = read_text(text, tolerant=True)
    in_file = sum(1 for row in csv.reader(io.StringIO(text)) if row) - 1
    assert result.table.rows + result.table.rejected == in_file
    assert result.table.rows == result.table.frame.select(pl.len()).collect().item()


def test_a_late_long_row_is_found(read_text: Read) -> None:
    text = "a,b\n" + "1,2\n" * 50_000 + "1,2,3\n" + "1,2\n" * 10
    with pytest.raises(ReadError, match="Row 50,001 has 3 fields"):
        read_text(text)
    text = "a,b\n" + "1,2\n" * 50_000 + "1\n" + "1,2\n" * 10
    with pytest.raises(ReadError, match="Row 50,001 has 1 field,"):
        read_text(text)


def test_a_header_with_too_few_names_is_refused(read_text: Read) -> None:
    with pytest.raises(ReadError, match="the header has 2"):
        read_text("a,b\n1,2,3\n4,5,6\n")


def test_what_is_given_wins(read_text: Read) -> None:
    text = "a;b|c\n1;2|3\n4;5|6\n"
    assert read_text(text, delimiter="|").table.frame.collect().columns == ["a;b", "c"]
    assert read_text(text, delimiter=";").table.frame.collect().columns == ["a", "b|c"]
    assert read_text("1,2\n3,4\n", header=1).table.frame.collect().columns == ["1", "2"]
    assert read_text("a,b\nkg,cm\n3,4\n", header=1, skip_rows=1).table.frame.collect().rows() == [(3, 4)]
    named: list[Finding] = list(read_text("a,b\nx,y\n", header="none").table.findings)
    assert any("no header" in finding.text for finding in named)


def test_a_cell_of_a_megabyte(read_text: Read) -> None:
    result = read_text(f"id,text\n1,{'x' * 1_000_000}\n2,y\n")
    assert result.table.frame.collect()["text"].str.len_chars().to_list() == [1_000_000, 1]
