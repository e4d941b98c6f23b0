"""Discounts by GraphQL: tried out, redeemed, granted, taken back, shown on the forecast and on the invoice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from gateway.billing.codec import canonical
from gateway.billing.discount import PERCENT, Discount, Duration, Promotion
from gateway.store.tables import invoice
from tests.store.test_catalog import FILE

from .given import ERROR, Client

pytestmark = pytest.mark.anyio
SUMMER = Promotion(
    code="SUMMER",
    terms=Discount(names={"en": "Summer", "tr": "Yaz"}, percent=10 * PERCENT, duration=Duration.PERIODS, periods=2, plans=("team",)),
)
OFF = "discounts { redemptionId code name percent nominal { amount } base { amount } plans formula amount { amount } }"
BILL = f"subtotal {{ amount }} {OFF} discount {{ amount }} net {{ amount }} gross {{ amount }} credit {{ amount }} due {{ amount }}"
HELD = "discounts { id code name percent nominal { amount } plans duration periodsLeft endsOn redeemedOn }"


async def with_team(client: Client) -> str:
    """An owner's token; the account has a Team since 1 June, and there is a code."""
    await client.bench.store.publish(FILE.plans, FILE.convention, client.bench.now, promotions=(SUMMER,))
    client.bench.now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    owner = f"OWNER:{await client.bench.open()}"
    await client.do(owner, "addPackage", plan="team")
    return owner


async def test_a_code_is_tried_out_redeemed_shown_and_on_the_invoice(client: Client) -> None:
    owner = await with_team(client)
    preview = f"""query($input: ApplyDiscountInput!) {{ previewDiscount(input: $input) {{
        ... on ChangePreview {{ difference {{ amount }} after {{ expected {{ {BILL} }} }} }} {ERROR} }} }}"""
    shown = (await client.data(owner, preview, input={"code": "summer", "idempotencyKey": "k"}))["previewDiscount"]
    assert shown["difference"]["amount"] == "-164.90"
    assert (await client.data(owner, f"{{ account {{ {HELD} }} }}"))["account"] == {"discounts": []}

    document = f"""mutation($input: ApplyDiscountInput!) {{ applyDiscount(input: $input) {{ __typename
        ... on DiscountApplied {{ discount {{ id }} account {{ {HELD} }} forecast {{ expected {{ {BILL} }} }} }} {ERROR} }} }}"""
    done = (await client.data(owner, document, input={"code": "summer", "idempotencyKey": "k"}))["applyDiscount"]
    held = {"code": "SUMMER", "name": "Summer", "percent": "10", "nominal": None, "plans": ["team"], "duration": "PERIODS"}
    id = done["discount"]["id"]
    assert done["account"]["discounts"] == [{"id": id, **held, "periodsLeft": 2, "endsOn": "2026-08-01", "redeemedOn": "2026-06-01"}]
    expected = done["forecast"]["expected"]
    taken = {"percent": "10", "nominal": None, "base": {"amount": "1649.00"}, "formula": "1649.00 × 10%", "amount": {"amount": "164.90"}}
    assert expected["discounts"] == [{"redemptionId": id, "code": "SUMMER", "name": "Summer", "plans": ["team"], **taken}]
    figures = {key: expected[key]["amount"] for key in ("subtotal", "discount", "net", "gross", "credit")}
    assert figures == {"subtotal": "1649.00", "discount": "164.90", "net": "1484.10", "gross": "1484.10", "credit": "0.00"}
    assert expected["due"]["amount"] == "1484.10"
    without_ids = {**shown["after"]["expected"], "discounts": [{**shown["after"]["expected"]["discounts"][0], "redemptionId": id}]}
    assert without_ids == expected

    client.bench.now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    await client.bench.store.cut(owner.removeprefix("OWNER:"), client.bench.now)
    page = await client.data(owner, f"{{ account {{ pastInvoices {{ nodes {{ total {{ amount }} {BILL} }} }} {HELD} }} }}")
    assert page["account"]["pastInvoices"]["nodes"] == [{"total": {"amount": "1484.10"}, **expected}]
    assert [each["periodsLeft"] for each in page["account"]["discounts"]] == [1]


async def test_an_invoice_written_before_there_were_discounts_shows_sensible_figures(client: Client) -> None:
    owner = await with_team(client)
    client.bench.now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    await client.bench.store.cut(owner.removeprefix("OWNER:"), client.bench.now)
    document = json.loads(await client.bench.database.read(lambda c: c.execute(select(invoice.c.document)).scalar_one()))
    for later in ("subtotal", "discounts", "tax", "tax_status", "gross", "credit"):
        del document[later]
    await client.bench.database.write(lambda c: c.execute(update(invoice).values(document=canonical(document))))

    asked = f"{{ account {{ pastInvoices {{ nodes {{ lines {{ formula }} {BILL} tax {{ category }} taxStatus }} }} }} }}"
    (shown,) = (await client.data(owner, asked))["account"]["pastInvoices"]["nodes"]

    figures = {key: shown[key]["amount"] for key in ("subtotal", "discount", "net", "gross", "credit", "due")}
    assert figures == {"subtotal": "1649.00", "discount": "0.00", "net": "1649.00", "gross": "1649.00", "credit": "0.00", "due": "1649.00"}
    assert (shown["discounts"], shown["tax"], shown["taxStatus"]) == ([], [], "NOT_CHARGED")
    assert shown["lines"] == [{"formula": "1649.00 × 30/30"}]


async def test_an_operator_grants_and_takes_back(client: Client) -> None:
    owner = await with_team(client)
    account_id = owner.removeprefix("OWNER:")
    asked = {"accountId": account_id, "name": "Sorry", "amount": "50.00", "duration": "FOREVER", "plans": ["team"]}
    granted = await client.do("OPERATOR", "grantDiscount", f"account {{ {HELD} }} forecast {{ expected {{ due {{ amount }} }} }}", **asked)
    (held,) = granted["account"]["discounts"]
    assert (held["code"], held["name"], held["percent"], held["nominal"]) == (None, "Sorry", None, {"amount": "50.00"})
    assert (held["duration"], held["periodsLeft"], held["endsOn"], held["plans"]) == ("FOREVER", None, None, ["team"])
    assert granted["forecast"]["expected"]["due"]["amount"] == "1599.00"

    client.bench.now += timedelta(days=3)
    ended = await client.do(
        "OPERATOR", "endDiscount", f"account {{ {HELD} }} forecast {{ expected {{ due {{ amount }} }} }}",
        accountId=account_id, redemptionId=held["id"],
    )  # fmt: skip
    assert (ended["__typename"], ended["account"]["discounts"]) == ("DiscountEnded", [])
    assert ended["forecast"]["expected"]["due"]["amount"] == "1649.00"


async def test_refusals_are_typed_and_speak_turkish(client: Client) -> None:
    owner = await with_team(client)
    unknown = await client.do(owner, "applyDiscount", code="NOPE")
    assert (unknown["__typename"], unknown["field"]) == ("NotFoundError", "code")
    await client.do(owner, "applyDiscount", code="SUMMER")
    again = await client.do(owner, "applyDiscount", code="SUMMER")
    assert (again["__typename"], again["code"], again["field"]) == ("DiscountNotAvailableError", "DISCOUNT_NOT_AVAILABLE", "code")
    preview = f"query($input: ApplyDiscountInput!) {{ previewDiscount(input: $input) {{ __typename {ERROR} }} }}"
    turkish = await client.ask(owner, preview, "tr", input={"code": "SUMMER", "idempotencyKey": "k"})
    assert turkish["data"]["previewDiscount"]["message"] == "Bu hesap SUMMER kodunu daha önce kullandı."
    refused = await client.do("OPERATOR", "grantDiscount", accountId=owner.removeprefix("OWNER:"), name="x", percent="101")
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", "percent")


@pytest.mark.parametrize(
    "document",
    [
        'mutation { grantDiscount(input: {name: "x", percent: "5", idempotencyKey: "k"}) { __typename } }',
        'mutation { endDiscount(input: {redemptionId: "dsc_1", idempotencyKey: "k"}) { __typename } }',
        '{ previewDiscountGrant(input: {name: "x", percent: "5", idempotencyKey: "k"}) { __typename } }',
        '{ previewDiscountEnd(input: {redemptionId: "dsc_1", idempotencyKey: "k"}) { __typename } }',
    ],
)
async def test_granting_and_taking_back_is_for_operators(client: Client, owner: str, document: str) -> None:
    answer = await client.ask(owner, document)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_the_codes_of_the_catalog_are_nobodys_to_see(client: Client) -> None:
    owner = await with_team(client)
    shown = await client.data(owner, '{ __type(name: "Catalog") { fields { name } } }')
    assert not any("discount" in each["name"].lower() for each in shown["__type"]["fields"])
