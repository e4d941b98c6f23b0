"""Quotes: which figures they promise, which they do not, and for what they are good."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.billing.bill import Bill, Deduction, TaxLine
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, GrantCredit, OpenAccount
from gateway.billing.credit import CreditReason
from gateway.billing.dates import TICK, Period
from gateway.billing.errors import InvalidQuote, QuoteChanged, QuoteExpired
from gateway.billing.money import Money
from gateway.billing.quote import Quote, as_quoted, asked, contractual

from .given import Told, account

PRO = AddPackage(plan="pro")


def quote(told: Told, when: str, command: AddPackage | ChangePackage | CancelPackage, seed: bytes = b"1") -> Quote:
    before = replace(told.now(when), seed=seed)
    return Quote(command(before), command, before.now)


def lira(minor: int) -> Money:
    return Money(minor, "TRY")


def test_figures_are_the_same_whatever_ids_are_drawn_and_whenever_on_the_day_it_is_asked() -> None:
    told = account()

    one, other = quote(told, "2026-06-10T09:00", PRO, b"1"), quote(told, "2026-06-10T17:00", PRO, b"2")

    assert one.books.packages[0].id != other.books.packages[0].id
    assert one.promise.figures == other.promise.figures
    assert one.promise.effective_at != other.promise.effective_at


def test_figures_differ_as_soon_as_a_cent_does() -> None:
    told = account()

    assert quote(told, "2026-06-10T09:00", PRO).promise.figures != quote(told, "2026-06-11T09:00", PRO).promise.figures


def test_figures_of_the_next_period_count_too() -> None:
    told = account().tell("2026-06-01T09:00", PRO)
    end = CancelPackage(package_id=told.package.id)
    kept, ended = (
        quote(told, "2026-06-10T09:00", ChangePackage(package_id=told.package.id, representatives=5)),
        quote(told, "2026-06-10T09:00", end),
    )

    assert kept.current.gross == ended.current.gross == lira(24900)
    assert kept.promise.figures != ended.promise.figures


BILL = Bill(Period(date(2026, 6, 1), date(2026, 7, 1)), "TRY", ())
DEDUCTION = Deduction(redemption="red_1", code="SPRING", names={"en": "Spring"}, amount=lira(100), shares=(100,))
TAX = TaxLine(category="S", names={"en": "VAT"}, percent=20_000_000, base=lira(900), amount=lira(180))


@pytest.mark.parametrize(
    "moved",
    [
        replace(BILL, period=Period(date(2026, 7, 1), date(2026, 8, 1))),
        replace(BILL, currency="EUR"),
        replace(BILL, deductions=(DEDUCTION,)),
        replace(BILL, deductions=(replace(DEDUCTION, amount=lira(99)),)),
        replace(BILL, taxes=(TAX,)),
        replace(BILL, taxes=(replace(TAX, percent=10_000_000),)),
        replace(BILL, taxes=(replace(TAX, amount=lira(181)),)),
    ],
)
def test_discounts_and_taxes_are_promised(moved: Bill) -> None:
    others = [BILL, replace(BILL, deductions=(DEDUCTION,)), replace(BILL, taxes=(TAX,))]

    assert all(contractual(moved) != contractual(each) for each in others if each != moved)


def test_credit_names_and_the_ids_of_redemptions_are_not() -> None:
    bill = replace(BILL, deductions=(DEDUCTION,), taxes=(TAX,))
    other = replace(
        bill,
        credited=500,
        deductions=(replace(DEDUCTION, redemption="red_2", names={"en": "Early spring"}, shares=(60, 40)),),
        taxes=(replace(TAX, names={"en": "Value added tax"}),),
    )

    assert contractual(bill) == contractual(other)


def test_figures_do_not_depend_on_which_days_are_billed_or_in_how_many_lines() -> None:
    told = account().tell("2026-06-01T09:00", PRO)
    again = account().tell("2026-06-01T09:00", PRO)
    again.tell("2026-06-05T09:00", ChangePackage(package_id=again.package.id, representatives=9))
    again.tell("2026-06-05T10:00", ChangePackage(package_id=again.package.id, representatives=9))

    seats = [ChangePackage(package_id=each.package.id, representatives=9) for each in (told, again)]
    assert contractual(quote(again, "2026-06-07T09:00", seats[1]).current)["parts"] == {
        "pro MONTH base": 24900,
        "pro MONTH representatives": 16987,  # 49 × 4 × 26/30
    }
    assert contractual(quote(told, "2026-06-05T12:00", seats[0]).current) == contractual(quote(again, "2026-06-07T09:00", seats[1]).current)


def test_a_request_is_its_verb_and_every_field_but_personal_ones() -> None:
    change = ChangePackage(package_id="pkg_1", plan="pro")
    opening = OpenAccount(name="Acme", currency="TRY", time_zone="UTC")

    assert len({asked(change), asked(replace(change, representatives=5)), asked(CancelPackage(package_id="pkg_1"))}) == 3
    assert asked(opening) == asked(replace(opening, name="Somebody else"))


@pytest.mark.parametrize(
    ("when", "expires"),
    [
        ("2026-06-10T09:00:00.9", datetime(2026, 6, 10, 6, 10, tzinfo=UTC)),
        ("2026-06-30T23:49:59", datetime(2026, 6, 30, 20, 59, 59, tzinfo=UTC)),
        ("2026-06-30T23:59:59", datetime(2026, 6, 30, 21, tzinfo=UTC)),
    ],
)
def test_a_quote_holds_for_ten_minutes_or_until_the_cut_off(when: str, expires: datetime) -> None:
    told = account()

    promise = quote(told, when, PRO).promise

    assert promise.expires_at == expires
    promise.check("acc_1", PRO, expires - timedelta(microseconds=1))
    with pytest.raises(QuoteExpired):
        promise.check("acc_1", PRO, expires)


def test_a_quote_is_good_for_its_account_and_its_request() -> None:
    promise = quote(account(), "2026-06-10T09:00", PRO).promise

    for account_id, command in (("acc_2", PRO), ("acc_1", AddPackage(plan="basic"))):
        with pytest.raises(InvalidQuote):
            promise.check(account_id, command, promise.effective_at)


def test_what_comes_to_nothing_is_not_among_the_figures() -> None:
    bill = quote(account(), "2026-06-10T09:00", PRO).current
    (line,) = bill.lines
    empty = Deduction(redemption="r", code="NOTHING", names={"en": "x"}, amount=lira(0), shares=(0, 0))

    more = replace(bill, lines=(line, line._replace(plan="basic", before=0, after=0)), deductions=(empty,))

    assert contractual(more) == contractual(bill)


def test_a_quote_is_taken_up_at_its_own_instant_or_just_after_the_newest_fact() -> None:
    told = account()
    promise = quote(told, "2026-06-10T09:00", PRO).promise
    later = told.now("2026-06-10T09:05")
    meanwhile = told.tell("2026-06-10T09:02", GrantCredit(amount=Decimal("5"), reason=CreditReason.GOODWILL, text="Thanks")).now(
        "2026-06-10T09:05"
    )

    assert as_quoted(PRO, later, promise, later.now).now == promise.effective_at
    assert as_quoted(PRO, meanwhile, promise, later.now).now == meanwhile.account.last_at + TICK


def test_a_quote_that_no_longer_holds_is_refused_with_the_one_that_does() -> None:
    told = account()
    promise = quote(told, "2026-06-10T09:00", PRO).promise
    dearer = replace(PRO, representatives=6)
    later = told.now("2026-06-10T09:05")

    with pytest.raises(QuoteChanged) as changed:
        as_quoted(PRO, later, replace(promise, figures=quote(told, "2026-06-10T09:00", dearer).promise.figures), later.now)
    fresh = changed.value.quote
    assert fresh.promise.figures == promise.figures
    assert fresh.effective_at == later.now


def test_a_quote_for_something_else_or_that_could_not_be_read_is_not_taken_up() -> None:
    told = account()
    promise = quote(told, "2026-06-10T09:00", PRO).promise
    later = told.now("2026-06-10T09:05")

    unreadable = InvalidQuote("It cannot be read.", "quote")

    with pytest.raises(InvalidQuote) as refusal:
        as_quoted(PRO, later, unreadable, later.now)
    assert refusal.value is unreadable
    with pytest.raises(InvalidQuote):
        as_quoted(PRO, later, replace(promise, account_id="acc_2"), later.now)
    with pytest.raises(QuoteExpired):
        as_quoted(PRO, later, promise, promise.expires_at)
