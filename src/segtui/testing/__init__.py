"""The conformance kit: what every plugin keeps, as checks for its author, in pytest or by `segtui plugins check`.

    from segtui.testing import parametrize_with_checks

    @parametrize_with_checks([MyMethod()])
    def test_my_method(check):
        check()

Each check stands alone and is quick. Methods work on customers made up to meet their Needs (`customers_for`), analyses
on made-up segmentations of them (`view_for`), exporters on a made-up delivery (`delivery_for`), readers on a file of
their author.
"""

from segtui.testing.checks import Check, Ending, Outcome, check_method, checks_for
from segtui.testing.customers import customers_for
from segtui.testing.deliveries import delivery_for
from segtui.testing.package import new_package
from segtui.testing.parametrize import parametrize_with_checks
from segtui.testing.views import view_for

__all__ = [
    "Check",
    "Ending",
    "Outcome",
    "check_method",
    "checks_for",
    "customers_for",
    "delivery_for",
    "new_package",
    "parametrize_with_checks",
    "view_for",
]
