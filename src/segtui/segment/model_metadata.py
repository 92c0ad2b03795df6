"""What a model file says of itself in words: readable without the plugin, checked, of one version."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from segtui.api import text
from segtui.api.errors import ModelError
from segtui.api.segmentation import ShownSegment, letter
from segtui.api.table import Kind
from segtui.segment.model_archive import LARGEST_METADATA

FORMAT = 1
"""The version of model files that is written, and the newest that is read."""

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By version, how its metadata becomes that of the next version."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class SavedSegment(_Strict):
    """A segment as it was shown when the model was saved, without its size: a model that is handed on would say what
    the privacy gate hides in reports, and whoever scores counts for themselves."""

    code: int = Field(ge=0)
    letter: str
    name: str
    rule: str
    description: str

    @classmethod
    def of(cls, segment: ShownSegment) -> SavedSegment:
        """What is saved of a segment."""
        return cls(
            code=segment.code,
            letter=segment.letter,
            name=segment.name,
            rule=segment.rule,
            description=segment.description,
        )

    def shown(self) -> ShownSegment:
        """The same, with harmless texts and nobody in it yet."""
        name, rule, description = text.safe(self.name), text.safe(self.rule, 20_000), text.safe(self.description)
        return ShownSegment(self.code, self.letter, name, 0, rule, description)


class EarlierModel(_Strict):
    """A model that this one builds on: the name of its segmentation, its file in the archive, and that file's hash."""

    name: str
    file: str
    sha256: str


class Metadata(_Strict):
    """The content of `segmodel.json`.

    `plugin` is "distribution:name:version"; `created_from` hashes of inputs by their name; `as_of` the day of the fit;
    `columns` the input columns it needs with their kinds; `plan` how those come about from files, opaque here.
    """

    format: int
    segtui: str
    method: str
    plugin: str
    revision: int
    params: dict[str, Any]
    seed: int
    feature_set: str
    as_of: date | None
    segments: tuple[SavedSegment, ...]
    columns: dict[str, Kind]
    tables: tuple[str, ...]
    segmentations: tuple[str, ...]
    keeps_customers: bool
    created_from: dict[str, str]
    builds_on: tuple[EarlierModel, ...]
    model_sha256: str
    plan: dict[str, Any]

    def written(self) -> bytes:
        """As JSON, the same bytes each time. Raises ValueError where that is larger than a model file may hold."""
        content = json.dumps(self.model_dump(mode="json"), indent=1, allow_nan=False).encode()
        if len(content) > LARGEST_METADATA:
            raise ValueError("params and plan of a model are larger than a model file may hold")
        return content


def read(content: bytes, where: str) -> Metadata:
    """The metadata in these bytes, migrated to this version. Raises ModelError."""
    raw = _parsed(content, where)
    version = raw.get("format")
    if type(version) is not int or version < 1:
        _refuse("The model does not say which version of the format it has.", where)
    if version > FORMAT:
        writer = text.safe(raw.get("segtui", "a newer version"), 40)
        raise ModelError(
            f"The model has format {version} of segtui {writer}, and this version reads up to {FORMAT}.",
            where=where,
            next_step="Update segtui.",
        )
    while version < FORMAT:
        raw = MIGRATIONS[version](raw)
        version += 1
    try:
        metadata = Metadata.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = text.safe(".".join(str(part) for part in problem["loc"]), 80)
        if problem["type"] == "extra_forbidden":
            _refuse(f"The model says something this version does not know: {place}.", where)
        _refuse(f"What the model says of {place} is missing or wrong.", where)
    _check(metadata, where)
    return metadata


def _refuse(what: str, where: str) -> NoReturn:
    raise ModelError(what, where=where, next_step="Save the model again with this version of segtui.")


def _parsed(content: bytes, where: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice")
        return found

    def no_constant(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        raw = json.loads(content, object_pairs_hook=once, parse_constant=no_constant)
    except (ValueError, RecursionError):
        _refuse("What the model says of itself can't be read.", where)
    if not isinstance(raw, dict):
        _refuse("What the model says of itself can't be read.", where)
    return raw


def _check(metadata: Metadata, where: str) -> None:
    codes = [segment.code for segment in metadata.segments]
    names = [segment.name.casefold() for segment in metadata.segments]
    letters = [segment.letter for segment in metadata.segments]
    if not codes or len(set(codes)) < len(codes) or len(set(names)) < len(names) or "" in names:
        _refuse("The model's segments have no codes or names of their own.", where)
    if letters != [letter(position) for position in range(len(letters))]:
        _refuse("The letters of the model's segments are not in order.", where)
    earlier = [part.name for part in metadata.builds_on]
    if len(set(earlier)) < len(earlier):
        _refuse("The model builds on two models of one name.", where)
