"""What is known of the installed plugins and what they bring, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from segtui.api.errors import MissingPlugin, PluginError
from segtui.api.method import Basis, Needs
from segtui.api.text import close_matches, join_words, safe


@dataclass(frozen=True)
class Provenance:
    """Where something comes from: a distribution (a module of a plugin folder is its own) and the module in it."""

    distribution: str
    version: str
    module: str


@dataclass(frozen=True)
class Entry:
    """What every contribution has. `plugin` is the name of the plugin that brings it; `params` the JSON schema of its
    Params."""

    id: str
    title: str
    summary: str
    plugin: str
    provenance: Provenance
    params: dict[str, Any]

    @property
    def qualified(self) -> str:
        """The name that tells it from another with the same id: distribution:id."""
        return f"{self.provenance.distribution}:{self.id}"

    @property
    def identity(self) -> str:
        """What a project records: distribution:id:version."""
        return f"{self.qualified}:{self.provenance.version}"


@dataclass(frozen=True)
class MethodEntry(Entry):
    """A method: `ordered` where its segments have an order of their own."""

    basis: Basis
    revision: int
    needs: Needs
    ordered: bool


@dataclass(frozen=True)
class AnalysisEntry(Entry):
    """An analysis: `segmentations` says how many it looks at, at least and at most; `baseline` whether it compares."""

    needs: Needs
    segmentations: tuple[int, int | None]
    baseline: bool = False


@dataclass(frozen=True)
class ReaderEntry(Entry):
    """A reader of files with these suffixes, or that start with these bytes."""

    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]


@dataclass(frozen=True)
class ExporterEntry(Entry):
    """An exporter."""


@dataclass(frozen=True)
class PluginEntry:
    """A plugin: broken where `reason` says why. `brings` lists the ids that can be used nevertheless; `where` is the
    folder it was found in, empty where it is installed."""

    name: str
    distribution: str
    version: str
    module: str
    where: str
    state: Literal["ok", "broken"]
    reason: str = ""
    brings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Everything installed. Two contributions with one id are both refused by it, and chosen by distribution:id."""

    plugins: tuple[PluginEntry, ...] = ()
    methods: tuple[MethodEntry, ...] = field(default=())
    analyses: tuple[AnalysisEntry, ...] = field(default=())
    readers: tuple[ReaderEntry, ...] = field(default=())
    exporters: tuple[ExporterEntry, ...] = field(default=())

    @property
    def broken(self) -> tuple[PluginEntry, ...]:
        """The plugins that are broken, wholly or in part."""
        return tuple(plugin for plugin in self.plugins if plugin.state == "broken")

    def plugin(self, name: str) -> PluginEntry:
        """The plugin of that name. Raises PluginError."""
        found = [plugin for plugin in self.plugins if plugin.name == name]
        if not found:
            raise missing(name, "plugin", [plugin.name for plugin in self.plugins], self.broken)
        return found[0]

    def method(self, name: str) -> MethodEntry:
        """The method with that id, or that distribution:id. Raises PluginError with names that are near."""
        return choose(name, self.methods, "method", self.broken)

    def analysis(self, name: str) -> AnalysisEntry:
        """The analysis, as `method`."""
        return choose(name, self.analyses, "analysis", self.broken)

    def reader(self, name: str) -> ReaderEntry:
        """The reader, as `method`."""
        return choose(name, self.readers, "reader", self.broken)

    def exporter(self, name: str) -> ExporterEntry:
        """The exporter, as `method`."""
        return choose(name, self.exporters, "exporter", self.broken)

    def ambiguous(self, entry: Entry) -> bool:
        """Whether another contribution of its kind has the same id, so that only `qualified` names it."""
        every: tuple[tuple[Entry, ...], ...] = (self.methods, self.analyses, self.readers, self.exporters)
        return any(other is not entry and other.id == entry.id for kind in every if entry in kind for other in kind)


class Named(Protocol):
    """Something that can be chosen by name."""

    @property
    def id(self) -> str: ...

    @property
    def qualified(self) -> str: ...


N = TypeVar("N", bound=Named)


def choose(name: str, entries: Sequence[N], what: str, broken: Sequence[PluginEntry] = ()) -> N:
    """The one entry that `name` means. Raises PluginError where there is none, or more than one."""
    found = [entry for entry in entries if name in (entry.id, entry.qualified)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise missing(name, what, [entry.id for entry in entries], broken)
    qualified = sorted({entry.qualified for entry in found})
    if len(qualified) == 1:
        raise PluginError(
            f"The {what} {safe(name, 80)} is there more than once in {qualified[0].partition(':')[0]}.",
            next_step="Tell its author, or remove the plugin.",
        )
    raise PluginError(
        f"More than one plugin brings a {what} {safe(name, 80)}: {join_words(qualified)}.",
        next_step="Name the one you mean in full.",
    )


def missing(name: str, what: str, known: Iterable[str], broken: Sequence[PluginEntry]) -> PluginError:
    """The error for something that is not installed; names what is near, and the plugins that are broken."""
    distribution = f" (from {safe(name.partition(':')[0], 80)})" if ":" in name else ""
    wanted = name.rpartition(":")[2]
    near = close_matches(wanted, sorted(set(known)))
    advice = [f"Did you mean {join_words(near, 'or')}?"] if near else []
    if broken:
        broken_names = join_words(safe(plugin.name, 80) for plugin in broken)
        advice.append(f"Broken, and perhaps the one that brings it: {broken_names}.")
    advice.append("`segtui plugins` lists what is installed.")
    return MissingPlugin(f"There is no {what} {safe(wanted, 80)}{distribution}.", next_step=" ".join(advice))
