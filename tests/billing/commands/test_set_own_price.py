"""setOwnPrice and endOwnPrice."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.billing.commands import AddPackage, EndOwnPrice, Right, SetOwnPrice
from gateway.billing.errors import DateOutOfRange, InvalidInput, NotFound, PlanNotAvailable, Refusal
from gateway.billing.own_price import OwnListing, OwnPrice
from tests.billing.given import MONTH, PRO, QUARTER, account, price, refused

MORNING = "2026-06-20T09:00"


def test_it_shows_with_its_dates_and_counts_from_today_for_good_when_nothing_is_said() -> None:
    told = account().tell(MORNING, SetOwnPrice(plan="pro", base="200", per_representative="39.90"))

    (own,) = told.books.own_prices
    rates = price("pro", MONTH, "200", "TRY", 5, "39.90")
    assert own == OwnPrice(
        id=own.id,
        plan="pro",
        interval=MONTH,
        base=rates.base,
        per_representative=rates.per_representative,
        from_on=date(2026, 6, 20),
        until_on=None,
    )
    assert own.id.startswith("prc_")


def test_a_preview_shows_from_which_day_and_by_how_much_it_moves_what_is_expected() -> None:
    told = account().tell("2026-06-20T08:00", AddPackage(plan="pro"))
    own = SetOwnPrice(plan="pro", base="200", from_on=date(2026, 7, 1))

    preview = told.preview(MORNING, own)
    told.tell(MORNING, own)

    assert (preview.effective_on, preview.difference.minor) == (date(2026, 7, 1), 0)
    assert str(told.books.next.expected.due.amount) == "200.00"
    assert told.package.price is not None and str(told.package.price.base.amount) == "249.00"  # locked for June


def test_set_on_the_day_the_package_was_taken_it_still_counts_for_that_day_on() -> None:
    told = account().tell("2026-06-20T08:00", AddPackage(plan="pro")).tell(MORNING, SetOwnPrice(plan="pro", base="150"))

    assert told.package.price == price("pro", MONTH, "150", "TRY", 5, "49")
    assert str(told.books.current.expected.due.amount) == "55.00"  # 150 × 11/30


def test_a_listing_for_the_account_is_at_its_own_price_and_leaves_the_other_prices_as_listed() -> None:
    told = account().tell(MORNING, SetOwnPrice(plan="pro", base="150"))

    listing = OwnListing(PRO, told.books.today, "TRY", told.books.prices.own)

    assert [str(each.base.amount) for each in listing.prices] == ["150.00", "690.00", "2490.00"]


def test_an_ended_price_is_listed_no_more_and_one_that_is_to_end_until_then() -> None:
    told = account().tell(MORNING, SetOwnPrice(plan="pro", base="150"))
    (own,) = told.books.own_prices
    told.tell("2026-06-20T10:00", EndOwnPrice(own_price_id=own.id, until_on=date(2026, 7, 1)))

    assert [each.until_on for each in told.books.own_prices] == [date(2026, 7, 1)]
    told.tell("2026-06-20T11:00", EndOwnPrice(own_price_id=own.id))
    assert told.books.own_prices == ()
    assert type(refused(told.now("2026-06-20T12:00"), EndOwnPrice(own_price_id=own.id))) is NotFound


def test_it_outlives_the_cut_of_a_period() -> None:
    told = account().tell(MORNING, SetOwnPrice(plan="pro", base="150"))
    before = told.books.own_prices
    told.cut()

    assert told.books.own_prices == before


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (SetOwnPrice(plan="none", base="1"), NotFound, "plan"),
        (SetOwnPrice(plan="sessions_100", base="1"), NotFound, "plan"),
        (SetOwnPrice(plan="solo", base="1", interval=QUARTER), PlanNotAvailable, "plan"),
        (SetOwnPrice(plan="foreign", base="1"), PlanNotAvailable, "plan"),
        (SetOwnPrice(plan="pro", base="-1"), InvalidInput, "base"),
        (SetOwnPrice(plan="pro", base=""), InvalidInput, "base"),
        (SetOwnPrice(plan="pro", base="1e3"), InvalidInput, "base"),
        (SetOwnPrice(plan="pro", base="1", per_representative="0.000000001"), InvalidInput, "perRepresentative"),
        (SetOwnPrice(plan="pro", base="1", from_on=date(2026, 6, 19)), DateOutOfRange, "fromOn"),
        (SetOwnPrice(plan="pro", base="1", from_on=date(2028, 6, 21)), DateOutOfRange, "fromOn"),
        (SetOwnPrice(plan="pro", base="1", until_on=date(2026, 6, 20)), DateOutOfRange, "untilOn"),
    ],
)
def test_it_refuses(command: SetOwnPrice, kind: type[Refusal], field: str) -> None:
    refusal = refused(account().now(MORNING), command)

    assert (type(refusal), refusal.field) == (kind, field)


def test_what_was_billed_keeps_its_price() -> None:
    told = account().tell(MORNING, SetOwnPrice(plan="pro", base="150"))
    (own,) = told.books.own_prices

    refusal = refused(told.now("2026-06-21T09:00"), EndOwnPrice(own_price_id=own.id, until_on=date(2026, 6, 20)))
    assert (type(refusal), refusal.field) == (DateOutOfRange, "untilOn")


def test_they_are_operators_commands_and_every_refusal_they_declare_is_tried_above() -> None:
    assert SetOwnPrice.right is EndOwnPrice.right is Right.OPERATE
    assert set(SetOwnPrice.refusals) == {NotFound, InvalidInput, DateOutOfRange, PlanNotAvailable}
    assert set(EndOwnPrice.refusals) == {NotFound, DateOutOfRange}
