"""The journal: every entry is sealed onto the one before, and says nothing personal."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.billing.codec import canonical, pack
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, OpenAccount, UndoScheduledChange
from gateway.billing.effective import Effective, When
from gateway.billing.journal import GENESIS, Entry, entry, fingerprint, verb_of
from tests.billing.given import YEAR, account, blank, local

NOW = local("2026-06-10T09:00", "Europe/Istanbul")
OPEN = OpenAccount(name="Ayşe Yılmaz", currency="TRY", time_zone="Europe/Istanbul")


def an_entry() -> Entry:
    told = account()
    command = AddPackage(plan="pro", representatives=7)
    return entry(command, command(told.now("2026-06-10T09:00")), "usr_1", GENESIS)


def test_an_entry_says_what_was_asked_and_what_it_added() -> None:
    made = an_entry()

    assert (made.account_id, made.revision, made.at, made.actor, made.verb) == ("acc_1", 2, NOW, "usr_1", "addPackage")
    assert made.input == {"plan": "pro", "representatives": 7, "interval": "MONTH"}  # what was left out stays out
    assert [fact["fact"] for fact in made.facts] == ["Change"]
    assert made.facts[0]["state"] == {"plan": "pro", "quantity": 7, "interval": "MONTH"}
    assert made.previous == GENESIS
    assert made.sealed()


ALTERED: dict[str, Any] = {
    "account_id": "acc_2",
    "revision": 3,
    "at": NOW + timedelta(microseconds=1),
    "actor": "usr_2",
    "verb": "changePackage",
    "input": {"plan": "pro", "representatives": 8, "interval": "MONTH"},
    "facts": [],
    "previous": "1" * 64,
    "digest": "f" * 64,
}


def test_no_field_of_an_entry_is_left_out_of_these_tests() -> None:
    assert set(ALTERED) == {field.name for field in fields(Entry)}


@pytest.mark.parametrize("field", ALTERED)
def test_an_entry_altered_in_any_field_is_no_longer_sealed(field: str) -> None:
    assert not replace(an_entry(), **{field: ALTERED[field]}).sealed()


def test_a_fact_altered_deep_inside_breaks_the_seal() -> None:
    made = an_entry()
    made.facts[0]["state"]["quantity"] = 6

    assert not made.sealed()


def test_the_next_entry_hangs_on_the_digest_of_the_one_before() -> None:
    told = account()
    first = entry(OPEN, OPEN(blank(NOW)), "usr_1", GENESIS)
    command = AddPackage(plan="pro")
    books = command(told.now("2026-06-10T09:00"))

    assert entry(command, books, "usr_1", first.digest).digest != entry(command, books, "usr_1", GENESIS).digest


def test_a_name_is_in_no_part_of_the_entry_only_a_salted_digest_of_it() -> None:
    books = OPEN(blank(NOW))
    made = entry(OPEN, books, "usr_1", GENESIS)
    text = canonical([made.input, made.facts]).decode()

    assert "Ayşe" not in text and "Yılmaz" not in text and "name" not in made.input
    (sealed,) = books.sealed
    assert sealed.data == {"name": "Ayşe Yılmaz"}
    assert made.facts[0]["profile"] == sealed.digest
    assert sealed.salt not in text


def test_the_same_name_has_another_digest_under_another_seed() -> None:
    digests = {OPEN(blank(NOW, seed=seed)).sealed[0].digest for seed in (b"1", b"2")}

    assert len(digests) == 2


def test_a_verb_is_the_commands_name_in_the_contract() -> None:
    assert verb_of(OPEN) == "openAccount"
    assert verb_of(UndoScheduledChange(scheduled_id="sch_1")) == "undoScheduledChange"


COMMAND = ChangePackage(package_id="pkg_1", plan="pro", representatives=7)
OTHERS: dict[str, Any] = {
    "package_id": "pkg_2",
    "plan": "basic",
    "representatives": 8,
    "interval": YEAR,
    "effective": Effective(when=When.NOW),
    "drop_scheduled": ("sch_1",),
    "replace_scheduled": True,
}
OPENS: dict[str, Any] = {"name": "Ayşe", "currency": "EUR", "time_zone": "UTC", "anchor_day": 2, "locale": "tr"}


def test_no_field_is_left_out_of_the_fingerprint_tests() -> None:
    assert set(OTHERS) == set(pack(COMMAND))
    assert set(OPENS) == set(pack(OPEN))


@pytest.mark.parametrize(
    ("command", "field", "value"),
    [(COMMAND, *each) for each in OTHERS.items()] + [(OPEN, *each) for each in OPENS.items()],
)
def test_another_value_in_any_field_personal_or_not_is_another_request(command: Any, field: str, value: Any) -> None:
    assert fingerprint(replace(command, **{field: value}), "key") != fingerprint(command, "key")


def test_a_fingerprint_is_bound_to_the_key_and_to_the_verb() -> None:
    assert fingerprint(COMMAND, "key") == fingerprint(replace(COMMAND), "key")
    assert fingerprint(COMMAND, "key") != fingerprint(COMMAND, "another key")
    assert fingerprint(AddPackage(plan="x"), "key") != fingerprint(CancelPackage(package_id="x"), "key")
