"""The ledger: postings by double entry, also of what was billed before; on PostgreSQL each entry's must sum to zero."""

import json

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Instant, Whole

revision = "0003"
down_revision = "0002"
oldest_reader = "0001"

_PAGE = 500

# Deferred: the rows of an entry come one by one, and are looked at together as the transaction commits.
_BALANCES = """
CREATE FUNCTION posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched posting;
BEGIN
    FOREACH touched IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW] WHEN 'DELETE' THEN ARRAY[OLD] ELSE ARRAY[OLD, NEW] END LOOP
        IF EXISTS (
            SELECT FROM posting WHERE account_id = touched.account_id AND revision = touched.revision
            GROUP BY currency HAVING sum(amount) <> 0
        ) THEN
            RAISE EXCEPTION 'the postings of % at revision % do not sum to zero', touched.account_id, touched.revision
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""
_ALWAYS = """
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT OR UPDATE OR DELETE ON posting
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_balances()
"""


def upgrade() -> None:
    op.create_table(
        "posting",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("revision", Whole, autoincrement=False, nullable=False),
        sa.Column("position", Whole, autoincrement=False, nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("amount", Whole, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_posting_account")),
        sa.PrimaryKeyConstraint("account_id", "revision", "position", name=op.f("pk_posting")),
        sqlite_strict=True,
    )
    # Printed as statements, for people to read, there are no rows to go through.
    if not op.get_context().as_sql:
        _post_what_was_billed()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_BALANCES)
        op.execute(_ALWAYS)


def _post_what_was_billed() -> None:
    """Bills until now had lines only: what was due is revenue.

    Nothing of before this migration was released, so no gateway that posts nothing runs beside it.
    """
    connection = op.get_bind()
    page = sa.text(
        "SELECT journal.account_id, journal.revision, journal.at, journal.facts, account.currency"
        " FROM journal JOIN account ON account.account_id = journal.account_id"
        " WHERE journal.verb = 'cutPeriod' AND (journal.account_id, journal.revision) > (:account, :revision)"
        " ORDER BY journal.account_id, journal.revision LIMIT :page"
    )
    write = sa.text(
        "INSERT INTO posting (account_id, revision, position, book, amount, currency, at)"
        " VALUES (:account, :revision, :position, :book, :amount, :currency, :at)"
    )
    account, revision = "", 0
    while rows := connection.execute(page, {"account": account, "revision": revision, "page": _PAGE}).all():
        found = []
        for row in rows:
            account, revision = row.account_id, row.revision
            (total,) = [fact["total"] for fact in json.loads(row.facts)]
            same = {"account": account, "revision": revision, "currency": row.currency, "at": row.at}
            for position, (book, amount) in enumerate((("RECEIVABLE", total), ("REVENUE", -total))):
                found += [{**same, "position": position, "book": book, "amount": amount}] if amount else []
        if found:
            connection.execute(write, found)
