"""The storm's verdict can fail: each kind of loss is made by hand, and found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bench.storm.record import Record, Sight, Told
from bench.storm.verdict import Entry, Stored, judge
from gateway.billing.journal import GENESIS

A = "acc_a"


def stored() -> Stored:
    """An account that was opened, took a package, and was billed."""
    journal = [
        Entry(1, "openAccount", GENESIS, "d1"),
        Entry(2, "addPackage", "d1", "d2"),
        Entry(3, "cutPeriod", "d2", "d3"),
    ]
    return Stored(journals={A: journal}, ends={A: (3, "d3")}, outcomes=Counter({"": 1, A: 2}), numbers=["INV-2026-000001"], uncut=[])


def told(verb: str, key: str, revision: int | None, digest: str | None, refusal: str | None = None) -> Told:
    """An acknowledgement."""
    return Told(
        account_id=A, verb=verb, key=key, server=0, asked_at=0, answered_at=1, attempts=1,
        revision=revision, digest=digest, refusal=refusal,
    )  # fmt: skip


def record() -> Record:
    """What clients were told of it, and a watcher saw of it on two connections."""
    acknowledged = [
        told("openAccount", "k1", 1, "d1"),
        told("addPackage", "k2", 2, "d2"),
        told("addPackage", "k3", None, None, "LIMIT_REACHED"),
    ]
    sights = [Sight(A, 0, 0.0, [(1.0, 1, "t1"), (2.0, 2, "t2")]), Sight(A, 1, 3.0, [(4.0, 2, "t2"), (5.0, 3, "t3")])]
    return Record(told=acknowledged, sights={0: sights})


def test_what_is_whole_is_found_whole() -> None:
    assert judge(record(), stored()) == []


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        ({"journals": {A: [Entry(1, "openAccount", GENESIS, "d1"), Entry(3, "cutPeriod", "d1", "d3")]}}, "revisions are not 1 to 2"),
        ({"ends": {A: (2, "d2")}}, "its row is not at its newest entry"),
        ({"outcomes": Counter({"": 1, A: 1})}, "2 commands were acknowledged, 1 outcomes are kept"),
        ({"numbers": ["INV-2026-000001", "INV-2026-000003"]}, "numbers have a gap"),
        ({"uncut": [A]}, "a period that was over is not cut"),
    ],
    ids=["an entry is gone", "a row was overwritten", "an outcome is gone", "a number is gone", "a period is not cut"],
)  # fmt: skip
def test_what_is_missing_in_the_database_is_found(alter: dict[str, object], words: str) -> None:
    assert any(words in each for each in judge(record(), replace(stored(), **alter)))  # type: ignore[arg-type]


def test_two_commands_written_onto_one_entry_are_found() -> None:
    forked = stored()
    forked.journals[A][2] = Entry(3, "cutPeriod", "d1", "d3")
    assert judge(record(), forked) == [f"{A}: an entry was not written onto the one before"]


def test_an_acknowledgement_that_is_not_in_the_journal_is_found() -> None:
    seen = record()
    seen.told[1] = told("addPackage", "k2", 2, "another digest")
    assert judge(seen, stored()) == [f"k2: acknowledged as revision 2 of {A}, which is something else"]


def test_one_entry_for_two_keys_and_a_command_that_was_told_to_nobody_are_found() -> None:
    seen = record()
    seen.told[1] = told("openAccount", "k4", 1, "d1")
    found = judge(seen, stored())
    assert "k4 and k1 were acknowledged by one entry" in found
    assert f"{A}: addPackage at revision 2 was performed and acknowledged to nobody" in found


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([(4.0, 3, "t3"), (5.0, 2, "t2"), (6.0, 3, "t3")], "states came twice or out of order"),
        ([(4.0, 3, "t3"), (5.0, 3, "t3")], "states came twice or out of order"),
        ([(4.0, 1, "t1"), (5.0, 3, "t3")], "a later connection showed an older state"),
        ([(4.0, 2, "t2")], "saw revision 2 last, and 3 is the newest"),
    ],
    ids=["back", "twice", "older after a new connection", "never the newest"],
)
def test_what_a_watcher_saw_wrongly_is_found(events: list[tuple[float, int, str]], words: str) -> None:
    seen = record()
    seen.sights[0][1].events = events
    assert any(words in each for each in judge(seen, stored()))
