"""Random facts of the account itself, told to the product and to the oracle alike: discounts redeemed and ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from gateway.billing.discount import PERCENT, Discount, Duration, Redemption
from gateway.billing.redeemed import DiscountEnded, Redeemed
from gateway.billing.standing import Mark
from tests import oracle
from tests.properties.lives import PLANS, Life

GAPS = (1, 3600, 86_400, 10 * 86_400, 40 * 86_400, 90 * 86_400)


def notes(random: Random, subject: Life) -> tuple[list[Mark], list[oracle.Note]]:
    """Up to six discounts, some of which are taken back."""
    marks, told = list[Mark](), list[oracle.Note]()
    at, zone = subject.account.opened_at, subject.told.almanac
    for number in range(random.randint(0, 6)):
        at += timedelta(seconds=random.choice(GAPS))
        if told and random.randint(0, 5) == 0:
            which = str(random.randrange(number))
            marks.append(DiscountEnded(revision=1000 + number, at=at, redemption=which))
            told.append(oracle.Note(at, ended=which))
            continue
        mark, note = _redeemed(random, str(number), at, subject, zone.day_at(at))
        marks.append(mark)
        told.append(note)
    return marks, told


def _redeemed(random: Random, name: str, at: datetime, subject: Life, on: date) -> tuple[Mark, oracle.Note]:
    duration = random.choice(list(Duration))
    periods = random.randint(1, 4) if duration is Duration.PERIODS else None
    plans = tuple(random.sample(PLANS, random.randint(1, 2))) if random.randint(0, 2) == 0 else ()
    percent = random.choice((None, Decimal(100), Decimal("7.5"), Decimal("33.333333"), Decimal(random.randint(1, 99))))
    amount = random.choice((1, 999, 50_000, 10**7)) if percent is None else 0
    terms = Discount(
        names={"en": name},
        percent=None if percent is None else int(percent * PERCENT),
        amounts={} if percent is not None else {subject.account.currency: amount},
        duration=duration,
        periods=periods,
        plans=plans,
    )
    redemption = Redemption(id=name, terms=terms, redeemed_on=on, left=periods)
    heard = oracle.Discount(name, percent, amount, frozenset(plans), duration is Duration.ONCE, periods)
    return Redeemed(revision=1000 + int(name), at=at, redemption=redemption), oracle.Note(at, redeemed=heard)
