"""Quotes by GraphQL: a preview that can be held to, across midnights, publications and other commands, and not beyond."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.billing.catalog import Plan, Rate
from gateway.billing.catalog_file import read_catalog
from gateway.store.tables import journal, outcome
from tests.store.given import SEED

from .given import ERROR, Client

pytestmark = pytest.mark.anyio

BILL = """{ period { start } lines { plan amount { amount } } subtotal { amount } discount { amount } net { amount }
    tax { base { amount } } gross { amount } }"""
QUOTE = f"quote {{ token effectiveAt expiresAt current {BILL} next {BILL} }}"
SHOWS = "forecast { expected { gross { amount } } } entry { at revision }"
BEFORE_MIDNIGHT = datetime(2026, 5, 20, 20, 59, 50, tzinfo=UTC)  # 23:59:50 in Istanbul
AFTER_MIDNIGHT = datetime(2026, 5, 20, 21, 0, 5, tzinfo=UTC)


async def quoted(
    client: Client, owner: str, change: dict[str, Any], verb: str = "PackageChange", kind: str = "ChangePackage"
) -> dict[str, Any]:
    """The quote of a preview."""
    document = f"query($input: {kind}Input!) {{ preview{verb}(input: $input) {{ ... on ChangePreview {{ {QUOTE} }} {ERROR} }} }}"
    answer = await client.data(owner, document, input={"idempotencyKey": "unused", **change})
    quote: dict[str, Any] = answer[f"preview{verb}"]["quote"]
    return quote


async def change(client: Client, owner: str, **fields: Any) -> dict[str, Any]:
    """What changePackage answers, the new quote with it if it changed."""
    document = f"""mutation($input: ChangePackageInput!) {{ changePackage(input: $input) {{ __typename
        ... on Outcome {{ {SHOWS} }} ... on QuoteChangedError {{ {QUOTE} }} {ERROR} }} }}"""
    answer: dict[str, Any] = (await client.data(owner, document, input=fields))["changePackage"]
    return answer


async def entries(client: Client) -> int:
    return int(await client.bench.database.read(lambda c: c.execute(select(func.count()).select_from(journal)).scalar_one()))


async def keys(client: Client) -> int:
    return int(await client.bench.database.read(lambda c: c.execute(select(func.count()).select_from(outcome)).scalar_one()))


async def republish(client: Client, alter: Any) -> None:
    """Publish the product's catalog with its package Business altered."""
    file = read_catalog(SEED.read_text(), SEED.name)
    plans = tuple(alter(each) if each.code == "business" else each for each in file.plans)
    await client.bench.store.publish(plans, file.convention, client.bench.now)


def dearer_from(on: str) -> Any:
    def alter(plan: Plan) -> Plan:
        prices = tuple(replace(price, base=Rate(price.base.millionths * 2, price.base.currency)) for price in plan.offers[-1].prices)
        return replace(plan, offers=(*plan.offers, replace(plan.offers[-1], from_on=date.fromisoformat(on), prices=prices)))

    return alter


@pytest.fixture
async def upgrade(client: Client, owner: str) -> dict[str, Any]:
    """The input that moves the account's package, had since 17 May, to Business at once."""
    added = await client.do(owner, "addPackage", "account { packages { id } }", plan="team")
    client.bench.now = BEFORE_MIDNIGHT
    return {"packageId": added["account"]["packages"][0]["id"], "plan": "business"}


async def test_a_quote_says_what_it_promises_and_until_when(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)

    assert (quote["effectiveAt"], quote["expiresAt"]) == ("2026-05-20T20:59:50+00:00", "2026-05-20T21:09:50+00:00")
    assert quote["current"] == {
        "period": {"start": "2026-05-01"},
        "lines": [{"plan": "team", "amount": {"amount": "159.58"}}, {"plan": "business", "amount": {"amount": "1931.61"}}],
        "subtotal": {"amount": "2091.19"},
        "discount": {"amount": "0.00"},
        "net": {"amount": "2091.19"},
        "tax": [],
        "gross": {"amount": "2091.19"},
    }
    assert (quote["next"]["period"]["start"], quote["next"]["gross"]["amount"]) == ("2026-06-01", "4990.00")


async def test_taken_before_midnight_it_charges_as_quoted_after_it(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)
    client.bench.now = AFTER_MIDNIGHT

    done = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")

    # 1649.00 × 3/31 + 4990.00 × 12/31; made a day later it were 1649.00 × 4/31 + 4990.00 × 11/31 = 1983.42
    assert done["forecast"]["expected"] == {"gross": {"amount": "2091.19"}}
    assert done["entry"] == {"at": "2026-05-20T20:59:50+00:00", "revision": 3}
    shown = await client.data(owner, "{ account { forecast { asOf expected { gross { amount } } } } }")
    assert shown["account"]["forecast"] == {"asOf": "2026-05-20T21:00:00+00:00", "expected": {"gross": {"amount": "2091.19"}}}


async def test_an_answer_shows_the_account_as_of_now_not_of_the_quoted_instant(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)
    client.bench.now = AFTER_MIDNIGHT

    done = await client.do(
        owner, "changePackage", "forecast { asOf soFar { gross { amount } } }", **upgrade, quote=quote["token"], idempotencyKey="k"
    )

    # 1649.00 × 3/31 + 4990.00 × 2/31, for 20 and 21 May
    assert done["forecast"] == {"asOf": "2026-05-20T21:00:00+00:00", "soFar": {"gross": {"amount": "481.52"}}}


async def test_without_a_quote_the_instant_is_now(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    await quoted(client, owner, upgrade)
    client.bench.now = AFTER_MIDNIGHT

    done = await change(client, owner, **upgrade, idempotencyKey="k")

    assert done["forecast"]["expected"] == {"gross": {"amount": "1983.42"}}
    assert done["entry"]["at"] == "2026-05-20T21:00:05+00:00"


@pytest.mark.parametrize(
    ("taken", "expires"),
    [
        ("2026-05-20T09:00:00.700000+00:00", "2026-05-20T09:10:00+00:00"),
        ("2026-05-31T20:59:50+00:00", "2026-05-31T21:00:00+00:00"),  # the period's cut-off comes first
    ],
)
async def test_it_ends_after_ten_minutes_or_with_the_period(
    client: Client, owner: str, upgrade: dict[str, Any], taken: str, expires: str
) -> None:
    client.bench.now = datetime.fromisoformat(taken)
    quote = await quoted(client, owner, upgrade)
    assert quote["expiresAt"] == expires
    before = await entries(client), await keys(client)

    client.bench.now = datetime.fromisoformat(expires)
    late = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")
    assert (late["__typename"], late["code"], late["field"]) == ("QuoteExpiredError", "QUOTE_EXPIRED", "quote")
    assert (await entries(client), await keys(client)) == before

    client.bench.now -= timedelta(microseconds=1)
    done = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")
    assert done["__typename"] == "PackageChanged"


async def test_a_price_published_in_between_that_alters_the_next_period_changes_the_quote(
    client: Client, owner: str, upgrade: dict[str, Any]
) -> None:
    quote = await quoted(client, owner, upgrade)
    await republish(client, dearer_from("2026-05-22"))
    before = await entries(client), await keys(client)
    client.bench.now = AFTER_MIDNIGHT

    refused = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")

    assert (refused["__typename"], refused["code"]) == ("QuoteChangedError", "QUOTE_CHANGED")
    fresh = refused["quote"]
    assert (fresh["effectiveAt"], fresh["expiresAt"]) == ("2026-05-20T21:00:05+00:00", "2026-05-20T21:10:05+00:00")
    assert (fresh["current"]["gross"]["amount"], fresh["next"]["gross"]["amount"]) == ("1983.42", "9980.00")
    assert (await entries(client), await keys(client)) == before  # the key is free still
    done = await change(client, owner, **upgrade, quote=fresh["token"], idempotencyKey="k")
    assert (done["__typename"], done["forecast"]["expected"]["gross"]["amount"]) == ("PackageChanged", "1983.42")


async def test_a_publication_that_alters_no_figure_of_it_does_not_change_the_quote(
    client: Client, owner: str, upgrade: dict[str, Any]
) -> None:
    quote = await quoted(client, owner, upgrade)
    await republish(client, lambda plan: replace(plan, names={"en": "Enterprise", "tr": "Kurumsal"}))
    await republish(client, dearer_from("2026-07-01"))

    done = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")

    assert done["__typename"] == "PackageChanged"


async def test_a_command_in_between_that_alters_its_figures_changes_the_quote(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)
    await client.do(owner, "addAddOn", plan="ticket_system")

    refused = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")

    assert refused["__typename"] == "QuoteChangedError"
    assert [line["plan"] for line in refused["quote"]["current"]["lines"]] == ["team", "business", "ticket_system"]


async def test_a_command_in_between_that_does_not_matter_is_followed_at_once(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)
    client.bench.now += timedelta(seconds=3)
    await client.do(owner, "addAddOn", plan="ticket_system", effective={"on": "2026-09-01"})
    client.bench.now += timedelta(seconds=3)

    done = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")

    assert done["entry"] == {"at": "2026-05-20T20:59:53.000001+00:00", "revision": 4}


async def test_a_command_in_between_that_makes_it_impossible_is_the_refusal(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)
    await client.do(owner, "cancelPackage", packageId=upgrade["packageId"], effective={"when": "NOW"})
    for _ in range(2):
        refused = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")
        assert refused["__typename"] == "NotActiveError"
        await client.do(owner, "reactivatePackage", packageId=upgrade["packageId"], idempotencyKey="back")


async def test_what_is_new_has_other_ids_in_the_outcome_and_is_the_same_quote(client: Client, owner: str) -> None:
    addition = {"plan": "team", "representatives": 5}
    quote = await quoted(client, owner, addition, "PackageAddition", "AddPackage")

    done = await client.do(owner, "addPackage", "forecast { expected { gross { amount } } }", **addition, quote=quote["token"])

    assert done["forecast"]["expected"]["gross"] == quote["current"]["gross"]


async def test_a_key_tells_its_outcome_again_when_the_quote_is_over_missing_another_or_nonsense(
    client: Client, owner: str, upgrade: dict[str, Any]
) -> None:
    quote = await quoted(client, owner, upgrade)
    done = await change(client, owner, **upgrade, quote=quote["token"], idempotencyKey="k")
    client.bench.now += timedelta(minutes=30)
    for again in ({"quote": quote["token"]}, {}, {"quote": "nonsense"}):
        told = await change(client, owner, **upgrade, **again, idempotencyKey="k")
        assert (told["__typename"], told["entry"]) == ("PackageChanged", done["entry"])
    assert await entries(client) == 3


def tampered(token: str) -> str:
    head, body, signature = token.split(".")
    return ".".join((head, body[:-1] + ("A" if body[-1] != "A" else "B"), signature))


async def test_a_quote_is_good_for_one_request_of_one_account_alone(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    other = f"OWNER:{await client.bench.open()}"
    token = (await quoted(client, owner, upgrade))["token"]
    addition = (await quoted(client, owner, {"plan": "team"}, "PackageAddition", "AddPackage"))["token"]
    theirs = (await quoted(client, other, {"plan": "team"}, "PackageAddition", "AddPackage"))["token"]
    before = await entries(client), await keys(client)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("changePackage", {**upgrade, "representatives": 7, "quote": token}),
        ("changePackage", {**upgrade, "quote": addition}),
        ("cancelPackage", {"packageId": upgrade["packageId"], "quote": token}),
        ("addPackage", {"plan": "team", "quote": theirs}),
        ("changePackage", {**upgrade, "quote": tampered(token)}),
        ("changePackage", {**upgrade, "quote": ""}),
        ("changePackage", {**upgrade, "quote": "ey.ey.ey"}),
        ("changePackage", {**upgrade, "quote": "x" * 100_000}),
    ]
    for verb, fields in wrong:
        refused = await client.do(owner, verb, **fields, idempotencyKey="k")
        assert (refused["__typename"], refused["code"], refused["field"]) == ("InvalidQuoteError", "INVALID_QUOTE", "quote"), fields
    assert (await entries(client), await keys(client)) == before
    assert (await change(client, owner, **upgrade, quote=token, idempotencyKey="k"))["__typename"] == "PackageChanged"


async def test_an_operator_may_take_up_what_the_owner_was_quoted(client: Client, owner: str, upgrade: dict[str, Any]) -> None:
    quote = await quoted(client, owner, upgrade)

    done = await change(client, "OPERATOR", **upgrade, accountId=owner.removeprefix("OWNER:"), quote=quote["token"], idempotencyKey="k")

    assert done["__typename"] == "PackageChanged"


async def test_what_can_be_read_in_a_token_is_an_account_two_digests_and_two_times(
    client: Client, owner: str, upgrade: dict[str, Any]
) -> None:
    token = (await quoted(client, owner, upgrade))["token"]

    body = token.split(".")[1]
    claims = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))

    assert (claims.pop("acc"), claims.pop("aud"), claims.pop("iss")) == (owner.removeprefix("OWNER:"), "quote", "billing-gateway")
    assert (claims.pop("eff"), claims.pop("exp")) == ("2026-05-20T20:59:50.000000Z", 1779311390)
    assert sorted(claims) == ["fig", "req"] and all(len(each) == 64 for each in claims.values())
    assert len(token) < 600


async def test_only_what_has_a_preview_takes_a_quote(client: Client, owner: str) -> None:
    answer = await client.ask(
        "OPERATOR",
        "mutation($input: CloseAccountInput!) { closeAccount(input: $input) { __typename } }",
        input={
            "accountId": owner.removeprefix("OWNER:"),
            "idempotencyKey": "k",
            "quote": "x",
        },
    )
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
