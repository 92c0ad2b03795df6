"""Calling a plugin: what it throws becomes one error that names it, and what it is handed can't reach the host's data.

For the host and the conformance kit; a plugin has no need of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import NoReturn

import polars as pl

from segtui.api.customers import Customers
from segtui.api.errors import ContractError, LimitError, PluginError, SegtuiError


def broken(plugin: str, rule: str) -> NoReturn:
    """Raise the ContractError that names the plugin and the rule it broke."""
    raise ContractError(
        f"The plugin breaks this rule: {rule}.",
        where=plugin,
        next_step="Nothing was kept; please report this to the plugin's author.",
    )


@contextmanager
def called(plugin: str, doing: str) -> Iterator[None]:
    """Around each call of a plugin. Errors of segtui pass; all others become a PluginError naming `plugin`, a lack of
    memory a LimitError."""
    try:
        yield
    except (SegtuiError, KeyboardInterrupt):
        raise
    except MemoryError as error:
        raise LimitError(
            f"There is not enough memory to {doing}.",
            where=plugin,
            next_step="Use fewer customers or features, or something else than this.",
        ) from error
    except (Exception, SystemExit, pl.exceptions.PanicException) as error:
        raise PluginError(
            f"The plugin failed to {doing} ({type(error).__name__}).",
            where=plugin,
            next_step="The log has the details; please report them to the plugin's author.",
        ) from error


def handed(customers: Customers) -> Customers:
    """The same customers for a plugin: whatever it does to them, the host's own stay as they are."""
    return replace(
        customers,
        frame=customers.frame.clone(),
        columns=MappingProxyType(dict(customers.columns)),
        tables=MappingProxyType(dict(customers.tables)),
    )
