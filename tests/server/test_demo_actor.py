"""The demo's actor: the estimate moves, and nothing grows silly. The demo is always on SQLite."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from gateway.billing.books import Books
from gateway.billing.commands import CancelPackage, ChangePackage, CloseAccount, CutPeriod
from gateway.billing.effective import Effective, When
from gateway.billing.item import Status
from gateway.server.demo_actor import ACTOR, FEWEST_ADD_ONS, FORTNIGHT, MOST_ADD_ONS, ROOM, Actor, next_change, pause
from gateway.server.demo_play import PlayedSeeds, play
from gateway.server.tax_ids import tax_id_form
from gateway.store import accounts
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from gateway.store.tables import journal

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Hands:
    """A clock moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
async def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    store = Store(open_database(f"sqlite:///{tmp_path / 'demo.db'}"), Feed(), PlayedSeeds(), tax_ids=tax_id_form)
    await play(store, NOON)
    yield store
    await store.close()


async def ids(store: Store) -> list[str]:
    return await store.database.read(accounts.page, 10, None, None, None)


def later(books: Books, at: datetime, number: int) -> Books:
    """The books at a later instant, with every period that is over by then cut."""
    calendar = books.calendar
    books = replace(books, now=at, seed=b"%d" % number, warnings=(), subject=None)
    while calendar.run(books.opening.on).end <= books.today:
        books = CutPeriod(start=books.opening.on)(books).committed()
        books = replace(books, now=books.now + timedelta(microseconds=1))
    return books


async def test_the_actor_changes_the_estimate_and_stays_in_bounds_over_two_thousand_steps(store: Store) -> None:
    chance, at = Random(7), NOON
    books = await store.books(await ids(store), NOON)
    at_first = {key: each.expected.bill.due.minor for key, each in books.items()}
    moved, verbs = 0, Counter[str]()
    for number in range(2000):
        at += timedelta(hours=6, minutes=7)
        key = chance.choice(list(books))
        before = later(books[key], at, number)
        command = next_change(before, chance)
        assert command is not None
        after = command(before)  # a refusal would be raised here
        verbs[type(command).__name__] += 1
        moved += after.expected.bill.due != before.expected.bill.due
        books[key] = after.committed()

        active = [package for package in after.packages if package.status in (Status.ACTIVE, Status.ENDING)]
        ended = [package.ends_on for package in after.packages if package.status is Status.ENDED]
        away = [day for day in ended if day is not None and day > after.today - FORTNIGHT]
        assert len(active) + len(away) >= 1 and len(away) <= 1
        assert FEWEST_ADD_ONS <= sum(add_on.status is not Status.ENDED for add_on in after.add_ons) <= MOST_ADD_ONS + 1
        for package in active:
            offer = package.plan.offer(after.today)
            assert offer is not None and package.representatives <= min(offer.maximum or 999, offer.included + ROOM)

    assert moved > 1500
    assert set(verbs) == {"ChangePackage", "CancelPackage", "ReactivatePackage", "AddAddOn", "RemoveAddOn"}
    assert 0 <= verbs["CancelPackage"] - verbs["ReactivatePackage"] <= 3, "whatever was cancelled came back, or is about to"
    assert verbs["ChangePackage"] > 800
    for key, each in books.items():
        assert at_first[key] / 3 < each.expected.bill.due.minor < at_first[key] * 3


async def test_the_same_chance_makes_the_same_changes(store: Store) -> None:
    (books, *_) = (await store.books(await ids(store), NOON)).values()

    one, other = Random(3), Random(3)

    assert [next_change(books, one) for _ in range(20)] == [next_change(books, other) for _ in range(20)]


async def test_a_change_is_performed_and_rings_whoever_watches(store: Store) -> None:
    keys, now = await ids(store), Hands(NOON)
    actor = Actor(store, keys[:1], now, Random(1))
    watch = store.feed.watch(keys[0], "Europe/Istanbul")
    before = (await store.books(keys[:1], NOON))[keys[0]].account.revision

    for _ in range(10):
        now.at += 4 * SECOND
        answer = await actor.act()
        assert answer is not None and answer.refusal is None
        await watch.heard()

    assert (await store.books(keys[:1], now.at))[keys[0]].account.revision == before + 10
    rows = await store.database.read(lambda c: list(c.execute(select(journal.c.actor).where(journal.c.at > NOON)).scalars()))
    assert rows == [ACTOR] * 10


async def test_what_somebody_scheduled_is_left_alone(store: Store) -> None:
    # given an account all of whose packages are to be cancelled at their renewal
    key = (await ids(store))[0]
    at = NOON
    for package in (await store.books([key], at))[key].packages:
        if package.status is Status.ACTIVE:
            at += SECOND
            command = CancelPackage(package_id=package.id, replace_scheduled=True)
            await store.perform(_request(key, command, package.id), at)
    books = (await store.books([key], at))[key]
    assert [package.status for package in books.packages] == [Status.ENDING] * len(books.packages)

    # when the actor looks for something to do, then it finds no package to touch
    chance = Random(5)
    verbs = {type(next_change(books, chance)).__name__ for _ in range(200)}
    assert verbs == {"AddAddOn", "RemoveAddOn"}


async def test_more_seats_than_the_actor_would_take_can_only_fall(store: Store) -> None:
    key = (await ids(store))[0]
    books = (await store.books([key], NOON))[key]
    business = next(package for package in books.packages if package.plan.code == "business")
    command = ChangePackage(package_id=business.id, representatives=50, effective=Effective(when=When.NOW))
    crowded = replace(command(books).committed(), now=NOON + SECOND)

    chance = Random(5)
    seats = [
        change.representatives
        for _ in range(300)
        if isinstance(change := next_change(crowded, chance), ChangePackage) and change.package_id == business.id
    ]
    assert set(seats) == {48, 49}


async def test_a_closed_account_is_left_alone(store: Store) -> None:
    keys = await ids(store)
    await store.perform(_request(keys[0], CloseAccount(), "close"), NOON)

    actor = Actor(store, keys[:1], Hands(NOON + SECOND), Random(1))

    assert await actor.act() is None


async def test_an_account_that_is_not_there_is_left_alone(store: Store) -> None:
    assert await Actor(store, ["acc_01h455vb4pex5vsknk084sn02q"], Hands(NOON), Random(1)).act() is None


class Stumbling(Random):
    """Fails at its first choice, and chooses from then on."""

    stumbled = False

    def choice(self, seq):  # type: ignore[no-untyped-def]
        if not self.stumbled:
            self.stumbled = True
            raise OSError("the disk was full for a moment")
        return super().choice(seq)


async def test_a_change_that_fails_is_logged_and_the_next_one_tried(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    keys = (await ids(store))[:1]
    watch = store.feed.watch(keys[0], "Europe/Istanbul")

    acting = asyncio.create_task(Actor(store, keys, Hands(NOON + SECOND), Stumbling(1), lively=0.0).run())
    await asyncio.wait_for(watch.heard(), 10)
    acting.cancel()
    await asyncio.wait([acting])

    assert [(record.name, record.getMessage()) for record in caplog.records if record.levelname == "ERROR"] == [
        ("gateway.server", "The demo's actor could not make a change.")
    ]


@pytest.mark.parametrize(
    ("running", "seconds"),
    [
        (timedelta(0), 4.0),
        (timedelta(minutes=59), 4.0),
        (timedelta(hours=1), 30.0),
        (timedelta(hours=23), 30.0),
        (timedelta(days=1), 300.0),
        (timedelta(days=40), 300.0),
    ],
)
def test_the_actor_slows_down(running: timedelta, seconds: float) -> None:
    assert pause(running, 4.0) == seconds


def _request(account_id: str, command, key: str):  # type: ignore[no-untyped-def]
    from gateway.store.writing import Request

    return Request(command=command, account_id=account_id, actor="test", key=key)
