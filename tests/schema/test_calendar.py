"""The billing calendar by GraphQL: previewed, changed, seen to come, in force after the cut."""

from datetime import UTC, datetime
from typing import Any

import pytest

from .given import ERROR, Client
from .test_commands import entries, package_of

pytestmark = pytest.mark.anyio

CALENDAR = """timeZone anchorDay upcomingCalendar { timeZone anchorDay beginsOn beginsAt firstPeriod { start end days } }
    forecast(period: NEXT) { period { start end } cutOffAt expected { due { amount } lines { formula } } }"""
NEXT = {
    "period": {"start": "2026-06-01", "end": "2026-06-15"},
    "cutOffAt": "2026-06-15T04:00:00+00:00",
    # 14 of the 31 days from 15 May to 14 June
    "expected": {"due": {"amount": "744.71"}, "lines": [{"formula": "1649.00 × 14/31"}]},
}
UPCOMING = {
    "timeZone": "America/New_York",
    "anchorDay": 15,
    "beginsOn": "2026-06-01",
    "beginsAt": "2026-05-31T21:00:00+00:00",
    "firstPeriod": {"start": "2026-06-01", "end": "2026-06-15", "days": 14},
}


async def test_a_change_is_previewed_performed_shown_to_come_and_in_force_after_the_cut(client: Client, owner: str) -> None:
    await package_of(client, owner)
    account_id = owner.removeprefix("OWNER:")
    asked = {"accountId": account_id, "timeZone": "America/New_York", "anchorDay": 15, "idempotencyKey": "move"}
    preview = f"""query($input: ChangeBillingCalendarInput!) {{ previewBillingCalendarChange(input: $input) {{ ... on ChangePreview {{
        effectiveOn difference {{ amount }} warnings {{ code message }} }} {ERROR} }} }}"""

    shown = (await client.data("OPERATOR", preview, input=asked))["previewBillingCalendarChange"]
    assert await entries(client) == 2
    assert shown == {
        "effectiveOn": "2026-06-01",
        "difference": {"amount": "0.00"},
        "warnings": [
            {"code": "CALENDAR_CHANGES", "message": "This takes effect on 2026-06-01, when the running period is over."},
            {
                "code": "STUB_PERIOD",
                "message": "The first period runs from 2026-06-01 to 2026-06-14: 14 of the 31 days of its month are charged.",
            },
        ],
    }
    done = await client.do("OPERATOR", "changeBillingCalendar", f"account {{ {CALENDAR} }} warnings {{ code }} entry {{ verb }}", **asked)
    assert done == {
        "__typename": "BillingCalendarChanged",
        "account": {"timeZone": "Europe/Istanbul", "anchorDay": 1, "upcomingCalendar": UPCOMING, "forecast": NEXT},
        "warnings": [{"code": "CALENDAR_CHANGES"}, {"code": "STUB_PERIOD"}],
        "entry": {"verb": "changeBillingCalendar"},
    }

    client.bench.now = datetime(2026, 5, 31, 21, tzinfo=UTC)
    running = CALENDAR.replace("(period: NEXT)", "")
    # In force from the cut-off on, whether the period before was cut yet or not.
    expected = {"timeZone": "America/New_York", "anchorDay": 15, "upcomingCalendar": None, "forecast": NEXT}
    assert await client.data(owner, f"{{ account {{ {running} }} }}") == {"account": expected}
    await client.bench.store.cut(account_id, client.bench.now)
    assert await client.data(owner, f"{{ account {{ {running} }} }}") == {"account": expected}


@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, None), ({"timeZone": "Mars/Olympus"}, "timeZone"), ({"anchorDay": 0}, "anchorDay"), ({"anchorDay": 32}, "anchorDay")],
)
async def test_what_is_no_calendar_is_refused_and_nothing_is_written(
    client: Client, owner: str, fields: dict[str, Any], field: str | None
) -> None:
    before = await entries(client)

    refused = await client.do("OPERATOR", "changeBillingCalendar", accountId=owner.removeprefix("OWNER:"), **fields)

    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", field)
    assert await entries(client) == before


@pytest.mark.parametrize("operation", ["mutation { changeBillingCalendar", "query { previewBillingCalendarChange"])
async def test_it_takes_an_operators_token(client: Client, owner: str, operation: str) -> None:
    answer = await client.ask(owner, f'{operation}(input: {{anchorDay: 15, idempotencyKey: "k"}}) {{ __typename }} }}')

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await entries(client) == 1
