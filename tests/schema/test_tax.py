"""Tax by GraphQL: who one is, what that costs, and whose business it is."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from gateway.billing.tax import TaxRate, TaxTable
from gateway.server.tax_ids import tax_id_form

from .given import Client

pytestmark = pytest.mark.anyio
VKN = "4540536920"
KDV = TaxRate(country="TR", category="standard", from_on=date(2020, 1, 1), percent=20_000_000, names={"en": "KDV", "tr": "KDV"})
TAX = "taxStatus net { amount } tax { name category percent base { amount } amount { amount } source notes } gross { amount }"
IDENTITY = "taxIdentity { country kind taxId taxIdCheck exemption }"
EXPECTED = f"forecast {{ expected {{ {TAX} }} }}"
LINE = {
    "name": "KDV 20 %",
    "category": "standard",
    "percent": "20",
    "base": {"amount": "797.90"},
    "amount": {"amount": "159.58"},
    "source": "TABLE",
    "notes": [],
}


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[Client]:
    """A client of a gateway whose vendor charges tax; ids are checked."""
    client = Client(database_url, tax_ids=tax_id_form)
    table = TaxTable(seller="TR", from_on=date(2024, 1, 1), rates=(KDV,))
    await client.bench.publish(table)
    yield client
    await client.http.aclose()
    await client.bench.store.close()


async def test_an_identity_is_previewed_set_and_shown_and_the_bill_has_its_tax(client: Client, owner: str) -> None:
    added = await client.do(owner, "addPackage", EXPECTED, plan="team")
    asked = {"country": "TR", "kind": "BUSINESS", "taxId": "454 053 6920", "idempotencyKey": "mine"}
    shows = "... on ChangePreview { difference { amount } }"
    document = f"query($input: SetTaxIdentityInput!) {{ previewTaxIdentity(input: $input) {{ {shows} }} }}"
    preview = await client.data(owner, document, input=asked)
    done = await client.do(owner, "setTaxIdentity", f"account {{ {IDENTITY} }} {EXPECTED} entry {{ verb }}", **asked)

    # 1649.00 × 15/31 = 797.90; 20 % of it are 159.58
    net = {"taxStatus": "ADDRESS_NEEDED", "net": {"amount": "797.90"}, "tax": [], "gross": {"amount": "797.90"}}
    assert added["forecast"]["expected"] == net
    assert preview["previewTaxIdentity"] == {"difference": {"amount": "159.58"}}
    assert done["__typename"] == "TaxIdentitySet" and done["entry"] == {"verb": "setTaxIdentity"}
    assert done["account"]["taxIdentity"] == {
        "country": "TR",
        "kind": "BUSINESS",
        "taxId": VKN,
        "taxIdCheck": "WELL_FORMED",
        "exemption": None,
    }
    assert done["forecast"]["expected"] == {"taxStatus": "CHARGED", "net": net["net"], "tax": [LINE], "gross": {"amount": "957.48"}}


async def test_an_invoice_shows_the_tax_that_was_on_it(client: Client, owner: str) -> None:
    await client.do(owner, "setTaxIdentity", country="TR", kind="CONSUMER")
    await client.do(owner, "addPackage", plan="team")
    client.bench.now = datetime(2026, 5, 31, 21, tzinfo=UTC)
    await client.bench.store.cut(owner.removeprefix("OWNER:"), client.bench.now)

    invoice = TAX.replace("gross { amount }", "total { amount }")
    shown = await client.data(owner, f"{{ account {{ pastInvoices {{ nodes {{ {invoice} lines {{ formula }} }} }} }} }}")

    assert shown["account"]["pastInvoices"]["nodes"] == [
        {
            "taxStatus": "CHARGED",
            "net": {"amount": "797.90"},
            "tax": [LINE],
            "total": {"amount": "957.48"},
            "lines": [{"formula": "1649.00 × 15/31"}],
        }
    ]


async def test_a_wrong_id_is_refused_with_an_example_in_the_readers_language(client: Client, owner: str) -> None:
    refused = await client.do(owner, "setTaxIdentity", country="TR", kind="BUSINESS", taxId="123")

    assert refused == {
        "__typename": "InvalidInputError",
        "code": "INVALID_INPUT",
        "message": "This is not a tax id of TR; a right one looks like 4540536920.",
        "field": "taxId",
    }


async def test_a_country_is_a_code(client: Client, owner: str) -> None:
    asked = 'mutation { setTaxIdentity(input: {country: "Turkey", kind: CONSUMER, idempotencyKey: "k"}) { __typename } }'

    answer = await client.ask(owner, asked)

    assert "this is not a country code such as TR" in answer["errors"][0]["message"]


async def test_only_an_operator_exempts(client: Client, owner: str) -> None:
    account_id = owner.removeprefix("OWNER:")
    await client.do(owner, "setTaxIdentity", country="TR", kind="CONSUMER")
    for document in (
        'mutation { setTaxExemption(input: {reason: "mine", idempotencyKey: "k"}) { __typename } }',
        '{ previewTaxExemption(input: {reason: "mine", idempotencyKey: "k"}) { __typename } }',
    ):
        answer = await client.ask(owner, document)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"

    done = await client.do("OPERATOR", "setTaxExemption", f"account {{ {IDENTITY} }}", accountId=account_id, reason="embassy")

    assert (done["__typename"], done["account"]["taxIdentity"]["exemption"]) == ("TaxExemptionSet", "embassy")


async def test_nobody_elses_identity_is_seen_or_set(client: Client, owner: str) -> None:
    stranger = f"OWNER:{await client.bench.open(name='Somebody Else')}"
    account_id = owner.removeprefix("OWNER:")
    await client.do(owner, "setTaxIdentity", country="TR", kind="BUSINESS", taxId=VKN)

    seen = await client.data(stranger, f"query($id: ID!) {{ account(id: $id) {{ {IDENTITY} }} }}", id=account_id)
    refused = await client.do(stranger, "setTaxIdentity", country="DE", kind="CONSUMER", accountId=account_id)
    own = await client.data("OPERATOR", f"query($id: ID!) {{ account(id: $id) {{ {IDENTITY} }} }}", id=account_id)

    assert seen == {"account": None}
    assert refused["code"] == "NOT_FOUND"
    assert own["account"]["taxIdentity"]["taxId"] == VKN
