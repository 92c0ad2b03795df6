"""Calling a plugin: what it is handed can't reach the host's data, and what it throws becomes a PluginError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

import polars as pl

from segtui.api.customers import Customers
from segtui.api.errors import LimitError, PluginError, SegtuiError


@contextmanager
def called(plugin: str, doing: str) -> Iterator[None]:
    """Around each call of a plugin. Errors of segtui pass; all others become a PluginError naming `plugin`."""
    try:
        yield
    except (SegtuiError, KeyboardInterrupt):
        raise
    except MemoryError as error:
        raise LimitError(
            f"There is not enough memory to {doing}.",
            where=plugin,
            next_step="Use fewer customers or features, or another method.",
        ) from error
    except (Exception, SystemExit, pl.exceptions.PanicException) as error:
        raise PluginError(
            f"The plugin failed to {doing} ({type(error).__name__}).",
            where=plugin,
            next_step="The log has the details; please report them to the plugin's author.",
        ) from error


def handed(customers: Customers) -> Customers:
    """The same customers for a plugin: whatever it does to them, the host's own stay as they are."""
    return Customers(
        customers.frame.clone(),
        customers.id,
        MappingProxyType(dict(customers.columns)),
        customers.features,
        customers.scaling,
        customers.as_of,
        MappingProxyType(dict(customers.tables)),
    )
