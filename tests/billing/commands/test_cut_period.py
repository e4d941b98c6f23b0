"""cutPeriod and issueInvoice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, CloseAccount, CutPeriod, IssueInvoice
from gateway.billing.dates import Period
from gateway.billing.facts import Cut, Issued
from gateway.billing.item import Status
from tests.billing.given import NOW, Told, account, local, on, rows

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))


def with_pro() -> Told:
    return account().tell("2026-06-10T09:00", AddPackage(plan="pro", representatives=7))


def test_the_bill_is_copied_into_a_draft_and_the_books_go_on_with_the_next_period() -> None:
    books = with_pro().now("2026-07-01T00:00")
    after = CutPeriod(start=JUNE.start)(books)

    assert after.draft is not None
    assert after.added == (Cut(revision=3, period=JUNE, total=24290, invoice=after.draft.id, digest=after.draft.digest),)
    assert after.draft.id.startswith("inv_")
    assert (after.opening.on, after.facts, after.subject) == (date(2026, 7, 1), (), "acc_1")
    document = json.loads(after.draft.document)
    assert (document["net"], document["due"], document["currency"]) == (24290, 24290, "TRY")
    assert document["account"] == {"id": "acc_1", "name": "Acme"}
    assert document["period"] == {"start": "2026-06-01", "end": "2026-07-01", "zone": "Europe/Istanbul"}
    assert [(line["amount"], line["formula"]) for line in document["lines"]] == [
        (17430, "249.00 × 21/30"),
        (6860, "49.00 × 42/30"),
    ]
    assert sum(line["amount"] for line in document["lines"]) == document["due"]


def test_nothing_due_cuts_the_period_without_a_draft() -> None:
    after = CutPeriod(start=JUNE.start)(account().now("2026-07-01T00:00"))

    assert after.draft is None
    assert after.added == (Cut(revision=2, period=JUNE, total=0, invoice=None, digest=None),)
    assert after.opening.on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("start", "when"),
    [
        ("2026-06-01", "2026-06-30T23:59:59.999999"),  # not over
        ("2026-05-01", "2026-07-01T00:00"),  # before the account began
        ("2026-07-01", "2026-08-01T00:00"),  # June comes first
        ("2026-06-02", "2026-07-01T00:00"),  # no period begins here
    ],
)
def test_only_the_oldest_period_can_be_cut_and_only_when_it_is_over(start: str, when: str) -> None:
    books = with_pro().now(when)

    with pytest.raises(ValueError, match=f"the period from {start} is not to be cut"):
        CutPeriod(start=date.fromisoformat(start))(books)


def test_a_period_cannot_be_cut_twice() -> None:
    books = CutPeriod(start=JUNE.start)(with_pro().now("2026-07-01T00:00")).committed()

    with pytest.raises(ValueError, match="is not to be cut"):
        CutPeriod(start=JUNE.start)(books)


def test_what_was_done_after_the_period_and_what_is_scheduled_is_carried_over() -> None:
    told = with_pro()
    package = told.package.id
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="basic", effective=on("2026-07-20")))
    told.tell("2026-07-01T00:30", ChangePackage(package_id=package, representatives=8))
    told.tell("2026-07-01T00:40", AddPackage(plan="solo"))
    before = told.books.current.expected

    told.cut("2026-07-01T01:00")

    assert [type(fact).__name__ for fact in told.books.facts] == ["Scheduled", "Change", "Change"]
    assert rows(told.books.current.expected) == rows(before)
    assert [change.on for change in told.books.scheduled] == [date(2026, 7, 20)]


def test_what_was_taken_back_is_not_carried_over() -> None:
    told = with_pro()
    told.tell("2026-06-15T09:00", CancelPackage(package_id=told.package.id, effective=on("2026-07-20")))
    told.tell("2026-06-16T09:00", CancelPackage(package_id=told.package.id, effective=on("2026-07-25"), replace_scheduled=True))
    told.cut()

    assert [change.on for change in told.books.scheduled] == [date(2026, 7, 25)]
    assert len(told.books.facts) == 1


def test_a_late_cut_changes_neither_the_old_bill_nor_the_running_one() -> None:
    told = with_pro()
    told.books = told.now("2026-09-20T12:00")
    expected, so_far = told.books.current.expected, told.books.current.so_far

    due = [told.cut("2026-09-20T12:00")[0].due.minor for _ in range(3)]

    assert due == [24290, 34700, 34700]  # June; July and August in full: 249 + 2 × 49
    assert (told.books.current.expected, told.books.current.so_far) == (expected, so_far)
    assert told.books.opening.on == date(2026, 9, 1)


def test_the_last_expected_bill_of_a_period_is_the_one_that_is_cut() -> None:
    told = with_pro()
    last = told.now("2026-06-30T23:59:59").current
    bill, draft = told.cut()

    assert bill == last.expected == last.so_far
    assert draft is not None and draft.bill == bill


def test_a_closed_account_is_cut_at_once_by_the_days_it_used() -> None:
    told = with_pro().tell("2026-06-20T09:00", CloseAccount())
    bill, draft = told.cut("2026-06-20T09:01")

    assert draft is not None
    assert rows(bill) == [
        ("pro", "2026-06-10 to 2026-06-20", "249.00 × 11/30", "91.30"),
        ("pro +2", "2026-06-10 to 2026-06-20", "49.00 × 22/30", "35.93"),
    ]
    assert told.package.status is Status.ENDED


def test_the_same_document_is_the_same_bytes_and_another_name_is_another_document() -> None:
    books = with_pro().now("2026-07-01T00:00")
    one, again = CutPeriod(start=JUNE.start)(books).draft, CutPeriod(start=JUNE.start)(replace(books)).draft
    other = CutPeriod(start=JUNE.start)(replace(books, account=replace(books.account, name="Umbrella"))).draft

    assert one is not None and again is not None and other is not None
    assert one.document == again.document
    assert one.digest != other.digest


def test_an_ended_package_that_bills_nothing_more_needs_no_further_draft() -> None:
    told = with_pro()
    told.tell("2026-06-20T09:00", CancelPackage(package_id=told.package.id, effective=NOW))

    assert told.cut()[1] is not None
    assert told.cut()[1] is None


def test_issuing_notes_the_number_that_was_drawn() -> None:
    told = with_pro()
    _, draft = told.cut()
    assert draft is not None
    at = local("2026-07-01T01:30", told.zone)

    after = IssueInvoice(invoice=draft.id, number="2026-000001", at=at)(told.now("2026-07-01T01:31"))

    assert after.added == (Issued(revision=4, invoice=draft.id, number="2026-000001", at=at),)
    assert after.subject == "acc_1"
    assert after.current.expected == told.books.current.expected
    assert (CutPeriod.refusals, IssueInvoice.refusals) == ((), ())
