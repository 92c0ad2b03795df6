"""Which plugin's reader reads a file: the one a reading names, else the one that claims its suffix or first bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from segtui.api.errors import PluginError
from segtui.api.text import join_words, safe
from segtui.plugins import Registry, validate_params
from segtui.plugins.catalogue import ReaderEntry
from segtui.plugins.registry import ReaderOffer
from segtui.project.source_names import SUFFIXES
from segtui.read import Choose, ChosenReader, Reading
from segtui.read.guard import content, local
from segtui.read.reading import BY_PLUGIN

NAMES_NO_FORMAT = ".txt"
"""The one suffix of the host's own that says nothing of what is inside."""


def chooser(registry: Callable[[], Registry]) -> Choose:
    """Chooses among the readers of the plugins; these are loaded for a file that the host does not read itself."""

    def choose(name: Path, head: bytes, reading: Reading) -> ChosenReader | None:
        if reading.reader is None and (reading.format is not None or name.suffix.lower() in SUFFIXES):
            return None
        found = registry()
        if reading.reader is not None:
            offer = found.reader_offer(reading.reader)
        else:
            fitting = [each for each in found.readers if claims(each.entry, name, head)]
            fitting = [each for each in fitting if name.suffix.lower() in each.entry.suffixes] or fitting
            if not fitting:
                return None
            offer = _only(fitting, name)
        params = validate_params(offer.item, reading.params)
        return ChosenReader(offer.item, offer.qualified, offer.entry.identity, params)

    return choose


def claims(entry: ReaderEntry, name: Path, head: bytes) -> bool:
    """Whether a file starts as the reader says, where it says so, and else has one of its suffixes."""
    if entry.magic:
        return any(magic and head.startswith(magic) for magic in entry.magic)
    return name.suffix.lower() in entry.suffixes


def replanned(reading: Reading, path: Path, registry: Callable[[], Registry]) -> Reading:
    """The reading of an earlier file for this one, which may be of another format."""
    found = local(path)
    suffix = path.suffix.lower()
    if reading.reader is not None and (suffix not in SUFFIXES or suffix == NAMES_NO_FORMAT):
        return reading
    bare = reading.model_copy(update={"reader": None, "format": None})
    if found.is_file and chooser(registry)(path, found.head, bare.model_copy(update={"params": {}})):
        return reading.for_content(BY_PLUGIN)
    return reading.for_content(content(path, found.head))


def _only(fitting: list[ReaderOffer], name: Path) -> ReaderOffer:
    if len(fitting) == 1:
        return fitting[0]
    names = sorted(each.qualified for each in fitting)
    raise PluginError(
        f"More than one plugin reads files such as this: {join_words(names)}.",
        where=safe(name.name),
        next_step=f"Name the one you mean, as in --read reader={names[0]}.",
    )
