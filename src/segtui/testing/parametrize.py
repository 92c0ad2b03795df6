"""The checks as pytest's parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segtui.testing.checks import Contribution, checks_for

if TYPE_CHECKING:
    import pytest


def parametrize_with_checks(
    contributions: Sequence[Contribution],
    *,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    exceptions: Mapping[str, Mapping[str, str]] | None = None,
    files: Mapping[str, Path] | None = None,
) -> pytest.MarkDecorator:
    """Marks a test that takes `check` and calls it: one test for each check of each method, analysis, exporter, reader.

    `params`, `exceptions` and `files` are what `checks_for` takes, by id.
    """
    import pytest

    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(check, id=f"{one.id}-{check.id}")
            for one in contributions
            for check in checks_for(
                one,
                params=(params or {}).get(one.id),
                exceptions=(exceptions or {}).get(one.id),
                file=(files or {}).get(one.id),
            )
        ],
    )
