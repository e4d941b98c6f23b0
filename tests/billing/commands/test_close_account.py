"""closeAccount."""

from __future__ import annotations

import pytest

from gateway.billing.commands import AddAddOn, AddPackage, ChangePackage, CloseAccount, apply
from gateway.billing.errors import AccountClosed
from gateway.billing.facts import Closed
from gateway.billing.item import Status
from gateway.billing.timeline import Change, Fate, Unscheduled
from tests.billing.given import account, on, rows

MORNING = "2026-06-20T09:00"


def test_everything_ends_nothing_scheduled_will_act_and_the_account_is_closed() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro")).tell("2026-06-10T10:00", AddAddOn(plan="whatsapp"))
    package, (add_on,) = told.package.id, told.books.add_ons
    told.tell("2026-06-11T09:00", ChangePackage(package_id=package, plan="basic"))
    downgrade = told.scheduled_id
    books = told.now(MORNING)

    after = CloseAccount()(books)

    assert after.added == (
        Unscheduled(revision=5, id=downgrade, fate=Fate.DROPPED),
        Change(revision=5, item=package, at=books.now, state=None),
        Change(revision=5, item=add_on.id, at=books.now, state=None),
        Closed(revision=5, at=books.now),
    )
    assert (after.subject, after.account.closed_at) == ("acc_1", books.now)
    assert [item.status for item in after.items] == [Status.ENDED, Status.ENDED]
    assert after.scheduled == ()
    assert rows(after.current.expected) == [
        ("pro", "2026-06-10 to 2026-06-20", "249.00 × 11/30", "91.30"),
        ("whatsapp", "2026-06-10 to 2026-06-20", "50.00 × 11/30", "18.33"),
    ]
    assert after.next.expected.lines == ()


def test_what_has_ended_already_is_not_ended_again_and_what_has_not_begun_never_begins() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-10")))
    start = told.scheduled_id
    books = told.now(MORNING)

    assert CloseAccount()(books).added == (Unscheduled(revision=3, id=start, fate=Fate.DROPPED), Closed(revision=3, at=books.now))


def test_a_closed_account_takes_no_more_commands() -> None:
    told = account().tell(MORNING, CloseAccount())

    for command in (AddPackage(plan="pro"), CloseAccount()):
        with pytest.raises(AccountClosed) as refused:
            apply(command, told.now("2026-06-21T09:00"))
        assert refused.value.params == {"on": "2026-06-20"}


def test_an_account_that_holds_nothing_can_be_closed() -> None:
    books = account().now(MORNING)

    assert CloseAccount()(books).added == (Closed(revision=2, at=books.now),)
    assert CloseAccount.refusals == ()
