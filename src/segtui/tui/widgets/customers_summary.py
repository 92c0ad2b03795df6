"""The customers in words: how many, as of when, and an account that adds up."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from segtui.api.table import Role
from segtui.api.text import count, join_words, plural, safe
from segtui.project.facts import CustomersFacts
from segtui.tui.widgets.frame_cells import fit
from segtui.tui.widgets.row_list import QUIET, lines_of

MOST_NAMED = 4


def summary(customers: CustomersFacts, width: int, *, short: bool) -> Content:
    """The lines of it; where it is short, the account is a sentence."""
    head = f"{plural(customers.rows, 'customer')}"
    day = f"as of {customers.as_of}" if customers.as_of else ""
    lines = [Content.assemble((fit(head, max(width - len(day), 0)), "bold"), day)]
    lines += _sentence(customers, width) if short else _sum(customers, width)
    personal = [name for name, column in customers.columns.items() if column.personal and name != customers.id]
    notes = [f"! {note}" for note in customers.notes]
    if personal and not short:
        more = [f"{len(personal) - MOST_NAMED} more"] if len(personal) > MOST_NAMED else []
        names = join_words([*(safe(name, 40) for name in personal[:MOST_NAMED]), *more])
        notes.append(f"Personal columns stay on this machine: {names}.")
    targets = [name for name, column in customers.columns.items() if column.role is Role.TARGET]
    if targets and not short:
        names = join_words(safe(name, 40) for name in targets[:MOST_NAMED])
        notes.append(f"What is to be foretold is no feature: {names}.")
    for note in notes:
        lines += lines_of(note, width, QUIET)
    return Content("\n").join(lines)


def _sentence(customers: CustomersFacts, width: int) -> Iterator[Content]:
    for account in filter(None, (customers.account, customers.customers_account)):
        dropped = "".join(f" + {count(part.rows)} {part.text}" for part in account.dropped)
        yield from lines_of(f"{count(account.total)} {account.what} = {count(account.used)} used{dropped}", width)


def _sum(customers: CustomersFacts, width: int) -> Iterator[Content]:
    rows: list[tuple[str, int, str]] = []
    for account in filter(None, (customers.account, customers.customers_account)):
        rows += [("", account.total, account.what), ("=", account.used, "used")]
        rows += [("+", part.rows, part.text) for part in account.dropped]
    widest = max(len(count(number)) for _, number, _ in rows)
    for sign, number, words in rows:
        numbers = f"{fit(sign, 2)}{count(number):>{widest}}  "
        first, *more = [line.plain for line in lines_of(words, width - len(numbers))]
        yield Content.assemble(numbers, (first, QUIET if sign == "" else ""))
        yield from (Content(" " * len(numbers) + line) for line in more)
