"""Finding the encoding of a text file over the whole of it, and turning it into UTF-8 where it is another."""

from __future__ import annotations

import codecs
import itertools
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer

from segtui.api.errors import ReadError
from segtui.api.run import Run
from segtui.api.text import safe
from segtui.read.guard import chunks

_SAMPLE_BYTES = 1 << 16
_FEW_BYTES = 12
_SINGLE_BYTE = ("cp1252", "cp1250", "cp1251", "iso8859_7", "cp1254", "koi8_r", "cp1255", "cp1256", "cp874")
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes of a file told: its encoding, how sure, and whether there are double quotes.

    `damaged` counts byte sequences that are not valid in an otherwise UTF-8 file.
    """

    encoding: str
    certain: bool
    damaged: int
    quotes: bool


def surveyed(path: Path, size: int, run: Run) -> Survey:
    """Look at every byte once. Raises ReadError for a file that is no text."""
    head = next(chunks(path, _SAMPLE_BYTES), b"")
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    wide = marked if marked and marked != "utf-8-sig" else _without_mark(path, head)
    if wide:
        return Survey(wide, marked is not None, 0, True)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="strict")
    quotes, valid, odd, read = False, True, bytearray(), 0
    for chunk in chunks(path):
        read += len(chunk)
        quotes = quotes or b'"' in chunk
        if not chunk.isascii() or (valid and decoder.getstate()[0]):
            if len(odd) < _SAMPLE_BYTES:
                odd += _odd_lines(chunk)
            if valid:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    valid = False
        run.progress(min(read / max(size, 1), 1.0), "checking the encoding")
    if valid and decoder.getstate()[0]:
        valid = False
    if valid:
        return Survey(marked or "utf-8", True, 0, quotes)
    damaged, good = _damage(path)
    if marked or good > damaged * 4:
        return Survey(marked or "utf-8", False, damaged, quotes)
    return Survey(_guessed(bytes(odd)), False, 0, quotes)


def transcoded(path: Path, encoding: str, target: Path, size: int, run: Run) -> int:
    """Write the file as UTF-8 to `target` (0600); returns how many characters could not be read (U+FFFD)."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    except LookupError:
        raise ReadError(
            f"There is no encoding called {safe(encoding)}.",
            where=safe(path),
            next_step="Use a name such as utf-8, cp1252 or utf-16.",
        ) from None
    unreadable, read = 0, 0
    descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks(path):
            read += len(chunk)
            text = decoder.decode(chunk)
            unreadable += text.count("\ufffd")
            file.write(text.encode("utf-8", "replace"))
            run.progress(min(read / max(size, 1), 1.0), "turning the text into UTF-8")
        rest = decoder.decode(b"", True)
        unreadable += rest.count("\ufffd")
        file.write(rest.encode("utf-8", "replace"))
    return unreadable


def _without_mark(path: Path, head: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by where its zero bytes stand."""
    zeros = head.count(0)
    if zeros < max(len(head) * 0.2, 2):
        if zeros and sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head) > len(head) * 0.1 + 2:
            raise _no_text(path)
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > zeros * 0.95 and len(head) > zeros:
        return "utf-16-le"
    if even > zeros * 0.95 and len(head) > zeros:
        return "utf-16-be"
    raise _no_text(path)


def _no_text(path: Path) -> ReadError:
    return ReadError(
        "Its content is neither text nor any format segtui reads.",
        where=safe(path),
        next_step="Save the data as CSV or Parquet.",
    )


def _odd_lines(chunk: bytes) -> bytes:
    lines = [line for line in re.split(rb"[\r\n]", chunk) if not line.isascii()]
    return b"\n".join(lines)[:_SAMPLE_BYTES] + b"\n"


def _damage(path: Path) -> tuple[int, int]:
    """How many byte sequences are not UTF-8, and how many characters beyond ASCII are."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    damaged, good = 0, 0
    for chunk in chunks(path):
        text = decoder.decode(chunk)
        bad = text.count("\ufffd")
        damaged += bad
        good += len(text) - len(text.encode("ascii", "ignore")) - bad
    return damaged + decoder.decode(b"", True).count("\ufffd"), good


def _guessed(sample: bytes) -> str:
    """The encoding under which the words beyond ASCII look most like words: one script, sensible case."""
    scores = {name: _likeness(sample, name) for name in _SINGLE_BYTE}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.7:
        return best
    if sum(byte > 127 for byte in sample) < _FEW_BYTES:
        return _SINGLE_BYTE[0]
    match = charset_normalizer.from_bytes(sample).best()
    return match.encoding if match is not None and match.encoding != "ascii" else best


def _likeness(sample: bytes, encoding: str) -> float:
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        text = sample.decode(encoding, "replace")
    words = [word for word in re.findall(r"[^\s,;|\t\"']+", text) if not word.isascii()]
    if not words:
        return 0.0
    return sum(_word_likeness(word) for word in words) / len(words)


def _word_likeness(word: str) -> float:
    if "\ufffd" in word or any(unicodedata.category(character) in ("Cc", "Cn", "Co") for character in word):
        return 0.0
    odd = [character for character in word if not character.isascii()]
    letters = "".join(character for character in word if character.isalpha())
    scripts = {unicodedata.name(character, "?").split()[0] for character in letters}
    signs = sum(not character.isalpha() for character in odd)
    inside = bool(re.search(r"[^\W\d_][^\w\s\-.'’–—/&()\[\]:°ºª·]+[^\W\d_]", word))
    if signs == len(odd):
        return 0.8 if not inside and all(character in "£€¥§°ºª«»©®™“”‘’–—…·½¼¾²³¿¡±×µ¢ " for character in odd) else 0.2
    score = 1.0
    if len(scripts) > 1:
        score -= 0.6
    if inside:
        score -= 0.5
    if re.search(r"[a-zß-öø-ÿ]", letters[:1]) is None and letters[1:].islower() is False and not letters.isupper():
        score -= 0.3
    if any(before.islower() and after.isupper() for before, after in itertools.pairwise(letters)):
        score -= 0.5
    if scripts == {"LATIN"}:
        score -= 0.15 * sum(character not in _USUAL for character in odd if character.isalpha())
        if len(letters) >= 4 and len(odd) > len(letters) * 0.6:
            score -= 0.5
    elif scripts & {"CYRILLIC", "GREEK"} and len(letters) >= 4:
        bare = unicodedata.normalize("NFD", letters.lower())
        vowels = sum(character in "аеиоуыэюяіαεηιουω" for character in bare) / len(letters)
        score -= 0.4 if not 0.2 < vowels < 0.75 else 0.0
    if any(character.isdigit() for character in word):
        score -= 0.4
    return max(score, 0.0)


_USUAL = frozenset(
    "áàâäãåæçéèêëíìîïñóòôöõøœúùûüýßÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜąćęłńśźżĄĆĘŁŃŚŹŻčďěňřšťůžČĎĚŇŘŠŤŮŽőűŐŰășțĂȘȚğışİĞŞđĐ"
)
