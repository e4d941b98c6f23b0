"""Books: what is so at an instant, and what a command adds to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangePackage
from gateway.billing.errors import NotFound
from gateway.billing.forecast import Expectation, Which
from gateway.billing.item import Status
from tests.billing.given import CATALOG, NOW, account, local, on, rows


def test_today_and_the_running_period_go_by_the_accounts_zone() -> None:
    books = account(anchor=15).now("2026-07-14T22:30Z")  # the 15th in Istanbul

    assert books.today == date(2026, 7, 15)
    assert (books.period.start, books.period.end) == (date(2026, 7, 15), date(2026, 8, 15))


def test_a_day_counts_as_soon_as_it_is_reached() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))

    days = {when: told.now(when).current.so_far.due.minor for when in ("2026-06-10T09:00:01", "2026-06-10T23:59:59", "2026-06-11T00:00")}

    assert list(days.values()) == [830, 830, 1660]  # 249.00/30 = 8.30 a day


def test_the_next_forecast_owes_nothing_yet_and_expects_the_whole_month() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    following = told.books.forecast(Which.NEXT)

    assert (following.period.start, following.cut_off_on) == (date(2026, 7, 1), date(2026, 8, 1))
    assert following.so_far.lines == ()
    assert rows(following.expected) == [("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00")]
    assert following.status is Expectation.EXPECTED
    assert account().books.current.status is Expectation.NOTHING_DUE


def test_the_cut_off_is_the_first_instant_of_the_next_period() -> None:
    current = account().books.forecast()

    assert (current.cut_off_on, current.cut_off_at) == (date(2026, 7, 1), local("2026-07-01", "Europe/Istanbul"))


def test_a_forecast_is_as_of_the_newest_fact_or_the_start_of_the_day() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))

    assert told.now("2026-06-10T15:00").current.as_of == local("2026-06-10T09:00", told.zone)
    assert told.now("2026-06-11T15:00").current.as_of == local("2026-06-11T00:00", told.zone)
    assert told.preview("2026-06-11T15:00", CancelPackage(package_id=told.package.id)).after.as_of == local("2026-06-11T15:00", told.zone)


def test_where_seconds_are_billed_a_forecast_is_as_of_the_instant_it_was_asked_for() -> None:
    told = account(catalog=replace(CATALOG, convention="SECOND")).tell("2026-06-10T09:00", AddPackage(plan="pro"))
    looks = [told.now(f"2026-06-10T{hour}") for hour in ("15:00", "15:00:01", "16:00")]

    assert [look.current.as_of for look in looks] == [look.now for look in looks]
    assert [look.next.as_of for look in looks] == [look.now for look in looks]
    # 249.00 × 6/720 hours and 7/720
    assert [str(look.current.so_far.due.amount) for look in looks] == ["2.08", "2.08", "2.42"]


def test_a_preview_leaves_the_books_as_they_are_and_tells_the_difference() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    before = told.now("2026-06-20T09:00")
    untouched = replace(before)

    preview = before.preview(ChangePackage(package_id=told.package.id, representatives=7)(before))

    assert before == untouched
    assert preview.before == before.current
    assert preview.difference.minor == 3593  # 49.00 × 2 × 11/30 = 35.93
    assert preview.effective_on == date(2026, 6, 20)


def test_a_period_that_is_over_but_not_cut_is_carried_into_the_running_one() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    late = told.now("2026-08-10T09:00")

    assert late.opening.on == date(2026, 6, 1)
    assert late.current.period.start == date(2026, 8, 1)
    assert rows(late.current.so_far) == [("pro", "2026-08-01 to 2026-08-10", "249.00 × 10/31", "80.32")]


def test_items_come_in_the_order_they_were_first_had_and_those_to_begin_last() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-10")))
    told.tell("2026-06-11T09:00", AddAddOn(plan="whatsapp")).tell("2026-06-12T09:00", AddPackage(plan="basic"))

    assert [item.plan.code for item in told.books.items] == ["whatsapp", "basic", "pro"]
    assert [item.plan.code for item in told.books.packages] == ["basic", "pro"]
    assert [item.plan.code for item in told.books.add_ons] == ["whatsapp"]


def test_an_item_is_found_by_its_id_or_refused_by_the_field_that_named_it() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))

    assert told.books.package(told.package.id) == told.package
    with pytest.raises(NotFound) as refused:
        told.books.package("pkg_other", "somewhere")
    assert (refused.value.field, refused.value.params) == ("somewhere", {"id": "pkg_other"})
    assert told.books.add_on("whatsapp") is None


def test_an_item_that_was_cancelled_is_still_shown_after_its_period_was_cut() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    told.tell("2026-06-20T09:00", CancelPackage(package_id=told.package.id, effective=NOW))
    told.cut()

    assert (told.package.status, told.package.ends_on, told.package.started_on) == (
        Status.ENDED,
        date(2026, 6, 20),
        date(2026, 6, 10),
    )


def test_what_is_added_has_fresh_ids_and_the_same_seed_gives_the_same_ones() -> None:
    books = account().now("2026-06-10T09:00")
    once, again = AddPackage(plan="pro")(books), AddPackage(plan="pro")(books)
    other = AddPackage(plan="pro")(replace(books, seed=b"other"))

    assert once.added == again.added
    assert once.subject != other.subject
    assert once.new_id("pkg") not in (once.subject, books.new_id("pkg"))


def test_written_books_have_the_next_revision_and_nothing_left_to_write() -> None:
    books = account().now("2026-06-10T09:00")
    after = AddPackage(plan="pro")(books)
    written = after.committed()

    assert (books.account.revision, after.revision, written.account.revision, written.revision) == (1, 2, 2, 3)
    assert written.account.last_at == books.now
    assert (written.added, written.sealed, written.draft) == ((), (), None)
    assert written.facts == after.facts


def test_each_line_names_the_entries_it_comes_from() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="basic"))
    told.tell("2026-06-20T09:00", ChangePackage(package_id=told.package.id, plan="pro"))

    assert [line.because for line in told.books.current.expected.lines] == [(2,), (3,)]
