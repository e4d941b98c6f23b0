"""What if: changes one after the other, compared with leaving things as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Offer, Plan
from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangePackage, CloseAccount, RemoveAddOn, UndoScheduledChange
from gateway.billing.commands.command import Command
from gateway.billing.errors import AccountClosed, ChangeRefused, InvalidInput, LimitReached, NotFound
from gateway.billing.what_if import Allowance, WhatIf, what_if

from .given import ARCHIVE, BASIC, NOW, PRO, WHATSAPP, Told, account, catalog_of, on, rows

NOON = "2026-06-11T12:00"


def amounts(shown: WhatIf) -> tuple[str, str, str]:
    move = shown.difference
    return str(move.current.amount), str(move.next.amount), str(move.from_then_on.amount)


def codes(allowance: Allowance) -> tuple[int, int, list[str]]:
    return allowance.representatives, allowance.chatbot_sessions, [each.code for each in allowance.add_ons]


def with_sessions(plan: Plan, sessions: int) -> Plan:
    return replace(plan, offers=tuple(replace(each, chatbot_limit=sessions) for each in plan.offers))


@pytest.fixture
def told() -> Told:
    catalog = catalog_of(with_sessions(BASIC, 100), with_sessions(PRO, 500), WHATSAPP, ARCHIVE)
    return account(catalog=catalog).tell("2026-06-01T09:00", AddPackage(plan="basic")).tell("2026-06-01T10:00", AddAddOn(plan="archive"))


def test_several_changes_are_made_in_order_and_compared_in_three_periods(told: Told) -> None:
    package = told.package.id
    commands: list[Command] = [
        ChangePackage(package_id=package, plan="pro"),
        ChangePackage(package_id=package, representatives=7),
        AddAddOn(plan="whatsapp"),
        RemoveAddOn(plan="archive"),
    ]

    shown = what_if(told.now(NOON), commands)

    assert rows(shown.after.current.expected) == [
        ("basic", "2026-06-01 to 2026-06-10", "99.00 × 10/30", "33.00"),
        ("pro", "2026-06-11 to 2026-06-30", "249.00 × 20/30", "166.00"),
        ("pro +2", "2026-06-11 to 2026-06-30", "49.00 × 40/30", "65.33"),
        ("archive", "2026-06-01 to 2026-06-30", "15.00 × 30/30", "15.00"),
        ("whatsapp", "2026-06-11 to 2026-06-30", "50.00 × 20/30", "33.33"),
    ]
    # 312.66 − 114.00; 249 + 2 × 49 + 50 − (99 + 15), for the archive ends with June
    assert amounts(shown) == ("198.66", "283.00", "283.00")
    assert codes(shown.gained) == (2, 400, ["whatsapp"])
    assert codes(shown.lost) == (0, 0, ["archive"])


def test_what_is_compared_is_what_performing_them_leads_to(told: Told) -> None:
    package = told.package.id
    commands: list[Command] = [
        ChangePackage(package_id=package, plan="pro"),
        AddPackage(plan="basic", representatives=8),
        RemoveAddOn(plan="archive"),
    ]

    shown = what_if(told.now(NOON), commands)
    for minute, command in enumerate(commands):
        told.tell(f"2026-06-11T12:0{minute + 1}", command)

    assert rows(told.books.current.expected) == rows(shown.after.current.expected)
    assert rows(told.books.next.expected) == rows(shown.after.next.expected)


def test_trying_leaves_the_books_and_their_revision_as_they_are(told: Told) -> None:
    books = told.now(NOON)

    shown = what_if(books, [AddAddOn(plan="whatsapp"), RemoveAddOn(plan="whatsapp")])

    assert books == told.now(NOON)
    assert (shown.before.current.revision, shown.after.current.revision) == (3, 3)
    assert shown.after.current.as_of > books.now > shown.before.current.as_of


def test_each_addition_is_another_package(told: Told) -> None:
    shown = what_if(told.now(NOON), [AddPackage(plan="basic"), AddPackage(plan="basic")])

    assert len({item.id for item in shown.after.books.packages}) == 3


def test_from_then_on_is_the_first_period_that_begins_when_all_has_acted(told: Told) -> None:
    told.tell("2026-06-02T09:00", ChangePackage(package_id=told.package.id, representatives=9, effective=on("2026-09-15")))

    shown = what_if(told.now(NOON), [AddAddOn(plan="whatsapp", effective=on("2026-08-01"))])

    assert (shown.before.opening.on, shown.after.opening.on) == (date(2026, 10, 1), date(2026, 10, 1))
    assert str(shown.before.from_then_on.gross.amount) == "194.00"  # 99 + 4 × 20 + 15
    assert amounts(shown) == ("0.00", "0.00", "50.00")


def test_what_is_taken_back_counts_for_the_period_that_is_compared(told: Told) -> None:
    told.tell("2026-06-02T09:00", ChangePackage(package_id=told.package.id, representatives=9, effective=on("2026-09-15")))

    shown = what_if(told.now(NOON), [UndoScheduledChange(scheduled_id=told.scheduled_id)])

    assert shown.after.opening.on == date(2026, 10, 1)
    assert amounts(shown) == ("0.00", "0.00", "-80.00")
    assert codes(shown.lost) == (4, 0, [])


def test_a_change_on_the_first_day_of_a_period_has_acted_in_it(told: Told) -> None:
    shown = what_if(told.now(NOON), [CancelPackage(package_id=told.package.id, effective=on("2026-08-01"))])

    assert shown.after.opening.on == date(2026, 8, 1)
    assert rows(shown.after.from_then_on) == [("archive", "2026-08-01 to 2026-08-31", "15.00 × 31/31", "15.00")]
    assert codes(shown.lost) == (5, 100, [])


def test_no_further_than_24_periods_ahead_is_looked(told: Told) -> None:
    shown = what_if(told.now("2026-06-30T12:00"), [AddAddOn(plan="whatsapp", effective=on("2028-06-30"))])

    assert shown.after.opening.on == date(2028, 6, 1)
    assert codes(shown.gained) == (0, 0, [])


def test_with_nothing_scheduled_it_is_the_next_period(told: Told) -> None:
    shown = what_if(told.now(NOON), [AddAddOn(plan="whatsapp")])

    assert shown.after.from_then_on == shown.after.next.expected


def test_limits_are_those_of_the_offers_in_force_by_then() -> None:
    (first,) = with_sessions(BASIC, 100).offers
    later: Offer = replace(first, from_on=date(2026, 7, 1), chatbot_limit=250)
    told = account(catalog=catalog_of(replace(BASIC, offers=(first, later))))

    assert codes(what_if(told.now(NOON), [AddPackage(plan="basic")]).gained) == (5, 250, [])


def test_warnings_of_all_changes_come_along(told: Told) -> None:
    package = told.package.id

    shown = what_if(
        told.now(NOON),
        [
            ChangePackage(package_id=package, representatives=5),
            CancelPackage(package_id=package, effective=NOW),
            AddPackage(plan="basic"),
        ],
    )

    assert [each.code for each in shown.warnings] == ["NO_CHANGE", "BILLED_TWICE_TODAY"]


def test_a_refusal_names_the_change_that_is_refused_once_those_before_it_are_made(told: Told) -> None:
    package = told.package.id
    commands = [
        ChangePackage(package_id=package, plan="pro"),
        AddAddOn(plan="whatsapp"),
        ChangePackage(package_id=package, representatives=51),
    ]

    with pytest.raises(ChangeRefused) as caught:
        what_if(told.now(NOON), commands)

    refused = caught.value
    assert (refused.index, refused.field, type(refused.refusal)) == (2, "changes.2.representatives", LimitReached)
    assert str(refused) == "Change 2 is refused: pro allows at most 50 representatives."
    assert refused.text("tr") == "2 numaralı değişiklik reddedildi: pro en çok 50 temsilciye izin verir."


def test_a_refusal_without_a_field_names_the_change_alone(told: Told) -> None:
    with pytest.raises(ChangeRefused) as caught:
        what_if(told.now(NOON), [ChangePackage(package_id=told.package.id)])

    assert caught.value.field == "changes.0"


def test_a_closed_account_refuses_the_first(told: Told) -> None:
    told.tell("2026-06-05T09:00", CloseAccount())

    with pytest.raises(ChangeRefused) as caught:
        what_if(told.now(NOON), [AddPackage(plan="basic")])

    assert (caught.value.index, type(caught.value.refusal)) == (0, AccountClosed)


def test_what_is_scheduled_in_the_same_breath_has_no_name_yet(told: Told) -> None:
    with pytest.raises(ChangeRefused) as caught:
        what_if(told.now(NOON), [CancelPackage(package_id=told.package.id), UndoScheduledChange(scheduled_id="sch_1")])

    assert (caught.value.index, type(caught.value.refusal)) == (1, NotFound)


@pytest.mark.parametrize("count", [0, 21])
def test_between_one_and_twenty_changes_can_be_tried(told: Told, count: int) -> None:
    with pytest.raises(InvalidInput):
        what_if(told.now(NOON), [AddPackage(plan="basic")] * count)
    what_if(told.now(NOON), [AddPackage(plan="basic")] * 20)
