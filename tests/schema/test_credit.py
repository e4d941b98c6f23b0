"""Account credit by GraphQL: granted, revoked, shown in the forecast, and its history page by page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.store.tables import journal, posting
from tests.store.given import statements

from .given import ERROR, Client

pytestmark = pytest.mark.anyio

CREDIT = "account { credit { amount } } forecast { expected { subtotal { amount } credit { amount } due { amount } } }"
HISTORY = """query($first: Int!, $after: String) { account { creditHistory(first: $first, after: $after) {
    nodes { at kind reason text amount { amount } balance { amount } invoice { number credit { amount } total { amount } status } }
    pageInfo { hasNextPage endCursor } } } }"""


@pytest.fixture
async def team(client: Client, owner: str) -> str:
    """The owner of an account with the package team, 1649.00 a month, since 17 May; its id."""
    await client.do(owner, "addPackage", plan="team")
    return owner.removeprefix("OWNER:")


async def grant(client: Client, account: str, amount: str, **fields: Any) -> dict[str, Any]:
    given = {"amount": amount, "reason": "GOODWILL", "text": "Sorry for the outage.", "accountId": account, **fields}
    return await client.do("OPERATOR", "grantCredit", CREDIT, **given)


async def revoke(client: Client, account: str, amount: str, **fields: Any) -> dict[str, Any]:
    given = {"amount": amount, "reason": "CORRECTION", "text": "Granted twice.", "accountId": account, **fields}
    return await client.do("OPERATOR", "revokeCredit", CREDIT, **given)


async def written(client: Client) -> tuple[int, int]:
    def count(connection):  # type: ignore[no-untyped-def]
        return tuple(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (journal, posting))

    entries, postings = await client.bench.database.read(count)
    return entries, postings


async def test_a_grant_does_what_its_preview_showed_and_so_does_taking_it_back(client: Client, team: str) -> None:
    preview = """query($input: %sInput!) { %s(input: $input) { __typename ... on ChangePreview { difference { amount }
        after { expected { subtotal { amount } credit { amount } due { amount } } } } } }"""
    asked = {"amount": "300", "reason": "GOODWILL", "text": "Sorry.", "accountId": team, "idempotencyKey": "g"}
    shown = (await client.data("OPERATOR", preview % ("GrantCredit", "previewCreditGrant"), input=asked))["previewCreditGrant"]
    assert shown["difference"]["amount"] == "-300.00"
    assert await written(client) == (2, 0)

    granted = await client.do("OPERATOR", "grantCredit", CREDIT, **asked)
    assert granted["__typename"] == "CreditGranted"
    assert granted["forecast"]["expected"] == shown["after"]["expected"]
    # 1649.00 × 15/31 = 797.90, of which 300.00 are paid by credit
    assert granted["forecast"]["expected"] == {
        "subtotal": {"amount": "797.90"},
        "credit": {"amount": "300.00"},
        "due": {"amount": "497.90"},
    }
    assert granted["account"]["credit"]["amount"] == "300.00"

    back = {**asked, "amount": "100.00", "idempotencyKey": "r"}
    shown = (await client.data("OPERATOR", preview % ("RevokeCredit", "previewCreditRevocation"), input=back))["previewCreditRevocation"]
    assert shown["difference"]["amount"] == "100.00"
    revoked = await client.do("OPERATOR", "revokeCredit", CREDIT, **back)
    assert (revoked["__typename"], revoked["account"]["credit"]["amount"]) == ("CreditRevoked", "200.00")
    assert revoked["forecast"]["expected"] == shown["after"]["expected"]
    assert await written(client) == (4, 4)


async def test_the_history_tells_each_movement_its_balance_and_its_invoice_page_by_page(client: Client, team: str) -> None:
    await grant(client, team, "1000.00")
    await revoke(client, team, "50")
    client.bench.now = datetime(2026, 6, 2, tzinfo=UTC)
    await client.bench.store.cut(team, client.bench.now)
    await grant(client, team, "0.01", reason="PROMOTION", text="A cent.")

    nodes: list[dict[str, Any]] = []
    after, pages = None, 0
    while pages == 0 or after is not None:
        page = (await client.data(f"OWNER:{team}", HISTORY, first=3, after=after))["account"]["creditHistory"]
        nodes, pages = nodes + page["nodes"], pages + 1
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None

    assert pages == 2
    assert [(each["kind"], each["amount"]["amount"], each["balance"]["amount"]) for each in nodes] == [
        ("GRANTED", "0.01", "152.11"),
        ("USED", "-797.90", "152.10"),
        ("REVOKED", "-50.00", "950.00"),
        ("GRANTED", "1000.00", "1000.00"),
    ]
    assert [(each["reason"], each["text"]) for each in nodes] == [
        ("PROMOTION", "A cent."),
        (None, None),
        ("CORRECTION", "Granted twice."),
        ("GOODWILL", "Sorry for the outage."),
    ]
    invoice = {"number": "INV-2026-000001", "credit": {"amount": "797.90"}, "total": {"amount": "0.00"}, "status": "PAID"}
    assert [each["invoice"] for each in nodes] == [None, invoice, None, None]
    assert nodes[3]["at"] == "2026-05-17T09:00:01.000002+00:00"  # a tick after the package was added


@pytest.mark.parametrize("after", ["%%%", "bm90IGEgZGF0ZQ", "MQ", "MS4yLjM"])  # no cursor, "not a date", "1", "1.2.3"
async def test_a_cursor_of_another_list_is_the_callers_mistake(client: Client, owner: str, after: str) -> None:
    answer = await client.ask(owner, HISTORY, first=1, after=after)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_the_histories_of_many_accounts_take_as_many_statements_as_of_one(client: Client) -> None:
    for _ in range(4):
        account = await client.bench.open()
        await client.do(f"OWNER:{account}", "addPackage", plan="team")
        await grant(client, account, "1000")
        await client.bench.store.cut(account, datetime(2026, 6, 2, tzinfo=UTC))
    client.bench.now = datetime(2026, 6, 2, tzinfo=UTC)
    asked = """query($first: Int!) { accounts(first: $first) { nodes { credit { amount }
        creditHistory(first: 5) { nodes { balance { amount } invoice { credit { amount } } } } } } }"""
    counted = []
    for first in (1, 4):
        with statements(client.bench.database) as seen:
            data = await client.data("OPERATOR", asked, first=first)
        assert [len(node["creditHistory"]["nodes"]) for node in data["accounts"]["nodes"]] == [2] * first
        assert all(node["credit"]["amount"] == "202.10" for node in data["accounts"]["nodes"])
        counted.append(len(seen))
    assert counted == [6, 6]  # accounts, reference revision, books, movements, invoices, their documents


async def test_between_midnight_and_the_cut_the_old_bill_claims_its_credit(client: Client, team: str) -> None:
    await grant(client, team, "1000.00")
    asked = """{ account { credit { amount } forecast { period { start } expected { credit { amount } due { amount } }
        closingBills { period { start end } subtotal { amount } credit { amount } due { amount } } } } }"""
    client.bench.now = datetime(2026, 5, 31, 21, 0, 1, tzinfo=UTC)  # a second into 1 June in Istanbul

    before = (await client.data(f"OWNER:{team}", asked))["account"]
    assert before["forecast"].pop("closingBills") == [
        {
            "period": {"start": "2026-05-01", "end": "2026-06-01"},
            "subtotal": {"amount": "797.90"},
            "credit": {"amount": "797.90"},
            "due": {"amount": "0.00"},
        }
    ]
    assert before == {
        "credit": {"amount": "202.10"},
        "forecast": {"period": {"start": "2026-06-01"}, "expected": {"credit": {"amount": "202.10"}, "due": {"amount": "1446.90"}}},
    }

    await client.bench.store.cut(team, client.bench.now)
    after = (await client.data(f"OWNER:{team}", asked))["account"]
    assert after["forecast"].pop("closingBills") == []
    assert after == before


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "10000000000000.01"}, "amount"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 201}, "text"),
        ({"text": "two\nlines"}, "text"),
    ],
)
async def test_what_cannot_be_granted_is_refused_and_nothing_is_written(
    client: Client, team: str, fields: dict[str, Any], field: str
) -> None:
    before = await written(client)
    refused = await grant(client, team, **{"amount": "5", **fields})
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", field)
    assert await written(client) == before


async def test_no_more_is_taken_back_than_there_is(client: Client, team: str) -> None:
    await grant(client, team, "10.00")
    refused = await revoke(client, team, "10.01")
    assert refused == {
        "__typename": "InsufficientCreditError",
        "code": "INSUFFICIENT_CREDIT",
        "message": "The account has 10.00 TRY of credit.",
        "field": "amount",
    }
    assert (await revoke(client, team, "10.00"))["account"]["credit"]["amount"] == "0.00"


async def test_the_same_key_grants_once(client: Client, team: str) -> None:
    first = await grant(client, team, "10.00", idempotencyKey="k")
    assert await grant(client, team, "10.00", idempotencyKey="k") == first
    assert (await grant(client, team, "20.00", idempotencyKey="k"))["__typename"] == "KeyReusedError"
    assert first["account"]["credit"]["amount"] == "10.00"


async def test_owners_can_neither_grant_nor_preview_it(client: Client, team: str) -> None:
    asked = {"amount": "5", "reason": "GOODWILL", "text": "For me.", "idempotencyKey": "k"}
    for document in (
        f"mutation($input: GrantCreditInput!) {{ grantCredit(input: $input) {{ __typename {ERROR} }} }}",
        f"query($input: GrantCreditInput!) {{ previewCreditGrant(input: $input) {{ __typename {ERROR} }} }}",
    ):
        answer = await client.ask(f"OWNER:{team}", document, input=asked)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await written(client) == (2, 0)


@pytest.mark.parametrize("amount", [5, "5,00", "five", "1e3"])
async def test_an_amount_that_is_no_decimal_text_is_a_request_error(client: Client, team: str, amount: Any) -> None:
    document = "mutation($input: GrantCreditInput!) { grantCredit(input: $input) { __typename } }"
    asked = {"amount": amount, "reason": "GOODWILL", "text": "x", "accountId": team, "idempotencyKey": "k"}
    answer = await client.ask("OPERATOR", document, input=asked)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
