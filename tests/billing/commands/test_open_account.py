"""openAccount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.billing.commands import OpenAccount
from gateway.billing.errors import InvalidInput
from gateway.billing.facts import Opened
from tests.billing.given import blank, local, refused

ISTANBUL = "Europe/Istanbul"
OPEN = OpenAccount(name=" Acme ", currency="TRY", time_zone=ISTANBUL, anchor_day=15, locale="tr-TR")
NOW = local("2026-06-10T09:00", ISTANBUL)


def test_the_account_is_as_asked_for_and_its_first_period_holds_today() -> None:
    after = OPEN(blank(NOW))
    account = after.account

    assert (account.id, account.name, account.currency, account.zone) == ("acc_1", "Acme", "TRY", ISTANBUL)
    assert (account.anchor, account.locale, account.opened_at, account.closed_at) == (15, "tr-TR", NOW, None)
    assert after.opening.on == date(2026, 5, 15)
    assert after.subject == "acc_1"
    assert after.committed().account.revision == 1


def test_the_first_day_is_that_of_the_accounts_own_zone() -> None:
    late = local("2026-06-30T22:30", "UTC")  # 1 July in Istanbul

    assert OpenAccount(name="A", currency="TRY", time_zone=ISTANBUL)(blank(late)).opening.on == date(2026, 7, 1)
    assert OpenAccount(name="A", currency="TRY", time_zone="UTC")(blank(late)).opening.on == date(2026, 6, 1)


def test_the_fact_holds_a_digest_in_place_of_the_name() -> None:
    after = OPEN(blank(NOW))

    (sealed,) = after.sealed
    assert sealed.data == {"name": "Acme"}
    assert after.added == (Opened(revision=1, at=NOW, currency="TRY", zone=ISTANBUL, anchor=15, locale="tr-TR", profile=sealed.digest),)


def test_nothing_is_due_on_a_new_account() -> None:
    books = OPEN(blank(NOW)).committed()

    assert books.items == ()
    assert (books.current.expected.due.minor, books.next.expected.due.minor, books.current.expected.currency) == (0, 0, "TRY")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"currency": "USD"}, "currency"),  # nothing has a price in it
        ({"currency": "try"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"time_zone": "Europe/Atlantis"}, "timeZone"),
        ({"time_zone": "../../etc/passwd"}, "timeZone"),
        ({"time_zone": ""}, "timeZone"),
        ({"anchor_day": 0}, "anchorDay"),
        ({"anchor_day": 32}, "anchorDay"),
        ({"anchor_day": -1}, "anchorDay"),
        ({"locale": "english"}, "locale"),
        ({"locale": "tr_TR"}, "locale"),
        ({"locale": "en\n"}, "locale"),
    ],
)
def test_it_refuses_what_cannot_be_used(changed: dict[str, Any], field: str) -> None:
    refusal = refused(blank(NOW), replace(OPEN, **changed))

    assert (type(refusal), refusal.field) == (InvalidInput, field)


@pytest.mark.parametrize("changed", [{"name": "x" * 200}, {"anchor_day": 1}, {"anchor_day": 31}, {"locale": "en"}, {"time_zone": "UTC"}])
def test_the_bounds_are_allowed(changed: dict[str, Any]) -> None:
    assert len(replace(OPEN, **changed)(blank(NOW)).added) == 1


def test_a_refusal_repeats_no_more_than_the_beginning_of_a_long_value() -> None:
    assert len(str(refused(blank(NOW), replace(OPEN, time_zone="x" * 5000)))) < 100
    assert len(str(refused(blank(NOW), replace(OPEN, currency="x" * 5000)))) < 100
    assert len(str(refused(blank(NOW), replace(OPEN, locale="x" * 5000)))) < 100


def test_every_refusal_it_declares_is_tried_above() -> None:
    assert OpenAccount.refusals == (InvalidInput,)
