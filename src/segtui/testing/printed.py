"""What a plugin prints: kept, so that it neither reaches the terminal nor stays unseen."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def kept() -> Iterator[list[str]]:
    """What is written meanwhile to stdout and stderr, by Python or below it, and warnings."""
    said: list[str] = []
    text = io.StringIO()
    with (
        tempfile.TemporaryFile() as file,
        warnings.catch_warnings(record=True) as warned,
        _descriptors_to(file.fileno()),
        contextlib.redirect_stdout(text),
        contextlib.redirect_stderr(text),
    ):
        warnings.simplefilter("always")
        yield said
        file.seek(0)
        said += [part for part in (text.getvalue(), file.read().decode("utf-8", "replace")) if part]
        said += [f"{warning.category.__name__}: {warning.message}" for warning in warned]


@contextlib.contextmanager
def _descriptors_to(target: int) -> Iterator[None]:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    before = [os.dup(number) for number in (1, 2)]
    try:
        for number in (1, 2):
            os.dup2(target, number)
        yield
    finally:
        for number, kept in zip((1, 2), before, strict=True):
            os.dup2(kept, number)
            os.close(kept)
