"""What a check is handed: the method, its parameters, customers, and the ways to fit it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import polars as pl

from segtui.api.calling import handed
from segtui.api.customers import Customers
from segtui.api.errors import Cancelled
from segtui.api.method import Method, Model
from segtui.api.params import Params, checked
from segtui.api.run import QuietRun, Run
from segtui.segment.contract import check_labels
from segtui.segment.fit import Fitted, fit
from segtui.testing.work import GIVE_PARAMS, REFUSALS, Failed, LeftOut, Work, said


@dataclass(frozen=True, eq=False)
class Case(Work):
    """A method with the parameters and customers that it is checked on."""

    doing: ClassVar[str] = "fit"

    method: Method[Any, Any]
    params: Params
    customers: Customers

    @property
    def item(self) -> Method[Any, Any]:
        """The method."""
        return self.method

    def work(self, run: Run) -> Model:
        """Fit, assign and explain."""
        model = self.fit(run)
        self.labels(model, self.customers)
        model.explain()
        return model

    def works(self) -> Model:
        """A fitted model."""
        return self.sound()

    def on(self, customers: Customers) -> Case:
        """The same on other customers."""
        return replace(self, customers=customers)

    def changed(self, **values: object) -> Case:
        """The same with some parameters changed. Raises UsageError where they may not have these values."""
        plain = self.params.model_dump()
        return replace(self, params=checked(self.method.Params, {**plain, **values}, self.method.id))

    def fit(self, run: Run | None = None) -> Model:
        """What the method's own fit returns, unchecked; what it raises goes through."""
        model: Model = self.method.fit(handed(self.customers), self.params, run or QuietRun())
        return model

    def sound(self) -> Model:
        """A fitted model, for checks of something else than the fit. Raises LeftOut where there is none."""
        try:
            model = self.fit()
            self.labels(model, self.customers)
        except (Exception, pl.exceptions.PanicException) as error:
            hint = GIVE_PARAMS if isinstance(error, REFUSALS) else "See output_contract."
            raise LeftOut(f"The fit itself does not work: {said(error)} {hint}") from error
        return model

    def labels(self, model: Model, customers: Customers) -> pl.Series:
        """The labels that a model gives, held against their contract."""
        return check_labels(model.assign(handed(customers)), customers, model, self.method.id)

    def hosted(self, run: Run | None = None) -> Fitted:
        """The fit as the host does it, with every rule of its contract."""
        return fit(self.method, self.customers, self.params, run or QuietRun(), plugin=self.method.id)

    def fits_or_refuses(self, what: str, run: Run | None = None) -> None:
        """The host's fit works, or is refused in words. Raises Failed saying `what` was tried."""
        try:
            self.hosted(run)
        except Cancelled:
            return
        except REFUSALS as error:
            if not error.what.strip():
                raise Failed(f"With {what} it refuses without a word.") from error
        except (Exception, pl.exceptions.PanicException) as error:
            raise Failed(f"With {what}: {said(error)}") from error

    def assigns(self, model: Model, customers: Customers, what: str) -> pl.Series:
        """The labels of customers whom the model can't refuse. Raises Failed saying `what` they are."""
        try:
            return self.labels(model, customers)
        except (Exception, pl.exceptions.PanicException) as error:
            raise Failed(f"assign fails for {what}: {said(error)}") from error

    def read(self, model: Model) -> tuple[str, ...]:
        """The columns that the model reads."""
        scaled = model.uses.scaling.columns if model.uses.scaling else ()
        return tuple(dict.fromkeys((*model.uses.columns, *scaled)))


def require_same(expected: pl.Series, found: pl.Series, what: str) -> None:
    """Raise Failed unless the labels are the same."""
    if not expected.equals(found, null_equal=True):
        differ = (
            int((expected.fill_null(-1) != found.fill_null(-1)).sum()) if len(expected) == len(found) else len(found)
        )
        raise Failed(f"{what}: {differ:,} of {len(expected):,} labels differ.")
