"""Nothing dangerous survives, and numbers read as they should."""

from __future__ import annotations

import math
import sys
import time
import unicodedata
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segtui.api.text import (
    close_matches,
    count,
    duration,
    file_name,
    join_words,
    number,
    percent,
    percents,
    plural,
    safe,
    safe_block,
    size,
)

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u2061\u2064\u3164\ufe00\ufeff\uffa0\ufff9\U000e0001"
SEPARATORS = "\u2028\u2029"
SURROGATES = "\ud800\udbff\udc00\udfff"
CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
DANGEROUS = frozenset(BIDI + ZERO_WIDTH + SEPARATORS + SURROGATES + CONTROLS)

PAYLOADS = [
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]0;title\x1b\\",
    "\x1b[2J\x1b[H",
    "\x9b2J",
    "\x90q\x9c",
    "a\tb\nc\rd\x00e\x7f",
    "user\u202egnp.exe",
    "\ufeffid",
    "a\u200bb",
    "\ud83d",
    "[@click=app.quit]x[/]",
    "[link=http://x]y[/link]",
]


def is_clean(text: str) -> bool:
    return not DANGEROUS & set(text) and all(
        unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for character in text
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_payloads_are_harmless(payload: str) -> None:
    assert is_clean(safe(payload))
    assert is_clean(safe_block(payload).replace("\n", ""))
    assert is_clean(file_name(payload))


def test_no_dangerous_code_point_survives() -> None:
    for start in range(0, sys.maxunicode + 1, 4_096):
        text = "x".join(map(chr, range(start, min(start + 4_096, sys.maxunicode + 1))))
        assert is_clean(safe(text, limit=10_000)), hex(start)


def test_every_code_point_below_a0_is_shown() -> None:
    assert safe("".join(map(chr, range(0x20)))) == "".join(map(chr, range(0x2400, 0x2420)))
    assert safe("\x7f\x80\x9f\u202e\ud800\U000e0001") == "\u2421<0080><009F><202E><D800><E0001>"


def test_ordinary_text_stays() -> None:
    for text in ("Müller & Söhne", "株式会社", "नमस्ते", "a b", "[/] :smile: {x}", "👍🏽", "€ 12,50", "e\u0301"):
        assert safe(text) == text


def test_joiners_stay_between_emoji_only() -> None:
    family, heart = "👩\u200d👩\u200d👧", "❤\ufe0f\u200d🔥"
    assert safe(family) == family
    assert safe(heart) == heart
    assert safe("a\u200db") == "a<200D>b"
    assert safe("👩\u200d") == "👩<200D>"
    assert safe("a\ufe0f") == "a<FE0F>"


def test_cut_and_values() -> None:
    assert safe("x" * 501) == "x" * 499 + "…"
    assert safe("x" * 500) == "x" * 500
    assert safe("abc", limit=2) == "a…"
    assert (safe(None), safe(3), safe(date(2020, 1, 2))) == ("–", "3", "2020-01-02")
    started = time.monotonic()
    assert len(safe("\u202e" * 10_000_000)) < 5_000
    assert time.monotonic() - started < 0.5


def test_a_block_keeps_its_lines() -> None:
    assert safe_block("a\r\nb\rc\n\x1bd") == "a\nb\nc\n␛d"


@given(st.text(st.characters(codec=None)))
def test_any_text_is_harmless(text: str) -> None:
    for made in (safe(text), safe(text, 7), safe_block(text).replace("\n", "")):
        assert all(character == "\u200d" or is_clean(character) or character == "\ufe0f" for character in made)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("segments.csv", "segments.csv"),
        ("Größe 2024.xlsx", "Größe 2024.xlsx"),
        ("../../etc/passwd", "_etc_passwd"),
        ("..", "unnamed"),
        (".", "unnamed"),
        ("", "unnamed"),
        ("///", "unnamed"),
        ("a/b\\c:d*e?f", "a_b_c_d_e_f"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Nul .csv", "_Nul .csv"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("console", "console"),
        ("a\x00b", "a_b"),
        ("a\nb", "a_b"),
        ("name...", "name"),
        ("name. .", "name"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("a\u202eb", "a_b"),
        ("e\u0301", "é"),
    ],
)
def test_file_names(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_long_file_names_keep_their_suffix() -> None:
    assert file_name("x" * 300 + ".csv").endswith("x.csv")
    assert len(file_name("é" * 300 + ".segmodel").encode()) <= 201
    assert file_name("é" * 300 + ".segmodel").endswith(".segmodel")
    assert len(file_name("." + "y" * 5_000)) <= 201


@given(st.text(st.characters(codec=None)) | st.sampled_from(PAYLOADS) | st.from_regex(r"(?i)(con|nul|\.|/|\\| )+"))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    made = file_name(name)
    assert made == file_name(name) == file_name(made)
    assert 0 < len(made.encode()) <= 204
    assert is_clean(made)
    assert not made.startswith((".", "-", " "))
    assert not made.endswith((".", " "))
    assert PurePosixPath(made).name == PureWindowsPath(made).name == made
    assert not set(made) & set('<>:"/\\|?*')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (48_211.0, "48,200"),
        (2_054.266, "2,050"),
        (512.4, "512"),
        (99.96, "100"),
        (38.0, "38"),
        (4.1249, "4.12"),
        (0.5, "0.5"),
        (0.012345, "0.0123"),
        (-0.25, "-0.25"),
        (0, "0"),
        (-0.0, "0"),
        (1.234e-7, "1.23e-7"),
        (1e20, "1e20"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
    ],
)
def test_numbers(value: float | None, expected: str) -> None:
    assert number(value) == expected


def test_numbers_with_decimals_and_counts() -> None:
    assert (number(8_911_407.9, 2), number(-0.001, 1), number(-1.26, 1)) == ("8,911,407.90", "0.0", "-1.3")
    assert (count(48_211), count(None), count(-1_000)) == ("48,211", "–", "-1,000")
    assert (percent(0.2214), percent(0.07, 0), percent(None), percent(math.nan)) == ("22.1 %", "7 %", "–", "–")


@given(st.floats(-1e300, 1e300))
def test_shown_numbers_are_right_to_three_digits(value: float) -> None:
    shown = float(number(value).replace(",", ""))
    assert shown == pytest.approx(value, rel=0.00501)


def test_percents_by_largest_remainder() -> None:
    assert percents([1, 1, 1]) == ["34 %", "33 %", "33 %"]
    assert percents([412, 1_900, 2_200, 1_509]) == ["7 %", "32 %", "36 %", "25 %"]
    assert percents([1, 2], decimals=1) == ["33.3 %", "66.7 %"]
    assert percents([0, 0]) == ["–", "–"]
    assert percents([]) == []
    with pytest.raises(ValueError, match="negative"):
        percents([1, -1])


@given(st.lists(st.integers(0, 10**9) | st.floats(0, 1e6), min_size=1), st.integers(0, 2))
def test_percents_add_up(parts: list[float], decimals: int) -> None:
    shown = percents(parts, decimals)
    if math.fsum(parts) > 0:
        assert round(sum(float(part[:-2]) for part in shown), 6) == 100
        for part, said in zip(parts, shown, strict=True):
            assert abs(float(said[:-2]) - 100 * part / math.fsum(parts)) < 10.0**-decimals + 1e-9


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (0.01, "0.1 s"),
        (0.3, "0.3 s"),
        (4.0, "4 s"),
        (9.96, "10 s"),
        (61.4, "61 s"),
        (89.6, "1 min"),
        (240, "4 min"),
        (7_500, "2 h 5 min"),
        (7_200, "2 h"),
        (None, "–"),
        (math.inf, "–"),
    ],
)
def test_durations(seconds: float | None, expected: str) -> None:
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0, "0 B"), (312, "312 B"), (1_234_567, "1.2 MB"), (12_345_678, "12 MB"), (999_600, "1.0 MB"), (None, "–")],
)
def test_sizes(amount: float | None, expected: str) -> None:
    assert size(amount) == expected


def test_words() -> None:
    assert (plural(1, "row"), plural(2_000, "row"), plural(0, "category")) == ("1 row", "2,000 rows", "0 categories")
    assert (plural(2, "box"), plural(3, "day"), plural(2, "analysis", "analyses")) == (
        "2 boxes",
        "3 days",
        "2 analyses",
    )
    assert [join_words("abc"[:length]) for length in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert join_words(["a", "b"], "or") == "a or b"


def test_close_matches() -> None:
    options = ["customer_id", "Country", "order date", "amount"]
    assert close_matches("CustomerID", options)[0] == "customer_id"
    assert close_matches("county", options)[0] == "Country"
    assert close_matches("order", options) == ("order date",)
    assert close_matches("zzz", options) == ()
    started = time.monotonic()
    close_matches("x" * 100_000, ["x" * 1_000_000 + str(index) for index in range(20)])
    assert time.monotonic() - started < 0.5
