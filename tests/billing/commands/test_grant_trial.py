"""grantTrial and endTrial."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.billing.commands import AddPackage, EndTrial, GrantTrial, Right
from gateway.billing.errors import DateOutOfRange, InvalidInput, NotFound, Refusal
from gateway.billing.trial import Trial
from tests.billing.given import Told, account, refused

MORNING = "2026-06-20T09:00"
JULY = date(2026, 7, 1)


def with_trial() -> tuple[Told, str]:
    told = account().tell("2026-06-20T08:00", GrantTrial(plan="pro", until_on=JULY))
    return told, told.books.trials[0].id


def test_a_trial_of_a_plan_and_one_of_an_item_show_until_they_are_over() -> None:
    told, trial = with_trial()
    told.tell("2026-06-20T08:30", AddPackage(plan="basic"))
    told.tell(MORNING, GrantTrial(item_id=told.package.id, until_on=date(2026, 6, 25)))
    other = told.books.trials[1].id

    assert told.books.trials == (
        Trial(id=trial, plan="pro", item=None, from_on=date(2026, 6, 20), until_on=JULY),
        Trial(id=other, plan=None, item=told.package.id, from_on=date(2026, 6, 20), until_on=date(2026, 6, 25)),
    )
    assert [each.id for each in told.now("2026-06-25T00:00").trials] == [trial]
    assert told.now("2026-07-01T00:00").trials == ()


def test_a_preview_shows_what_it_saves() -> None:
    told = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))

    preview = told.preview("2026-06-21T09:00", GrantTrial(plan="pro", until_on=JULY))

    assert str(preview.difference.amount) == "-83.00"  # the ten days from the 21st on: 249.00 × 10/30


def test_a_trial_can_be_ended_from_today_to_the_day_it_ends_by_itself() -> None:
    told, trial = with_trial()

    days = [date(2026, 6, 20), date(2026, 6, 21), JULY]
    previews = [told.preview(MORNING, EndTrial(trial_id=trial, until_on=day)) for day in days]
    assert [preview.effective_on for preview in previews] == days
    assert told.preview(MORNING, EndTrial(trial_id=trial)).effective_on == date(2026, 6, 21)


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (GrantTrial(until_on=JULY), InvalidInput, "plan"),
        (GrantTrial(plan="pro", item_id="pkg_1", until_on=JULY), InvalidInput, "plan"),
        (GrantTrial(plan="none", until_on=JULY), NotFound, "plan"),
        (GrantTrial(plan="sessions_100", until_on=JULY), NotFound, "plan"),
        (GrantTrial(item_id="pkg_none", until_on=JULY), NotFound, "itemId"),
        (GrantTrial(plan="pro", until_on=date(2026, 6, 20)), DateOutOfRange, "untilOn"),
        (GrantTrial(plan="pro", until_on=date(2028, 6, 21)), DateOutOfRange, "untilOn"),
    ],
)
def test_it_refuses(command: GrantTrial, kind: type[Refusal], field: str) -> None:
    refusal = refused(account().now(MORNING), command)

    assert (type(refusal), refusal.field) == (kind, field)


@pytest.mark.parametrize("until", [date(2026, 6, 19), date(2026, 7, 2)])
def test_it_can_end_neither_in_the_past_nor_later_than_by_itself(until: date) -> None:
    told, trial = with_trial()

    refusal = refused(told.now(MORNING), EndTrial(trial_id=trial, until_on=until))

    assert (type(refusal), refusal.field) == (DateOutOfRange, "untilOn")


def test_what_is_over_or_never_was_cannot_be_ended() -> None:
    told, trial = with_trial()

    assert type(refused(told.now(MORNING), EndTrial(trial_id="trl_none"))) is NotFound
    assert type(refused(told.now("2026-07-01T09:00"), EndTrial(trial_id=trial))) is NotFound


def test_they_are_operators_commands_and_every_refusal_they_declare_is_tried_above() -> None:
    assert GrantTrial.right is EndTrial.right is Right.OPERATE
    assert set(GrantTrial.refusals) == {NotFound, InvalidInput, DateOutOfRange}
    assert set(EndTrial.refusals) == {NotFound, DateOutOfRange}
