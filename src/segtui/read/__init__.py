"""A path becomes a Table: guarded, sniffed, typed, its roles and grain guessed, and all of it said."""

from segtui.read.facts import Bin, ColumnFacts, column_facts
from segtui.read.guard import Fingerprint, fingerprint, unchanged
from segtui.read.plugin import Choose, ChosenReader
from segtui.read.reader import ReadResult, read
from segtui.read.reading import ColumnReading, Reading

__all__ = [
    "Bin",
    "Choose",
    "ChosenReader",
    "ColumnFacts",
    "ColumnReading",
    "Fingerprint",
    "ReadResult",
    "Reading",
    "column_facts",
    "fingerprint",
    "read",
    "unchanged",
]
