"""Stories of trials: days had for nothing, and the first day that is billed (rules §5).

Pro is 249.00 a month with 5 representatives, each further one 49.00; Basic is 99.00 with 5. An add-on is 50.00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Catalog
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    EndTrial,
    GrantTrial,
    ReactivatePackage,
    ReportRepresentatives,
)
from gateway.billing.errors import LimitReached
from gateway.billing.forecast import Expectation
from tests.billing.given import BASIC, NOW, PRO, WHATSAPP, YEAR, account, catalog_of, on, refused
from tests.stories.paper import assert_bill


def trying(days: int) -> Catalog:
    """The usual plans; Pro begins with a trial of so many days."""
    return catalog_of(BASIC, replace(PRO, offers=(replace(PRO.offers[0], trial_days=days),)), WHATSAPP)


# --- trials that are granted ---------------------------------------------------------------------------------


def test_a_granted_trial_ends_by_its_date_and_the_package_is_billed_from_that_day() -> None:
    acme = account().tell("2026-06-01T08:30", GrantTrial(plan="pro", until_on=date(2026, 6, 16)))
    acme.tell("2026-06-03T09:00", AddPackage(plan="pro", representatives=6))

    assert acme.package.trial_ends_on == date(2026, 6, 16)
    assert acme.now("2026-06-15T23:59").current.so_far.lines == ()
    june, july = acme.cut()[0], acme.cut()[0]

    # 15 days from the 16th: 249.00 × 15/30 = 124.50, 49.00 × 15/30 = 24.50
    assert_bill(
        june,
        ("pro", "2026-06-16 to 2026-06-30", "249.00 × 15/30", "124.50"),
        ("pro +1", "2026-06-16 to 2026-06-30", "49.00 × 15/30", "24.50"),
        total="149.00",
    )
    assert str(july.due.amount) == "298.00"
    assert acme.package.trial_ends_on is None


def test_what_was_billed_before_the_trial_stays_billed() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-11T09:00", GrantTrial(item_id=acme.package.id, until_on=date(2026, 6, 21)))

    june, _ = acme.cut()

    # Ten days before and ten after: 249.00 × 10/30 = 83.00, × 20/30 = 166.00
    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-10", "249.00 × 10/30", "83.00"),
        ("pro", "2026-06-21 to 2026-06-30", "249.00 × 20/30 − 249.00 × 10/30", "83.00"),
        total="166.00",
    )


def test_a_trial_goes_on_over_a_cut_and_two_that_touch_are_one() -> None:
    acme = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp"))
    acme.tell("2026-06-10T10:00", GrantTrial(plan="whatsapp", until_on=date(2026, 7, 5)))
    acme.tell("2026-06-20T10:00", GrantTrial(plan="whatsapp", until_on=date(2026, 7, 17)))  # extended

    (add_on,) = acme.books.add_ons
    assert add_on.trial_ends_on == date(2026, 7, 17)
    june, draft = acme.cut()
    july, _ = acme.cut()

    assert (june.lines, draft) == ((), None)
    # 17 to 31 July: 50.00 × 15/31 = 24.19
    assert_bill(july, ("whatsapp", "2026-07-17 to 2026-07-31", "50.00 × 15/31", "24.19"), total="24.19")


def test_a_trial_that_is_ended_bills_from_the_next_day() -> None:
    acme = account().tell("2026-06-01T08:30", GrantTrial(plan="pro", until_on=date(2026, 6, 30)))
    acme.tell("2026-06-01T09:00", AddPackage(plan="pro"))
    (trial,) = acme.books.trials
    acme.tell("2026-06-20T09:00", EndTrial(trial_id=trial.id))

    june, _ = acme.cut()

    assert_bill(june, ("pro", "2026-06-21 to 2026-06-30", "249.00 × 10/30", "83.00"), total="83.00")


def test_of_a_yearly_price_the_free_days_are_missing_from_the_year() -> None:
    acme = account().tell("2026-06-01T08:30", GrantTrial(plan="pro", until_on=date(2026, 6, 11)))
    acme.tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))

    june, july = acme.cut()[0], acme.cut()[0]

    # 2490.00 × 20/365 = 136.438…, × 51/365 = 347.917…, less the 136.44
    assert_bill(june, ("pro", "2026-06-11 to 2026-06-30", "2490.00 × 20/365", "136.44"), total="136.44")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "2490.00 × 51/365 − 2490.00 × 20/365", "211.48"), total="211.48")


def test_a_day_that_saw_a_free_state_and_a_priced_one_is_billed_at_the_priced_one() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="basic"))
    acme.tell("2026-06-01T10:00", GrantTrial(plan="pro", until_on=date(2026, 7, 1)))
    acme.tell("2026-06-10T12:00", ChangePackage(package_id=acme.package.id, plan="pro"))

    june, _ = acme.cut()

    # The 10th saw Basic, which is dearer than nothing: 99.00 × 10/30
    assert_bill(june, ("basic", "2026-06-01 to 2026-06-10", "99.00 × 10/30", "33.00"), total="33.00")


def test_limits_hold_in_a_trial() -> None:
    acme = account().tell("2026-06-01T08:30", GrantTrial(plan="pro", until_on=date(2026, 7, 1)))
    acme.tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=8))
    package = acme.package.id
    acme.tell("2026-06-02T09:00", ReportRepresentatives(package_id=package, in_use=7))

    fewer, more = ChangePackage(package_id=package, representatives=6), ChangePackage(package_id=package, representatives=51)
    assert [type(refused(acme.now("2026-06-03T09:00"), each)) for each in (fewer, more)] == [LimitReached] * 2


# --- cancelling in a trial -----------------------------------------------------------------------------------


@pytest.mark.parametrize("effective", [None, NOW])
def test_a_package_cancelled_in_its_trial_owes_nothing(effective: object) -> None:
    acme = account(catalog=trying(14)).tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-20T09:00", CancelPackage(package_id=acme.package.id, effective=effective))  # type: ignore[arg-type]

    june, draft = acme.cut()

    assert (june.lines, draft) == ((), None)


def test_unless_said_otherwise_it_ends_when_the_trial_does_be_the_renewal_sooner_or_later() -> None:
    early = account(catalog=trying(14)).tell("2026-06-10T09:00", AddPackage(plan="pro"))
    late = account(catalog=trying(14)).tell("2026-06-20T09:00", AddPackage(plan="pro"))

    assert early.preview("2026-06-11T09:00", CancelPackage(package_id=early.package.id)).effective_on == date(2026, 6, 24)
    assert late.preview("2026-06-21T09:00", CancelPackage(package_id=late.package.id)).effective_on == date(2026, 7, 4)


# --- trials that come with a plan ----------------------------------------------------------------------------


def test_a_plan_taken_for_the_first_time_is_free_for_its_trial_days_and_says_so() -> None:
    acme = account(catalog=trying(14))
    take = AddPackage(plan="pro")

    (warning,) = acme.preview("2026-06-10T09:00", take).warnings
    acme.tell("2026-06-10T09:00", take)
    june, _ = acme.cut()

    assert (warning.code, warning.params) == ("TRIAL", {"plan": "pro", "on": "2026-06-24"})
    # 10 June and 13 days more are free; 24 to 30 June: 249.00 × 7/30 = 58.10
    assert_bill(june, ("pro", "2026-06-24 to 2026-06-30", "249.00 × 7/30", "58.10"), total="58.10")


def test_a_trial_comes_once_per_account_and_plan() -> None:
    acme = account(catalog=trying(14)).tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-05T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-06-10T09:00", AddPackage(plan="pro"))  # a package of its own, on the same plan
    june, draft = acme.cut()
    acme.tell("2026-07-02T09:00", AddPackage(plan="pro"))

    # The first one's trial is the first one's; the second is billed for its 21 days: 249.00 × 21/30 = 174.30
    assert_bill(june, ("pro", "2026-06-10 to 2026-06-30", "249.00 × 21/30", "174.30"), total="174.30")
    assert draft is not None
    assert [item.trial_ends_on for item in acme.books.packages] == [None] * 3


def test_coming_back_within_the_trial_finds_the_rest_of_it() -> None:
    acme = account(catalog=trying(14)).tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-05T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-06-10T09:00", ReactivatePackage(package_id=acme.package.id))

    assert acme.package.trial_ends_on == date(2026, 6, 15)
    # 15 to 30 June: 249.00 × 16/30 = 132.80
    assert_bill(acme.cut()[0], ("pro", "2026-06-15 to 2026-06-30", "249.00 × 16/30", "132.80"), total="132.80")


def test_a_plan_that_was_had_before_trials_came_has_none() -> None:
    offer = PRO.offers[0]
    later = replace(PRO, offers=(offer, replace(offer, from_on=date(2026, 7, 1), trial_days=14)))
    acme = account(catalog=catalog_of(BASIC, later)).tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-05T09:00", ChangePackage(package_id=acme.package.id, plan="basic", effective=NOW))
    acme.cut()
    acme.tell("2026-07-05T09:00", ChangePackage(package_id=acme.package.id, plan="pro"))

    assert acme.package.trial_ends_on is None


def test_a_scheduled_start_begins_its_trial_on_its_day_and_one_that_is_cut_late_is_billed_the_same() -> None:
    acme = account(catalog=trying(7)).tell("2026-06-01T09:00", AddPackage(plan="pro", effective=on("2026-06-28")))

    assert acme.now("2026-06-28T00:00").trials[0].until_on == date(2026, 7, 5)
    june, july = acme.cut("2026-08-15T09:00")[0], acme.cut("2026-08-15T10:00")[0]

    assert june.lines == ()
    # 5 to 31 July: 249.00 × 27/31 = 216.87
    assert_bill(july, ("pro", "2026-07-05 to 2026-07-31", "249.00 × 27/31", "216.87"), total="216.87")


def test_a_trial_that_came_with_the_plan_can_be_ended() -> None:
    acme = account(catalog=trying(14)).tell("2026-06-10T09:00", AddPackage(plan="pro"))
    (trial,) = acme.books.trials
    acme.tell("2026-06-20T09:00", EndTrial(trial_id=trial.id, until_on=date(2026, 6, 21)))
    june, july = acme.cut()[0], acme.cut()[0]

    assert (str(june.due.amount), str(july.due.amount)) == ("83.00", "249.00")  # 249.00 × 10/30


def test_while_everything_is_free_no_invoice_is_expected() -> None:
    acme = account(catalog=trying(30)).tell("2026-06-10T09:00", AddPackage(plan="pro"))

    assert acme.books.current.status is Expectation.NOTHING_DUE
    assert acme.books.next.status is Expectation.EXPECTED
