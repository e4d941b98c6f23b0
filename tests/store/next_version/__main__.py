"""The gateway as its next release may be: this one's code, with a column it writes, and the migrations that brings.

`python -m tests.store.next_version expand serve` is the next release, and `contract` the one after it, which takes for granted
what the next one fills. Their migrations come after whatever this release has.
"""

import sys
from pathlib import Path

from sqlalchemy import Column, Text

from gateway.store import migrate, tables

HERE = Path(__file__).parent

if __name__ == "__main__":
    release = sys.argv.pop(1)
    migrate.VERSIONS += [HERE / each for each in ("expand", "contract")[: ("expand", "contract").index(release) + 1]]
    tables.account.append_column(Column("note", Text, default="written by the next version"))

    from gateway.__main__ import main

    main()
