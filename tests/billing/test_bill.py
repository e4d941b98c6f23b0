"""Bills: what a line says of itself, and what an invoice copies of it."""

from __future__ import annotations

import json

from gateway.billing.bill import Bill
from gateway.billing.commands import AddPackage, ChangePackage
from gateway.billing.invoice import draft
from gateway.billing.money import Money
from tests.billing.given import account


def a_bill() -> Bill:
    """Pro with 6 from the 10th, with 8 from the 20th."""
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", representatives=6))
    told.tell("2026-06-20T09:00", ChangePackage(package_id=told.package.id, representatives=8))
    return told.books.current.expected


def test_a_line_is_described_in_the_language_asked_for() -> None:
    _, extra, *_ = a_bill().lines

    assert extra.description("en") == "Pro: 1 further representative"
    assert extra.description("tr") == "Pro (tr): 1 ek temsilci"
    assert a_bill().lines[0].description("tr-TR") == "Pro (tr)"


def test_the_formula_is_the_arithmetic_of_the_amount() -> None:
    lines = [(line.formula, str(line.amount.amount)) for line in a_bill().lines]

    assert lines == [
        ("249.00 × 10/30", "83.00"),
        ("49.00 × 10/30", "16.33"),
        ("249.00 × 21/30 − 249.00 × 10/30", "91.30"),
        ("49.00 × 43/30 − 49.00 × 10/30", "53.90"),  # 70.23 less 16.33
    ]


def test_the_lines_sum_to_what_is_due_and_an_empty_bill_owes_nothing() -> None:
    bill = a_bill()

    assert bill.net == bill.due == Money(24453, "TRY")
    assert Bill(bill.period, "TRY", ()).due == Money(0, "TRY")


def test_the_document_copies_all_that_the_lines_say() -> None:
    bill, books = a_bill(), account().books
    document = json.loads(draft("inv_1", books.account, bill).document)

    assert (document["invoice"], document["due"], len(document["lines"])) == ("inv_1", 24453, 4)
    assert document["lines"][1] == {
        "account": "acc_1",
        "item": bill.lines[1].item,
        "plan": "pro",
        "names": {"en": "Pro", "tr": "Pro (tr)"},
        "interval": "MONTH",
        "part": "representatives",
        "quantity": 1,
        "representatives": 6,
        "days": {"start": "2026-06-10", "end": "2026-06-20"},
        "rate": {"millionths": 4_900_000_000, "currency": "TRY"},
        "before": 0,
        "after": 10,
        "whole": 30,
        "convention": "USED_DAY",
        "because": [2],
        "amount": 1633,
        "formula": "49.00 × 10/30",
    }
