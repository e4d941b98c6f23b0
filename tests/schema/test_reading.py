"""Reading by GraphQL: pages, and as many statements for a hundred as for one."""

from datetime import UTC, datetime

import pytest

from tests.store.given import statements

from .given import Client

pytestmark = pytest.mark.anyio

LISTING = """query($first: Int!) { accounts(first: $first) { totalCount nodes { name packages { type status } addOns { name }
    forecast { expected { due { amount } lines { description because { verb actor } } } }
    pastInvoices(first: 3) { totalCount nodes { number status lines { formula amount { amount } } } }
    history(first: 2) { nodes { verb } } } } }"""


async def grow(client: Client, accounts: int, months: int = 2) -> list[str]:
    owners = [f"OWNER:{await client.bench.open()}" for _ in range(accounts)]
    for owner in owners:
        for plan in ("team", "business"):
            await client.do(owner, "addPackage", plan=plan)
        await client.do(owner, "addAddOn", plan="ticket_system")
    client.bench.now = datetime(2026, 5 + months, 2, tzinfo=UTC)
    for owner in owners:
        await client.bench.store.cut(owner.removeprefix("OWNER:"), client.bench.now)
    return owners


async def test_a_list_of_accounts_takes_as_many_statements_for_many_as_for_one(client: Client) -> None:
    await grow(client, 12)
    counted = []
    for first in (1, 12):
        with statements(client.bench.database) as seen:
            data = await client.data("OPERATOR", LISTING, first=first)
        assert len(data["accounts"]["nodes"]) == first
        assert all(node["pastInvoices"]["totalCount"] == 2 for node in data["accounts"]["nodes"])
        counted.append(len(seen))
    # accounts, their count, reference revision, books, invoices, their count, entries behind lines, lines, history
    assert counted == [9, 9]


async def test_the_panel_takes_as_many_statements_however_much_an_account_holds(client: Client) -> None:
    small, large = await grow(client, 2)
    for seats in range(4, 10):
        package = (await client.data(large, "{ account { packages { id } } }"))["account"]["packages"][0]["id"]
        await client.do(large, "changePackage", packageId=package, representatives=seats)
        await client.do(large, "addPackage", plan="enterprise", idempotencyKey=f"{seats}")
    panel = """{ account { name packages { type period representatives chatbotLimit renewsOn } addOns { name } availableAddOns { name }
        forecast { period { start end } status cutOffOn soFar { due { amount } } expected { due { amount } } }
        pastInvoices(first: 12) { nodes { issuedOn number total { amount } status } } } }"""
    counted = []
    for owner in (small, large):
        with statements(client.bench.database) as seen:
            await client.data(owner, panel)
        counted.append(len(seen))
    assert counted == [3, 3]  # reference revision, books, invoices


async def test_past_invoices_come_page_by_page_newest_first(client: Client) -> None:
    (owner,) = await grow(client, 1, months=5)
    page = """query($after: String) { account { pastInvoices(first: 2, after: $after) { totalCount
        nodes { period { start } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
    after, months, flags = None, [], []
    for _ in range(3):
        shown = (await client.data(owner, page, after=after))["account"]["pastInvoices"]
        months += [node["period"]["start"][:7] for node in shown["nodes"]]
        flags.append((shown["pageInfo"]["hasNextPage"], shown["pageInfo"]["hasPreviousPage"], shown["totalCount"]))
        after = shown["pageInfo"]["endCursor"]
    assert months == ["2026-09", "2026-08", "2026-07", "2026-06", "2026-05"]
    assert flags == [(True, False, 5), (True, True, 5), (False, True, 5)]


@pytest.mark.parametrize("arguments", ["first: 0", "first: 101", "first: -1", 'after: "%%%"', 'after: "bm90IGEgZGF0ZQ"', 'after: "ÿ"'])
async def test_a_page_that_cannot_be_is_the_callers_mistake(client: Client, owner: str, arguments: str) -> None:
    for field in ("pastInvoices", "history"):
        answer = await client.ask(owner, f"{{ account {{ {field}({arguments}) {{ pageInfo {{ endCursor }} }} }} }}")
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], field


async def test_an_invoice_shows_what_was_billed_and_why(client: Client) -> None:
    (owner,) = await grow(client, 1, months=1)
    data = await client.data(
        owner,
        """{ account { pastInvoices { nodes { number status issuedOn dueOn total { amount formatted(locale: "tr-TR") } due { amount }
           lines { description(locale: "tr") plan quantity days { start end days } unitPrice { amount } formula convention
                   because { verb revision } } } } } }""",
    )
    (invoice,) = data["account"]["pastInvoices"]["nodes"]
    assert (invoice["number"], invoice["status"]) == ("INV-2026-000001", "OPEN")
    assert (invoice["issuedOn"], invoice["dueOn"]) == ("2026-06-02", "2026-06-16")
    # 1649.00, 4990.00 and the add-on's price × 15/31 each
    assert invoice["lines"][0] == {
        "description": "Ekip",
        "plan": "team",
        "quantity": 1,
        "days": {"start": "2026-05-17", "end": "2026-06-01", "days": 15},
        "unitPrice": {"amount": "1649.00"},
        "formula": "1649.00 × 15/31",
        "convention": "USED_DAY",
        "because": [{"verb": "addPackage", "revision": 2}],
    }
    assert invoice["total"]["amount"] == invoice["due"]["amount"]
    assert invoice["total"]["formatted"].startswith("₺")


async def test_the_catalog_shows_what_is_on_sale_in_the_askers_currency(client: Client, owner: str) -> None:
    data = await client.data(
        owner,
        """{ catalog(currency: "EUR") { revision currencies
           packages { code name(locale: "tr") prices { currency interval earlyEnd }
                      offer { representativesIncluded chatbotLimit } next { fromOn } }
           addOns { name } sessionPacks { offer { sessions } } } }""",
    )
    catalog = data["catalog"]
    assert catalog["currencies"] == ["EUR", "TRY", "USD"]
    assert len(catalog["packages"]) >= 4
    prices = {(price["currency"], price["interval"], price["earlyEnd"]) for plan in catalog["packages"] for price in plan["prices"]}
    assert prices == {("EUR", "MONTH", "NONE"), ("EUR", "QUARTER", "REPRICE"), ("EUR", "YEAR", "REPRICE")}
    assert [each["name"] for each in catalog["addOns"]] == [
        "Artificial Intelligence Assistant",
        "Mail Integration",
        "Team Chat Integration",
        "Ticket System",
        "Telegram Integration",
        "Visitor Chat Start",
        "Webhook Integration",
        "Task Management",
    ]
    assert [each["offer"]["sessions"] for each in catalog["sessionPacks"]] == [1000, 5000, 20000]


async def test_entitlements_say_what_may_be_used_now_and_until_when(client: Client, owner: str) -> None:
    document = "{ entitlements { active representatives chatbotLimit until packages { type } addOns { name } } }"
    nothing = (await client.data(owner, document))["entitlements"]
    assert nothing == {"active": False, "representatives": 0, "chatbotLimit": 0, "until": None, "packages": [], "addOns": []}
    await client.do(owner, "addPackage", plan="team", representatives=4)
    await client.do(owner, "addAddOn", plan="ticket_system")
    await client.do(owner, "removeAddOn", plan="ticket_system")
    shown = (await client.data(owner, document))["entitlements"]
    assert (shown["active"], shown["representatives"], shown["until"]) == (True, 4, "2026-06-01")
    assert shown["addOns"] == [{"name": "Ticket System"}]
