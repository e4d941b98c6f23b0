"""What if, by GraphQL: every verb that has a preview, several at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.store.tables import journal
from schema.verb import PREVIEWED, name_of
from tests.store.given import statements

from .given import Client

pytestmark = pytest.mark.anyio

BILL = "{ gross { amount } due { amount } lines { plan amount { amount } } }"
OUTLOOK = f"{{ current {{ revision expected {BILL} }} next {{ expected {BILL} }} fromThenOn {{ period {{ start }} gross {{ amount }} }} }}"
MEANS = "{ representatives chatbotSessions addOns { code name } }"
SHOWN = f"""__typename ... on WhatIf {{ revision asOf before {OUTLOOK} after {OUTLOOK}
    gained {MEANS} lost {MEANS} warnings {{ code message }}
    difference {{ current {{ amount }} next {{ amount }} fromThenOn {{ amount }} }} }}
    ... on Error {{ code message field }} ... on ChangeRefusedError {{ index because {{ __typename code field
        ... on ScheduledConflictError {{ scheduledId }} }} }}"""
DOCUMENT = f"query($changes: [ChangeInput!]!, $account: ID) {{ whatIf(changes: $changes, accountId: $account) {{ {SHOWN} }} }}"


async def tried(client: Client, token: str, *changes: dict[str, Any], account: str | None = None) -> dict[str, Any]:
    result: dict[str, Any] = (await client.data(token, DOCUMENT, changes=list(changes), account=account))["whatIf"]
    return result


async def team(client: Client, owner: str) -> str:
    added = await client.do(owner, "addPackage", "account { packages { id } }", plan="team")
    client.bench.now += timedelta(days=3)
    return str(added["account"]["packages"][0]["id"])


async def test_several_changes_are_compared_and_nothing_is_written(client: Client, owner: str) -> None:
    package = await team(client, owner)
    changes = [
        {"changePackage": {"packageId": package, "plan": "business"}},
        {"addAddOn": {"plan": "ticket_system"}},
        {"removeAddOn": {"plan": "ticket_system", "effective": {"on": "2026-07-01"}}},
    ]

    with statements(client.bench.database) as seen:
        shown = await tried(client, owner, *changes)

    assert len(seen) == 2  # reference revision, books
    assert shown["__typename"] == "WhatIf" and shown["revision"] == shown["after"]["current"]["revision"] == 2
    assert shown["after"]["current"]["expected"]["lines"] == [
        {"plan": "team", "amount": {"amount": "159.58"}},
        {"plan": "business", "amount": {"amount": "1931.61"}},
        {"plan": "ticket_system", "amount": {"amount": "212.52"}},  # 549.00 × 12/31
    ]
    # 2303.71 − 797.90; 4990.00 + 549.00 − 1649.00; 4990.00 − 1649.00
    assert shown["difference"] == {"current": {"amount": "1505.81"}, "next": {"amount": "3890.00"}, "fromThenOn": {"amount": "3341.00"}}
    assert shown["after"]["fromThenOn"] == {"period": {"start": "2026-07-01"}, "gross": {"amount": "4990.00"}}
    assert shown["lost"] == {"representatives": 0, "chatbotSessions": 0, "addOns": []}
    assert shown["gained"]["addOns"] == [] and shown["gained"]["chatbotSessions"] > 0
    assert await client.bench.database.read(lambda c: c.execute(select(func.count()).select_from(journal)).scalar_one()) == 2


async def test_one_change_comes_to_what_its_preview_says(client: Client, owner: str) -> None:
    package = await team(client, owner)
    change = {"packageId": package, "plan": "business", "representatives": 12}
    document = f"""query($input: ChangePackageInput!) {{ previewPackageChange(input: $input) {{
        ... on ChangePreview {{ after {{ revision expected {BILL} }} difference {{ amount }} }} }} }}"""

    preview = (await client.data(owner, document, input={**change, "idempotencyKey": "k"}))["previewPackageChange"]
    shown = await tried(client, owner, {"changePackage": change})

    assert shown["after"]["current"] == preview["after"]
    assert shown["difference"]["current"] == preview["difference"]


async def test_what_is_lost_and_the_warnings_are_told(client: Client, owner: str) -> None:
    package = await team(client, owner)
    await client.do(owner, "addAddOn", plan="ticket_system")

    shown = await tried(
        client,
        owner,
        {"cancelPackage": {"packageId": package, "effective": {"on": "2026-08-10"}}},
        {"removeAddOn": {"plan": "ticket_system"}},
    )

    assert (shown["lost"]["representatives"], shown["lost"]["addOns"]) == (3, [{"code": "ticket_system", "name": "Ticket System"}])
    assert [each["code"] for each in shown["warnings"]] == ["FAR_AHEAD"]
    assert shown["after"]["fromThenOn"] == {"period": {"start": "2026-09-01"}, "gross": {"amount": "0.00"}}


async def test_a_refusal_names_the_change_and_says_all_it_says_alone(client: Client, owner: str) -> None:
    package = await team(client, owner)
    scheduled = await client.do(
        owner,
        "changePackage",
        "account { packages { scheduled { id } } }",
        packageId=package,
        representatives=2,
        effective={"on": "2026-06-10"},
    )

    refused = await tried(client, owner, {"addAddOn": {"plan": "ticket_system"}}, {"cancelPackage": {"packageId": package}})

    assert (refused["__typename"], refused["code"], refused["index"]) == ("ChangeRefusedError", "CHANGE_REFUSED", 1)
    assert (refused["field"], refused["because"]["field"]) == ("changes.1.replaceScheduled", "replaceScheduled")
    assert refused["message"].startswith("Change 1 is refused: A change is scheduled for 2026-06-10")
    assert refused["because"]["__typename"] == "ScheduledConflictError"
    assert refused["because"]["scheduledId"] == scheduled["account"]["packages"][0]["scheduled"][0]["id"]


async def test_none_and_more_than_twenty_are_refused(client: Client, owner: str) -> None:
    for changes in ([], [{"addPackage": {"plan": "team"}}] * 21):
        refused = await tried(client, owner, *changes)
        assert (refused["__typename"], refused["field"]) == ("InvalidInputError", "changes")


async def test_an_account_that_is_not_yours_answers_as_one_that_is_not_there(client: Client, owner: str) -> None:
    other = await client.bench.open()
    change = {"addPackage": {"plan": "team"}}
    foreign = await tried(client, owner, change, account=other)
    missing = await tried(client, owner, change, account="acc_none")

    assert (foreign["__typename"], foreign["field"]) == (missing["__typename"], missing["field"]) == ("NotFoundError", "accountId")
    assert foreign["message"].replace(other, "") == missing["message"].replace("acc_none", "")
    assert (await tried(client, "OPERATOR", change, account=other))["__typename"] == "WhatIf"


async def test_a_change_is_exactly_one(client: Client, owner: str) -> None:
    for change in ({}, {"addPackage": {"plan": "team"}, "addAddOn": {"plan": "ticket_system"}}, {"addPackage": None}):
        answer = await client.ask(owner, DOCUMENT, changes=[change])
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_whatever_has_a_preview_can_be_tried(client: Client, owner: str) -> None:
    asked = """{ __type(name: "ChangeInput") { isOneOf inputFields { name } }
        __schema { queryType { fields { name args { type { ofType { name } } } } } } }"""

    data = await client.data(owner, asked)

    previewed = [
        field["args"][0]["type"]["ofType"]["name"]
        for field in data["__schema"]["queryType"]["fields"]
        if field["name"].startswith("preview")
    ]
    members = [field["name"] for field in data["__type"]["inputFields"]]
    assert data["__type"]["isOneOf"]
    assert [f"{member[0].upper()}{member[1:]}Input" for member in members] == previewed
    assert members == [name_of(command) for command in PREVIEWED] and len(members) == 20
