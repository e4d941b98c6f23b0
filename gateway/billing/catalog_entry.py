"""Entries: one table of a catalog file each, read key by key; all that is wrong is noted, so that it can be mended in one go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from .catalog import Rate

T = TypeVar("T")

_CALLED: Final[dict[type, str]] = {
    bool: "true or false",
    date: "a date such as 2026-01-01",
    dict: "a table",
    int: "a whole number",
    list: "a list",
    str: "a text in quotes",
}
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_LONGEST: Final = 24  # decimal arithmetic would round beyond 28 digits, unseen
_MOST: Final = 1_000_000_000
_LANGUAGES: Final = {"en": "English", "tr": "Turkish"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One table: `where` says which, for people; `problems` collects what is wrong in the whole file.

    What cannot be read is noted and replaced by a stand-in, so that reading goes on and finds the rest.
    """

    where: str
    table: Mapping[str, object]
    problems: list[str]

    def note(self, reason: str) -> None:
        """Something here is wrong."""
        self.problems.append(f"{self.where}: {reason}")

    def inside(self, label: str, table: Mapping[str, object]) -> Entry:
        """A table within this one."""
        return Entry(f"{self.where}, {label}", table, self.problems)

    def allow(self, *keys: str) -> None:
        """Any other key is a slip of the pen."""
        for key in self.table:
            if key not in keys:
                self.note(f"{key} is not known here; known are {', '.join(keys)}")

    def take(self, key: str, kind: type[T], stand_in: T, *, optional: bool = False) -> T:
        """The value of a key, of exactly this kind (true is no number, an instant no date); else the stand-in, with a note."""
        value = self.table.get(key)
        if type(value) is kind:
            return value
        if value is not None:
            self.note(f"{key} must be {_CALLED[kind]}")
        elif not optional:
            self.note(f"{key} is missing")
        return stand_in

    def count(self, key: str, least: int, *, most: int = _MOST, optional: bool = False) -> int:
        """A whole number from `least` to `most`; `least` is also its stand-in."""
        value = self.take(key, int, least, optional=optional)
        if not least <= value <= most:
            self.note(f"{key} must lie between {least} and {most}, and is {value}")
        return value

    def tables(self, key: str) -> list[dict[str, object]]:
        """The tables of a list; none when it is left out."""
        tables = self.take(key, list, [], optional=True)
        if any(type(each) is not dict for each in tables):
            self.note(f"{key} must be a list of tables")
        return [each for each in tables if type(each) is dict]

    def codes(self, key: str) -> tuple[str, ...]:
        """Codes of plans; none when the key is left out."""
        listed = self.take(key, list, [], optional=True)
        if any(type(each) is not str for each in listed) or len(set(map(str, listed))) < len(listed):
            self.note(f'{key} must be a list of different codes such as ["team", "business"]')
        return tuple(each for each in listed if type(each) is str)

    def texts(self, key: str) -> dict[str, str]:
        """A text for people by language: English and Turkish at least."""
        texts = self.inside(key, self.take(key, dict, dict.fromkeys(_LANGUAGES)))
        for language, called in _LANGUAGES.items():
            if language not in texts.table:
                self.note(f"{called} {key} is missing")
        found = {}
        for language, text in texts.table.items():
            if not re.fullmatch(r"[a-z]{2}", language):
                texts.note(f"{language} is not a language such as en or tr")
            elif text is not None and not texts.take(language, str, "?").strip():
                texts.note(f"{language} is empty")
            elif type(text) is str:
                found[language] = text.strip()
        return found

    def rate(self, value: object, currency: str, called: str) -> Rate:
        """A price, written in quotes so that it stays exact."""
        if value is None:
            self.note(f"{called} is missing")
        elif type(value) in (int, float):
            self.note(f'{called} must stand in quotes, such as "249.00", so that it stays exact')
        elif type(value) is not str:
            self.note(f"{called} must be {_CALLED[str]}")
        elif not _AMOUNT.fullmatch(value.removeprefix("-")):
            self.note(f'{called} must be an amount such as "249.00", and is "{value}"')
        elif value.startswith("-"):
            self.note(f"{called} must not be negative, and is {value}")
        elif len(value) > _LONGEST:
            self.note(f"{called} has too many decimals: {value}")
        else:
            try:
                return Rate.of(Decimal(value), currency)
            except ValueError:
                self.note(f"{called} has too many decimals: {value}")
        return Rate(0, currency)

    def percent(self, key: str) -> int:
        """A rate of tax, written in quotes, in millionths of a percent."""
        text = self.take(key, str, "0")
        if not _PERCENT.fullmatch(text) or Decimal(text) > 100:
            self.note(f'{key} must be a percentage from 0 to 100 such as "20" or "25.5", and is "{text}"')
            return 0
        return int(Decimal(text).scaleb(6))
