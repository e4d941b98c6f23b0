"""`explain`: the running month of an account, or its next one, as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from gateway.billing.books import Books
from gateway.billing.dates import Period
from gateway.billing.texts import say
from gateway.billing.timeline import State
from gateway.server.month import Coming, label, month


def drawing(books: Books, period: Period | None = None, locale: str = "en", width: int = 100) -> RenderableType:
    """The running period of an account, or the next one; ValueError for any other, which books know nothing of."""
    forecast = books.current
    if period not in (None, forecast.period):
        forecast = books.next
        if period != forecast.period:
            raise ValueError(f"{period} is neither the running period nor the next")
    coming = tuple(change for change in _coming(books, locale) if change.on >= forecast.period.start)
    return month(books.account.name, forecast.expected, forecast.so_far, books.today, coming, locale=locale, width=width)


def _coming(books: Books, locale: str) -> Iterator[Coming]:
    """The scheduled changes by date, each told from the state it meets: an item has one at most (rules §6)."""
    held = {item.id: item.held for item in books.items}
    for change in books.scheduled:
        before = held[change.item].last
        after = change.apply(before)
        if before is not None and after is None:
            text = say("{plan} ends", locale, plan=_named(books, before, locale))
        elif before is not None and after is not None and held[change.item].state is not None:
            text = f"{_named(books, before, locale)} → {_named(books, after, locale)}"
        else:
            assert after is not None
            text = say("{plan} begins", locale, plan=_named(books, after, locale))
        yield Coming(change.on, text)


def _named(books: Books, state: State, locale: str) -> str:
    return label(books.catalog.plan(state.plan).name(locale), state, locale)
