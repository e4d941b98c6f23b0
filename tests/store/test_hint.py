"""Hints as text: short enough for PostgreSQL, and read as they were meant."""

import pytest

from gateway.store import hint


def test_every_account_is_named_once_in_texts_that_postgresql_takes() -> None:
    accounts = [f"acc_{number:026d}" for number in range(1000)]

    texts = list(hint.written([*accounts, *accounts]))

    assert [account for text in texts for account in hint.read(text)] == accounts
    assert len(texts) == 5
    assert max(len(text.encode()) for text in texts) < 8000


def test_everybody_stands_for_each() -> None:
    assert list(hint.written(["acc_1", None, "acc_2"])) == ["[null]"]
    assert hint.read("[null]") == [None]
    assert list(hint.written([])) == []


@pytest.mark.parametrize("text", ["", "acc_1", "{}", "[1]", b"\xff"])
def test_a_text_that_cannot_be_read_means_everybody(text: str | bytes) -> None:
    assert hint.read(text) == [None]
