"""Counts as bars of eighth blocks: a histogram in a line of text, or a few."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = 8
_WIDEST_BAR = 3


def merged(counts: Sequence[int], most: int) -> tuple[list[int], int]:
    """The counts of no more than `most` bars, and how many bins a bar holds; the last bar may hold fewer."""
    bins = -(-len(counts) // max(most, 1)) or 1
    return [sum(counts[start : start + bins]) for start in range(0, len(counts), bins)], bins


def bars(counts: Sequence[int], width: int, height: int = 1) -> list[str]:
    """Lines of one bar per count, from top to bottom, each bar as wide as fits (three cells at most).

    The tallest bar is full; a count above zero is never blank. Merge counts first where there are more than cells.
    """
    tallest = max(counts, default=0)
    if not tallest or len(counts) > width:
        return []
    bar = min(width // len(counts), _WIDEST_BAR)
    full = height * _EIGHTHS
    eighths = [max(round(count / tallest * full), 1) if count else 0 for count in counts]
    return [
        "".join(_BLOCKS[min(max(high - level * _EIGHTHS, 0), _EIGHTHS)] * bar for high in eighths)
        for level in reversed(range(height))
    ]
