"""The one base of every error a person sees: what happened, where, what to do next; and the exit codes."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command, a documented interface."""

    DONE = 0
    USAGE = 2
    DATA = 3
    PLUGIN = 4
    LIMIT = 5
    INTERNAL = 70
    CANCELLED = 130
    TERMINATED = 143


class SegtuiError(Exception):
    """What happened, where, and what to do next. Never quotes a value of the client's data.

    `what` is a sentence; `where` a file, column or line; `next_step` a sentence that says what to do.
    """

    title = "It did not work"
    exit_code = Exit.DATA
    log = ""
    """What the worker printed meanwhile; it may hold client values, so it is shown only when asked for."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(what, where, next_step)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.next_step}" if self.next_step else ""
        return f"{place}{self.what}{advice}"


class UsageError(SegtuiError):
    """The command, a parameter or a name given by the user is off."""

    title = "This can't be understood"
    exit_code = Exit.USAGE


class ReadError(SegtuiError):
    """A source can't be read."""

    title = "This file can't be read"


class DataError(SegtuiError):
    """The data does not allow what was asked for."""

    title = "The data does not allow this"


class NeedsError(DataError):
    """A method or analysis lacks something it needs; says what is missing and what to do."""

    title = "Something is missing"


class ProjectError(SegtuiError):
    """The project document, or something it names, is off."""

    title = "This project can't be opened"
    exit_code = Exit.USAGE


class ModelError(SegtuiError):
    """A saved model can't be loaded or applied."""

    title = "This model can't be used"


class PluginError(SegtuiError):
    """A plugin is broken, missing or ambiguous, or failed while it worked."""

    title = "A plugin failed"
    exit_code = Exit.PLUGIN


class MissingPlugin(PluginError):
    """A method, analysis, reader or exporter that is named is not installed, or two plugins bring it."""

    title = "This is not installed"


class ContractError(PluginError):
    """A plugin returned something its contract forbids; names the plugin and the rule."""

    title = "A plugin broke its contract"


class LimitError(SegtuiError):
    """More memory, rows or time would be needed than is allowed."""

    title = "This is more than the limit"
    exit_code = Exit.LIMIT


class Cancelled(SegtuiError):
    """The user, or the host, asked the work to stop. Raised by `Run.progress`."""

    title = "Stopped"
    exit_code = Exit.CANCELLED

    def __init__(self, what: str = "Stopped on request.", *, where: str = "", next_step: str = "") -> None:
        super().__init__(what, where=where, next_step=next_step)
