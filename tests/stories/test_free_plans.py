"""Stories of plans that cost nothing, or whose representatives alone cost something.

Free is 0.00 a month with 1 representative; Seats is 0.00 with 1, each further one 10.00; Pro is 249.00 with 5.
"""

from __future__ import annotations

from datetime import date

from gateway.billing.commands import AddPackage, ChangePackage
from gateway.billing.forecast import Expectation
from tests.billing.given import NOW, PRO, account, catalog_of, offer, plan
from tests.stories.paper import assert_bill

FREE = plan("free", offer("free", "MONTH 0 TRY"))
SEATS = plan("seats", offer("seats", "MONTH 0 TRY +10", maximum=9))
CATALOG = catalog_of(FREE, SEATS, PRO)


def test_a_free_plan_brings_no_line_no_invoice_and_no_expectation_of_one() -> None:
    acme = account(catalog=CATALOG).tell("2026-06-01T09:00", AddPackage(plan="free"))

    assert (acme.books.current.status, acme.books.next.status) == (Expectation.NOTHING_DUE, Expectation.NOTHING_DUE)
    june, draft = acme.cut()

    assert_bill(june, total="0.00")
    assert draft is None
    assert (acme.package.plan.code, acme.package.renews_on) == ("free", date(2026, 8, 1))


def test_representatives_of_a_free_base_are_billed_alone() -> None:
    acme = account(catalog=CATALOG).tell("2026-06-01T09:00", AddPackage(plan="seats", representatives=3))

    june, draft = acme.cut()

    assert_bill(june, ("seats +2", "2026-06-01 to 2026-06-30", "10.00 × 60/30", "20.00"), total="20.00")
    assert draft is not None


def test_from_free_to_paid_at_once_and_back_at_renewal() -> None:
    acme = account(catalog=CATALOG).tell("2026-06-01T09:00", AddPackage(plan="free"))
    package = acme.package.id
    acme.tell("2026-06-16T09:00", ChangePackage(package_id=package, plan="pro", representatives=5))
    acme.tell("2026-06-17T09:00", ChangePackage(package_id=package, plan="free", representatives=1))

    june, _ = acme.cut()
    july, draft = acme.cut()

    # The 16th saw Pro: 249.00 × 15/30
    assert_bill(june, ("pro", "2026-06-16 to 2026-06-30", "249.00 × 15/30", "124.50"), total="124.50")
    assert_bill(july, total="0.00")
    assert draft is None


def test_an_afternoon_on_a_paid_plan_owes_its_day() -> None:
    acme = account(catalog=CATALOG).tell("2026-06-01T09:00", AddPackage(plan="free"))
    package = acme.package.id
    acme.tell("2026-06-16T13:00", ChangePackage(package_id=package, plan="pro", representatives=5))
    acme.tell("2026-06-16T17:00", ChangePackage(package_id=package, plan="free", representatives=1, effective=NOW))

    assert_bill(acme.cut()[0], ("pro", "2026-06-16 to 2026-06-16", "249.00 × 1/30", "8.30"), total="8.30")
