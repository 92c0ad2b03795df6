"""Small analyses for the tests of this room: an honest one, and one that breaks the rule its parameter names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from segtui.api import (
    Account,
    Analysis,
    Axis,
    Bars,
    Column,
    Customers,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Kind,
    Lines,
    Model,
    Needs,
    NeedsError,
    Outcome,
    Params,
    Report,
    Role,
    Run,
    Scatter,
    Segment,
    Segmentation,
    Series,
    ShownSegment,
    Text,
    Uses,
    Verdict,
    View,
)

PLUGIN = "small-analyses:small_analyses:1.0"


class SizesParams(Params):
    decimals: int = Field(0, ge=0, le=3, description="Decimals shown")


class Sizes(Analysis[SizesParams]):
    """Says how large the segments of one or two segmentations are."""

    id, title, summary = "sizes", "Sizes", "How large segments are."
    needs = Needs(rows=2, kinds={Kind.NUMBER: 1})
    segmentations: ClassVar[tuple[int, int | None]] = (1, 2)
    Params = SizesParams

    def report(self, view: View, params: SizesParams, run: Run) -> Report:
        run.progress(0.5, "counting")
        sizes = tuple(one.size for one in view.segmentations[0].segments)
        figure = Figure("customers", np.float64(sum(sizes)), decimals=params.decimals, customers=sum(sizes))
        bars = Bars(tuple(one.name for one in view.segmentations[0].segments), tuple(map(float, sizes)), sizes)
        return Report("Sizes", (Text("There are {all}.", {"all": figure}), bars))


@dataclass(frozen=True, eq=False)
class Halves(Model):
    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series(customers.frame["spend"] > 10).cast(pl.Int32)


refits: list[tuple[Segmentation, np.ndarray, int]] = []
"""What the refit of some view was asked for."""


def some_view(rows: int = 40, made: int = 1, baseline: View | None = None) -> View:
    """Customers and `made` segmentations of them, with a refit that notes what it was asked for."""
    frame = pl.DataFrame({"id": [f"C{n:03d}" for n in range(rows)], "spend": [float(n) for n in range(rows)]})
    columns = {
        "id": Column("id", Kind.IDENTIFIER, Role.CUSTOMER),
        "spend": Column("spend", Kind.NUMBER, Role.MONETARY, unit="EUR"),
    }
    customers = Customers(frame, "id", columns, ("spend",))
    segmentations = tuple(_segmentation(customers, f"halves {number}") for number in range(made))

    def refit(segmentation: Segmentation, rows: np.ndarray, seed: int, run: Run) -> Model:  # noqa: ARG001
        refits.append((segmentation, rows, seed))
        return segmentation.model

    return View(customers, segmentations, refit, baseline)


def _segmentation(customers: Customers, name: str) -> Segmentation:
    model = Halves((Segment(0), Segment(1)), Uses(columns=("spend",)))
    labels = model.assign(customers)
    counts = [int((labels == code).sum()) for code in (0, 1)]
    segments = tuple(ShownSegment(code, "AB"[code], f"half {code}", count) for code, count in enumerate(counts))
    account = Account("customers", len(customers), len(customers))
    return Segmentation(name, "halves", {"at": 10}, "", 42, 1, model, labels, segments, "", account)


class FaultParams(Params):
    fault: str = ""


_AXIS, _PAIR = Axis(("a", "b")), Axis(("x", "y"))
_CELLS = ((1.0, 2.0), (3.0, 4.0))
_COUNTS = ((1, 2), (3, 4))
_NAN, _ENDLESS = float("nan"), float("inf")
_ANY: Any = None

SOUND: dict[str, Any] = {
    "text": Text("There are {n} of {n}.", {"n": Figure("n", 3, customers=3), "unused": Figure("unused", None)}),
    "figures": Figures((Figure("a", 1.5, "EUR", 2, 40), Figure("b", date(2024, 1, 1)), Figure("c", _ENDLESS))),
    "grid": Grid(
        Axis(("a", "b"), units=("EUR", ""), decimals=(2, None)),
        _PAIR,
        ((1, "x"), (None, date(2024, 1, 1))),
        _COUNTS,
        ((-1, 0), (1, 0)),
    ),
    "empty grid": Grid(Axis(()), _PAIR, ()),
    "bars": Bars(("a", "b"), (1.0, -2.0), (3, 0)),
    "heatmap": Heatmap(_AXIS, _PAIR, ((1.0, None), (3.0, 4.0)), _COUNTS),
    "lines": Lines(
        (1.0, 2.0), (Series("s", (1.0, None), (0.5, None), (1.5, None), (4, 5)), Series("t", (np.float64(1), 2)))
    ),
    "lines in time": Lines((date(2024, 1, 1), date(2024, 2, 1)), (Series("s", (1.0, 2.0)),)),
    "scatter": Scatter((1.0, 2.0), (3.0, 4.0), ("a", "b"), (1, 2)),
    "scatter of people": Scatter((1.0, 2.0), (3.0, 4.0), customers=True),
    "flow": Flow(("a", "b"), ("x",), ((1,), (0,))),
    "verdict": Verdict(Outcome.WARN, Text("{p} is high.", {"p": Figure("p", 0.2)})),
}


def _bypassing(block: Any, **fields: object) -> Any:
    """A block whose fields were changed after it was made."""
    for name, value in fields.items():
        object.__setattr__(block, name, value)
    return block


BROKEN: dict[str, tuple[Any, str]] = {
    "a text as block": ("hello", "block 1 is a str"),
    "a text in another class": (type("Loud", (Text,), {})("Hello."), "block 1 is a Loud"),
    "unbound": (_bypassing(Text("n {n}", {"n": Figure("n", 1)}), figures={}), "plain data that fits"),
    "literal number": (_bypassing(Text("n"), template="about 5 of them"), "plain data that fits"),
    "formatted placeholder": (Text("It is {n!r}.", {"n": Figure("n", 1)}), "braces in a text are placeholders"),
    "stray brace": (Verdict(Outcome.PASS, Text("It is {.")), "braces in a text are placeholders"),
    "an outcome in words": (Verdict("pass", Text("Fine.")), "plain data that fits"),  # type: ignore[arg-type]
    "a list of figures": (Figures([Figure("a", 1)]), "plain data that fits"),  # type: ignore[arg-type]
    "a figure of an array": (Figures((Figure("a", np.ones(3)),)), "plain data that fits"),  # type: ignore[arg-type]
    "a figure of a flag": (Figures((Figure("a", True),)), "plain data that fits"),
    "a figure of an object": (Figures((Figure("a", object()),)), "plain data that fits"),  # type: ignore[arg-type]
    "NaN in a figure": (Figures((Figure("a", _NAN),)), "never NaN"),
    "negative customers": (Figures((Figure("a", 1, customers=-1),)), "behind a figure are not negative"),
    "negative decimals": (Figures((Figure("a", 1, decimals=-1),)), "decimals are None or"),
    "endless name": (Figures((Figure("x" * 501, 1),)), "texts have at most"),
    "endless value": (Figures((Figure("a", "x" * 20_001),)), "texts have at most"),
    "endless template": (Text("x" * 20_001), "texts have at most"),
    "grid short of a row": (Grid(_AXIS, _PAIR, _CELLS[:1]), "values have a row"),
    "grid short of a cell": (Grid(_AXIS, _PAIR, ((1.0,), (2.0, 3.0))), "values have a row"),
    "grid short of counts": (Grid(_AXIS, _PAIR, _CELLS, _COUNTS[:1]), "counts say for each cell"),
    "grid with negative counts": (Grid(_AXIS, _PAIR, _CELLS, ((1, 2), (3, -4))), "not negative"),
    "grid with parts of customers": (Grid(_AXIS, _PAIR, _CELLS, ((1, 2), (3, 4.5))), "fits"),  # type: ignore[arg-type]
    "grid with flags as counts": (Grid(_AXIS, _PAIR, _CELLS, ((True, 2), (3, 4))), "plain data that fits"),
    "grid short of marks": (Grid(_AXIS, _PAIR, _CELLS, marks=((0, 0),)), "marks have the shape"),
    "grid with strange marks": (Grid(_AXIS, _PAIR, _CELLS, marks=((0, 2), (0, 0))), "marks are -1, 0 or 1"),
    "NaN in a grid": (Grid(_AXIS, _PAIR, ((1.0, _NAN), (3.0, 4.0))), "never NaN"),
    "axis short of units": (Grid(Axis(("a", "b"), units=("EUR",)), _PAIR, _CELLS), "for each of its labels"),
    "axis short of decimals": (Grid(_AXIS, Axis(("a", "b"), decimals=(1,)), _CELLS), "for each of its labels"),
    "endless label": (Grid(Axis(("a", "x" * 501)), _PAIR, _CELLS), "texts have at most"),
    "bars short of values": (Bars(("a", "b"), (1.0,)), "a bar has a label"),
    "bars short of counts": (Bars(("a", "b"), (1.0, 2.0), (1,)), "counts say for each"),
    "bars without end": (Bars(("a",), (_ENDLESS,)), "drawn are finite"),
    "bars of nothing": (Bars(("a",), (None,)), "plain data that fits"),  # type: ignore[arg-type]
    "heatmap short of values": (Heatmap(_AXIS, _PAIR, ((1.0, 2.0),)), "values have a row"),
    "heatmap short of counts": (Heatmap(_AXIS, _PAIR, _CELLS, ((1,), (2,))), "counts say for each"),
    "heatmap without end": (Heatmap(_AXIS, _PAIR, ((1.0, 2.0), (3.0, -_ENDLESS))), "drawn are finite"),
    "lines short of values": (Lines((1.0, 2.0), (Series("s", (1.0,)),)), "a value for each x"),
    "lines short of a band": (Lines((1.0,), (Series("s", (1.0,), (), (2.0,)),)), "a value for each x"),
    "half a band": (Lines((1.0,), (Series("s", (1.0,), low=(0.5,)),)), "has both bounds"),
    "lines short of counts": (Lines((1.0,), (Series("s", (1.0,), counts=()),)), "counts say for each"),
    "lines over two kinds of x": (Lines((1.0, date(2024, 1, 1)), ()), "plain data that fits"),  # type: ignore[arg-type]
    "lines without end": (Lines((1.0, _ENDLESS), (Series("s", (1.0, 2.0)),)), "drawn are finite"),
    "scatter short of y": (Scatter((1.0, 2.0), (1.0,)), "an x and a y"),
    "scatter short of groups": (Scatter((1.0, 2.0), (1.0, 2.0), ("a",)), "each point has a group"),
    "scatter short of counts": (Scatter((1.0,), (1.0,), counts=(1, 2)), "counts say for each"),
    "flow short of counts": (Flow(("a", "b"), ("x",), ((1,),)), "counts say for each"),
    "flow with negative counts": (Flow(("a",), ("x",), ((-1,),)), "not negative"),
}

REPORTS: dict[str, tuple[Any, str]] = {
    "no report": (None, "it returned a NoneType"),
    "a report of another class": (type("Loud", (Report,), {})("Loud", (Text("Hi."),)), "it returned a Loud"),
    "no blocks": (Report("Empty", ()), "1 to 1,000"),
    "a list of blocks": (Report("List", [Text("Hi.")]), "1 to 1,000"),  # type: ignore[arg-type]
    "a thousand and one blocks": (Report("Long", (Text("Hi."),) * 1_001), "1 to 1,000"),
    "an endless title": (Report("x" * 501, (Text("Hi."),)), "title of the report"),
    "a stray brace in a note": (Report("Notes", (Text("Hi."),), (Text("{"),)), "note 1"),
    "a note that is a grid": (Report("N", (Text("Hi."),), (SOUND["grid"],)), "plain data that fits"),
}


class Faulty(Analysis[FaultParams]):
    """Breaks the rule that its parameter names."""

    id, title, summary = "faulty", "Faulty", "Breaks a rule."
    segmentations = (0, None)
    Params = FaultParams

    def report(self, view: View, params: FaultParams, run: Run) -> Any:
        fault = params.fault
        if fault in REPORTS:
            return REPORTS[fault][0]
        if fault in BROKEN or fault in SOUND:
            block = BROKEN[fault][0] if fault in BROKEN else SOUND[fault]
            return Report("One block", (block,))
        self._misbehave(fault, view, run)
        return Report("Nothing", (Text("Nothing was found."),))

    def _misbehave(self, fault: str, view: View, run: Run) -> None:
        rows = np.arange(len(view.customers))
        errors = {"fails": ValueError("CANARY"), "exits": SystemExit(0), "memory": MemoryError()}
        if fault in errors:
            raise errors[fault]
        if fault == "needs more":
            raise NeedsError("It needs more.", next_step="Give it more.")
        if fault == "panics":
            raise pl.exceptions.PanicException("CANARY")
        if fault == "mutates":
            view.customers.frame.replace_column(1, view.customers.frame["spend"] + 1)
            view.segmentations[0].labels[0] = 1
        if fault == "mutates a mapping":
            view.segmentations[0].params.clear()  # type: ignore[attr-defined]
        asked: dict[str, tuple[Any, Any, Any]] = {
            "refits": (view.segmentations[0] if view.segmentations else None, rows[::-1], np.int64(3)),
            "refits with other params": (_with_other_params(view), rows, 3),
            "refits a stranger": (_segmentation(view.customers, "stranger"), rows, 1),
            "refits what is none": ("halves 0", rows, 1),
            "refits a mask": (_first(view), rows > 3, 1),
            "refits a list": (_first(view), [1, 2], 1),
            "refits nobody": (_first(view), rows[:0], 1),
            "refits who is not there": (_first(view), rows + 1, 1),
            "refits below zero": (_first(view), rows - 1, 1),
            "refits with a negative seed": (_first(view), rows, -1),
        }
        if fault in asked:
            view.refit(*asked[fault], run)


def _first(view: View) -> Segmentation | None:
    return view.segmentations[0] if view.segmentations else None


def _with_other_params(view: View) -> Segmentation | None:
    first = _first(view)
    return first and replace(first, params={"at": 5}, labels=first.labels.clear())
