"""Who may see and do what: a foreign account answers exactly as a missing one."""

import pytest

from .given import ERROR, Client

pytestmark = pytest.mark.anyio
MISSING = "acc_00000000000000000000000000"


async def test_without_a_token_nothing_is_shown_but_the_schema(client: Client) -> None:
    asked = {"{ account { id } }": 401, "{ viewer { role } }": 401, "{ __typename }": 200, "{ __schema { queryType { name } } }": 200}
    for document, status in asked.items():
        response = await client.http.post("/graphql", json={"query": document})
        assert response.status_code == status, document


async def test_a_token_says_who_and_what(client: Client, owner: str) -> None:
    document = "{ viewer { subject role accountId rights } }"
    account_id = owner.removeprefix("OWNER:")
    shown = await client.data(owner, document)
    assert shown["viewer"] == {"subject": "the owner", "role": "OWNER", "accountId": account_id, "rights": ["STEER"]}
    shown = await client.data("OPERATOR", document)
    assert shown["viewer"] == {"subject": "the operator", "role": "OPERATOR", "accountId": None, "rights": ["STEER", "OPERATE", "REPORT"]}


@pytest.mark.parametrize(
    "document",
    [
        "query($id: ID!) { account(id: $id) { name } }",
        "query($id: ID!) { node(id: $id) { id } }",
        "query($id: ID!) { nodes(ids: [$id]) { id } }",
        "query($id: ID!) { entitlements(accountId: $id) { active } }",
        f'query($id: ID!) {{ previewPackageAddition(input: {{plan: "team", accountId: $id, idempotencyKey: "k"}}) {{ {ERROR} }} }}',
        f'mutation($id: ID!) {{ addPackage(input: {{plan: "team", accountId: $id, idempotencyKey: "k"}}) {{ {ERROR} }} }}',
        f'mutation($id: ID!) {{ closeAccount(input: {{accountId: $id, idempotencyKey: "k"}}) {{ {ERROR} }} }}',
    ],
)
async def test_a_foreign_account_answers_as_a_missing_one(client: Client, owner: str, document: str) -> None:
    foreign = await client.bench.open(name="Somebody Else")
    of_foreign = await client.ask(owner, document, id=foreign)
    of_missing = await client.ask(owner, document, id=MISSING)
    assert str(of_foreign).replace(foreign, MISSING) == str(of_missing)
    assert "Somebody" not in str(of_foreign)


async def test_a_foreign_invoice_answers_as_a_missing_one(client: Client, owner: str) -> None:
    foreign = f"OWNER:{await client.bench.open()}"
    await client.do(foreign, "addPackage", plan="team")
    closed = await client.do(
        "OPERATOR", "closeAccount", "account { pastInvoices { nodes { id number } } }", accountId=foreign.removeprefix("OWNER:")
    )
    (invoice,) = closed["account"]["pastInvoices"]["nodes"]
    document = "query($id: ID!, $number: String!) { node(id: $id) { id } account { invoice(number: $number) { id } } }"
    assert await client.data(owner, document, **invoice) == {"node": None, "account": {"invoice": None}}
    assert (await client.data(foreign, document, **invoice))["node"] == {"id": invoice["id"]}
    by_operator = await client.data("OPERATOR", "query($id: ID!) { node(id: $id) { id __typename } }", id=invoice["id"])
    assert by_operator["node"] == {"id": invoice["id"], "__typename": "Invoice"}


@pytest.mark.parametrize(
    "document",
    [
        "{ accounts { totalCount } }",
        'mutation { openAccount(input: {name: "A", currency: "TRY", timeZone: "UTC", idempotencyKey: "k"}) { __typename } }',
        'mutation { closeAccount(input: {idempotencyKey: "k"}) { __typename } }',
    ],
)
async def test_what_takes_an_operator_is_forbidden_to_others(client: Client, owner: str, document: str) -> None:
    answer = await client.ask(owner, document)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_an_operator_must_name_the_account(client: Client, owner: str) -> None:
    answer = await client.ask("OPERATOR", "{ account { id } }")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    account_id = owner.removeprefix("OWNER:")
    assert await client.data("OPERATOR", "query($id: ID!) { account(id: $id) { id } }", id=account_id) == {"account": {"id": account_id}}
