"""The conformance kit: what every method keeps, as checks for its author, in pytest or by `segtui plugins check`.

    from segtui.testing import parametrize_with_checks

    @parametrize_with_checks([MyMethod()])
    def test_my_method(check):
        check()

Each check stands alone, is quick, and works on customers made up to meet the method's Needs (`customers_for`).
"""

from segtui.testing.checks import Check, Ending, Outcome, check_method, checks_for
from segtui.testing.customers import customers_for
from segtui.testing.package import new_package
from segtui.testing.parametrize import parametrize_with_checks

__all__ = [
    "Check",
    "Ending",
    "Outcome",
    "check_method",
    "checks_for",
    "customers_for",
    "new_package",
    "parametrize_with_checks",
]
