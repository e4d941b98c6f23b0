"""Representatives in use, by GraphQL."""

import pytest

from .given import Client

pytestmark = pytest.mark.anyio
SHOWS = "account { packages { id representatives representativesInUse } }"


async def package_of(client: Client, owner: str) -> str:
    added = await client.do(owner, "addPackage", "account { packages { id } }", plan="team", representatives=6)
    return str(added["account"]["packages"][0]["id"])


async def test_the_product_reports_what_is_in_use_and_the_owner_cannot_go_below_it(client: Client, owner: str) -> None:
    package, partner = await package_of(client, owner), owner.replace("OWNER", "PARTNER")

    told = await client.do(partner, "reportRepresentatives", f"{SHOWS} warnings {{ code }}", packageId=package, inUse=5)
    assert told["__typename"] == "RepresentativesReported"
    assert told["account"]["packages"] == [{"id": package, "representatives": 6, "representativesInUse": 5}]
    assert told["warnings"] == []

    refused = await client.do(owner, "changePackage", packageId=package, representatives=4)
    assert (refused["__typename"], refused["code"], refused["field"]) == ("LimitReachedError", "LIMIT_REACHED", "representatives")
    assert refused["message"] == "5 representatives are in use; free some before going down to 4."


async def test_an_owner_may_not_report(client: Client, owner: str) -> None:
    package = await package_of(client, owner)
    document = "mutation($input: ReportRepresentativesInput!) { reportRepresentatives(input: $input) { __typename } }"

    answer = await client.ask(owner, document, input={"packageId": package, "inUse": 0, "idempotencyKey": "k"})

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_a_count_may_say_when_it_was_taken(client: Client, owner: str) -> None:
    package = await package_of(client, owner)
    asked = {"accountId": owner.removeprefix("OWNER:"), "packageId": package}
    await client.do("OPERATOR", "reportRepresentatives", inUse=5, **asked)

    late = await client.do("OPERATOR", "reportRepresentatives", "warnings { code }", inUse=2, countedAt="2026-01-01T00:00:00Z", **asked)

    assert late["warnings"] == [{"code": "COUNT_OUTDATED"}]


async def test_a_partner_reads_its_rights(client: Client, owner: str) -> None:
    shown = await client.data(owner.replace("OWNER", "PARTNER"), "{ viewer { rights } }")

    assert shown["viewer"]["rights"] == ["STEER", "REPORT"]
