"""Writing: the one place where a command becomes part of an account, and a period an invoice.

Each function here runs inside one transaction of the database's: what it does is done whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, insert, update

from gateway.billing.account import Account
from gateway.billing.books import Books
from gateway.billing.catalog import Catalog
from gateway.billing.commands import Command, CutPeriod, IssueInvoice, OpenAccount, apply
from gateway.billing.errors import NotFound, Refusal
from gateway.billing.forecast import Warning
from gateway.billing.ids import new_id
from gateway.billing.journal import GENESIS, entry
from gateway.billing.money import Money
from gateway.billing.quote import Promise, as_quoted
from gateway.billing.tax import TaxIds, no_forms
from gateway.billing.term import Opening

from . import discounts, numbers, outcomes, postings
from .books import checkpoint_state, load, lock
from .tables import account, checkpoint, invoice, journal, profile
from .tax_asking import Answers, answer_of

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command, who asks, for which account (None: one to be opened), and under which idempotency key.

    `quote` is the quote it is to be held to; or, when it could not be read, the refusal a key that is still free gets.
    """

    command: Command
    account_id: str | None
    actor: str
    key: str
    quote: Promise | Refusal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: the books after it and what it was about, or the refusal.

    `books` are None when nothing was written this time; `replayed` says that the key had been used before.
    """

    account_id: str
    subject: str | None
    revision: int
    warnings: tuple[Warning, ...]
    refusal: Refusal | None = None
    books: Books | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """An invoice that was just issued."""

    invoice_id: str
    number: str
    total: Money


def perform(
    connection: Connection,
    request: Request,
    catalog: Catalog,
    now: datetime,
    seed: bytes,
    issuer: numbers.Issuer,
    tax_ids: TaxIds = no_forms,
    answers: Answers | None = None,
) -> Answer:
    """Perform a command once: lock, look the key up, load, run, save. A key that was used gives its first outcome again.

    `tax_ids` knows how tax ids are written; `answers` is what a tax engine said of periods that this may cut.
    """
    if request.account_id is not None and not lock(connection, request.account_id):
        raise NotFound("There is no account {id}.", "accountId", id=request.account_id)
    key = outcomes.Key.of(request)
    known = outcomes.find(connection, key, now)
    if known is not None:
        return known
    command = request.command
    if request.account_id is None:
        books = _blank(catalog, now, seed)
    else:
        books = open_books(connection, request.account_id, catalog, now, seed)
    try:
        asked = replace(books, tax_ids=tax_ids)
        after = apply(command, asked) if request.quote is None else as_quoted(command, asked, request.quote, now)
        discounts.claim(connection, after.added)
    except Refusal as refusal:
        if not refusal.binds:
            raise
        answer = Answer(books.account.id, None, books.account.revision, (), refusal)
    else:
        committed = save(connection, after, command, request.actor)
        if committed.account.closed_at is not None:
            committed, _ = cut(connection, committed, request.actor, issuer, answers=answers)
        if committed.now < now:  # performed at the instant of a quote, and shown as of now
            committed = replace(committed, now=now)
        answer = Answer(committed.account.id, after.subject, after.revision, after.warnings, books=committed)
    outcomes.keep(connection, key, answer, now)
    return answer


def open_books(connection: Connection, account_id: str, catalog: Catalog, now: datetime, seed: bytes) -> Books:
    """A locked account's books, to be written at `now`, or just after its newest entry where clocks differ."""
    books = load(connection, [account_id], catalog, now)[account_id]
    return replace(books, now=max(now, books.account.last_at + TICK), seed=seed)


def _blank(catalog: Catalog, now: datetime, seed: bytes) -> Books:
    fresh = Account(id=new_id("acc", now, seed, 0), name="", currency="", zone="UTC", anchor=1, locale="en", opened_at=now, last_at=now)
    return Books(fresh, catalog, now, Opening(date.min), seed=seed)


def save(connection: Connection, books: Books, command: Command, actor: str) -> Books:
    """Write what a command added: its journal entry, the account's row, and what stands beside the journal."""
    owner = books.account
    opening = isinstance(command, OpenAccount)
    previous = GENESIS if opening else numbers.chain_end(connection, owner.id)
    written = entry(command, books, actor, previous)
    checkpointed = opening or isinstance(command, CutPeriod)
    values = {
        "revision": books.revision,
        "digest": written.digest,
        "last_at": books.now,
        "closed_at": owner.closed_at,
        "cut_off_at": books.next_cut_off,
        "zone": owner.zone,
        "anchor": owner.anchor,
        **({"checkpoint": books.revision} if checkpointed else {}),
        **({"profile": books.sealed[0].digest} if books.sealed else {}),
    }
    if opening:
        terms = {name: getattr(owner, name) for name in ("currency", "locale", "opened_at")}
        connection.execute(insert(account).values(account_id=owner.id, **terms, **values))
    else:
        connection.execute(update(account).where(account.c.account_id == owner.id).values(**values))
    for sealed in books.sealed:
        connection.execute(insert(profile).values(account_id=owner.id, digest=sealed.digest, salt=sealed.salt, data=sealed.data))
    connection.execute(
        insert(journal).values(
            account_id=owner.id,
            revision=written.revision,
            at=written.at,
            actor=written.actor,
            verb=written.verb,
            input=written.input,
            facts=written.facts,
            previous=written.previous,
            digest=written.digest,
        )
    )
    postings.write(connection, books)
    if checkpointed:
        connection.execute(insert(checkpoint).values(account_id=owner.id, revision=books.revision, state=checkpoint_state(books)))
    if books.draft is not None:
        bill = books.draft.bill
        connection.execute(
            insert(invoice).values(
                account_id=owner.id,
                invoice_id=books.draft.id,
                period_start=bill.period.start,
                period_end=bill.period.end,
                currency=bill.currency,
                total=bill.due.minor,
                status="DRAFT",
                digest=books.draft.digest,
                document=books.draft.document,
            )
        )
    return books.committed()


def cut(
    connection: Connection, books: Books, actor: str, issuer: numbers.Issuer, ended_by: date | None = None, answers: Answers | None = None
) -> tuple[Books, tuple[Issue, ...]]:
    """Cut and issue every period that is over, of a closed account the running one too. Running it again does nothing.

    `ended_by` leaves out periods that end after that local day; `answers` is what a tax engine said of them, None without one.
    """
    issues: list[Issue] = []
    while (due := books.next_cut_off) is not None and due <= books.now:
        if ended_by is not None and books.uncut.end > ended_by:
            break
        command = CutPeriod(start=books.opening.on, tax=answer_of(answers, books.opening.on))
        after = command(_later(books))
        draft = after.draft
        books = save(connection, after, command, actor)
        if draft is not None:
            books, number = _issue(connection, books, draft.id, actor, issuer)
            issues.append(Issue(draft.id, number, draft.bill.due))
    return books, tuple(issues)


def _issue(connection: Connection, books: Books, invoice_id: str, actor: str, issuer: numbers.Issuer) -> tuple[Books, str]:
    """Give a draft its number. The counter is the last thing locked, and the time of issue is read under that lock."""
    later = _later(books)
    number, issued_at = numbers.draw(connection, issuer, later.now)
    command = IssueInvoice(invoice=invoice_id, number=number, at=issued_at)
    books = save(connection, command(later), command, actor)
    issued_on = books.almanac.today(issued_at)
    due_on = issued_on + timedelta(days=issuer.days_to_pay)
    connection.execute(
        update(invoice)
        .where(invoice.c.account_id == books.account.id, invoice.c.invoice_id == invoice_id)
        .values(number=number, status="OPEN", issued_at=issued_at, issued_on=issued_on, due_on=due_on)
    )
    connection.execute(
        update(invoice)
        .where(invoice.c.account_id == books.account.id, invoice.c.invoice_id == invoice_id, invoice.c.total == 0)
        .values(status="PAID")
    )
    return books, number


def _later(books: Books) -> Books:
    """The same books a tick on, with a seed of their own: for a further entry in one transaction."""
    now = max(books.now, books.account.last_at + TICK)
    return replace(books, now=now, seed=sha256(books.seed + b"next").digest())
