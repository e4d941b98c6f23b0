"""Own prices and trials, by GraphQL."""

import pytest

from .given import Client

pytestmark = pytest.mark.anyio
PRICE = "price { base { amount } perRepresentative { amount } minimumMonths }"


async def test_an_own_price_shows_is_previewed_and_charged(client: Client, owner: str) -> None:
    account_id = owner.removeprefix("OWNER:")
    shows = "account { ownPrices { id plan interval base { amount } perRepresentative { amount } fromOn untilOn } }"
    asked = {"accountId": account_id, "plan": "team", "base": "1000.00", "untilOn": "2026-08-01"}
    done = await client.do("OPERATOR", "setOwnPrice", shows, **asked)
    assert done["__typename"] == "OwnPriceSet"
    (own,) = done["account"]["ownPrices"]
    assert own.pop("id").startswith("prc_")
    assert own == {
        "plan": "team",
        "interval": "MONTH",
        "base": {"amount": "1000.00"},
        "perRepresentative": None,
        "fromOn": "2026-05-17",
        "untilOn": "2026-08-01",
    }

    preview = """query($input: AddPackageInput!) { previewPackageAddition(input: $input) {
        ... on ChangePreview { after { expected { lines { formula } } } } } }"""
    shown = await client.data(owner, preview, input={"plan": "team", "idempotencyKey": "k"})
    assert shown["previewPackageAddition"]["after"]["expected"]["lines"] == [{"formula": "1000.00 × 15/31"}]
    added = await client.do(owner, "addPackage", f"account {{ packages {{ {PRICE} }} }}", plan="team")
    assert added["account"]["packages"] == [
        {"price": {"base": {"amount": "1000.00"}, "perRepresentative": {"amount": "449.00"}, "minimumMonths": 0}}
    ]


async def test_an_add_on_that_could_be_taken_is_shown_at_the_own_price(client: Client, owner: str) -> None:
    asked = {"accountId": owner.removeprefix("OWNER:"), "plan": "ticket_system", "base": "9.90"}
    done = await client.do("OPERATOR", "setOwnPrice", "account { availableAddOns { code prices { base { amount } } } }", **asked)

    prices = {each["code"]: each["prices"] for each in done["account"]["availableAddOns"]}
    assert prices["ticket_system"] == [{"base": {"amount": each}} for each in ("9.90", "1560.00", "5490.00")]  # month, quarter, year


async def test_a_trial_shows_on_the_account_and_its_package_and_can_be_ended(client: Client, owner: str) -> None:
    account_id = owner.removeprefix("OWNER:")
    await client.do(owner, "addPackage", plan="team")
    shows = "account { packages { trialEndsOn } trials { id plan itemId fromOn untilOn } } forecast { expected { due { amount } } }"
    granted = await client.do("OPERATOR", "grantTrial", shows, accountId=account_id, plan="team", untilOn="2026-06-10")
    assert granted["__typename"] == "TrialGranted"
    (trial,) = granted["account"]["trials"]
    assert {**trial, "id": ""} == {"id": "", "plan": "team", "itemId": None, "fromOn": "2026-05-17", "untilOn": "2026-06-10"}
    assert granted["account"]["packages"] == [{"trialEndsOn": "2026-06-10"}]
    assert granted["forecast"]["expected"]["due"]["amount"] == "0.00"

    ended = await client.do("OPERATOR", "endTrial", shows, accountId=account_id, trialId=trial["id"])
    assert ended["account"]["packages"] == [{"trialEndsOn": "2026-05-18"}]
    assert ended["forecast"]["expected"]["due"]["amount"] == "744.71"  # 1649.00 × 14/31


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("SetOwnPrice", {"plan": "team", "base": "1"}),
        ("EndOwnPrice", {"ownPriceId": "prc_1"}),
        ("GrantTrial", {"plan": "team", "untilOn": "2026-06-10"}),
        ("EndTrial", {"trialId": "trl_1"}),
    ],
)
async def test_an_owner_cannot_help_themselves(client: Client, owner: str, verb: str, fields: dict[str, str]) -> None:
    name = verb[0].lower() + verb[1:]
    document = f"mutation($input: {verb}Input!) {{ {name}(input: $input) {{ __typename }} }}"

    answer = await client.ask(owner, document, input={**fields, "idempotencyKey": "k"})

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
