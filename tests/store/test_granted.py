"""What an operator granted and the product reported lasts: over cuts, checkpoints and an audit that replays it all."""

from datetime import UTC, date, datetime

import pytest

from gateway.billing.catalog import Interval
from gateway.billing.commands import AddPackage, EndTrial, GrantTrial, ReportRepresentatives, SetOwnPrice
from gateway.jobs.bill_run import bill_run
from gateway.store.audit import audit
from gateway.store.finding import Seen
from gateway.store.looking import look

from .given import Bench

pytestmark = pytest.mark.anyio


async def test_after_two_cuts_everything_is_as_it_was_granted_and_the_audit_finds_nothing(bench: Bench, database_url: str) -> None:
    account_id = await bench.open()
    await bench.do(account_id, SetOwnPrice(plan="team", base="1000.00", from_on=date(2026, 6, 1)))
    package = (await bench.do(account_id, AddPackage(plan="team", representatives=6))).subject or ""
    await bench.do(account_id, GrantTrial(plan="team", until_on=date(2026, 6, 20)))
    await bench.do(account_id, ReportRepresentatives(package_id=package, in_use=5))
    trial = (await bench.store.books([account_id], bench.now))[account_id].trials[0]
    await bench.do(account_id, EndTrial(trial_id=trial.id, until_on=date(2026, 6, 10)))
    bench.now = datetime(2026, 7, 3, tzinfo=UTC)
    done = await bill_run(bench.store, until=bench.now, now=bench.now)

    # Nothing in May; June from the 10th: 1000.00 × 21/30 = 700.00, three more representatives as listed 449.00 × 63/30 = 942.90
    assert (done.invoices, [str(total.amount) for total in done.totals]) == (1, ["1642.90"])
    books = (await bench.store.books([account_id], bench.now))[account_id]
    assert [(own.plan, own.interval) for own in books.own_prices] == [("team", Interval.MONTH)]
    assert books.packages[0].representatives_in_use == 5
    assert await audit(look(database_url), account_id) == Seen((), accounts=1, entries=9, checkpoints=3, invoices=1)
