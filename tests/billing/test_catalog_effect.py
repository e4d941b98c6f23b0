"""The effect of a catalog on one account: nothing before its day, and the first period that differs wherever that is."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Catalog, Interval
from gateway.billing.catalog_difference import Reach, reach
from gateway.billing.catalog_effect import Effect, effect
from gateway.billing.commands import AddPackage, ChangePackage, SetOwnPrice
from gateway.billing.dates import Period
from gateway.billing.money import Money
from tests.billing.given import CATALOG, SOLO, Told, account, offer, on, plan

SEPTEMBER = date(2026, 9, 1)


def solo_from(day: date, month: str, year: str = "400") -> Catalog:
    """The catalog, in which Solo (40.00 a month, 400.00 a year) costs so much from a day on."""
    later = offer("solo", f"MONTH {month} TRY, YEAR {year} TRY", day)
    return replace(CATALOG, plans={**CATALOG.plans, "solo": plan("solo", *SOLO.offers, later)})


def moved(told: Told, after: Catalog) -> Effect:
    return effect(told.books, after, reach(CATALOG, after))


def test_a_monthly_price_acts_in_the_first_period_that_begins_with_it() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="solo"))

    found = moved(acme, solo_from(SEPTEMBER, "44"))

    assert found.first is not None
    assert found.first.period == Period(SEPTEMBER, date(2026, 10, 1))
    assert (found.first.before, found.first.after, found.first.difference) == (Money(4000, "TRY"), Money(4400, "TRY"), Money(400, "TRY"))
    assert (found.current.after, found.next.after) == (found.current.before, found.next.before) == (Money(2800, "TRY"), Money(4000, "TRY"))


def test_a_price_that_begins_within_a_period_waits_for_the_next_term() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="solo"))

    found = moved(acme, solo_from(date(2026, 7, 15), "44"))

    assert found.first is not None
    assert found.first.period.start == date(2026, 8, 1)


def test_who_enters_the_plan_within_the_running_period_pays_the_new_price_at_once() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="basic"))
    acme.tell("2026-06-11T09:00", ChangePackage(package_id=acme.package.id, plan="solo", representatives=1, effective=on("2026-06-21")))

    found = moved(acme, solo_from(date(2026, 6, 20), "46"))

    # ten of thirty days: 40.00 and 46.00 make 13.33 and 15.33
    assert found.first == found.current
    assert found.current.difference == Money(200, "TRY")
    assert found.next.difference == Money(600, "TRY")


def test_a_yearly_price_acts_at_the_renewal() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="solo", interval=Interval.YEAR))

    found = moved(acme, solo_from(SEPTEMBER, "40", "480"))

    assert found.first is not None
    assert found.first.period == Period(date(2027, 6, 1), date(2027, 7, 1))


def test_an_own_price_shields_from_the_lists() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="solo"))
    acme.tell("2026-06-10T10:00", SetOwnPrice(plan="solo", base="35.00", from_on=date(2026, 7, 1)))

    assert moved(acme, solo_from(SEPTEMBER, "44")).first is None


def test_who_holds_nothing_of_it_is_billed_once_and_does_not_change() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="basic"))

    found = moved(acme, solo_from(SEPTEMBER, "44"))

    assert found.first is None
    assert found.next.before == found.next.after == Money(9900, "TRY")


@pytest.mark.parametrize("plans", [None, frozenset({"solo"})])
def test_what_lies_beyond_the_horizon_is_not_looked_for(plans: frozenset[str] | None) -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="solo"))

    assert effect(acme.books, solo_from(date(2028, 8, 1), "44"), Reach(plans, date(2028, 8, 1))).first is None
    assert effect(acme.books, solo_from(date(2028, 7, 1), "44"), Reach(plans, date(2028, 7, 1))).first is not None
