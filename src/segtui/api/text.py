"""Safe text, numbers and units: whatever comes from a file becomes harmless here before anything shows it."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

NONE = "–"
"""What stands for a number or value that is not there."""

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_LOOK = "\ufe0f"
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DEVICE_NAMES = frozenset({"con", "prn", "aux", "nul", "conin", "conout", "clock"}) | frozenset(
    f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)
)
_LONGEST_NAME_BYTES = 200
_LONGEST_SUFFIX = 12


def safe(value: object, limit: int = 500) -> str:
    """Any value from a file as one harmless line of text.

    At most `limit` characters of it are kept, the last of them an ellipsis where it was cut. C0 controls (tab and
    newline too) become the pictures of U+2400, DEL becomes U+2421, and C1, surrogates, bidi marks, zero-width and all
    other format, private and unassigned characters become `<XXXX>`, their code point; a zero-width joiner stays between
    emoji. None becomes an en dash. Markup is left as it is: the caller must not parse what it gets.
    """
    if value is None:
        return NONE
    return harmless(_cut(value if isinstance(value, str) else str(value), limit))


def safe_block(value: object, limit: int = 20_000) -> str:
    """The same as `safe` for messages of several lines: newlines stay (CR LF and CR become newlines)."""
    text = _cut(value if isinstance(value, str) else str(value), limit)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(harmless(line) for line in lines)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def harmless(text: str) -> str:
    """The same as `safe` for a line that is complete: nothing is cut. What is harmless already stays as it is."""
    if text.isprintable() and not _INVISIBLE.search(text):
        return text
    return "".join(_harmless_character(text, index) for index in range(len(text)))


def _harmless_character(text: str, index: int) -> str:
    character = text[index]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if character == _ZERO_WIDTH_JOINER and _joins_emoji(text, index):
        return character
    if character == _EMOJI_LOOK and index > 0 and (_is_emoji(text[index - 1]) or text[index - 1] in "0123456789#*"):
        return character
    if unicodedata.category(character) in _ESCAPED_CATEGORIES or _INVISIBLE.match(character):
        return f"<{code:04X}>"
    return character


def _joins_emoji(text: str, index: int) -> bool:
    before = text[max(index - 2, 0) : index]
    if before.endswith(_EMOJI_LOOK):
        before = before[:-1]
    after = text[index + 1 : index + 2]
    return bool(before and after) and _is_emoji(before[-1]) and _is_emoji(after)


def _is_emoji(character: str) -> bool:
    code = ord(character)
    return 0x1F000 <= code <= 0x1FAFF or (0x2190 <= code <= 0x2BFF and unicodedata.category(character) == "So")


def file_name(name: str) -> str:
    """A safe file name made of `name`, by allow-list: letters, digits, `-`, `_`, `.` and single spaces.

    All else becomes `_`. Never empty, hidden, `..`, a Windows device, ending in a dot or longer than 200 bytes (a short
    suffix survives the cut). The same name always gives the same file name; two names may give the same one, so a
    caller that writes several tells them apart.
    """
    kept = "".join(_allowed(character) for character in unicodedata.normalize("NFC", name[:2_000]))
    kept = re.sub(r"_[_.]*_", "_", re.sub(r"\.{2,}", ".", re.sub(r" {2,}", " ", kept)))
    kept = _shorten(_trimmed(kept))
    if kept.split(".")[0].rstrip(" _").lower() in _DEVICE_NAMES:
        kept = f"_{kept}"
    return kept if any(character.isalnum() for character in kept) else "unnamed"


def _allowed(character: str) -> str:
    if character in "-_. " or (character.isascii() and character.isalnum()):
        return character
    category = unicodedata.category(character)
    fits = (category[0] == "L" or category in {"Nd", "Mn", "Mc"}) and not _INVISIBLE.match(character)
    return character if fits else "_"


def _trimmed(name: str) -> str:
    return name.lstrip(". -").rstrip(". ")


def _shorten(name: str) -> str:
    if len(name.encode()) <= _LONGEST_NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = _LONGEST_NAME_BYTES - len((dot + suffix).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + suffix


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with thousands marks: `decimals` of them where given, else rounded to three significant digits.

    48,200, 512, 4.12, 0.0123; an en dash for None and NaN. Use `count` where exactness matters.
    """
    if value is None or math.isnan(value):
        return NONE
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if decimals is not None:
        return _without_negative_zero(f"{value:,.{decimals}f}")
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e15:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{_without_trailing_zeros(mantissa)}e{int(exponent)}"
    rounded = float(f"{value:.2e}")
    places = max(0, 2 - math.floor(math.log10(abs(rounded))))
    return _without_trailing_zeros(f"{rounded:,.{places}f}")


def _without_trailing_zeros(written: str) -> str:
    return written.rstrip("0").rstrip(".") if "." in written else written


def _without_negative_zero(written: str) -> str:
    return written[1:] if written.startswith("-") and not written.strip("-0.,") else written


def count(value: int | None) -> str:
    """A whole number in full, with thousands marks: 48,211; an en dash for None."""
    return NONE if value is None else f"{value:,d}"


def percent(share: float | None, decimals: int = 1) -> str:
    """A share (0 to 1) as a percentage: .221 is "22.1 %"; an en dash for None and NaN."""
    if share is None or math.isnan(share):
        return NONE
    return f"{number(share * 100, decimals)} %"


def percents(parts: Sequence[float], decimals: int = 0) -> list[str]:
    """Counts or shares, none negative, as percentages of their sum whose shown digits add up to 100 (largest remainder,
    the earlier part first where remainders are equal). All en dashes where the sum is 0.
    """
    total = math.fsum(parts)
    if any(part < 0 for part in parts) or not math.isfinite(total):
        raise ValueError("the parts of a whole are finite and not negative")
    if total == 0:
        return [NONE] * len(parts)
    unit: int = 10**decimals
    exact = [part / total * 100 * unit for part in parts]
    units = [math.floor(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (units[index] - exact[index], index))
    for index in by_remainder[: 100 * unit - sum(units)]:
        units[index] += 1
    return [f"{shown / unit:.{decimals}f} %" for shown in units]


def duration(seconds: float | None) -> str:
    """How long something took or will take: "0.3 s", "42 s", "4 min", "2 h 5 min"."""
    if seconds is None or not math.isfinite(seconds):
        return NONE
    seconds = max(seconds, 0.0)
    if seconds < 9.95:
        shown = max(round(seconds, 1), 0.1) if seconds > 0 else 0.0
        return f"{_without_trailing_zeros(f'{shown:.1f}')} s"
    if seconds < 89.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} h"


def size(number_of_bytes: float | None) -> str:
    """Bytes in decimal units: "312 B", "1.2 MB"."""
    if number_of_bytes is None or not math.isfinite(number_of_bytes):
        return NONE
    amount = float(number_of_bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(amount) < 999.5:
            break
        if unit != "TB":
            amount /= 1000
    shown = f"{amount:,.0f}" if unit == "B" or abs(amount) >= 9.95 else f"{amount:.1f}"
    return f"{shown} {unit}"


def plural(how_many: int, one: str, many: str | None = None) -> str:
    """A count and its noun: "1 row", "2 rows", "3 categories"; `many` where the plural is not regular."""
    return f"{count(how_many)} {one if how_many == 1 else many or _plural_of(one)}"


def _plural_of(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in set("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def join_words(words: Iterable[str], conjunction: str = "and") -> str:
    """A list in words: "a", "a and b", "a, b and c"."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {conjunction} {listed[-1]}"


def close_matches(name: str, options: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The options most like `name` whatever the case, best first: for "did you mean". Looks at the first 2,000 options
    and 80 characters of each, so that hostile names cost little.
    """
    wanted = _comparable(name)
    by_form: dict[str, str] = {}
    for option, _ in zip(options, range(2_000), strict=False):
        by_form.setdefault(_comparable(option), option)
    found = difflib.get_close_matches(wanted, by_form, n=most, cutoff=0.6)
    starts = [form for form in by_form if len(wanted) > 2 and form.startswith(wanted) and form not in found]
    return tuple(by_form[form] for form in [*found, *starts][:most])


def _comparable(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name[:80].casefold())
