"""History: what facts did to items, and what was asked, as pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.billing.catalog import Kind
from gateway.billing.commands import AddPackage, ChangePackage, CloseAccount, Command, UndoScheduledChange
from gateway.billing.history import ItemChange, Moment, changes, said

from .given import Told, account, on


def moment(told: Told, when: str, command: Command) -> tuple[ItemChange, ...]:
    """What a command did to items."""
    before = told.now(when)
    told.tell(when, command)
    return changes(replace(told.books, now=before.now), Moment(before.now, before.opening, before.facts, command(before).added))


def test_what_began_was_not_there_before() -> None:
    told = account()

    (change,) = moment(told, "2026-06-02T09:00", AddPackage(plan="pro"))

    assert (change.item, change.kind, change.before) == (told.package.id, Kind.PACKAGE, None)
    assert change.after is not None and change.after.plan.code == "pro"


def test_a_start_that_was_taken_back_is_not_there_after() -> None:
    told = account().tell("2026-06-02T09:00", AddPackage(plan="pro", effective=on("2026-06-20")))
    item = told.package.id

    (change,) = moment(told, "2026-06-03T09:00", UndoScheduledChange(scheduled_id=told.scheduled_id))

    assert (change.item, change.after) == (item, None)
    assert change.before is not None and change.before.status == "SCHEDULED"


def test_an_item_is_named_once_however_many_facts_touched_it() -> None:
    told = account().tell("2026-06-02T09:00", AddPackage(plan="pro"))
    told.tell("2026-06-03T09:00", ChangePackage(package_id=told.package.id, plan="basic", effective=on("2026-06-20")))

    (change,) = moment(told, "2026-06-04T09:00", CloseAccount())

    assert change.before is not None and change.after is not None
    assert (len(change.before.scheduled), len(change.after.scheduled)) == (1, 0)


def test_an_entry_that_touched_no_item_is_not_computed() -> None:
    told = account()

    assert changes(told.books, Moment(told.books.now, told.books.opening, (), ())) == ()


@pytest.mark.parametrize(
    ("packed", "pairs"),
    [
        ({}, []),
        ({"plan": "pro", "interval": None}, [("plan", "pro")]),
        ({"seats": 3, "replace": True, "drop": False}, [("seats", "3"), ("replace", "true"), ("drop", "false")]),
        ({"effective": {"when": "NOW", "on": None}}, [("effective.when", "NOW")]),
        ({"drop": [], "ids": ["a", "b"]}, [("ids", "a"), ("ids", "b")]),
        ({"a": {"b": [{"c": 0}]}}, [("a.b.c", "0")]),
    ],
)
def test_what_was_asked_is_said_in_pairs(packed: dict[str, object], pairs: list[tuple[str, str]]) -> None:
    assert list(said(packed)) == pairs
