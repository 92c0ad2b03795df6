"""What every check needs, whatever is checked: a contribution, and the way to let it work once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import polars as pl

from segtui.api.errors import DataError, LimitError, PluginError, SegtuiError, UsageError
from segtui.api.run import QuietRun, Run

REFUSALS = (DataError, UsageError, LimitError)
"""What a contribution may answer where the data or the parameters don't allow its work."""
GIVE_PARAMS = "Give it params that it can work with."


class Failed(Exception):
    """The contribution breaks the rule of a check; says what was found."""


class LeftOut(Exception):
    """A check that can't be made, or has nothing to look at; says why."""


def said(error: BaseException) -> str:
    """What went wrong, and in a plugin where."""
    cause = error.__cause__ if isinstance(error, PluginError) and error.__cause__ else None
    shown = error.what if isinstance(error, SegtuiError) else f"{type(error).__name__}: {error}"
    return f"{shown} {type(cause).__name__}: {cause}" if cause else shown


def require(holds: bool, found: str) -> None:
    """Raise Failed with what was `found` unless the rule holds."""
    if not holds:
        raise Failed(found)


@contextmanager
def failing_in_words() -> Iterator[None]:
    """Whatever a contribution raises fails the check, but for a refusal in words, which leaves it out."""
    try:
        yield
    except (Failed, LeftOut):
        raise
    except REFUSALS as error:
        advice = f"{error.next_step} " if error.next_step else ""
        raise LeftOut(f"It refuses: {said(error)} {advice}{GIVE_PARAMS}") from error
    except (Exception, pl.exceptions.PanicException) as error:
        raise Failed(said(error)) from error


class Work(ABC):
    """A contribution with what it is checked on. `doing` is what it is called to do."""

    doing: ClassVar[str]

    @property
    @abstractmethod
    def item(self) -> Any:
        """The contribution."""

    @abstractmethod
    def work(self, run: Run) -> object:
        """All that the host calls, unchecked; what is raised goes through."""

    def works(self) -> object:
        """The work once, for checks of something else. Raises LeftOut where it fails."""
        try:
            return self.work(QuietRun())
        except (Exception, pl.exceptions.PanicException) as error:
            hint = f" {GIVE_PARAMS}" if isinstance(error, REFUSALS) else ""
            raise LeftOut(f"It does not work at all: {said(error)}{hint}") from error
