"""The ledger: what each fact moves, and that it sums to zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby

import pytest
from hypothesis import given

from gateway.billing import ledger
from gateway.billing.credit import Credited, CreditReason
from gateway.billing.dates import Period
from gateway.billing.facts import Cut, Fact
from gateway.billing.ledger import Book, Posting, posted, postings
from tests.billing.values import facts

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
CUT = Cut(revision=3, period=JUNE, total=9000, invoice="inv_1", digest="0", discount=2000, tax=1600, credit=600)


def credited(amount: int) -> Credited:
    at = datetime(2026, 6, 10, 9, tzinfo=UTC)
    return Credited(revision=2, at=at, amount=amount, reason=CreditReason.GOODWILL, text="Sorry.")


def test_a_bill_is_owed_discounted_or_paid_by_credit_and_is_revenue_or_tax() -> None:
    # 100.00 of lines − 20.00 + 16.00 tax = 96.00, of which credit pays 6.00
    assert (CUT.subtotal, CUT.net) == (10000, 8000)
    assert postings(CUT) == (
        Posting(Book.RECEIVABLE, 9000),
        Posting(Book.CUSTOMER_CREDIT, 600),
        Posting(Book.DISCOUNT, 2000),
        Posting(Book.REVENUE, -10000),
        Posting(Book.TAX_PAYABLE, -1600),
    )


def test_a_bill_below_zero_is_owed_to_the_customer() -> None:
    cut = replace(CUT, total=0, discount=0, tax=-400, credit=-2400)

    assert postings(cut) == (Posting(Book.CUSTOMER_CREDIT, -2400), Posting(Book.REVENUE, 2000), Posting(Book.TAX_PAYABLE, 400))


def test_credit_that_is_given_is_an_expense_and_a_debt_until_it_is_taken_back() -> None:
    assert postings(credited(500)) == (Posting(Book.GOODWILL, 500), Posting(Book.CUSTOMER_CREDIT, -500))
    assert postings(credited(-500)) == (Posting(Book.GOODWILL, -500), Posting(Book.CUSTOMER_CREDIT, 500))


def test_what_moves_nothing_is_not_posted() -> None:
    assert postings(replace(CUT, total=0, discount=0, tax=0, credit=0)) == ()


def test_a_cut_from_before_there_was_credit_is_all_revenue() -> None:
    old = Cut(revision=3, period=JUNE, total=24290, invoice="inv_1", digest="0")

    assert postings(old) == (Posting(Book.RECEIVABLE, 24290), Posting(Book.REVENUE, -24290))


@given(facts)
def test_the_postings_of_every_fact_sum_to_zero_and_name_a_book_once(fact: Fact) -> None:
    moved = postings(fact)

    assert sum(posting.amount for posting in moved) == 0
    assert all(posting.amount for posting in moved)
    books = sorted(posting.book for posting in moved)
    assert [book for book, _ in groupby(books)] == books


def test_the_postings_of_an_entry_come_each_with_its_fact() -> None:
    grant = credited(500)

    assert [(fact, moved.book) for fact, moved in posted([grant, CUT])] == [
        (grant, Book.GOODWILL),
        (grant, Book.CUSTOMER_CREDIT),
        *((CUT, book) for book in (Book.RECEIVABLE, Book.CUSTOMER_CREDIT, Book.DISCOUNT, Book.REVENUE, Book.TAX_PAYABLE)),
    ]


def test_an_entry_with_a_fact_that_does_not_balance_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "postings", lambda fact: (Posting(Book.GOODWILL, 1),))

    with pytest.raises(ValueError, match="the postings of Credited at revision 2 do not sum to zero"):
        posted([credited(500)])
