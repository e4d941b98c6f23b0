"""The codec: what is written down is read back as it was."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.codec import canonical, instant_text, pack, pack_fact, unpack, unpack_fact
from gateway.billing.facts import FACTS, Fact
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, State
from tests.billing.given import MONTH
from tests.billing.values import FACTS_OF, facts, instants, openings


def through_json(packed: Any) -> Any:
    return json.loads(canonical(packed))


def test_no_kind_of_fact_is_left_out_of_these_tests() -> None:
    assert set(FACTS_OF) == set(FACTS)


@given(facts)
def test_every_fact_survives_being_written_down(fact: Fact) -> None:
    read = unpack_fact(through_json(pack_fact(fact)))

    assert read == fact
    assert type(read) is type(fact)


@given(openings)
def test_every_opening_survives_being_written_down(opening: Opening) -> None:
    assert unpack(Opening, through_json(pack(opening))) == opening


@given(instants, st.integers(-14 * 60, 14 * 60))
def test_one_instant_has_one_text_whatever_zone_it_is_told_in(at: datetime, minutes: int) -> None:
    elsewhere = at.astimezone(timezone(timedelta(minutes=minutes)))

    assert instant_text(elsewhere) == instant_text(at)
    assert unpack(datetime, instant_text(at)) == at


@given(instants, instants)
def test_texts_of_instants_sort_as_the_instants_do(one: datetime, other: datetime) -> None:
    assert (instant_text(one) < instant_text(other)) is (one < other)


def test_a_fact_is_written_with_its_kind_its_fields_and_plain_values() -> None:
    change = Change(revision=3, item="pkg_1", at=datetime(2026, 6, 10, 9, 0, 0, 5, tzinfo=UTC), state=State("pro", 7, MONTH))

    assert pack_fact(change) == {
        "fact": "Change",
        "revision": 3,
        "item": "pkg_1",
        "at": "2026-06-10T09:00:00.000005Z",
        "state": {"plan": "pro", "quantity": 7, "interval": "MONTH"},
    }


def test_a_field_that_was_not_written_yet_is_read_as_its_default() -> None:
    assert unpack(Opening, {"on": "2026-06-01"}) == Opening(date(2026, 6, 1), ())


def test_the_canonical_text_sorts_keys_and_keeps_letters() -> None:
    assert canonical({"b": [1, None, True], "a": "ğüş"}) == '{"a":"ğüş","b":[1,null,true]}'.encode()


def test_a_decimal_is_written_as_text_digit_by_digit() -> None:
    for text in ("1.50", "0.000000000001", "12345678901234567890.12345678901234567890", "-3"):
        assert pack(Decimal(text)) == text
        assert unpack(Decimal, text) == Decimal(text)
    assert pack(Decimal("1E+3")) == "1000"


def test_what_cannot_be_written_exactly_is_refused() -> None:
    for value in (1.5, b"x", {1, 2}):
        with pytest.raises(TypeError, match="cannot be written down"):
            pack(value)
