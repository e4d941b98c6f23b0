"""Errands: what an operator asks of a gateway from the command line.

They run in the one process that owns the database: in the command's own when the file is free, else in the running gateway,
which takes them through its admin socket. So what goes in and comes out is plain JSON.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from io import StringIO
from typing import Any, Final

from gateway.billing.catalog_file import CatalogProblem
from gateway.billing.commands import MigratePlan
from gateway.billing.dates import local_day
from gateway.jobs import plan_migration
from gateway.jobs.bill_run import bill_run
from gateway.store.catalog import CatalogConflict
from gateway.store.database import DatabaseBusyNow

from .catalog_reading import read_file
from .problem import OperatorProblem
from .services import Services

Json = dict[str, Any]
Say = Callable[[int], None]

# The zone whose days begin first: a day that has not begun there lies in the future everywhere.
_EARLIEST_ZONE: Final = "Pacific/Kiritimati"


class Declined(OperatorProblem):
    """An errand that cannot be run as asked; the message is for the operator."""


async def bill(services: Services, asked: Json, say: Say) -> Json:
    """Bill every period that is over: `until` (a local day, or null) leaves later ones out, `dry_run` writes nothing."""
    now = services.now()
    until = date.fromisoformat(asked["until"]) if asked["until"] else None
    if until is not None and until > local_day(now, _EARLIEST_ZONE):
        raise Declined(f"{until} lies in the future: periods are billed once they are over.")
    try:
        done = await bill_run(services.store, until=now, now=now, progress=say, ended_by=until, dry_run=asked["dry_run"])
    except DatabaseBusyNow as busy:
        raise Declined(f"The database cannot be reached. What is billed is billed; ask again to have the rest done. ({busy})") from None
    totals = [asdict(total) for total in done.totals]
    return {"accounts": done.accounts, "invoices": done.invoices, "totals": totals, "failures": list(done.failures)}


async def publish(services: Services, asked: Json, say: Say) -> Json:
    """Publish the catalog file `text`, called `name`; watched accounts look at their prices anew.

    `planned` is the digest of the plan that was looked at, or null.
    """
    before = await services.store.catalog()
    try:
        file = read_file(asked["text"], asked["name"])
        after = await services.store.publish(
            file.plans, file.convention, services.now(), promotions=file.discounts, tax=file.tax, planned=asked.get("planned")
        )
    except (CatalogProblem, CatalogConflict) as problem:
        raise Declined(str(problem)) from None
    return {"plans": len(after.plans), "revision": after.revision, "changed": after.revision != before.revision}


async def explain(services: Services, asked: Json, say: Say) -> Json:
    """A month of `account` as text, with its `days` if wanted.

    `month` is 2026-11, or null for the running one; `width`, `colour`, and `locale` (null: the account's) say how it is drawn.
    """
    from rich.console import Console

    from .any_month import picture

    drawn = await picture(services, asked["account"], asked["month"], asked["locale"], asked["width"], days=asked.get("days", False))
    text = StringIO()
    console = Console(file=text, width=asked["width"], force_terminal=asked["colour"], color_system="256" if asked["colour"] else None)
    console.print(drawn)
    return {"text": text.getvalue()}


async def migrate_plan(services: Services, asked: Json, say: Say) -> Json:
    """Move the holders of the retired `plan` to `to_plan` on a day, `notice_days` ahead at least; `dry_run` writes nothing."""
    on = date.fromisoformat(asked["on"])
    command = MigratePlan(plan=asked["plan"], to_plan=asked["to_plan"], on=on, notice_days=asked["notice_days"])
    catalog = await services.store.catalog()
    for code in (command.plan, command.to_plan):
        if code not in catalog.plans:
            raise Declined(f"There is no plan {code}.")
    try:
        done = await plan_migration.migrate_plan(services.store, command, services.now(), progress=say, dry_run=asked["dry_run"])
    except DatabaseBusyNow as busy:
        raise Declined(f"The database cannot be reached. What is scheduled stays so; ask again to have the rest done. ({busy})") from None
    moved = [{"account": each.account_id, "before": asdict(each.before), "after": asdict(each.after)} for each in done.moved]
    return {"moved": moved, "present": done.present, "problems": [list(each) for each in done.problems]}


ERRANDS: Final[dict[str, Callable[[Services, Json, Say], Awaitable[Json]]]] = {
    "bill": bill,
    "publish": publish,
    "explain": explain,
    "migrate_plan": migrate_plan,
}
