"""What the tests of sessions share."""

from __future__ import annotations

from collections.abc import Callable

from segtui.project.session import Session

NewSession = Callable[..., Session]
"""Makes a session on files, on the worker that all tests share."""
