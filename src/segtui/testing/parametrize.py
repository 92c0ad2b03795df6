"""The checks as pytest's parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from segtui.api.method import Method
from segtui.testing.checks import checks_for

if TYPE_CHECKING:
    import pytest


def parametrize_with_checks(
    methods: Sequence[Method[Any, Any]],
    *,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    exceptions: Mapping[str, Mapping[str, str]] | None = None,
) -> pytest.MarkDecorator:
    """Marks a test that takes `check` and calls it: one test for each check of each method.

    `params` and `exceptions` are those of `checks_for`, by id of the method.
    """
    import pytest

    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(check, id=f"{method.id}-{check.id}")
            for method in methods
            for check in checks_for(
                method, params=(params or {}).get(method.id), exceptions=(exceptions or {}).get(method.id)
            )
        ],
    )
