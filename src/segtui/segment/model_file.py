"""The `.segmodel` file: a fitted model with all it takes to score new customers. Loading it runs no code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from segtui import __version__
from segtui.api import codec, text
from segtui.api.calling import called
from segtui.api.customers import Customers
from segtui.api.errors import LimitError, ModelError, PluginError
from segtui.api.method import Method, Model
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Kind
from segtui.api.writing import write_atomically
from segtui.segment import model_archive, model_metadata
from segtui.segment.model_metadata import FORMAT, EarlierModel, Metadata, SavedSegment

DEEPEST = 5
"""So many models may build on one another in one file."""

MethodOf = Callable[[str, str], Method[Any, Any]]
"""(method id, plugin "distribution:name:version") -> the installed method. Raises PluginError where there is none."""


@dataclass(frozen=True, eq=False)
class SavedModel:
    """A model and what it takes to use it again.

    `columns` are the input columns it needs (`needed_columns`); `created_from` hashes of inputs by name; `params` and
    `plan` are JSON objects; `segments`, once they come from a file, have the size 0; `builds_on` the models whose
    segments it reads as columns, by the name of that column.
    """

    method: str
    plugin: str
    revision: int
    params: Mapping[str, Any]
    seed: int
    feature_set: str
    model: Model
    segments: tuple[ShownSegment, ...]
    columns: Mapping[str, Kind]
    as_of: date | None = None
    created_from: Mapping[str, str] = field(default_factory=dict)
    plan: Mapping[str, Any] = field(default_factory=dict)
    builds_on: Mapping[str, SavedModel] = field(default_factory=dict)


def needed_columns(model: Model, customers: Customers) -> dict[str, Kind]:
    """The columns of `customers` that the model reads, with their kinds."""
    scaling = model.uses.scaling
    read = dict.fromkeys([*model.uses.columns, *(scaling.columns if scaling else ())])
    return {name: customers.columns[name].kind for name in read}


def save(path: Path, saved: SavedModel, *, overwrite: bool = False, sources: Iterable[Path] = ()) -> None:
    """Write the model, whole or not at all. The same model gives the same bytes.

    Raises ValueError where params or plan are not JSON, and what `write_atomically` raises.
    """
    write_atomically(path, packed(saved), overwrite=overwrite, sources=sources)


def packed(saved: SavedModel) -> bytes:
    """The bytes of the file."""
    parts = {f"models/{number}.segmodel": packed(model) for number, model in enumerate(saved.builds_on.values(), 1)}
    content = codec.encode(saved.model)
    try:
        metadata = Metadata(
            format=FORMAT,
            segtui=__version__,
            method=saved.method,
            plugin=saved.plugin,
            revision=saved.revision,
            params=_plain_json(saved.params, "params"),
            seed=saved.seed,
            feature_set=saved.feature_set,
            as_of=saved.as_of,
            segments=tuple(SavedSegment.of(segment) for segment in saved.segments),
            columns=dict(saved.columns),
            tables=saved.model.uses.tables,
            segmentations=saved.model.uses.segmentations,
            keeps_customers=saved.model.uses.keeps_customers,
            created_from=dict(saved.created_from),
            builds_on=tuple(
                EarlierModel(name=name, file=file, sha256=_hash(part))
                for name, (file, part) in zip(saved.builds_on, parts.items(), strict=True)
            ),
            model_sha256=_hash(content),
            plan=_plain_json(saved.plan, "plan"),
        )
    except ValidationError as error:
        raise ValueError(f"a model that can't be saved: {error}") from None
    written = metadata.written()
    model_metadata.read(written, "the model")
    return model_archive.pack({model_archive.METADATA: written, model_archive.MODEL: content, **parts})


def _plain_json(value: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The same, once it is known that JSON gives it back as it is."""
    plain = dict(value)
    try:
        same = json.loads(json.dumps(plain, allow_nan=False)) == plain
    except (TypeError, ValueError, RecursionError):
        same = False
    if not same:
        raise ValueError(f"the {what} of a model are JSON: dicts with text keys, lists, texts, finite numbers")
    return plain


def read_metadata(path: Path) -> Metadata:
    """What the file says of its model, without any plugin. Raises ModelError."""
    where = text.safe(path.name)
    entries = model_archive.unpack(model_archive.content_of(path), where)
    return model_metadata.read(entries[model_archive.METADATA], where)


def load(path: Path, method_of: MethodOf) -> SavedModel:
    """The model in the file, with the models it builds on.

    Raises ModelError where the file is not a whole model of this version, or was made by another revision of the
    method, and what `method_of` raises.
    """
    return _loaded(model_archive.content_of(path), method_of, text.safe(path.name), DEEPEST)


def _loaded(content: bytes, method_of: MethodOf, where: str, deeper: int) -> SavedModel:
    entries = model_archive.unpack(content, where)
    metadata = model_metadata.read(entries[model_archive.METADATA], where)
    _check_parts(metadata, entries, where, deeper)
    method = method_of(metadata.method, metadata.plugin)
    if method.revision != metadata.revision:
        raise ModelError(
            f"The model was fitted with revision {metadata.revision} of {text.safe(metadata.method, 80)}, and revision "
            f"{method.revision} is installed, which may give other segments.",
            where=where,
            next_step=f"Fit again, or install {text.safe(metadata.plugin, 200)}.",
        )
    return SavedModel(
        method=metadata.method,
        plugin=metadata.plugin,
        revision=metadata.revision,
        params=metadata.params,
        seed=metadata.seed,
        feature_set=metadata.feature_set,
        model=_model(entries[model_archive.MODEL], method, metadata, where),
        segments=tuple(segment.shown() for segment in metadata.segments),
        columns=metadata.columns,
        as_of=metadata.as_of,
        created_from=metadata.created_from,
        plan=metadata.plan,
        builds_on={
            part.name: _loaded(entries[part.file], method_of, f"{where}, {text.safe(part.name, 80)}", deeper - 1)
            for part in metadata.builds_on
        },
    )


def _check_parts(metadata: Metadata, entries: Mapping[str, bytes], where: str, deeper: int) -> None:
    nested = {part.file: part.sha256 for part in metadata.builds_on}
    if nested and not deeper:
        raise ModelError("Too many models build on one another.", where=where, next_step="Fit again on fewer.")
    expected = {**nested, model_archive.MODEL: metadata.model_sha256}
    found = {name: _hash(part) for name, part in entries.items() if name != model_archive.METADATA}
    if found != expected or len(nested) < len(metadata.builds_on):
        raise ModelError(
            "The parts of the model do not belong together.", where=where, next_step="Save the model again with segtui."
        )


def _model(content: bytes, method: Method[Any, Any], metadata: Metadata, where: str) -> Model:
    try:
        with called(metadata.plugin, "rebuild its model"):
            model: object = codec.decode(content, method.Model)
    except (codec.CodecError, PluginError, LimitError) as error:
        reason = text.safe(error.what)
        raise ModelError(f"The model can't be rebuilt. {reason}", where=where, next_step="Fit again.") from None
    agrees = (
        isinstance(model, Model)
        and {segment.code for segment in model.segments} == {segment.code for segment in metadata.segments}
        and set(metadata.columns) == {*model.uses.columns, *(model.uses.scaling.columns if model.uses.scaling else ())}
        and (model.uses.tables, model.uses.segmentations) == (metadata.tables, metadata.segmentations)
        and model.uses.keeps_customers == metadata.keeps_customers
    )
    if not isinstance(model, Model) or not agrees:
        raise ModelError("The model is not the one the file speaks of.", where=where, next_step="Fit again.")
    return model


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
