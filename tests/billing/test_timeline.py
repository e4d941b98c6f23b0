"""The timeline: order, and scheduled changes resolved against the state they meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from gateway.billing.dates import Calendar
from gateway.billing.timeline import Change, Fate, Move, Scheduled, State, Step, Unscheduled, pending, timeline
from tests.billing.given import MONTH, YEAR, local

ISTANBUL = Calendar("Europe/Istanbul", 1)
PRO, BASIC = State("pro", 7, MONTH), State("basic", 7, MONTH)


def at(text: str) -> datetime:
    return local(f"2026-06-{text}", "Europe/Istanbul")


def change(revision: int, when: str, state: State | None, item: str = "x") -> Change:
    return Change(revision=revision, item=item, at=at(when), state=state)


def test_steps_come_by_instant_then_by_revision_and_item_by_item() -> None:
    moves = [change(3, "12", None), change(2, "10", PRO), change(1, "10", BASIC), change(4, "11", PRO, "y")]

    assert timeline(moves, {}, ISTANBUL) == {
        "x": [Step(at("10"), 1, BASIC), Step(at("10"), 2, PRO), Step(at("12"), 3, None)],
        "y": [Step(at("11"), 4, PRO)],
    }


def test_a_scheduled_change_acts_at_local_midnight_on_the_state_it_meets() -> None:
    moves: list[Move] = [
        Scheduled(revision=1, id="s", item="x", on=date(2026, 6, 15), plan="basic"),
        change(2, "14T09:00", State("pro", 9, YEAR)),
    ]

    assert timeline(moves, {"x": PRO}, ISTANBUL)["x"][1] == Step(at("15"), 1, State("basic", 9, YEAR))


def test_after_an_end_it_starts_from_the_state_that_ended() -> None:
    moves: list[Move] = [change(1, "10", None), Scheduled(revision=2, id="s", item="x", on=date(2026, 6, 15))]

    assert timeline(moves, {"x": PRO}, ISTANBUL)["x"] == [Step(at("10"), 1, None), Step(at("15"), 2, PRO)]


def test_what_was_taken_back_does_not_act() -> None:
    scheduled = Scheduled(revision=1, id="s", item="x", on=date(2026, 6, 15), ends=True)
    moves: list[Move] = [scheduled, change(2, "10", PRO), Unscheduled(revision=3, id="s", fate=Fate.UNDONE)]

    assert pending(moves) == (moves[1],)
    assert timeline(moves, {}, ISTANBUL) == {"x": [Step(at("10"), 2, PRO)]}


@pytest.mark.parametrize(
    ("scheduled", "state"),
    [
        ({}, PRO),
        ({"plan": "basic"}, BASIC),
        ({"quantity": 3}, State("pro", 3, MONTH)),
        ({"interval": YEAR}, State("pro", 7, YEAR)),
        ({"ends": True}, None),
    ],
)
def test_a_scheduled_change_alters_only_what_it_names(scheduled: dict[str, object], state: State | None) -> None:
    made = Scheduled(revision=1, id="s", item="x", on=date(2026, 6, 15), **scheduled)  # type: ignore[arg-type]

    assert made.apply(PRO) == state


@pytest.mark.parametrize("missing", ["plan", "quantity", "interval"])
def test_a_start_must_name_everything(missing: str) -> None:
    whole = Scheduled(revision=1, id="s", item="x", on=date(2026, 6, 15), plan="pro", quantity=7, interval=MONTH)

    assert whole.apply(None) == PRO
    with pytest.raises(ValueError, match="s has no state to start from"):
        replace(whole, **{missing: None}).apply(None)


def test_a_retirement_that_finds_nobody_on_its_plan_leaves_what_follows_as_it_is() -> None:
    moves: list[Move] = [
        Scheduled(revision=1, id="r", item="x", on=date(2026, 6, 15), plan="basic", retires="old"),
        Scheduled(revision=2, id="s", item="x", on=date(2026, 6, 16), ends=True),
        change(3, "17", PRO, "y"),
    ]

    assert timeline(moves, {"x": PRO}, ISTANBUL) == {"x": [Step(at("16"), 2, None)], "y": [Step(at("17"), 3, PRO)]}
