"""Thousands of random lives: what the engine bills is what the oracle bills, at any period's end and at any instant within.

The everyday profile looks at the same lives each time; `HYPOTHESIS_PROFILE=long` at many times as many, and at other ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random, SystemRandom

import pytest

from gateway.billing.bill import Bill
from tests import oracle
from tests.properties.accounts import notes
from tests.properties.lives import life
from tests.properties.market import owed, owed_by_oracle

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


def seeds(lives: int) -> Iterator[int]:
    """The same each time, or in the long run any."""
    first = SystemRandom().randrange(2**32) if LONG else 0
    return iter(range(first, first + lives * (50 if LONG else 1)))


@pytest.mark.parametrize("convention", oracle.CONVENTIONS)
@pytest.mark.parametrize("moving", [False, True], ids=["in one calendar", "moving"])
def test_the_lines_of_a_period_are_what_the_oracle_says(convention: str, moving: bool) -> None:
    for seed in seeds(150):
        random = Random(seed)
        subject = life(random, conventions=(convention,), moving=moving)
        opening = subject.openings(random.randint(1, 9))[-1]
        month = subject.told.almanac.month_on(opening.on)
        begins, over = month.begins[0], month.begins[-1]
        at = min(begins + timedelta(seconds=random.randint(0, 31 * 86_400)), over - timedelta(microseconds=1))
        for instant in (None, at):
            seen = subject if instant is None else subject.known(instant)
            bill = seen.walk(opening, instant).bill

            assert (bill.period.start, bill.period.end) == month.run, seed
            charges = oracle.charges(seen.told, month, instant or over)
            assert owed(bill) == owed_by_oracle(oracle.parts_of(charges)), f"{seed}: {opening.on} {instant}\n{seen}"


def test_what_is_due_for_one_period_after_the_other_is_what_the_oracle_says() -> None:
    for seed in seeds(600):
        random = Random(seed)
        subject = life(random)
        marks, told = notes(random, subject)
        subject = replace(subject, marks=(*subject.marks, *marks))
        bills = [subject.walk(opening).bill for opening in subject.openings(random.randint(1, 8))]

        expected = oracle.settled([(subject.told.almanac.month_on(bill.period.start), _rows(bill)) for bill in bills], told)

        assert [_settled(bill) for bill in bills] == expected, f"{seed}\n{subject}"


def _rows(bill: Bill) -> list[oracle.Row]:
    return [oracle.Row(line.plan, line.amount.minor) for line in bill.lines]


def _settled(bill: Bill) -> oracle.Settled:
    off = tuple(oracle.Off(each.redemption, each.amount.minor, each.shares) for each in bill.deductions)
    return oracle.Settled(bill.subtotal.minor, off, (), bill.tax_status.value, bill.credited)
