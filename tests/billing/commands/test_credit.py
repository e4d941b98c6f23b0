"""grantCredit and revokeCredit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from gateway.billing.commands import AddPackage, Command, CutPeriod, GrantCredit, RevokeCredit, Right
from gateway.billing.credit import Credited, CreditReason
from gateway.billing.errors import InsufficientCredit, InvalidInput
from gateway.billing.facts import Cut
from tests.billing.given import account, local, refused


def grant(amount: str, text: str = "Sorry.") -> GrantCredit:
    return GrantCredit(amount=Decimal(amount), reason=CreditReason.GOODWILL, text=text)


def revoke(amount: str, text: str = "Granted twice.") -> RevokeCredit:
    return RevokeCredit(amount=Decimal(amount), reason=CreditReason.CORRECTION, text=text)


def test_a_grant_is_one_fact_in_minor_units_about_the_account() -> None:
    books = account().now("2026-06-10T09:00")
    after = grant("12.5", " Sorry. ")(books)

    at = local("2026-06-10T09:00", "Europe/Istanbul")
    assert after.added == (Credited(revision=2, at=at, amount=1250, reason=CreditReason.GOODWILL, text="Sorry."),)
    assert (after.subject, after.warnings) == ("acc_1", ())
    assert (books.credit.minor, after.credit.minor) == (0, 1250)


def test_taking_it_back_is_a_fact_below_zero() -> None:
    told = account().tell("2026-06-10T09:00", grant("12.50"))
    after = revoke("2.50")(told.now("2026-06-11T09:00"))

    at = local("2026-06-11T09:00", "Europe/Istanbul")
    assert after.added == (Credited(revision=3, at=at, amount=-250, reason=CreditReason.CORRECTION, text="Granted twice."),)
    assert after.credit.minor == 1000


def test_the_amount_has_the_decimals_of_the_accounts_currency() -> None:
    assert grant("1500")(account(currency="JPY").now("2026-06-10T09:00")).credit.minor == 1500
    assert grant("1.234")(account(currency="KWD").now("2026-06-10T09:00")).credit.minor == 1234
    assert isinstance(refused(account(currency="JPY").now("2026-06-10T09:00"), grant("0.5")), InvalidInput)


def test_all_that_is_left_can_be_taken_back_and_no_cent_more() -> None:
    told = account().tell("2026-06-10T09:00", grant("12.50"))

    refusal = refused(told.now("2026-06-11T09:00"), revoke("12.51"))

    assert isinstance(refusal, InsufficientCredit)
    assert (refusal.field, refusal.text("tr")) == ("amount", "Hesabın alacak bakiyesi 12.50 TRY.")
    assert told.tell("2026-06-11T09:00", revoke("12.50")).books.credit.minor == 0
    assert isinstance(refused(told.now("2026-06-12T09:00"), revoke("0.01")), InsufficientCredit)


def test_grants_stop_where_sums_would_not_fit_any_more() -> None:
    told = account().tell("2026-06-10T09:00", grant("9999999999999.99"))

    assert refused(told.now("2026-06-11T09:00"), grant("0.02")).field == "amount"
    assert told.tell("2026-06-11T09:00", grant("0.01")).books.credit.minor == 10**15


@pytest.mark.parametrize("command", [grant("5", ""), grant("5", " "), grant("5", "x" * 201), grant("5", "a\tb"), grant("5", "\ud800")])
def test_the_text_can_be_shown(command: Command) -> None:
    refusal = refused(account().now("2026-06-10T09:00"), command)

    assert (type(refusal), refusal.field) == (InvalidInput, "text")


def test_taking_back_looks_at_text_and_amount_as_well() -> None:
    told = account().tell("2026-06-10T09:00", grant("12.50"))

    assert refused(told.now("2026-06-11T09:00"), revoke("1", "")).field == "text"
    assert refused(told.now("2026-06-11T09:00"), revoke("-1")).field == "amount"


def test_both_are_an_operators_to_do() -> None:
    assert (GrantCredit.right, RevokeCredit.right) == (Right.OPERATE, Right.OPERATE)


def test_the_cut_notes_what_credit_paid_in_fact_and_document() -> None:
    told = account().tell("2026-06-01T09:00", AddPackage(plan="pro")).tell("2026-06-10T09:00", grant("100.00"))
    after = CutPeriod(start=date(2026, 6, 1))(told.now("2026-07-01T00:00"))

    (cut,) = after.added
    assert isinstance(cut, Cut) and after.draft is not None
    assert (cut.total, cut.credit, cut.net, cut.subtotal, cut.discount, cut.tax) == (14900, 10000, 24900, 24900, 0, 0)
    document = json.loads(after.draft.document)
    assert (document["subtotal"], document["gross"], document["credit"], document["due"]) == (24900, 24900, 10000, 14900)
    assert after.opening.standing.credit == 0


def test_credit_that_was_given_after_the_period_is_carried_over() -> None:
    told = account().tell("2026-06-01T09:00", AddPackage(plan="pro")).tell("2026-07-01T00:30", grant("100.00"))
    told.cut()

    assert [type(fact).__name__ for fact in told.books.facts] == ["Credited"]
    assert (told.books.opening.standing.credit, told.books.credit.minor) == (0, 10000)
