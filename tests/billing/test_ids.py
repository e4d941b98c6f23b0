"""Ids: their form, their order, and that they come from nothing but what is handed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.ids import new_id, prefix_of
from tests.billing.values import instants

AT = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid_of(identifier: str) -> UUID:
    value = 0
    for letter in identifier.split("_")[1]:
        value = value * 32 + ALPHABET.index(letter)
    return UUID(int=value)


@given(st.sampled_from(["acc", "pkg", "add", "sch", "inv"]), instants, st.binary(max_size=16), st.integers(0, 2**32 - 1))
def test_an_id_is_its_prefix_and_a_uuid_of_version_seven(prefix: str, at: datetime, seed: bytes, ordinal: int) -> None:
    identifier = new_id(prefix, at, seed, ordinal)
    uuid = uuid_of(identifier)

    assert re.fullmatch(prefix + r"_[0-7][0-9a-hjkmnp-tv-z]{25}", identifier)
    assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
    assert uuid.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert prefix_of(identifier) == prefix


@given(instants, st.integers(1, 10**9), st.binary(max_size=4), st.binary(max_size=4))
def test_ids_sort_by_the_millisecond_they_were_born_in(at: datetime, later: int, one: bytes, other: bytes) -> None:
    assert new_id("pkg", at, one, 0) < new_id("pkg", at + timedelta(milliseconds=later), other, 0)


def test_the_same_seed_and_ordinal_give_the_same_id() -> None:
    assert new_id("pkg", AT, b"seed", 0) == new_id("pkg", AT, b"seed", 0)


def test_another_seed_ordinal_or_prefix_gives_another_id() -> None:
    ids = {
        new_id("pkg", AT, b"seed", 0),
        new_id("pkg", AT, b"other", 0),
        new_id("pkg", AT, b"seed", 1),
        new_id("add", AT, b"seed", 0),
    }

    assert len({each.split("_")[1] for each in ids}) == 4


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "_",
        "pkg",
        "pkg_",
        "pkg_1",
        "PKG_01ktr1vfr0fbsb9yntsfy27rab",
        "p_01ktr1vfr0fbsb9yntsfy27rab",
        "pkg_81ktr1vfr0fbsb9yntsfy27rab",  # more than 128 bits
        "pkg_01ktr1vfr0fbsb9yntsfy27ral",  # no letter l in this alphabet
        "pkg_01ktr1vfr0fbsb9yntsfy27rabc",
        "pkg_01ktr1vfr0fbsb9yntsfy27rab\n",
        " pkg_01ktr1vfr0fbsb9yntsfy27rab",
        "pkg_٠1ktr1vfr0fbsb9yntsfy27rab",
        "' OR 1=1 --",
    ],
)
def test_what_is_no_id_has_no_prefix(junk: str) -> None:
    assert prefix_of(junk) is None


@given(st.text(max_size=60))
def test_no_text_makes_the_reading_of_a_prefix_fail(text: str) -> None:
    assert prefix_of(text) is None or "_" in text
