"""Publishing a catalog: the past is never altered, and nothing that is held loses its price."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.billing.catalog_file import read_catalog
from gateway.store.catalog import CatalogConflict

from .given import SEED, Bench

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 17, 9, tzinfo=UTC)
FILE = read_catalog(SEED.read_text(), SEED.name)


async def test_what_was_published_is_read_back_the_same(bench: Bench) -> None:
    catalog = await bench.store.catalog()
    assert tuple(catalog.plans.values()) == FILE.plans
    assert (catalog.revision, catalog.convention) == (1, "USED_DAY")


async def test_publishing_the_same_again_changes_nothing(bench: Bench) -> None:
    assert (await bench.store.publish(FILE.plans, "USED_DAY", NOW)).revision == 1


async def test_an_offer_of_the_future_can_be_added_and_corrected_and_counts_up_the_revision(bench: Bench) -> None:
    starter = FILE.plans[0]
    later = replace(starter.offers[-1], from_on=date(2028, 1, 1), chatbot_limit=7)
    plans = (replace(starter, offers=(*starter.offers, later)), *FILE.plans[1:])
    assert (await bench.store.publish(plans, "USED_DAY", NOW)).revision == 2
    corrected = (replace(starter, offers=(*starter.offers, replace(later, chatbot_limit=8))), *FILE.plans[1:])
    catalog = await bench.store.publish(corrected, "USED_DAY", NOW)
    assert catalog.revision == 3
    assert catalog.plans[starter.code].offers[-1].chatbot_limit == 8


@pytest.mark.parametrize("from_on", [date(2024, 1, 1), date(2026, 5, 17)])
async def test_an_offer_in_force_anywhere_or_gone_by_cannot_be_altered(bench: Bench, from_on: date) -> None:
    starter = FILE.plans[0]
    altered = replace(starter, offers=(replace(starter.offers[0], from_on=from_on, chatbot_limit=999), *starter.offers[1:]))
    with pytest.raises(CatalogConflict, match="differs from what was published"):
        await bench.store.publish((altered, *FILE.plans[1:]), "USED_DAY", NOW)
    assert (await bench.store.catalog()).revision == 1


async def test_a_price_that_somebody_may_hold_cannot_be_dropped(bench: Bench) -> None:
    starter = FILE.plans[0]
    poorer = replace(starter.offers[-1], from_on=date(2028, 1, 1), prices=starter.offers[-1].prices[1:])
    with pytest.raises(CatalogConflict, match="drops the MONTH price in"):
        await bench.store.publish((replace(starter, offers=(*starter.offers, poorer)), *FILE.plans[1:]), "USED_DAY", NOW)


async def test_the_convention_cannot_change_under_bills_that_rest_on_it(bench: Bench) -> None:
    with pytest.raises(CatalogConflict, match="convention"):
        await bench.store.publish(FILE.plans, "SECOND", NOW)


async def test_a_plan_keeps_its_kind(bench: Bench) -> None:
    other = replace(FILE.plans[0], kind=FILE.plans[-1].kind)
    with pytest.raises(CatalogConflict, match="cannot become"):
        await bench.store.publish((other,), "USED_DAY", NOW)
