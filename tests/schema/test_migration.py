"""Moving holders off a retired plan, by GraphQL."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.billing.catalog_file import read_catalog
from tests.store.given import SEED

from .given import ERROR, Client

pytestmark = pytest.mark.anyio
SCHEDULED = "account { packages { scheduled { id on plan reason ends } } }"


async def retire(client: Client, code: str, on: date) -> None:
    """Take a plan off sale from a day to come, and let that day come."""
    file = read_catalog(SEED.read_text(), SEED.name)
    plans = tuple(
        replace(plan, offers=(*plan.offers, replace(plan.offers[-1], from_on=on, on_sale=False))) if plan.code == code else plan
        for plan in file.plans
    )
    await client.bench.store.publish(plans, file.convention, client.bench.now)
    client.bench.now += timedelta(days=5)


async def test_a_holder_sees_the_move_with_its_reason_and_cannot_undo_it(client: Client, owner: str) -> None:
    account_id = owner.removeprefix("OWNER:")
    await client.do(owner, "addPackage", plan="starter")
    await retire(client, "starter", date(2026, 5, 20))
    asked = {"accountId": account_id, "plan": "starter", "toPlan": "team", "on": "2026-07-01"}
    document = f"""query($input: MigratePlanInput!) {{ previewPlanMigration(input: $input) {{
        ... on ChangePreview {{ effectiveOn difference {{ amount }} }} {ERROR} }} }}"""
    shown = await client.data("OPERATOR", document, input={**asked, "idempotencyKey": "k"})
    assert shown["previewPlanMigration"] == {"effectiveOn": "2026-07-01", "difference": {"amount": "0.00"}}

    done = await client.do("OPERATOR", "migratePlan", SCHEDULED, **asked)
    assert done["__typename"] == "PlanMigrated"
    (change,) = done["account"]["packages"][0]["scheduled"]
    assert {**change, "id": ""} == {
        "id": "",
        "on": "2026-07-01",
        "plan": "team",
        "reason": "starter is no longer offered.",
        "ends": False,
    }

    refused = await client.do(owner, "undoScheduledChange", scheduledId=change["id"])
    assert (refused["__typename"], refused["field"]) == ("ScheduledConflictError", "scheduledId")


async def test_what_was_asked_for_has_no_reason_to_give(client: Client, owner: str) -> None:
    added = await client.do(owner, "addPackage", "account { packages { id } }", plan="team")
    package = added["account"]["packages"][0]["id"]

    changed = await client.do(owner, "changePackage", SCHEDULED, packageId=package, plan="starter", representatives=1)

    assert [each["reason"] for each in changed["account"]["packages"][0]["scheduled"]] == [None]


async def test_it_takes_an_operator(client: Client, owner: str) -> None:
    document = "mutation($input: MigratePlanInput!) { migratePlan(input: $input) { __typename } }"
    asked = {"plan": "starter", "toPlan": "team", "on": "2026-07-01", "idempotencyKey": "k"}

    answer = await client.ask(owner, document, input=asked)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
