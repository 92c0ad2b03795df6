"""What the loaded plugins bring, to be used; lives in a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from segtui.api.analysis import Analysis
from segtui.api.files import Exporter, Reader
from segtui.api.method import Method
from segtui.api.params import checked
from segtui.plugins.catalogue import AnalysisEntry, Catalogue, Entry, ExporterEntry, MethodEntry, ReaderEntry, choose

C = TypeVar("C")
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Offer(Generic[E, C]):
    """A contribution with its entry in the Catalogue."""

    entry: E
    item: C

    @property
    def id(self) -> str:
        """Its id, unique or not."""
        return self.entry.id

    @property
    def qualified(self) -> str:
        """distribution:id."""
        return self.entry.qualified


ReaderOffer = Offer[ReaderEntry, Reader[Any]]


@dataclass(frozen=True)
class Registry:
    """The contributions by kind. Names are an id, or distribution:id where two plugins share an id."""

    catalogue: Catalogue
    methods: tuple[Offer[MethodEntry, Method[Any, Any]], ...] = ()
    analyses: tuple[Offer[AnalysisEntry, Analysis[Any]], ...] = ()
    readers: tuple[ReaderOffer, ...] = ()
    exporters: tuple[Offer[ExporterEntry, Exporter[Any]], ...] = ()

    def method(self, name: str) -> Method[Any, Any]:
        """The method of that name. Raises PluginError where there is none, or two of them."""
        return choose(name, self.methods, "method", self.catalogue.broken).item

    def analysis(self, name: str) -> Analysis[Any]:
        """The analysis of that name. Raises PluginError."""
        return choose(name, self.analyses, "analysis", self.catalogue.broken).item

    def reader(self, name: str) -> Reader[Any]:
        """The reader of that name. Raises PluginError."""
        return self.reader_offer(name).item

    def reader_offer(self, name: str) -> ReaderOffer:
        """The reader of that name with its entry. Raises PluginError."""
        return choose(name, self.readers, "reader", self.catalogue.broken)

    def exporter(self, name: str) -> Exporter[Any]:
        """The exporter of that name. Raises PluginError."""
        return choose(name, self.exporters, "exporter", self.catalogue.broken).item


def validate_params(
    contribution: Method[Any, Any] | Analysis[Any] | Reader[Any] | Exporter[Any],
    values: Mapping[str, object],
    where: str = "",
) -> Any:
    """`values` as the Params of `contribution`. Raises UsageError naming the parameter; `where` is its id if empty."""
    params: type[BaseModel] = contribution.Params
    return checked(params, dict(values), where or contribution.id)
