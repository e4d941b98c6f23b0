"""Stories of a change at once that meets a scheduled one: it stays, falls with a warning, is dropped, replaced or in the way (rules §6).

Pro is 249.00 a month with 5 representatives, each further one 49.00; Basic is 99.00 with 5, each further one 20.00.
Solo is 40.00 and has one representative.
"""

from __future__ import annotations

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage
from gateway.billing.errors import ScheduledConflict
from tests.billing.given import NOW, Told, account, on, refused
from tests.stories.paper import assert_bill


def with_scheduled(**change: object) -> Told:
    """Pro with one representative from 1 June on, and a change that waits for July."""
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=1))
    return acme.tell("2026-06-05T09:00", ChangePackage(package_id=acme.package.id, effective=on("2026-07-01"), **change))  # type: ignore[arg-type]


def test_it_stays_and_applies_to_what_stands_by_then() -> None:
    acme = with_scheduled(representatives=7)
    acme.tell("2026-06-16T09:00", ChangePackage(package_id=acme.package.id, plan="basic", effective=NOW))
    june, july = acme.cut()[0], acme.cut()[0]

    # The 16th saw Pro: 249.00 × 16/30 = 132.80; 99.00 × 14/30 = 46.20
    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-16", "249.00 × 16/30", "132.80"),
        ("basic", "2026-06-17 to 2026-06-30", "99.00 × 14/30", "46.20"),
        total="179.00",
    )
    # Basic, with the seven that were scheduled while it was Pro
    assert_bill(
        july,
        ("basic", "2026-07-01 to 2026-07-31", "99.00 × 31/31", "99.00"),
        ("basic +2", "2026-07-01 to 2026-07-31", "20.00 × 62/31", "40.00"),
        total="139.00",
    )


def test_it_falls_with_a_warning_when_it_would_change_nothing_any_more() -> None:
    acme = with_scheduled(plan="basic")
    change = ChangePackage(package_id=acme.package.id, plan="basic", effective=NOW)

    (warning,) = acme.preview("2026-06-16T09:00", change).warnings
    acme.tell("2026-06-16T09:00", change)

    assert warning.code == "SCHEDULED_DROPPED"
    assert acme.books.scheduled == ()


@pytest.mark.parametrize("dropped", [False, True])
def test_what_would_no_longer_be_possible_is_in_the_way_until_it_is_dropped_by_name(dropped: bool) -> None:
    acme = with_scheduled(plan="solo")
    package, scheduled = acme.package.id, acme.scheduled_id
    more = ChangePackage(package_id=package, representatives=6)  # Solo has room for one

    if not dropped:
        refusal = refused(acme.now("2026-06-16T09:00"), more)
        assert isinstance(refusal, ScheduledConflict)
        assert (refusal.scheduled_id, refusal.field) == (scheduled, "dropScheduled")
        assert [change.id for change in acme.books.scheduled] == [scheduled]
        return
    acme.tell("2026-06-16T09:00", ChangePackage(package_id=package, representatives=6, drop_scheduled=(scheduled,)))
    acme.cut()

    assert_bill(
        acme.cut()[0],
        ("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00"),
        ("pro +1", "2026-07-01 to 2026-07-31", "49.00 × 31/31", "49.00"),
        total="298.00",
    )


def test_a_second_one_takes_the_place_of_the_first_only_when_that_is_said() -> None:
    acme = with_scheduled(plan="basic")
    package = acme.package.id
    later = ChangePackage(package_id=package, plan="basic", representatives=6, effective=on("2026-07-17"))

    refusal = refused(acme.now("2026-06-16T09:00"), later)
    assert (type(refusal), refusal.field) == (ScheduledConflict, "replaceScheduled")

    replacing = ChangePackage(package_id=package, plan="basic", representatives=6, effective=on("2026-07-17"), replace_scheduled=True)
    acme.tell("2026-06-16T09:00", replacing)
    acme.cut()
    # Pro for 16 days: 249.00 × 16/31 = 128.516…; Basic with six for 15: 99.00 × 15/31 = 47.903…, 20.00 × 15/31 = 9.677…
    assert_bill(
        acme.cut()[0],
        ("pro", "2026-07-01 to 2026-07-16", "249.00 × 16/31", "128.52"),
        ("basic", "2026-07-17 to 2026-07-31", "99.00 × 15/31", "47.90"),
        ("basic +1", "2026-07-17 to 2026-07-31", "20.00 × 15/31", "9.68"),
        total="186.10",
    )


def test_an_end_at_once_does_not_lose_what_was_scheduled_unless_it_is_dropped_by_name() -> None:
    acme = with_scheduled(plan="basic")
    package, scheduled = acme.package.id, acme.scheduled_id

    assert type(refused(acme.now("2026-06-16T09:00"), CancelPackage(package_id=package, effective=NOW))) is ScheduledConflict
    acme.tell("2026-06-16T09:00", CancelPackage(package_id=package, effective=NOW, drop_scheduled=(scheduled,)))

    assert_bill(acme.cut()[0], ("pro", "2026-06-01 to 2026-06-16", "249.00 × 16/30", "132.80"), total="132.80")
    assert acme.cut()[1] is None
