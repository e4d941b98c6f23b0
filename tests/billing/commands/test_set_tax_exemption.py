"""setTaxExemption."""

from __future__ import annotations

import pytest

from gateway.billing.commands import AddPackage, Right, SetTaxExemption
from gateway.billing.tax import TaxStatus
from gateway.billing.tax_facts import TaxExempted
from tests.billing.given import refused
from tests.billing.taxed import customer

NINE = "2026-06-10T09:00"


def test_it_takes_an_operator() -> None:
    assert SetTaxExemption.right is Right.OPERATE


def test_an_exempt_account_is_charged_no_tax_until_the_exemption_ends() -> None:
    told = customer("TR").tell(NINE, AddPackage(plan="pro"))
    charged = told.books.current.expected

    told.tell("2026-06-11T09:00", SetTaxExemption(reason=" embassy "))
    exempt, (fact,) = told.books.current.expected, told.books.facts[-1:]
    told.tell("2026-06-12T09:00", SetTaxExemption())

    assert isinstance(fact, TaxExempted) and fact.reason == "embassy"
    assert (exempt.tax_status, exempt.tax.minor, exempt.due) == (TaxStatus.EXEMPT, 0, charged.net)
    assert told.books.current.expected == charged


def test_without_an_identity_there_is_nobody_to_exempt() -> None:
    refusal = refused(customer().now(NINE), SetTaxExemption(reason="embassy"))

    assert refusal.text("en") == "Set the tax identity of the account first."


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\nb"])
def test_a_reason_must_say_something(reason: str) -> None:
    assert refused(customer("TR").now(NINE), SetTaxExemption(reason=reason)).field == "reason"


def test_what_is_so_already_warns() -> None:
    after = SetTaxExemption()(customer("TR").now(NINE))

    assert [warning.code for warning in after.warnings] == ["NO_CHANGE"]
