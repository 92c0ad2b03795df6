"""Results: what segmentations came to, each with what it was made of, so that it is known when it no longer stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from segtui.api.errors import UsageError
from segtui.api.text import safe
from segtui.prepare import FeatureSet
from segtui.project.document import GivenName, SegmentationEntry
from segtui.project.facts import SegmentationFacts, Stale


@dataclass(frozen=True)
class MadeOf:
    """What a result was made of: the `rows` of customers, the feature set that its entry names, the `run` itself, and
    the `names` that people gave. Another feature set that comes or goes changes nothing about it."""

    rows: object
    features: FeatureSet | None
    run: object
    names: Mapping[int, GivenName]


class Results(Mapping[str, SegmentationFacts]):
    """The results by id. One that is no longer in the document stays: an undo may bring its entry back."""

    def __init__(self) -> None:
        self._facts: dict[str, SegmentationFacts] = {}
        self._made_of: dict[str, MadeOf] = {}

    def __getitem__(self, identifier: str) -> SegmentationFacts:
        return self._facts[identifier]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def keep(self, entry: SegmentationEntry, made: SegmentationFacts, rows: object, sets: Iterable[FeatureSet]) -> None:
        """Keep what an entry came to, on these customers with these feature sets."""
        self._made_of[entry.id] = MadeOf(rows, _features(entry, sets), self._run(entry), entry.given)
        self._facts[entry.id] = made

    def rename(self, entry: SegmentationEntry, made: SegmentationFacts) -> None:
        """Keep a result whose segments have the names of its entry."""
        self._made_of[entry.id] = replace(self._made_of[entry.id], names=entry.given)
        self._facts[entry.id] = made

    def has_names_of(self, entry: SegmentationEntry) -> bool:
        """Whether the segments of a result have the names of its entry; so, too, where there is no result."""
        made_of = self._made_of.get(entry.id)
        return made_of is None or made_of.names == entry.given

    def change_id(self, identifier: str, new: str) -> None:
        """Let a result be there under another id, too."""
        if identifier in self._facts:
            self._facts[new] = replace(self._facts[identifier], id=new)
            self._made_of[new] = self._made_of[identifier]

    def of(self, names: Iterable[str], rows: object) -> tuple[SegmentationFacts, ...]:
        """The results of these names, each once. Raises UsageError where there is none, or one of other rows."""
        wanted = list(dict.fromkeys(names))
        missing = [name for name in wanted if name not in self._facts]
        if missing:
            raise UsageError(f"The segmentation {safe(missing[0], 60)} has no result.", next_step="Run it first.")
        strange = [name for name in wanted if self._made_of[name].rows != rows]
        if strange:
            raise UsageError(
                f"The result {safe(strange[0], 60)} is of other customers: the data or the recipe changed.",
                next_step="Run it again.",
            )
        return tuple(self._facts[name] for name in wanted)

    def earlier(self, entry: SegmentationEntry, rows: object) -> tuple[SegmentationFacts, ...]:
        """The results that an entry builds on. Raises UsageError."""
        missing = [name for name in entry.after if name not in self._facts]
        if missing:
            raise UsageError(
                f"It builds on {safe(missing[0], 60)}, which has no result.",
                where=entry.id,
                next_step="Run that first.",
            )
        return self.of(entry.after, rows)

    def stale(
        self, identifier: str, entry: SegmentationEntry | None, rows: object, sets: Iterable[FeatureSet], seed: int
    ) -> Stale:
        """Why a result no longer stands for its entry, these customers with these feature sets, and this seed; no
        reasons where it does."""
        made_of = self._made_of.get(identifier)
        if entry is None or made_of is None:
            return Stale(("it has not been run",))
        if self._facts[identifier].seed != seed:
            reasons = ["the seed changed"]
        else:
            reasons = ["the data or the recipe changed"] if made_of.rows != rows else []
            reasons += ["its features changed"] if made_of.features != _features(entry, sets) else []
        reasons += ["its parameters, or what it builds on, changed"] if made_of.run != self._run(entry) else []
        return Stale(tuple(reasons))

    def _run(self, entry: SegmentationEntry) -> object:
        """What a result depends on besides the data: parameters, and the names of the segments it builds on."""
        earlier = tuple(self._facts[name].segments for name in entry.after if name in self._facts)
        return (entry.model_copy(update={"id": "", "names": {}, "plugin": "", "revision": None}), earlier)


def _features(entry: SegmentationEntry, sets: Iterable[FeatureSet]) -> FeatureSet | None:
    """The feature set that an entry names."""
    return next((chosen for chosen in sets if chosen.name == entry.feature_set), None)
