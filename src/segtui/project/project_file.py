"""The project file: the document as TOML that people read and write, with their comments kept."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.items import Table as TomlTable

from segtui.api.errors import ProjectError, UsageError
from segtui.api.params import checked
from segtui.api.text import safe
from segtui.api.writing import write_atomically
from segtui.project.document import FORMAT, Document

SUFFIX = ".segtui.toml"
MOST_BYTES = 20_000_000
INLINE_KEYS = {"columns", "params", "values"}
HEADING = "A segtui project: what was read, prepared and segmented, and how. Run it with: segtui run THIS_FILE"


def load(path: Path, *, allow_outside: bool = False) -> Document:
    """The document in a file. Nothing in it is run, and nothing it names is opened.

    Raises ProjectError where it is not one, is newer than this segtui, holds unknown keys, or names files outside the
    folder of the project without `allow_outside`.
    """
    where = safe(path.name)
    try:
        if not path.is_file():
            raise ProjectError("There is no such project file.", where=where, next_step="Check the path.")
        if path.stat().st_size > MOST_BYTES:
            raise ProjectError("The file is too large to be a project.", where=where)
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ProjectError(
            "The project file can't be opened.", where=where, next_step="Check that you may read it."
        ) from None
    except UnicodeDecodeError:
        raise ProjectError("The project file is not UTF-8 text.", where=where) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = str(error).rpartition("(at ")[2].rstrip(")") if "(at " in str(error) else ""
        raise ProjectError(
            "The project file is not valid TOML.", where=f"{where}, {place}" if place else where
        ) from None
    _check_format(data, where)
    try:
        document = checked(Document, data, where)
    except UsageError as error:
        raise ProjectError(
            error.what, where=where, next_step="See docs/projects.md for what can stand there."
        ) from None
    except RecursionError:
        raise ProjectError("The project file is nested too deeply.", where=where) from None
    if not allow_outside:
        paths = [*(source.path for source in document.sources), document.export.folder]
        refuse_outside([*paths, *filter(None, [document.export.key])], path.parent, where)
    return document


def _check_format(data: Mapping[str, Any], where: str) -> None:
    version = data.get("segtui")
    if not isinstance(version, int) or isinstance(version, bool):
        raise ProjectError(
            "It does not say that it is a segtui project.",
            where=where,
            next_step=f"Its first line should be: segtui = {FORMAT}",
        )
    if version > FORMAT:
        raise ProjectError(
            f"It was written by a newer segtui (format {version}; this one reads up to {FORMAT}).",
            where=where,
            next_step="Install a newer segtui.",
        )
    if version < 1:
        raise ProjectError(f"Format {version} never existed.", where=where)


def refuse_outside(paths: Iterable[str], folder: Path, where: str) -> None:
    """Raise ProjectError for a path that leads out of the project's folder: absolute, through `..`, or by a link."""
    root = folder.resolve()
    for path in paths:
        target = Path(path)
        inside = not target.is_absolute() and (root / target).resolve().is_relative_to(root)
        if not inside or ".." in target.parts:
            raise ProjectError(
                f"It names {safe(path, 120)}, which lies outside the folder of the project.",
                where=where,
                next_step="If you trust this project, allow it with --allow-outside.",
            )


def save(document: Document, path: Path, *, overwrite: bool = True, sources: Iterable[Path] = ()) -> Path:
    """Write the document, whole or not at all; comments and order of a file that is there stay."""
    fresh = plain(document)
    old = None
    if path.is_file():
        try:
            old = tomlkit.parse(path.read_text(encoding="utf-8"))
        except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError, OSError):
            old = None
    if old is None:
        old = tomlkit.document()
        old.add(tomlkit.comment(HEADING))
    _merge(old, fresh)
    return write_atomically(path, tomlkit.dumps(old).encode(), overwrite=overwrite, sources=sources)


def relative(path: Path, project: Path) -> str:
    """A path as a project file writes it: relative to the folder of the file, with forward slashes."""
    return Path(os.path.relpath(path.resolve(), project.parent.resolve())).as_posix()


def plain(value: object) -> Any:
    """A document as TOML's own types; what is as it is by default is left out, but for the format and the seed."""
    if isinstance(value, Document):
        return {"segtui": value.segtui, "name": value.name, "seed": value.seed} | _fields(value)
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _fields(model: BaseModel) -> dict[str, Any]:
    found = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        tagged = name == "step"
        if value is None or (
            not tagged and not field.is_required() and value == field.get_default(call_default_factory=True)
        ):
            continue
        found[name] = plain(value)
    return found


def _merge(table: Any, fresh: Mapping[str, Any]) -> None:
    for key in [key for key in table if key not in fresh]:
        del table[key]
    for key, value in fresh.items():
        old = table.get(key)
        if isinstance(value, dict) and isinstance(old, TomlTable):
            _merge(old, value)
        elif (
            _is_tables(value)
            and isinstance(old, list)
            and len(old) == len(value)
            and all(hasattr(o, "items") for o in old)
        ):
            for old_item, item in zip(old, value, strict=True):
                _merge(old_item, item)
        elif old is None or _unwrapped(old) != value:
            table[key] = _item(key, value)


def _unwrapped(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _item(key: str, value: Any, inside: bool = False) -> Any:
    if isinstance(value, dict):
        table = tomlkit.inline_table() if inside else tomlkit.table()
        for name, item in value.items():
            table.add(name, _item(name, item, inside or key in INLINE_KEYS))
        return table
    if _is_tables(value) and not inside:
        tables = tomlkit.aot()
        for item in value:
            tables.append(_item(key, item))
        return tables
    if isinstance(value, list):
        array = tomlkit.array()
        for item in value:
            array.append(_item(key, item, True))
        return array.multiline(len(tomlkit.dumps({"a": array})) > 100)
    return tomlkit.item(value)
