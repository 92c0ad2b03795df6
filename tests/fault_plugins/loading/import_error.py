"""Imports a name that is not there."""

from segtui.api import no_such_name  # noqa: F401
