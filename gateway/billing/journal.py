"""The journal: one entry per command performed, each sealed onto the one before (rules §1, architecture)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from .books import Books
from .codec import Json, canonical, instant_text, pack, pack_fact
from .commands.command import Command

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command that was performed: when, by whom, what was asked, and the facts it added.

    `digest` covers everything here and the previous entry's digest, so that nothing can be altered or
    removed unseen. Personal input is left out; facts name it by a salted digest.
    """

    account_id: str
    revision: int
    at: datetime
    actor: str
    verb: str
    input: Json
    facts: Json
    previous: str
    digest: str

    def sealed(self) -> bool:
        """Whether the digest is that of the content."""
        return self.digest == seal(self.account_id, self.revision, self.at, self.actor, self.verb, self.input, self.facts, self.previous)


def entry(command: Command, books: Books, actor: str, previous: str) -> Entry:
    """The entry for a command and the books it made."""
    verb = verb_of(command)
    packed: Json = {name: value for name, value in pack(command).items() if name not in command.personal and value is not None}
    facts: Json = [pack_fact(fact) for fact in books.added]
    account = books.account.id
    digest = seal(account, books.revision, books.now, actor, verb, packed, facts, previous)
    return Entry(
        account_id=account,
        revision=books.revision,
        at=books.now,
        actor=actor,
        verb=verb,
        input=packed,
        facts=facts,
        previous=previous,
        digest=digest,
    )


def seal(account: str, revision: int, at: datetime, actor: str, verb: str, input: Json, facts: Json, previous: str) -> str:
    """The digest that chains an entry to the one before."""
    return sha256(canonical([account, revision, instant_text(at), actor, verb, input, facts, previous])).hexdigest()


def verb_of(command: Command) -> str:
    """A command's name in the contract: ChangePackage is changePackage."""
    name = type(command).__name__
    return name[0].lower() + name[1:]


def fingerprint(command: Command, key: str) -> str:
    """What an idempotency key is bound to: the command's name and every field, personal ones too, under the key."""
    return sha256(canonical([key, verb_of(command), pack(command)])).hexdigest()
