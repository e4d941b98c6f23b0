"""Every migration, by the statements it sends: gateways of the release before go on through it, and after it."""

import pytest
from alembic.script import Script

from gateway.store.migrate import VERSIONS, newest

from .next_version.ddl import CONTRACT, EXPAND, hindrances, scripts, statements

OURS = scripts(VERSIONS[0])
ALL = scripts(VERSIONS[0], EXPAND, CONTRACT)
STEPS = list(zip([None, *ALL[:-1]], ALL, strict=True))


def only_adds(script: Script, before: Script | None) -> bool:
    """Whether a migration lets everybody go on who could before; one that takes away says since when that was prepared for."""
    return before is None or bool(script.module.oldest_reader == before.module.oldest_reader)


@pytest.mark.parametrize(("before", "script"), STEPS, ids=[each.revision for each in ALL])
def test_a_migration_only_adds_unless_it_says_that_older_gateways_have_left(before: Script | None, script: Script) -> None:
    found = hindrances(statements(script))
    assert (found == []) == only_adds(script, before), found


@pytest.mark.parametrize(("before", "script"), STEPS, ids=[each.revision for each in ALL])
def test_the_release_before_may_always_run_beside_a_migration(before: Script | None, script: Script) -> None:
    oldest = script.module.oldest_reader
    if before is None:
        assert (oldest, script.down_revision) == (script.revision, None)
    else:
        assert before.module.oldest_reader <= oldest <= before.revision == script.down_revision < script.revision
        assert oldest in [each.revision for each in ALL]


def test_versions_are_read_off_file_names() -> None:
    assert [each.path.rpartition("/")[2].split("_")[0] for each in ALL] == [each.revision for each in ALL]
    assert newest() == OURS[-1].revision
    assert [each.revision for each in ALL[len(OURS) :]] == ["9001", "9002", "9003"]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ("CREATE CONSTRAINT TRIGGER b AFTER INSERT ON account DEFERRABLE FOR EACH ROW EXECUTE FUNCTION b()", "may refuse what was allowed"),
        ("ALTER TABLE account DROP COLUMN locale", "does more than add"),
        ("ALTER TABLE account RENAME locale TO language", "does more than add"),
        ("ALTER TABLE account RENAME TO customer", "does more than add"),
        ("ALTER TABLE account ALTER COLUMN anchor TYPE TEXT", "does more than add"),
        ("ALTER TABLE account ALTER COLUMN closed_at SET NOT NULL", "does more than add"),
        ("ALTER TABLE account ADD CONSTRAINT once UNIQUE (profile)", "does more than add"),
        ("ALTER TABLE account ADD COLUMN note TEXT NOT NULL", "refuses rows of gateways that do not know the column"),
        ("ALTER TABLE account ADD COLUMN at TIMESTAMP DEFAULT clock_timestamp()", "does more than add"),
        ("ALTER TABLE account ADD COLUMN counted BIGSERIAL", "does more than add"),
        ("ALTER TABLE account ADD COLUMN other TEXT REFERENCES account (account_id)", "does more than add"),
        ("ALTER TABLE account ADD COLUMN a TEXT, DROP COLUMN locale", "does more than add"),
        ("CREATE INDEX ix ON journal (verb)", "locks out whoever writes while it is built"),
        ("CREATE UNIQUE INDEX CONCURRENTLY ix ON journal (verb)", "refuses rows that were allowed"),
        ("DROP INDEX CONCURRENTLY IF EXISTS ix_outcome_at", "drops an index that it does not build"),
        ("DROP TABLE outbox", "does more than add"),
        ("DROP INDEX ix_outcome_at", "does more than add"),
        ("UPDATE account SET locale = 'tr'", "does more than add"),
    ],
)
def test_what_older_gateways_cannot_live_with_is_found(sent: str, why: str) -> None:
    (found,) = hindrances([sent])
    assert found.startswith(why)


def test_an_index_on_a_table_with_rows_stands_alone() -> None:
    index = "CREATE INDEX CONCURRENTLY ix ON journal (verb)"
    assert hindrances([index]) == []
    assert hindrances(["ALTER TABLE journal ADD COLUMN note TEXT", index]) == [
        "an index on a table that has rows must stand alone: interrupted, the rest would be done twice"
    ]


def test_what_only_adds_is_let_pass() -> None:
    sent = [
        "CREATE TABLE remark ( account_id TEXT NOT NULL )",
        "CREATE UNIQUE INDEX ix_remark ON remark (account_id)",
        "ALTER TABLE remark ADD COLUMN note TEXT NOT NULL",
        "ALTER TABLE account ADD COLUMN note TEXT",
        "ALTER TABLE account ADD COLUMN copies BIGINT DEFAULT 1 NOT NULL",
        "ALTER TABLE account ADD COLUMN kind VARCHAR(32) DEFAULT 'none' NOT NULL",
    ]
    assert hindrances(sent) == []
