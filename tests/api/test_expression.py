"""The language of conditions and formulas: what it accepts, where it points, and that all engines agree."""

from __future__ import annotations

import math
import pickle
import time
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segtui.api.expression import (
    KEYWORDS,
    ExpressionError,
    all_of,
    parse,
    parse_condition,
    quote_column,
)

KINDS = {
    "n": "number",
    "m": "number",
    "x": "number",
    "t": "category",
    "u": "text",
    "f": "flag",
    "d": "date",
    "ts": "date",
}


def random_frame(seed: int, rows: int = 60) -> pl.DataFrame:
    random = np.random.default_rng(seed)

    def some(values: list[Any]) -> list[Any]:
        return [values[index] for index in random.integers(0, len(values), rows)]

    days = [None, date(2011, 12, 9), date(2011, 12, 10), date(1969, 12, 31), date(2020, 2, 29), date(1900, 3, 1)]
    moments = [
        None,
        *(datetime.combine(day, datetime.min.time()) for day in days[1:]),
        datetime(2011, 12, 9, 23, 59, 59),
    ]
    texts = [
        None,
        "",
        "a",
        "A",
        "ab%",
        "a_b",
        "it's",
        'say "x"',
        " 12 ",
        "-1.5e2",
        "12abc",
        "été",
        "x!y",
        "]",
        "9" * 30,
    ]
    numbers = [None, 0.0, -0.0, 1.5, -2.5, 2.5, 0.5, 1e-9, 1e17, math.nan, math.inf, -math.inf, 3.0, 0.1, 0.2]
    return pl.DataFrame(
        {
            "n": some([None, 0, 1, -1, 2, 3, 7, 100, -50]),
            "m": some([None, 0, 1, 2, 2**40]),
            "x": some(numbers),
            "t": some(texts),
            "u": some(texts),
            "f": some([None, True, False]),
            "d": some(days),
            "ts": some(moments),
        },
        schema={
            "n": pl.Int64,
            "m": pl.Int64,
            "x": pl.Float64,
            "t": pl.String,
            "u": pl.String,
            "f": pl.Boolean,
            "d": pl.Date,
            "ts": pl.Datetime("us"),
        },
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[pl.DataFrame, duckdb.DuckDBPyConnection]]:
    made = []
    for seed in range(4):
        frame = random_frame(seed)
        path: Path = tmp_path_factory.mktemp("tables") / f"{seed}.parquet"
        frame.write_parquet(path)
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        connection.execute(f"CREATE TABLE table_ AS SELECT * FROM read_parquet('{path}')")
        made.append((frame, connection))
    return made


def results(text: str, frame: pl.DataFrame, connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    expression = parse(text).check(KINDS)
    through_narwhals = (
        nw.from_native(connection.table("table_")).with_columns(result=expression.to(nw)).select("result")
    )
    return {
        "polars": frame.with_columns(result=expression.polars())["result"].to_list(),
        "row by row": [
            part.with_columns(result=expression.polars())["result"].item() for part in frame.head(5).iter_slices(1)
        ],
        "lazy": frame.lazy().with_columns(result=expression.polars()).select("result").collect()["result"].to_list(),
        "narwhals": nw.from_native(frame).with_columns(result=expression.to(nw))["result"].to_list(),
        "narwhals duckdb": [row[0] for row in through_narwhals.to_native().fetchall()],
        "sql": [row[0] for row in connection.sql(f"SELECT {expression.sql()} FROM table_").fetchall()],
    }


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return left == right or math.isclose(left, right, rel_tol=1e-13)
    if isinstance(left, date) and isinstance(right, date) and type(left) is not type(right):
        return as_moment(left) == as_moment(right)
    return type(left) is type(right) and left == right


def as_moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, datetime.min.time())


def assert_engines_agree(text: str, frame: pl.DataFrame, connection: duckdb.DuckDBPyConnection) -> list[Any]:
    found = results(text, frame, connection)
    expected = found.pop("polars")
    assert not any(isinstance(value, float) and math.isnan(value) for value in expected)
    assert all(same(left, right) for left, right in zip(expected, found.pop("row by row"), strict=False)), text
    for engine, values in found.items():
        for row, (left, right) in enumerate(zip(expected, values, strict=True)):
            assert same(left, right), (engine, text, frame.row(row, named=True), left, right)
    return expected


# --- what it gives -------------------------------------------------------------------------------------------------

ONE = pl.DataFrame(
    {
        "age": [30, None, -3, 65],
        "spend": [10.0, math.nan, None, -2.5],
        "city": ["Leeds", None, "york", " 7.50 "],
        "vip": [True, None, False, True],
        "joined": [date(2011, 12, 9), None, date(2011, 12, 11), date(2012, 1, 1)],
        "Order value (EUR)": [1, 2, 3, 4],
    }
)


ONE_KINDS = {
    "age": "number",
    "spend": "number",
    "city": "text",
    "vip": "flag",
    "joined": "date",
    "Order value (EUR)": "number",
}


def value(text: str) -> list[Any]:
    return ONE.with_columns(result=parse(text).check(ONE_KINDS).polars())["result"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age >= 30", [True, None, False, True]),
        ("age == 30 OR age<>30", [True, None, True, True]),
        ("age != 65", [True, None, True, False]),
        ("age = -3", [False, None, True, False]),
        ("spend > 0", [True, None, None, False]),
        ("spend is missing", [False, True, True, False]),
        ("spend + 0 is missing", [False, True, True, False]),
        ("city is not missing", [True, False, True, True]),
        ("city in ('Leeds', \"york\")", [True, None, True, False]),
        ("age not in (30, -3)", [False, None, False, True]),
        ("joined in (2011-12-09, 2012-01-01T00:00)", [True, None, False, True]),
        ("age between -3 and 30", [True, None, True, False]),
        ("age not between -3 and 30 and true", [False, None, False, True]),
        ("city contains 'or'", [False, None, True, False]),
        ("city not contains 'or'", [True, None, False, True]),
        ("city starts with 'Le' or city ends with 'k'", [True, None, True, False]),
        ("vip", [True, None, False, True]),
        ("not vip", [False, None, True, False]),
        ("vip = true and missing is missing", None),
        ("vip and age > 100", [False, None, False, False]),
        ("vip or age > 0", [True, None, False, True]),
        ("age + 2 * 3 - 4 / 2", [34.0, None, 1.0, 69.0]),
        ("-(age) / -2", [15.0, None, -1.5, 32.5]),
        ("10 / (age - 30)", [None, None, 10 / -33, 10 / 35]),
        ("[Order value (EUR)] * 2", [2.0, 4.0, 6.0, 8.0]),
        ("round(spend / 4, 1)", [2.5, None, None, -0.6]),
        ("round(spend)", [10.0, None, None, -3.0]),
        ("floor(spend) + ceil(spend) + abs(spend)", [30.0, None, None, -2.5]),
        ("sqrt(age - 26)", [2.0, None, None, math.sqrt(39)]),
        ("log(age) is missing", [False, True, True, False]),
        ("log1p(age - 30)", [0.0, None, None, math.log(36)]),
        ("exp(0)", [1.0] * 4),
        ("min(age, spend, 20)", [10.0, 20.0, -3.0, -2.5]),
        ("max(age, spend)", [30.0, None, -3.0, 65.0]),
        ("year(joined) * 10000 + month(joined) * 100 + day(joined)", [20111209.0, None, 20111211.0, 20120101.0]),
        ("weekday(joined)", [5.0, None, 7.0, 7.0]),
        ("days_between(joined, 2012-01-01)", [23.0, None, 21.0, 0.0]),
        ("coalesce(spend, age, 0)", [10.0, 0.0, -3.0, -2.5]),
        ("if(vip, 'yes', 'no')", ["yes", "no", "no", "yes"]),
        ("if(age > 0, age, missing)", [30.0, None, None, 65.0]),
        ("number(city)", [None, None, None, 7.5]),
        ("length(trim(city))", [5.0, None, 4.0, 4.0]),
        ("upper(city) = 'YORK' or lower(city) = 'leeds'", [True, None, True, False]),
        ("if(1 > 2, age, number(coalesce('7', city)))", [7.0] * 4),
        ("if(2 > 1 or age > 1, age, 0) = min(30, 65)", [True, None, False, False]),
        ("coalesce(log(0), age, 3)", [30.0, 3.0, -3.0, 65.0]),
        ("'b' = if(city = 'nowhere', 'a', 'b')", [True] * 4),
        ("3 > if(city = 'nowhere', 2, 4)", [False] * 4),
        ("log(0) < if(city = 'nowhere', 2, 4)", [None] * 4),
        ("vip + 1", [2.0, None, 1.0, 2.0]),
        ("joined > 2011-12-10T10:00", [False, None, True, True]),
    ],
)
def test_examples(text: str, expected: list[Any] | None) -> None:
    if expected is None:
        with pytest.raises(ExpressionError):
            parse(text)
    else:
        assert value(text) == expected


def test_nan_is_missing_once_the_kinds_are_known() -> None:
    unchecked = parse("spend is missing")
    assert ONE.select(unchecked.polars()).to_series().to_list() == [False, False, True, False]
    assert ONE.select(unchecked.check(ONE_KINDS).polars()).to_series().to_list() == [False, True, True, False]


def test_a_division_by_a_number_is_exact() -> None:
    frame = pl.DataFrame({"n": range(1, 2_000)})
    found = frame.select(parse("n / 10").polars().alias("a"), parse("round(n / 7, 2)").polars().alias("b"))
    assert found["a"].to_list() == [number / 10 for number in range(1, 2_000)]
    assert frame.head(3).tail(1).select(parse("n / 10").polars()).item() == 3 / 10
    assert all(len(repr(number).split(".")[1]) <= 2 for number in found["b"].to_list())


def test_columns_in_order_of_use_and_what_it_gives() -> None:
    assert parse("b > 1 and a > b or [c d] is missing").columns == ("b", "a", "c d")
    assert parse("a > 1").is_condition
    assert not parse("a + 1").is_condition
    assert [parse(text).gives for text in ("a + 1", "lower(a)", "2011-12-09", "a", "a = b")] == [
        "number",
        "text",
        "date",
        "any",
        "condition",
    ]
    assert parse_condition("vip").is_condition
    assert parse("vip").check({"vip": "flag"}).is_condition
    with pytest.raises(ExpressionError):
        parse_condition("a + 1")


def test_long_chains_are_no_deep_trees() -> None:
    text = " or ".join(f"age = {number}" for number in range(700))
    assert value(text) == [True, None, False, True]


def test_unknown_rows_do_not_match() -> None:
    assert ONE.filter(parse("age > 0").polars().fill_null(False)).height == 2


def test_plain_sql_can_be_read() -> None:
    sql = parse("age between 18 and 30 and city in ('Leeds', 'it''s')").sql(plain=True)
    assert sql == """(("age" BETWEEN 18E0 AND 30E0) AND ("city" IN ('Leeds', 'it''s')))"""


def test_sql_quotes_names_and_texts() -> None:
    sql = parse("""["; drop x --] = 'a''; drop'""").sql()
    assert sql == '("""; drop x --" = ' + "'a''; drop')"


# --- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("age >", 5),
        ("age > 3)", 7),
        ("(age > 3", 8),
        ("age > 'x", 6),
        ("[age > 3", 0),
        ("age ~ 3", 4),
        ("age > 3x", 6),
        ("agee(3)", 0),
        ("round(x, 1, 2)", 0),
        ("round(x, -1)", 10),
        ("round(x, y)", 9),
        ("1 + 'x'", 4),
        ("age > 3 and 'x'", 12),
        ("lower(3)", 6),
        ("not 5", 4),
        ("age + 1 = 'x'", 10),
        ("x = missing", 4),
        ("1 < x < 5", 2),
        ("d > 2011-02-30", 4),
        ("year('2011-01-01')", 5),
        ("x in (1, 'a')", 9),
        ("x in (y)", 6),
        ("x contains y", 11),
        ("x is 3", 5),
        ("min('a', 'b')", 4),
        ("min(a, b) = 'x'", 4),
        ("true < false", 0),
        ("missing", 0),
        ("[]", 0),
        ("a and", 5),
        ("a\x00b", 1),
        ("1e999", 0),
        ("a b", 2),
        ("in = 3", 0),
    ],
)
def test_errors_say_where(text: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position
    lines = caught.value.caret.split("\n")
    assert len(lines) == 2
    assert lines[1].strip() == "^"
    assert pickle.loads(pickle.dumps(caught.value)).caret == caught.value.caret


def test_the_caret_stands_below_the_place() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("日本 > 1 and age > 'x")
    assert caught.value.caret == "日本 > 1 and age > 'x\n" + " " * 19 + "^"


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("age > 3 and citty = 'x'", 12, "Did you mean city?"),
        ("city > 3", 7, "Write text in quotes"),
        ("age = '3'", 6, "Write numbers without quotes."),
        ("joined > '2011-12-09'", 9, "Write dates without quotes"),
        ("age + city", 6, "number(...)"),
        ("age = city", 6, "number(...)"),
        ("vip > true", 0, "order"),
        ("if(age, 1, 2)", 3, "true or false"),
        ("if(vip, age, city)", 13, "number(...)"),
        ("city in (1, 2)", 9, "Write text in quotes"),
        ("coalesce(joined, age)", 17, "a date is needed"),
        ("age contains 'x'", 0, "text is needed"),
    ],
)
def test_check_says_what_does_not_fit(text: str, position: int, says: str) -> None:
    kinds = {"age": "number", "city": "category", "vip": "flag", "joined": "date"}
    with pytest.raises(ExpressionError) as caught:
        parse(text).check(kinds)
    assert caught.value.position == position
    assert says in str(caught.value)


def test_check_lets_unknown_kinds_pass() -> None:
    assert parse("q1 >= 4 and q1 = 'x'").check({"q1": "any"}).is_condition
    assert parse("a = b").check({"a": "number", "b": "number"}).columns == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "(" * 4_000,
        "-" * 9_000 + "a",
        "not " * 2_000 + "a",
        "1" + "/(1" * 90 + ")" * 90,
        "sqrt(" * 60 + "2" + ")" * 60,
        "a" + "+a" * 4_900,
        "if(a," * 1_500,
        "a" * 20_000,
        "abs(" * 99 + "1" + ")" * 99 + "+1" * 50,
    ],
)
def test_limits_hold_without_a_crash(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(ExpressionError):
        parse(text)
    assert time.monotonic() - started < 2


def test_the_deepest_tree_compiles() -> None:
    text = "abs(" * 97 + "n" + ")" * 97 + " > 1"
    expression = parse(text).check(KINDS)
    assert ONE.rename({"age": "n"}).select(expression.polars()).to_series().to_list() == [True, None, True, True]
    assert duckdb.sql(f"SELECT {expression.sql()} FROM (SELECT 5 AS n)").fetchall() == [(True,)]


# --- properties ----------------------------------------------------------------------------------------------------

writable = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(writable)
def test_quoted_columns_read_back(name: str) -> None:
    expression = parse(f"{quote_column(name)} is missing")
    assert expression.columns == (name,)
    assert pl.DataFrame({name: [None, 1]}).select(expression.polars()).to_series().to_list() == [True, False]


@pytest.mark.parametrize("name", [*sorted(KEYWORDS), "AND", "a b", "]", "[", "1a", "é", "a.b", "x]]y", "min"])
def test_awkward_names_read_back(name: str) -> None:
    assert parse(f"{quote_column(name)} > 1").columns == (name,)


def test_bare_where_possible() -> None:
    assert (quote_column("age"), quote_column("größe"), quote_column("And")) == ("age", "größe", "[And]")


@pytest.mark.parametrize("name", ["", "a\x00", "\ud800"])
def test_names_that_cannot_be_written(name: str) -> None:
    with pytest.raises(ExpressionError):
        quote_column(name)


def test_all_of() -> None:
    assert value(all_of(["vip or age < 0", "age > -10"])) == [True, None, True, True]
    assert parse(all_of([])).is_condition


alphabet = st.sampled_from(
    [
        *"abn1 .()[]'\"=<>!+-*/,_\n%é\x1b\u202e",
        *KEYWORDS,
        " and ",
        " not ",
        "if(",
        "round(",
        "2011-12-09",
        "1e9",
        "missing ",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(alphabet, max_size=40).map("".join)))
@settings(max_examples=400)
def test_random_text_gives_an_expression_or_its_error(text: str) -> None:
    try:
        expression = parse(text)
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)
        assert "\x1b" not in error.caret + str(error)
    else:
        expression.polars()
        expression.to(nw)
        assert expression.sql()
        assert expression.check(dict.fromkeys(expression.columns, "any")).columns == expression.columns


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


texts = st.sampled_from(["a", "A", "b%", "_", "it's", '"x"', "!", "é", "12", "", "\\", "]"]).map(quoted)
days = st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(str) | st.sampled_from(["2011-12-09", "2011-12-09T10:30"])
literals = st.sampled_from(["0", "1", "-1", "2", "2.5", "0.1", "-50", "1e3", "1e17", "0.30000000000000004"])


@cache
def numbers(depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["n", "m", "x"]) | literals
    if depth == 0:
        return leaf
    inner = numbers(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(st.sampled_from(["abs", "round", "floor", "ceil", "sqrt", "-"]), inner).map(
            lambda parts: f"{parts[0]}({parts[1]})"
        ),
        inner.map(lambda part: f"round({part}, 2)"),
        st.tuples(st.sampled_from(["min", "max", "coalesce"]), inner, inner).map(
            lambda parts: "{}({}, {})".format(*parts)
        ),
        st.tuples(conditions(depth - 1), inner, inner).map(lambda parts: "if({}, {}, {})".format(*parts)),
        st.tuples(st.sampled_from(["year", "month", "day", "weekday"]), dates(depth - 1)).map(
            lambda parts: "{}({})".format(*parts)
        ),
        st.tuples(dates(depth - 1), dates(depth - 1)).map(lambda parts: "days_between({}, {})".format(*parts)),
        words(depth - 1).map(lambda part: f"length({part})"),
        words(depth - 1).map(lambda part: f"number({part})"),
    )


@cache
def words(depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["t", "u"]) | texts
    if depth == 0:
        return leaf
    inner = words(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(st.sampled_from(["lower", "upper", "trim"]), inner).map(lambda parts: "{}({})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "coalesce({}, {})".format(*parts)),
        st.tuples(conditions(depth - 1), inner).map(lambda parts: "if({}, {}, missing)".format(*parts)),
    )


@cache
def dates(depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["d", "ts"]) | days
    if depth == 0:
        return leaf
    inner = dates(depth - 1)
    return leaf | st.tuples(st.sampled_from(["min", "max", "coalesce"]), inner, inner).map(
        lambda parts: "{}({}, {})".format(*parts)
    )


@cache
def conditions(depth: int) -> st.SearchStrategy[str]:
    sign = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    leaf = st.sampled_from(["f", "true", "false", "f = false"])
    if depth == 0:
        return leaf
    number, word, day, inner = numbers(depth - 1), words(depth - 1), dates(depth - 1), conditions(depth - 1)
    negation = st.sampled_from(["", "not "])
    return st.one_of(
        leaf,
        *(st.tuples(some, sign, some).map(lambda parts: "({} {} {})".format(*parts)) for some in (number, word, day)),
        st.tuples(number, negation, number, number).map(lambda parts: "({} {}between {} and {})".format(*parts)),
        st.tuples(number, negation, literals, literals).map(lambda parts: "({} {}in ({}, {}))".format(*parts)),
        st.tuples(word, negation, texts, texts).map(lambda parts: "({} {}in ({}, {}))".format(*parts)),
        st.tuples(day, negation, days, days).map(lambda parts: "({} {}in ({}, {}))".format(*parts)),
        st.tuples(word, negation, st.sampled_from(["contains", "starts with", "ends with"]), texts).map(
            lambda parts: "({} {}{} {})".format(*parts)
        ),
        st.tuples(st.one_of(number, word, day, inner), negation).map(lambda parts: "({} is {}missing)".format(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' and '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})"),
        inner.map(lambda part: f"not {part}"),
    )


def several(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@given(text=conditions(3), which=st.integers(0, 3))
@several(100)
def test_engines_agree_on_conditions(tables: Any, text: str, which: int) -> None:
    found = assert_engines_agree(text, *tables[which])
    assert set(found) <= {True, False, None}


@given(text=st.one_of(numbers(3), words(3), dates(2)), which=st.integers(0, 3))
@several(100)
def test_engines_agree_on_formulas(tables: Any, text: str, which: int) -> None:
    assert_engines_agree(text, *tables[which])


@given(text=numbers(2), function=st.sampled_from(["log", "log1p", "exp"]), which=st.integers(0, 3))
@several(40)
def test_engines_agree_on_logarithms(tables: Any, text: str, function: str, which: int) -> None:
    assert_engines_agree(f"{function}({text})", *tables[which])


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@given(text=st.one_of(conditions(4), numbers(4), words(4)), which=st.integers(0, 3))
@several(1_500)
def test_engines_agree_at_length(tables: Any, text: str, which: int) -> None:
    assert_engines_agree(text, *tables[which])


def test_days_between_over_many_years(tables: Any) -> None:
    frame = pl.DataFrame({"d": [date(1600, 1, 1) + timedelta(days=97 * step) for step in range(2_000)]})
    found = frame.select(parse("days_between(d, 2000-01-01)").polars()).to_series().to_list()
    assert found == [(date(2000, 1, 1) - day).days for day in frame["d"].to_list()]
    assert tables
