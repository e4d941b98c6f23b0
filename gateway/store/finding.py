"""Findings: what an audit says against stored data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What is wrong, in a word or two."""

    MISSING = "missing entries"  # revisions without a journal entry
    SEAL = "seal"  # an entry whose digest is not that of its content
    CHAIN = "chain"  # an entry that is not sealed onto the one before
    INSTANT = "instant"  # an entry that is not later than the one before
    REPLAY = "replay"  # facts that no sequence of commands gives
    ACCOUNT = "account"  # an account's row that is not what its journal says
    CUT_OFF = "cut-off"  # an account that would be cut at the wrong instant, or never
    PROFILE = "profile"  # personal data that is not what the journal stands for
    CHECKPOINT = "checkpoint"  # a checkpoint that is not what a replay gives
    CUT = "cut"  # a period that was billed otherwise than a replay bills it
    POSTING = "posting"  # postings that are not what the journal gives
    INVOICE = "invoice"  # an invoice that is not what the journal says
    DOCUMENT = "document"  # an invoice's document that is not the one that was cut
    NUMBER = "number"  # a run of invoice numbers with gaps, strays, or out of order
    DISCOUNT = "discount"  # a discount code that was counted otherwise than the journal says
    UNREADABLE = "unreadable"  # rows that cannot be read at all


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, of an account or (None) of them all."""

    account_id: str | None
    what: What
    detail: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What an audit looked at, and what it found."""

    findings: tuple[Finding, ...] = ()
    accounts: int = 0
    entries: int = 0
    checkpoints: int = 0
    invoices: int = 0

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            self.findings + other.findings,
            self.accounts + other.accounts,
            self.entries + other.entries,
            self.checkpoints + other.checkpoints,
            self.invoices + other.invoices,
        )
