"""Stories of limits: what is in use is respected, and what was committed to is paid (rules §6).

Pro is 249.00 a month with 5 representatives, each further one 49.00.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, ReportRepresentatives
from gateway.billing.errors import CommitmentRuns, LimitReached
from tests.billing.given import MONTH, NOW, PRO, account, catalog_of, refused
from tests.stories.paper import assert_bill


def test_a_team_shrinks_once_its_people_are_gone() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=8))
    package = acme.package.id
    fewer = ChangePackage(package_id=package, representatives=6, effective=NOW)
    acme.tell("2026-06-10T08:00", ReportRepresentatives(package_id=package, in_use=7))
    assert type(refused(acme.now("2026-06-10T09:00"), fewer)) is LimitReached

    acme.tell("2026-06-15T08:00", ReportRepresentatives(package_id=package, in_use=6))
    acme.tell("2026-06-15T09:00", fewer)
    june, _ = acme.cut()

    # Three beyond five for 15 days, one for 15: 49.00 × 45/30 = 73.50, × 60/30 = 98.00
    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-15", "249.00 × 15/30", "124.50"),
        ("pro +3", "2026-06-01 to 2026-06-15", "49.00 × 45/30", "73.50"),
        ("pro", "2026-06-16 to 2026-06-30", "249.00 × 30/30 − 249.00 × 15/30", "124.50"),
        ("pro +1", "2026-06-16 to 2026-06-30", "49.00 × 60/30 − 49.00 × 45/30", "24.50"),
        total="347.00",
    )


def test_a_commitment_of_three_months_is_paid_to_its_end_and_not_a_day_longer() -> None:
    (offer,) = PRO.offers
    committed = replace(offer, prices=tuple(replace(each, minimum_months=3 if each.interval is MONTH else 0) for each in offer.prices))
    acme = account(catalog=catalog_of(replace(PRO, offers=(committed,)))).tell("2026-06-16T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    assert type(refused(acme.now("2026-06-20T09:00"), CancelPackage(package_id=package, effective=NOW))) is CommitmentRuns
    acme.tell("2026-06-20T10:00", CancelPackage(package_id=package))  # at renewal: when June, July and August are over

    june, july, august, september = (acme.cut()[0] for _ in range(4))

    assert_bill(june, ("pro", "2026-06-16 to 2026-06-30", "249.00 × 15/30", "124.50"), total="124.50")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00"), total="249.00")
    assert_bill(august, ("pro", "2026-08-01 to 2026-08-31", "249.00 × 31/31", "249.00"), total="249.00")
    assert_bill(september, total="0.00")
