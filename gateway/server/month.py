"""A month as a picture, and the arithmetic behind each of its amounts.

Days so far, days to come and days not billed have glyphs of their own, so that the picture can be read without
colour too; colours tell plans apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from gateway.billing.bill import Bill, Line
from gateway.billing.catalog import Interval
from gateway.billing.dates import Period
from gateway.billing.early_end import EARLY_END
from gateway.billing.money import Money
from gateway.billing.texts import in_language, say
from gateway.billing.timeline import State
from gateway.formats import date_text, days_text, money_text, period_text

SO_FAR: Final = "█"
TO_COME: Final = "░"
NOT_BILLED: Final = "·"
_TODAY: Final = "▼"
_SCHEDULED: Final = "◆"
_COLOURS: Final = ("cyan", "magenta", "green", "yellow", "blue", "red")
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Coming:
    """A scheduled change in words, and the day it acts."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One state of one item: its lines, and on which days it is billed."""

    label: str
    plan: str
    amount: Money
    days: frozenset[date]
    so_far: frozenset[date]

    def glyph(self, day: date) -> str:
        """How a day is drawn."""
        return SO_FAR if day in self.so_far else TO_COME if day in self.days else NOT_BILLED


def month(
    name: str,
    expected: Bill,
    so_far: Bill | None = None,
    today: date | None = None,
    coming: tuple[Coming, ...] = (),
    *,
    locale: str = "en",
    width: int = 100,
) -> RenderableType:
    """A bill as a picture; without `so_far` it is final. `today` and the days of `coming` are marked where they lie within."""
    period = expected.period
    cut_off = say("cut-off {on}", locale, on=date_text(period.end, locale))
    parts: list[RenderableType] = [
        Text("".join(each if each.isprintable() else "�" for each in name), "bold"),
        Text(f"{period_text(period, locale)} · {cut_off} · {expected.currency}", "dim"),
        "",
    ]
    if not expected.lines:
        parts.append(Text(say("Nothing is billed in this period.", locale)))
    else:
        parts += [_picture(expected, so_far, today, coming, locale, width), "", _legend(expected, so_far, today, coming, locale)]
    if coming:
        parts += ["", _changes(coming, locale)]
    if expected.lines:
        parts += ["", _lines(expected, locale, width)]
    return Constrain(Group(*parts), width)


def _picture(expected: Bill, so_far: Bill | None, today: date | None, coming: tuple[Coming, ...], locale: str, width: int) -> Table:
    """A ruler of days, a bar for each row, and the totals."""
    period = expected.period
    rows = list(_rows(expected, so_far or expected, locale))
    totals = list(_totals(expected, so_far, today, locale))
    amounts = max(cell_len(money_text(money, locale)) for money in (*(row.amount for row in rows), *(money for _, _, money in totals)))
    labels = max(cell_len(text) for text in (*(row.label for row in rows), *(text for text, _, _ in totals)))
    room = width - amounts - 2 * _GAP
    scale = 2 if labels + 2 * len(period) <= room else 1
    colours = {plan: _COLOURS[n % len(_COLOURS)] for n, plan in enumerate(dict.fromkeys(row.plan for row in rows))}

    picture = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    picture.add_column(max_width=max(8, room - scale * len(period)))
    picture.add_column(no_wrap=True, min_width=scale * len(period))
    picture.add_column(no_wrap=True, justify="right", min_width=amounts)
    picture.add_row("", Text(_ruler(period, scale), "dim"))
    marks = {each.on: _SCHEDULED for each in coming} | ({today: _TODAY} if today else {})
    if any(day in period for day in marks):
        picture.add_row("", Text("".join(marks.get(day, " ").ljust(scale) for day in _days(period)), "bold"))
    for row in rows:
        bar = Text()
        for glyph, days in groupby(map(row.glyph, _days(period))):
            bar.append(glyph * scale * len(list(days)), "dim" if glyph == NOT_BILLED else colours[row.plan])
        picture.add_row(Text(row.label), bar, Text(money_text(row.amount, locale)))
    picture.add_row()
    for text, remark, money in totals:
        picture.add_row(Text(text, "bold"), Text(remark, "dim"), Text(money_text(money, locale), "bold"))
    return picture


def _rows(expected: Bill, so_far: Bill, locale: str) -> Iterator[_Row]:
    """A row per item and state, an item's own rows beneath each other."""
    items: dict[str, dict[State, list[Line]]] = {}
    for line in expected.lines:
        items.setdefault(line.item, {}).setdefault(_state(line), []).append(line)
    for item, states in items.items():
        for n, (state, lines) in enumerate(states.items()):
            name = label(in_language(lines[0].names, locale), state, locale)
            billed = [line for line in so_far.lines if line.item == item and _state(line) == state]
            amount = Money(sum(line.amount.minor for line in lines), expected.currency)
            yield _Row(f"└ {name}" if n else name, state.plan, amount, _within(lines), _within(billed))


def _state(line: Line) -> State:
    return State(line.plan, line.representatives, line.interval)


def label(name: str, state: State, locale: str) -> str:
    """A plan's name, with what is not to be taken for granted: more than one representative, another term than a month."""
    parts = [name]
    if state.quantity > 1:
        parts.append(say("{quantity} representatives", locale, quantity=state.quantity))
    if state.interval is Interval.YEAR:
        parts.append(say("yearly", locale))
    if state.interval is Interval.QUARTER:
        parts.append(say("quarterly", locale))
    return " · ".join(parts)


def _within(lines: list[Line]) -> frozenset[date]:
    # A term that was left early is re-rated over days that were billed, or were not, by lines of their own.
    return frozenset(day for line in lines if line.part != EARLY_END for day in _days(line.days))


def _days(period: Period) -> Iterator[date]:
    return (period.start + timedelta(days=n) for n in range(len(period)))


def _totals(expected: Bill, so_far: Bill | None, today: date | None, locale: str) -> Iterator[tuple[str, str, Money]]:
    """Label, remark and amount of each total; the tax, and what credit pays of it, stand above."""
    for tax in expected.taxes:
        yield in_language(tax.names, locale), "", tax.amount
    if expected.credited:
        yield say("Account credit", locale), "", -expected.credit
    if so_far is None:
        yield say("Total", locale), "", expected.due
        return
    if today is not None and today in expected.period:
        nth, days = (today - expected.period.start).days + 1, len(expected.period)
        yield say("So far", locale), say("day {nth} of {days}", locale, nth=nth, days=days), so_far.due
    yield say("Expected", locale), "", expected.due


def _ruler(period: Period, scale: int) -> str:
    """The number of the first day of the period and of a month, and of every fifth; its last digit stands over the day."""
    ruler = ""
    for n, day in enumerate(_days(period)):
        number = str(day.day)
        begins = max(0, n * scale - (len(number) > scale))
        if (n == 0 or day.day == 1 or day.day % 5 == 0) and (not ruler or len(ruler) < begins):
            ruler = ruler.ljust(begins) + number
    return ruler


def _legend(expected: Bill, so_far: Bill | None, today: date | None, coming: tuple[Coming, ...], locale: str) -> Text:
    """What the glyphs mean: those that such a picture can have."""
    period = expected.period
    running = today is not None and today in period
    entries = []
    if so_far is None:
        entries.append((SO_FAR, say("billed", locale)))
    elif running:
        entries.append((SO_FAR, say("so far", locale)))
    if so_far is not None:
        entries.append((TO_COME, say("expected", locale)))
    entries.append((NOT_BILLED, say("not billed", locale)))
    if running:
        entries.append((_TODAY, say("today", locale)))
    if any(each.on in period for each in coming):
        entries.append((_SCHEDULED, say("scheduled", locale)))
    return Text("   ".join(f"{glyph} {meaning}" for glyph, meaning in entries), "dim")


def _changes(coming: tuple[Coming, ...], locale: str) -> Table:
    """What is going to change, and when."""
    changes = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    for each in coming:
        changes.add_row(Text.assemble((f"{_SCHEDULED} ", "bold"), date_text(each.on, locale)), Text(each.text))
    return changes


def _lines(bill: Bill, locale: str, width: int) -> Table:
    """Every line and every discount with the arithmetic behind its amount; where it is narrow, a difference stands on two rows."""
    lines = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")
    lines.add_column(say("Days", locale), no_wrap=True)
    lines.add_column(say("For", locale))
    lines.add_column(say("Calculation", locale))
    lines.add_column(say("Amount", locale), no_wrap=True, justify="right")
    for line in bill.lines:
        lines.add_row(
            Text(days_text(line.days, locale)),
            Text(line.description(locale)),
            Text(line.formula if width >= 100 else line.formula.replace(" − ", "\n− ")),
            Text(money_text(line.amount, locale)),
        )
    for each in bill.deductions:
        name = in_language(each.names, locale)
        lines.add_row("", Text(f"{name} ({each.code})" if each.code else name), Text(each.formula), Text(money_text(-each.amount, locale)))
    return lines
