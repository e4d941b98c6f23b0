"""The day ledger as a table for each item: the states of each day, which was billed, and why. Days that are alike share a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from gateway.billing.bill import Line
from gateway.billing.billed_day import BilledDay, DayState, Reason
from gateway.billing.dates import DAY, Period
from gateway.billing.money import Money
from gateway.billing.texts import in_language, say
from gateway.billing.timeline import State
from gateway.formats import days_text, money_text

from .month import NOT_BILLED, SO_FAR, TO_COME, label

_BILLED: Final = "▸"
_WIDE: Final = 100


def day_table(days: Mapping[str, tuple[BilledDay, ...]], currency: str, locale: str = "en", width: int = 100) -> RenderableType:
    """The days of a period by item. Items that were not there in it are left out; where it is narrow, the arithmetic is too."""
    had = [those for those in days.values() if any(day.states for day in those)]
    return Constrain(Group(*(part for those in had for part in ("", *_item(those, currency, locale, width >= _WIDE)))), width)


def line_table(lines: Sequence[Line], verbs: Mapping[int, str], locale: str = "en", width: int = 100) -> RenderableType:
    """What each line comes from: the rule by which days count, and the journal entries, `verbs` by their revision."""
    table = _table(say("Days", locale), say("For", locale), say("Convention", locale), say("Journal", locale))
    for line in lines:
        because = ", ".join(f"#{each} {verbs.get(each, '')}".rstrip() for each in line.because)
        table.add_row(Text(days_text(line.days, locale)), Text(line.description(locale)), Text(line.convention), Text(because))
    return Constrain(Group("", table), width) if lines else Group()


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(column, no_wrap=not place)
    return table


def _item(days: tuple[BilledDay, ...], currency: str, locale: str, wide: bool) -> Iterator[RenderableType]:
    yield Text(" → ".join(dict.fromkeys(_named(each, locale) for day in days for each in day.states)), "bold")
    table = _table(say("Days", locale), say("States", locale), *([say("Each day", locale)] if wide else []), say("Why", locale))
    table.columns[1].no_wrap = True
    table.add_column(say("Amount", locale), no_wrap=True, justify="right")
    for _, those in groupby(days, _alike):
        run = list(those)
        shares = [share for day in run for share in day.shares]
        amount = Money(sum(share.amount.minor for share in shares), currency)
        glyph = NOT_BILLED if not shares else TO_COME if run[0].expected else SO_FAR
        formula = [Text("\n".join(share.formula for share in run[0].shares) or "–")] if wide else []
        table.add_row(
            Text(f"{glyph} {days_text(Period(run[0].on, run[-1].on + DAY), locale)}"),
            Text("\n".join(_states(run[0], locale)) or "–"),
            *formula,
            Text(run[0].reason.text(locale)),
            Text(money_text(amount, locale) if shares else "–"),
            style="dim" if run[0].reason is Reason.NOT_ACTIVE else "",
        )
    yield table


def _alike(day: BilledDay) -> Any:
    """What a row shows, the days and the amount aside; a day that changes within itself stands alone."""
    whole = len(day.states) == 1 and _hours(day.states[0], day) == ""
    states = tuple((each.plan, each.representatives, each.interval) for each in day.states)
    shares = tuple(share.formula for share in day.shares)
    return day.reason, day.expected and bool(shares), states, shares, None if whole or not states else day.on


def _states(day: BilledDay, locale: str) -> Iterator[str]:
    for each in day.states:
        yield f"{_BILLED if each.billed else ' '} {_hours(each, day)}{_named(each, locale)}"


def _hours(state: DayState, day: BilledDay) -> str:
    """From when to when it lasted; nothing where that is the whole day."""
    if (state.since, state.until) == (day.since, day.until):
        return ""
    until = "24:00" if state.until == day.until else _clock(state.until, day.zone)
    return f"{_clock(state.since, day.zone)}–{until} "


def _clock(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def _named(state: DayState, locale: str) -> str:
    return label(in_language(state.names, locale), State(state.plan, state.representatives, state.interval), locale)
