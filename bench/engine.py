"""The engine: CPU time of `bill` and of a whole preview, over a period of 10 to 400 changes, beside what they are to take.

`bill` is one walk over a period whose steps are known, and its net; a preview is the command, the timelines and four walks, with
every line's formula. Rounds of all sizes are interleaved, CPU time is taken and the best of each, so that what else the machine
does matters little. Linear means that a further change costs no more, the more there are: the last column falls or stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rich.console import Console
from rich.progress import track
from rich.table import Table

from gateway.billing.account import Account
from gateway.billing.books import Books
from gateway.billing.catalog import Catalog, Interval, Kind, Offer, Plan, Price, Rate
from gateway.billing.commands import AddPackage, ChangePackage, OpenAccount
from gateway.billing.effective import Effective, When
from gateway.billing.term import Opening

SIZES = (10, 25, 50, 100, 200, 400)
GOALS = {50: (0.2, 2.0)}
"""By the number of changes: the milliseconds `bill` and a preview are to take at most."""
ROUNDS = 60
START = datetime(2026, 5, 1, 6, tzinfo=UTC)


def books_of(changes: int) -> Books:
    """An account with three packages and this many changes of them, spread over a month."""
    rates = {"pro": ("249", "39.90"), "team": ("399", "29.90")}
    plans = {
        code: Plan(
            code,
            Kind.PACKAGE,
            {"en": code},
            {"en": code},
            (
                Offer(
                    date(2020, 1, 1),
                    maximum=None,
                    prices=(Price(code, Interval.MONTH, Rate.of(Decimal(base), "TRY"), 3, Rate.of(Decimal(extra), "TRY")),),
                ),
            ),
        )
        for code, (base, extra) in rates.items()
    }
    blank = Account(id="acc_bench", name="", currency="", zone="UTC", anchor=1, locale="en", opened_at=START, last_at=START)
    books = Books(blank, Catalog(plans), START, Opening(START.date()))
    books = OpenAccount(name="Bench", currency="TRY", time_zone="Europe/Istanbul")(books).committed()
    packages = []
    for n in range(changes):
        at = START + timedelta(hours=1) + n * timedelta(days=29) / changes
        books = replace(books, now=at, seed=str(n).encode(), subject=None)
        if n < 3:
            after = AddPackage(plan="pro")(books)
            packages.append(after.subject or "")
        else:
            package, plan = packages[n % 3], ("pro", "team")[n % 2]
            after = ChangePackage(package_id=package, plan=plan, representatives=3 + n % 7, effective=Effective(when=When.NOW))(books)
        books = after.committed()
    return replace(books, now=START + timedelta(days=29, hours=2))


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def run() -> None:
    """Measure, and print a table."""
    cases = {size: books_of(size) for size in SIZES}
    bill, preview = dict.fromkeys(SIZES, 1.0), dict.fromkeys(SIZES, 1.0)
    for _ in track(range(ROUNDS), description="engine", transient=True):
        for size, books in cases.items():
            steps = books.steps
            warm = replace(books)
            warm.__dict__["steps"] = steps

            def total(warm: Books = warm) -> object:
                return warm.walk(warm.opening).bill.net

            bill[size] = min(bill[size], _cpu(total))
            fresh = replace(books)
            command = ChangePackage(package_id=books.packages[0].id, representatives=9)

            def whole(fresh: Books = fresh, command: ChangePackage = command) -> None:
                shown = fresh.preview(command(fresh))
                assert shown.difference.currency == "TRY"
                for line in (*shown.before.expected.lines, *shown.after.expected.lines, *shown.after.so_far.lines):
                    assert line.formula

            preview[size] = min(preview[size], _cpu(whole))
    table = Table("changes", "bill (ms)", "preview (ms)", "bill, per further change (µs)", title="engine: best CPU time")
    for before, size in zip((None, *SIZES), SIZES, strict=False):
        further = "" if before is None else f"{(bill[size] - bill[before]) / (size - before) * 1e6:.2f}"
        most = GOALS.get(size, (None, None))
        table.add_row(str(size), _beside(bill[size], most[0]), _beside(preview[size], most[1]), further)
    Console().print(table)


def _beside(seconds: float, goal: float | None) -> str:
    """A time in milliseconds, beside its goal if it has one."""
    figure = f"{seconds * 1e3:.3f}"
    return figure if goal is None else f"{figure} (goal {goal}: {'met' if seconds * 1e3 <= goal else 'not met'})"
