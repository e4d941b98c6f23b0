"""Commands by GraphQL: previewed, performed, refused."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.store.tables import journal

from .given import ERROR, FORECAST, Client

pytestmark = pytest.mark.anyio


async def package_of(client: Client, owner: str, **fields: Any) -> str:
    added = await client.do(owner, "addPackage", "account { packages { id } }", **{"plan": "team", **fields})
    packages = added["account"]["packages"]
    return str(packages[-1]["id"])


async def entries(client: Client) -> int:
    return int(await client.bench.database.read(lambda c: c.execute(select(func.count()).select_from(journal)).scalar_one()))


async def test_a_preview_shows_to_the_cent_what_the_same_input_then_does(client: Client, owner: str) -> None:
    package = await package_of(client, owner)
    client.bench.now += timedelta(days=3)
    change = {"packageId": package, "plan": "business", "idempotencyKey": "upgrade"}
    preview = f"""query($input: ChangePackageInput!) {{ previewPackageChange(input: $input) {{ __typename ... on ChangePreview {{
        before {{ expected {{ due {{ amount }} }} }} difference {{ amount }} effectiveOn
        after {{ soFar {{ due {{ amount }} }} expected {{ due {{ amount }} lines {{ formula amount {{ amount }} }} }} }} }} {ERROR} }} }}"""
    shown = (await client.data(owner, preview, input=change))["previewPackageChange"]
    assert await entries(client) == 2
    assert shown["before"]["expected"]["due"]["amount"] == "797.90"  # 1649.00 × 15/31
    assert shown["after"]["expected"]["lines"] == [
        {"formula": "1649.00 × 3/31", "amount": {"amount": "159.58"}},  # 17, 18 and 19 May
        {"formula": "4990.00 × 12/31", "amount": {"amount": "1931.61"}},  # 20 to 31 May
    ]
    assert (shown["difference"]["amount"], shown["effectiveOn"]) == ("1293.29", "2026-05-20")
    done = await client.do(owner, "changePackage", **change)
    assert done["__typename"] == "PackageChanged"
    assert {key: done["forecast"][key] for key in ("soFar", "expected")} == shown["after"]


async def test_cancelling_and_coming_back_on_one_day_changes_nothing(client: Client, owner: str) -> None:
    package = await package_of(client, owner)
    client.bench.now += timedelta(days=2)
    before = await client.data(owner, f"{{ account {{ {FORECAST} packages {{ status renewsOn }} }} }}")
    await client.do(owner, "cancelPackage", packageId=package, effective={"when": "NOW"})
    client.bench.now += timedelta(hours=5)
    await client.do(owner, "reactivatePackage", packageId=package)
    after = await client.data(owner, f"{{ account {{ {FORECAST} packages {{ status renewsOn }} }} }}")
    after["account"]["forecast"]["revision"] = before["account"]["forecast"]["revision"]
    assert after == before


async def test_cheaper_waits_for_the_renewal_and_can_be_undone(client: Client, owner: str) -> None:
    package = await package_of(client, owner)
    shows = "account { packages { status scheduled { id on plan ends representatives } } }"
    changed = await client.do(owner, "changePackage", shows, packageId=package, plan="starter", representatives=1)
    (scheduled,) = changed["account"]["packages"][0]["scheduled"]
    assert (scheduled["on"], scheduled["plan"], scheduled["representatives"], scheduled["ends"]) == ("2026-06-01", "starter", 1, False)
    refused = await client.do(owner, "cancelPackage", packageId=package)
    assert (refused["__typename"], refused["field"]) == ("ScheduledConflictError", "replaceScheduled")
    undone = await client.do(owner, "undoScheduledChange", shows, scheduledId=scheduled["id"])
    assert undone["__typename"] == "ScheduledChangeUndone"
    assert undone["account"]["packages"] == [{"status": "ACTIVE", "scheduled": []}]


async def test_an_add_on_comes_goes_and_comes_back_as_the_same_item(client: Client, owner: str) -> None:
    shows = "account { addOns { id status name } availableAddOns { code } }"
    added = (await client.do(owner, "addAddOn", shows, plan="ticket_system"))["account"]
    assert (added["addOns"][0]["name"], added["addOns"][0]["status"]) == ("Ticket System", "ACTIVE")
    assert len(added["availableAddOns"]) == 7
    refused = await client.do(owner, "addAddOn", plan="ticket_system")
    assert (refused["__typename"], refused["code"]) == ("AlreadyActiveError", "ALREADY_ACTIVE")
    removed = (await client.do(owner, "removeAddOn", shows, plan="ticket_system", effective={"when": "NOW"}))["account"]
    assert (removed["addOns"][0]["status"], len(removed["availableAddOns"])) == ("ENDED", 8)
    back = (await client.do(owner, "addAddOn", shows, plan="ticket_system", idempotencyKey="again"))["account"]
    assert [each["id"] for each in back["addOns"]] == [added["addOns"][0]["id"]]


REFUSED: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("addPackage", {"plan": "no_such_plan"}, "NotFoundError", "plan"),
    ("addPackage", {"plan": "ticket_system"}, "NotFoundError", "plan"),
    ("addPackage", {"plan": "team", "representatives": 0}, "InvalidInputError", "representatives"),
    ("addPackage", {"plan": "team", "representatives": -1}, "InvalidInputError", "representatives"),
    ("addPackage", {"plan": "team", "representatives": 1000}, "LimitReachedError", "representatives"),
    ("addPackage", {"plan": "enterprise", "interval": "QUARTER"}, "PlanNotAvailableError", "plan"),
    ("addPackage", {"plan": "team", "effective": {"on": "2026-05-16"}}, "DateOutOfRangeError", "effective"),
    ("addPackage", {"plan": "team", "effective": {"on": "9999-12-31"}}, "DateOutOfRangeError", "effective"),
    ("addPackage", {"plan": "team", "effective": {"when": "AT_RENEWAL"}}, "InvalidInputError", "effective"),
    ("addPackage", {"plan": "team", "idempotencyKey": ""}, "InvalidInputError", "idempotencyKey"),
    ("addPackage", {"plan": "team", "idempotencyKey": "k" * 201}, "InvalidInputError", "idempotencyKey"),
    ("changePackage", {"packageId": "pkg_none", "plan": "team"}, "NotFoundError", "packageId"),
    ("changePackage", {"packageId": "{package}"}, "InvalidInputError", None),
    ("changePackage", {"packageId": "{package}", "plan": "starter", "effective": {"when": "NOW"}}, "LimitReachedError", "representatives"),
    ("changePackage", {"packageId": "{package}", "representatives": 6, "dropScheduled": ["sch_x"]}, "NotFoundError", "dropScheduled"),
    ("cancelPackage", {"packageId": "pkg_none"}, "NotFoundError", "packageId"),
    ("reactivatePackage", {"packageId": "{package}"}, "AlreadyActiveError", "packageId"),
    ("undoScheduledChange", {"scheduledId": "sch_none"}, "NotFoundError", "scheduledId"),
    ("addAddOn", {"plan": "team"}, "NotFoundError", "plan"),
    ("removeAddOn", {"plan": "ticket_system"}, "NotFoundError", "plan"),
]


@pytest.mark.parametrize(("verb", "fields", "kind", "field"), REFUSED)
async def test_a_bad_request_is_refused_by_type_and_writes_nothing(
    client: Client, owner: str, verb: str, fields: dict[str, Any], kind: str, field: str | None
) -> None:
    package = await package_of(client, owner, representatives=5)
    before = await entries(client)
    asked = {key: package if value == "{package}" else value for key, value in fields.items()}
    refused = await client.do(owner, verb, **asked)
    assert (refused["__typename"], refused["field"]) == (kind, field)
    assert refused["message"]
    assert await entries(client) == before


async def test_a_key_used_again_replays_or_refuses(client: Client, owner: str) -> None:
    first = await client.do(owner, "addPackage", f"{FORECAST} entry {{ revision digest }}", plan="team", idempotencyKey="k")
    again = await client.do(owner, "addPackage", f"{FORECAST} entry {{ revision digest }}", plan="team", idempotencyKey="k")
    assert again == first
    other = await client.do(owner, "addPackage", plan="business", idempotencyKey="k")
    assert (other["__typename"], other["field"]) == ("KeyReusedError", "idempotencyKey")
    assert await entries(client) == 2


async def test_refusals_and_warnings_speak_the_readers_language(client: Client, owner: str) -> None:
    document = f"mutation($input: AddPackageInput!) {{ addPackage(input: $input) {{ __typename {ERROR} }} }}"
    fields = {"plan": "team", "representatives": 1000, "idempotencyKey": "k"}
    in_turkish = await client.ask(owner, document, "tr-TR,tr;q=0.9,en;q=0.8", input=fields)
    in_english = await client.ask(owner, document, "de, en;q=0.5", input=fields)
    assert in_turkish["data"]["addPackage"]["message"] == "team en çok 10 temsilciye izin verir."
    assert in_english["data"]["addPackage"]["message"] == "team allows at most 10 representatives."


async def test_a_closed_account_takes_nothing_more(client: Client, owner: str) -> None:
    package = await package_of(client, owner)
    account_id = owner.removeprefix("OWNER:")
    closed = await client.do("OPERATOR", "closeAccount", "account { pastInvoices { nodes { total { amount } } } }", accountId=account_id)
    assert closed["__typename"] == "AccountClosed"
    assert closed["account"]["pastInvoices"]["nodes"] == [{"total": {"amount": "53.19"}}]  # one day of 1649.00 in May
    refused = await client.do(owner, "cancelPackage", packageId=package)
    assert refused["__typename"] == "AccountClosedError"
    preview = f"query($input: AddPackageInput!) {{ previewPackageAddition(input: $input) {{ __typename {ERROR} }} }}"
    shown = await client.data(owner, preview, input={"plan": "team", "idempotencyKey": "k"})
    assert shown["previewPackageAddition"]["__typename"] == "AccountClosedError"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "currency": "TRY", "timeZone": "Europe/Istanbul"},
        {"name": "x" * 201, "currency": "TRY", "timeZone": "Europe/Istanbul"},
        {"name": "A", "currency": "CHF", "timeZone": "Europe/Istanbul"},
        {"name": "A", "currency": "TRY", "timeZone": "Europe/Atlantis"},
        {"name": "A", "currency": "TRY", "timeZone": "Europe/Istanbul", "anchorDay": 32},
        {"name": "A", "currency": "TRY", "timeZone": "Europe/Istanbul", "locale": "english"},
    ],
)
async def test_an_account_that_could_not_be_billed_is_not_opened(client: Client, fields: dict[str, Any]) -> None:
    refused = await client.do("OPERATOR", "openAccount", **fields)
    assert refused["__typename"] == "InvalidInputError"
    assert await entries(client) == 0


@pytest.mark.parametrize(
    "input",
    [
        {},
        {"plan": "team"},
        {"plan": ["team"], "idempotencyKey": "k"},
        {"plan": "team", "idempotencyKey": "k", "representatives": 3.5},
        {"plan": "team", "idempotencyKey": "k", "representatives": 2**31},
        {"plan": "team", "idempotencyKey": "k", "interval": "WEEK"},
        {"plan": "team", "idempotencyKey": "k", "effective": {}},
        {"plan": "team", "idempotencyKey": "k", "effective": {"when": "NOW", "on": "2026-06-01"}},
        {"plan": "team", "idempotencyKey": "k", "effective": {"on": "2026-02-30"}},
        {"plan": "team", "idempotencyKey": "k", "unknown": 1},
        None,
    ],
)
async def test_malformed_input_is_a_request_error_with_a_code(client: Client, owner: str, input: Any) -> None:
    answer = await client.ask(owner, "mutation($input: AddPackageInput!) { addPackage(input: $input) { __typename } }", input=input)
    assert answer.get("data") is None
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert await entries(client) == 1
