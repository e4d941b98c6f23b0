"""A catalog plan as an operator reads it: what would differ, and what it does to the bills."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gateway.billing.catalog_difference import Difference
from gateway.billing.catalog_effect import Effect
from gateway.billing.money import Money
from gateway.formats import money_text, period_text
from gateway.store.catalog_plan import CatalogPlan, Sum, Totals

_MOST_LINES: Final = 200


def drawing(plan: CatalogPlan, file: str) -> RenderableType:
    """The plan of publishing a file, in English."""
    return Group(*_parts(plan, file))


def _parts(plan: CatalogPlan, file: str) -> Iterator[RenderableType]:
    merged = plan.merged
    if merged.problems:
        yield Text(f"{file} would be refused:", "bold")
        yield from (Text(f"  {problem}") for problem in merged.problems)
        return
    if not merged.changes:
        yield Text(f"Nothing would change: revision {merged.before.revision} says the same.")
        return
    yield Text(f"Publishing {file} would make revision {merged.after.revision}.", "bold")
    yield from _lines(plan.differences)
    yield ""
    if plan.seen:
        yield from _bills(plan)
    else:
        yield Text("There is no open account.")
    yield Text(f"Nothing was published. To publish exactly this: --plan {merged.digest}")


def _lines(differences: tuple[Difference, ...]) -> Iterator[Text]:
    """The differences below the place they are in."""
    shown = differences[:_MOST_LINES]
    for place, those in groupby(shown, lambda each: each.where[: _depth(each)]):
        yield Text(" › ".join(place))
        for each in those:
            yield Text(f"    {' › '.join(each.where[_depth(each) :])}: {_change(each)}")
    if len(differences) > len(shown):
        yield Text(f"… and {len(differences) - len(shown)} more.")


def _depth(each: Difference) -> int:
    return min(len(each.where) - 1, 4 if "offers" in each.where else 2)


def _change(each: Difference) -> str:
    if each.before is None:
        return str(each.after)
    return f"{each.before} → {each.after if each.after is not None else 'nothing'}"


def _bills(plan: CatalogPlan) -> Iterator[RenderableType]:
    those = f"{plan.seen} of {plan.of}" if plan.seen < plan.of else str(plan.of)
    yield Text(f"Expected bills of {those} open accounts, with tax, before account credit:", "bold")
    table = Table("", "accounts", "before", "after", "difference", box=None, pad_edge=False, header_style="dim")
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    for currency, totals in sorted(plan.totals.items()):
        _add(table, f"{currency} running period", totals.accounts, totals.current)
        _add(table, f"{currency} next period", totals.accounts, totals.next)
        _add(table, f"{currency} first that differs", totals.changed, totals.first)
    yield table
    yield ""
    for currency, totals in sorted(plan.totals.items()):
        if totals.largest:
            yield from _largest(currency, totals)
            yield ""


def _add(table: Table, what: str, accounts: int, of: Sum) -> None:
    table.add_row(what, str(accounts), _money(of.before), _money(of.after), _signed(of.difference))


def _largest(currency: str, totals: Totals) -> Iterator[RenderableType]:
    yield Text(f"{totals.changed} of {totals.accounts} accounts in {currency} change; those that change most:")
    table = Table("account", "first period that differs", "before", "after", "difference", box=None, pad_edge=False, header_style="dim")
    for column in table.columns[2:]:
        column.justify, column.no_wrap = "right", True
    table.columns[0].no_wrap = True
    for each in totals.largest:
        table.add_row(*_row(each))
    yield table


def _row(each: Effect) -> tuple[str, ...]:
    assert each.first is not None
    first = each.first
    return each.account, period_text(first.period, "en"), _money(first.before), _money(first.after), _signed(first.difference)


def _money(money: Money) -> str:
    return money_text(money, "en")


def _signed(money: Money) -> str:
    return f"+{_money(money)}" if money.minor > 0 else _money(money)
