"""What the words of a command mean: named files, settings, readings, features, days."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.params import checked
from segtui.api.text import close_matches, join_words, safe
from segtui.prepare import FeatureSet, Form
from segtui.read import ColumnReading, Reading
from segtui.read.guard import refuse_scheme

READER = "reader."


def day(written: str | None) -> date | None:
    """A day written as YYYY-MM-DD. Raises UsageError."""
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(
            f"{safe(written, 40)} is no day.", where="--as-of", next_step="Write it as YYYY-MM-DD, such as 2011-12-10."
        ) from None


def named_files(words: Sequence[str]) -> list[tuple[str, Path]]:
    """Files, each with the name given to it or none: NAME=FILE or FILE (a file that is there is taken as it is)."""
    found = []
    for word in words:
        name, equals, path = word.partition("=")
        refuse_scheme(path if equals else word)
        is_named = bool(equals and name and path) and not Path(word).exists() and name.isidentifier()
        found.append((name, Path(path)) if is_named else ("", Path(word)))
    return found


def folders(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Folders of plugins, as the worker finds them too. Raises UsageError for one that is not there."""
    for path in paths:
        if not path.is_dir():
            raise UsageError(
                "There is no such folder.", where=f"--plugin-dir {safe(path)}", next_step="Check the path."
            )
    return tuple(path.absolute() for path in paths)


def settings(words: Sequence[str], method: str) -> dict[str, Any]:
    """NAME=VALUE or METHOD.NAME=VALUE, values as TOML where they are, else as text; @file.toml for tables."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, written = word.partition("=")
        if not equals or not name:
            raise UsageError(
                f"{safe(word, 60)} is no setting.", where="--set", next_step="Write NAME=VALUE, such as k=4."
            )
        owner, dot, rest = name.partition(".")
        if dot and owner != method:
            raise UsageError(
                f"{safe(owner, 60)} is not the method that runs.", where="--set", next_step=f"It is {method}."
            )
        found[(rest if dot else name).strip()] = _value(written.strip(), (rest if dot else name).strip())
    return found


def settings_by_method(words: Sequence[str], methods: Sequence[str]) -> dict[str, dict[str, Any]]:
    """METHOD.NAME=VALUE for several methods; a word that names none of them is refused."""
    own: dict[str, list[str]] = {method: [] for method in methods}
    for word in words:
        method = next((method for method in methods if word.partition("=")[0].startswith(f"{method}.")), None)
        if method is None:
            raise UsageError(
                f"{safe(word, 60)} does not say which method it is for.",
                where="--set",
                next_step=f"Write METHOD.NAME=VALUE; the methods are {join_words(safe(one, 60) for one in methods)}.",
            )
        own[method].append(word)
    return {method: settings(given, method) for method, given in own.items()}


def _value(written: str, name: str) -> Any:
    if written.startswith("@"):
        return _from_file(Path(written[1:]), name)
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written


def _from_file(path: Path, name: str) -> Any:
    where = safe(path.name)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise UsageError("The file of a setting can't be opened.", where=where, next_step="Check its path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError("The file of a setting is not valid TOML.", where=where) from None
    if name in content:
        return content[name]
    raise UsageError(
        f"The file does not hold {safe(name, 60)}.", where=where, next_step=f"Write it as [[{name}]] tables."
    )


def reading(words: Sequence[str]) -> Reading | None:
    """NAME=VALUE for the whole file, COLUMN.FIELD=VALUE for a column, reader.NAME=VALUE for a parameter of a plugin's
    reader. None where there are no words."""
    if not words:
        return None
    whole: dict[str, Any] = {}
    params: dict[str, Any] = {}
    columns: dict[str, dict[str, Any]] = {}
    for word in words:
        name, equals, written = word.partition("=")
        if not equals:
            raise UsageError(f"{safe(word, 60)} is no setting.", where="--read", next_step="Write NAME=VALUE.")
        if name.startswith(READER):
            params[name.removeprefix(READER).strip()] = _value(written.strip(), name.removeprefix(READER).strip())
            continue
        column, dot, field = name.rpartition(".")
        value = _tab(written) if not dot else written
        if dot:
            _refuse_unknown(field)
            columns.setdefault(column, {})[field] = _plain(value)
        else:
            whole[name.strip()] = _plain(value)
    parts = {name: part for name, part in (("columns", columns), ("params", params)) if part}
    return checked(Reading, {**whole, **parts}, "--read")


def _refuse_unknown(field: str) -> None:
    """Raise UsageError for what can't be said of a column."""
    known = ColumnReading.model_fields
    if field not in known:
        near = close_matches(field, known, most=1)
        advice = f"Did you mean {near[0]}?" if near else f"There are: {join_words(known)}."
        raise UsageError(f"{safe(field, 60)} can't be said of a column.", where="--read", next_step=advice)


def _plain(written: str) -> Any:
    """Numbers, flags and lists as such; the rest as text."""
    try:
        value = tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written
    return value if isinstance(value, (bool, int, list, str)) else written


def _tab(written: str) -> str:
    return {"\\t": "\t", "tab": "\t"}.get(written, written)


def feature_set(words: Sequence[str]) -> FeatureSet | None:
    """COLUMN or COLUMN=FORM. None where there are no words."""
    if not words:
        return None
    columns: dict[str, Form] = {}
    for word in words:
        column, equals, form = word.rpartition("=")
        columns[column if equals else word] = _form(form) if equals else Form.Z
    return FeatureSet(name="chosen", columns=columns)


def _form(written: str) -> Form:
    known: Mapping[str, Form] = {form.value: form for form in Form}
    if written.strip() in known:
        return known[written.strip()]
    near = close_matches(written, known, most=1)
    advice = f"Did you mean {near[0]}?" if near else f"There are: {join_words(known)}."
    raise UsageError(f"{safe(written, 40)} is no form of a feature.", where="--feature", next_step=advice)
