"""The history of an account: who did what when, and what stood before and after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.billing.history import Moment
from gateway.store import history
from tests.store.given import statements

from .given import Client

pytestmark = pytest.mark.anyio

STATE = "{ plan name status interval representatives endsOn scheduled { on plan representatives ends } }"
ENTRY = f"revision at actor verb input {{ name value }} changes {{ itemId kind before {STATE} after {STATE} }}"
PAGE = f"""query($id: ID, $first: Int!, $after: String) {{ account(id: $id) {{ history(first: $first, after: $after) {{
    nodes {{ {ENTRY} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""


async def entries(client: Client, token: str, first: int = 100, account: str | None = None) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await client.data(token, PAGE, first=first, id=account))["account"]["history"]["nodes"]
    return nodes


def state(plan: str, name: str, status: str = "ACTIVE", representatives: int = 3, **more: Any) -> dict[str, Any]:
    plain = {"interval": "MONTH", "endsOn": None, "scheduled": []}
    return {"plan": plan, "name": name, "status": status, "representatives": representatives, **plain, **more}


async def told(client: Client, owner: str) -> str:
    """An account to which one thing of each kind was done; its package."""
    added = await client.do(owner, "addPackage", "account { packages { id } }", plan="team")
    package = str(added["account"]["packages"][0]["id"])
    for verb, fields in (
        ("changePackage", {"packageId": package, "representatives": 5}),
        ("changePackage", {"packageId": package, "plan": "business", "effective": {"on": "2026-05-25"}}),
        ("addAddOn", {"plan": "ticket_system"}),
        ("removeAddOn", {"plan": "ticket_system"}),
        ("addAddOn", {"plan": "ticket_system"}),
        ("cancelPackage", {"packageId": package, "effective": {"when": "NOW"}, "replaceScheduled": True, "dropScheduled": []}),
    ):
        client.bench.now += timedelta(days=1)
        if verb == "cancelPackage":
            client.bench.now += timedelta(days=5)  # past the scheduled change
        await client.do(owner, verb, **fields)
    return package


async def test_each_entry_says_who_did_what_when_and_what_stood_before_and_after(client: Client, owner: str) -> None:
    package = await told(client, owner)

    newest_first = await entries(client, owner)

    opened, added, seats, later, add_on, ending, kept, cancelled = newest_first[::-1]
    assert [each["revision"] for each in newest_first] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert (opened["verb"], opened["actor"], opened["changes"]) == ("openAccount", "tester", [])
    assert (added["verb"], added["actor"], added["at"]) == ("addPackage", "the owner", "2026-05-17T09:00:01.000001+00:00")
    assert added["input"] == [{"name": "plan", "value": "team"}, {"name": "interval", "value": "MONTH"}]
    assert added["changes"] == [{"itemId": package, "kind": "PACKAGE", "before": None, "after": state("team", "Team")}]
    assert (seats["changes"][0]["before"], seats["changes"][0]["after"]) == (
        state("team", "Team"),
        state("team", "Team", representatives=5),
    )

    coming = [{"on": "2026-05-25", "plan": "business", "representatives": None, "ends": False}]
    assert later["input"] == [
        {"name": "packageId", "value": package},
        {"name": "plan", "value": "business"},
        {"name": "effective.on", "value": "2026-05-25"},
        {"name": "replaceScheduled", "value": "false"},
    ]
    assert later["changes"][0]["after"] == state("team", "Team", representatives=5, scheduled=coming)

    ticket = state("ticket_system", "Ticket System", representatives=1)
    end = {"on": "2026-06-01", "plan": None, "representatives": None, "ends": True}
    at_the_end = {**ticket, "status": "ENDING", "endsOn": "2026-06-01", "scheduled": [end]}
    assert [(each["before"], each["after"]) for each in add_on["changes"]] == [(None, ticket)]
    assert [(each["before"], each["after"]) for each in ending["changes"]] == [(ticket, at_the_end)]
    assert [(each["before"], each["after"]) for each in kept["changes"]] == [(at_the_end, ticket)]
    assert {each["kind"] for entry in (add_on, ending, kept) for each in entry["changes"]} == {"ADD_ON"}

    # What was scheduled had acted by then, without an entry of its own.
    before = state("business", "Business", representatives=5)
    assert cancelled["changes"][0]["before"] == before
    assert cancelled["changes"][0]["after"] == {**before, "status": "ENDED", "endsOn": "2026-05-28"}


async def test_one_entry_can_touch_everything(client: Client, owner: str) -> None:
    await told(client, owner)
    await client.do(owner, "addPackage", plan="starter")
    await client.do("OPERATOR", "closeAccount", accountId=owner.removeprefix("OWNER:"))

    issued, cut, closed = (await entries(client, owner))[:3]

    assert [each["verb"] for each in (closed, cut, issued)] == ["closeAccount", "cutPeriod", "issueInvoice"]
    assert [(each["kind"], each["before"]["status"], each["after"]["status"]) for each in closed["changes"]] == [
        ("ADD_ON", "ACTIVE", "ENDED"),
        ("PACKAGE", "ACTIVE", "ENDED"),
    ]
    assert cut["changes"] == issued["changes"] == []


async def test_the_name_of_the_account_is_not_in_it(client: Client, owner: str) -> None:
    (opened,) = await entries(client, owner)

    assert [each["name"] for each in opened["input"]] == ["currency", "timeZone", "anchorDay", "locale"]
    assert "Kıyı" not in str(opened)


async def test_pages_follow_each_other_across_cuts_and_say_the_same_as_one(client: Client, owner: str) -> None:
    package = await told(client, owner)
    account_id = owner.removeprefix("OWNER:")
    for month in range(6, 10):
        client.bench.now = datetime(2026, month, 3, tzinfo=UTC)
        await client.do(
            owner,
            "reactivatePackage" if month % 2 == 0 else "cancelPackage",
            packageId=package,
            **({} if month % 2 == 0 else {"effective": {"when": "NOW"}}),
        )
        # Cut days after the period ended, and after a command of the next.
        await client.bench.store.cut(account_id, client.bench.now + timedelta(days=2))

    whole = await entries(client, owner)
    paged, after, more = [], None, True
    while more:
        shown = (await client.data(owner, PAGE, first=3, after=after))["account"]["history"]
        paged += shown["nodes"]
        after, more = shown["pageInfo"]["endCursor"], shown["pageInfo"]["hasNextPage"]

    assert paged == whole and len(whole) == 8 + 4 * 3
    commands = [each["changes"] for each in whole if each["verb"] in ("cancelPackage", "reactivatePackage")][:4]
    assert [(change[0]["before"]["status"], change[0]["after"]["status"]) for change in commands] == [
        ("ACTIVE", "ENDED"),
        ("ENDED", "ACTIVE"),
        ("ACTIVE", "ENDED"),
        ("ENDED", "ACTIVE"),
    ]


async def test_a_page_reads_the_checkpoints_it_needs_and_what_came_after_each(client: Client, owner: str) -> None:
    package = await told(client, owner)
    account_id = owner.removeprefix("OWNER:")
    counted = []
    for month in range(6, 12):
        client.bench.now = datetime(2026, month, 3, tzinfo=UTC)
        await client.bench.store.cut(account_id, client.bench.now)
        await client.do(owner, "addPackage", plan="starter")
        if month in (6, 11):
            with statements(client.bench.database) as seen:
                await entries(client, owner)
            counted.append(len(seen))
    assert counted == [6, 6]  # reference revision, books, page, checkpoints to begin from, what they keep, journal since

    newest = (await client.data(owner, "{ account { revision } }"))["account"]["revision"]
    moments: dict[tuple[str, int], Moment] = await client.bench.database.read(history.moments, [(account_id, newest), (account_id, 3)])
    recent, early = moments[account_id, newest], moments[account_id, 3]
    assert (str(recent.opening.on), len(recent.opening.items), len(recent.before)) == ("2026-11-01", 7, 1)  # the invoice's number
    assert (str(early.opening.on), len(early.opening.items), len(early.before)) == ("2026-05-01", 0, 1)
    assert package in {held.item for held in recent.opening.items}


async def test_a_list_of_accounts_takes_as_many_statements_for_many_as_for_one(client: Client) -> None:
    for _ in range(5):
        owner = f"OWNER:{await client.bench.open()}"
        await client.do(owner, "addPackage", plan="team")
    history = "history(first: 5) { totalCount nodes { changes { after { plan } } } }"
    document = f"query($first: Int!) {{ accounts(first: $first) {{ nodes {{ {history} }} }} }}"
    counted = []
    for first in (1, 5):
        with statements(client.bench.database) as seen:
            data = await client.data("OPERATOR", document, first=first)
        for node in data["accounts"]["nodes"]:
            assert node["history"] == {"totalCount": 2, "nodes": [{"changes": [{"after": {"plan": "team"}}]}, {"changes": []}]}
        counted.append(len(seen))
    assert counted == [7, 7]  # the above, and the accounts


async def test_whose_history_it_is(client: Client, owner: str) -> None:
    other = await client.bench.open()
    await told(client, owner)

    assert (await client.data(owner, PAGE, first=1, id=other))["account"] is None
    assert len(await entries(client, "OPERATOR", account=other)) == 1
    assert [each["verb"] for each in await entries(client, "OPERATOR", account=owner.removeprefix("OWNER:"))][-1] == "openAccount"


async def test_the_entry_of_an_outcome_and_of_a_line_says_it_too(client: Client, owner: str) -> None:
    done = await client.do(
        owner,
        "addPackage",
        "entry { changes { after { plan } } } forecast { expected { lines { because { changes { after { plan } } } } } }",
        plan="team",
    )

    assert done["entry"] == {"changes": [{"after": {"plan": "team"}}]}
    assert done["forecast"]["expected"]["lines"] == [{"because": [{"changes": [{"after": {"plan": "team"}}]}]}]


async def test_what_was_before_a_change_of_zone_is_told_by_the_zone_of_then(client: Client, owner: str) -> None:
    client.bench.now = datetime(2026, 5, 20, 21, 30, tzinfo=UTC)  # 21 May in Istanbul, 20 May in New York
    account = owner.removeprefix("OWNER:")
    added = await client.do(owner, "addPackage", "account { packages { id } }", plan="team")
    package = added["account"]["packages"][0]["id"]
    await client.do(owner, "cancelPackage", "account { id }", packageId=package, effective={"when": "NOW"})
    await client.do("OPERATOR", "changeBillingCalendar", "account { id }", accountId=account, timeZone="America/New_York")
    client.bench.now = datetime(2026, 6, 2, 12, tzinfo=UTC)
    await client.bench.store.cut(account, client.bench.now)

    asked = "{ account { timeZone history(first: 10) { nodes { verb changes { after { endsOn } } } } } }"
    told = (await client.data(owner, asked))["account"]

    assert told["timeZone"] == "America/New_York"
    (cancelled,) = (node for node in told["history"]["nodes"] if node["verb"] == "cancelPackage")
    assert cancelled["changes"] == [{"after": {"endsOn": "2026-05-21"}}]
