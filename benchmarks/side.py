"""One side of a benchmark, in a process of its own: python -m benchmarks.side MODULE FUNCTION ARGUMENTS-AS-JSON.

The function is given a clock, and what it does `with clock:` is what counts; its last line of output says how long that
took, and what the function returns.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from types import TracebackType

from benchmarks.measuring import processor_seconds


class Clock:
    """Seconds and processor time within `with clock:`."""

    seconds = processor = 0.0

    def __enter__(self) -> Clock:
        self._began = time.perf_counter(), processor_seconds()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds += time.perf_counter() - self._began[0]
        self.processor += processor_seconds() - self._began[1]


def command(module: str, function: str, **arguments: object) -> list[str]:
    """The command that runs a function of a benchmark."""
    return [sys.executable, "-m", "benchmarks.side", module, function, json.dumps(arguments)]


def main(module: str, function: str, arguments: str) -> None:
    """Run the function, print what it took."""
    clock = Clock()
    figures = getattr(importlib.import_module(module), function)(clock, **json.loads(arguments))
    print(json.dumps({"seconds": clock.seconds, "processor": clock.processor, **(figures or {})}))


if __name__ == "__main__":
    main(*sys.argv[1:])
