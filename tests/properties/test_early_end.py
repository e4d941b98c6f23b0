"""Leaving longer terms early, over random histories: so far never runs ahead, and the days themselves cost what they always do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.catalog import Catalog, EarlyEnd
from gateway.billing.conventions import CONVENTIONS
from gateway.billing.early_end import OF_LEAVING
from gateway.billing.engine import Walk, walk
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, Scheduled, timeline
from tests.properties.histories import History, histories


def left_by(catalog: Catalog, early_end: EarlyEnd, convention: str = "USED_DAY") -> Catalog:
    """The catalog with longer terms that are left in this way."""
    plans = {
        code: replace(
            plan,
            offers=tuple(
                replace(offer, prices=tuple(replace(price, early_end=early_end) for price in offer.prices)) for offer in plan.offers
            ),
        )
        for code, plan in catalog.plans.items()
    }
    return replace(catalog, plans=plans, convention=convention)


class Engine:
    """One history, walked period by period over one of the catalogs."""

    def __init__(self, history: History, catalog: Catalog) -> None:
        self.history, self.catalog = history, catalog
        self.steps = timeline(history.moves, {}, history.calendar)

    def walk(self, opening: Opening, at: datetime | None = None) -> Walk:
        return walk(opening, self.steps, self.history.account, self.catalog, at)

    def walks(self, periods: int) -> list[Walk]:
        walks = [self.walk(Opening(self.history.first))]
        for _ in range(periods - 1):
            walks.append(self.walk(walks[-1].closing))
        return walks


WAYS = st.sampled_from([EarlyEnd.REPRICE, EarlyEnd.REST_OF_TERM])


@given(
    histories(),
    WAYS,
    st.sampled_from(list(CONVENTIONS)),
    st.integers(0, 8),
    st.lists(st.integers(0, 31 * 86_400), min_size=2, max_size=6).map(sorted),
)
def test_while_only_time_passes_so_far_never_falls_nor_runs_ahead(
    history: History, way: EarlyEnd, convention: str, periods: int, seconds: list[int]
) -> None:
    catalog = left_by(history.market.catalog, way, convention)
    opening = Engine(history, catalog).walks(periods)[-1].closing if periods else Opening(history.first)
    begins, last = history.calendar.instant(opening.on), history.calendar.instant(history.calendar.run(opening.on).end)
    instants = [min(begins + timedelta(seconds=each), last - timedelta(microseconds=1)) for each in seconds]
    # What was done after the first look is left out; what is scheduled still acts.
    known = tuple(move for move in history.moves if not isinstance(move, Change) or move.at <= instants[0])
    begun = {move.item for move in known if isinstance(move, Change)}
    moves = tuple(move for move in known if isinstance(move, Change | Scheduled) and move.item in begun)
    engine = Engine(replace(history, moves=moves), catalog)

    so_far = [engine.walk(opening, at).bill.subtotal.minor for at in instants]
    expected = engine.walk(opening).bill.subtotal.minor

    assert [*so_far, expected] == sorted([*so_far, expected])


@given(histories(), st.integers(1, 14))
def test_re_rating_only_adds_lines_and_each_is_above_zero(history: History, periods: int) -> None:
    none = Engine(history, history.market.catalog).walks(periods)
    reprice = Engine(history, left_by(history.market.catalog, EarlyEnd.REPRICE)).walks(periods)

    for plain, other in zip(none, reprice, strict=True):
        assert [line for line in other.bill.lines if line.part not in OF_LEAVING] == list(plain.bill.lines)
        assert all(line.amount.minor > 0 for line in other.bill.lines if line.part in OF_LEAVING)


@given(histories(), st.integers(1, 14))
def test_no_term_is_paid_for_more_than_once(history: History, periods: int) -> None:
    """However often a term is left and found again, what is billed at one state's price is at most its whole term."""
    for each in Engine(history, left_by(history.market.catalog, EarlyEnd.REST_OF_TERM)).walks(periods):
        for line in each.bill.lines:
            if line.part in ("base", "rest_of_term"):
                assert line.before <= line.after <= line.whole
