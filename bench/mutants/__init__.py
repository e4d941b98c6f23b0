"""Mutants: small mistakes made on purpose in the files that decide about money, and whether any test notices.

    python -m bench mutants --files gateway/billing/engine.py --sample 60 --seed 1

A mutant that no test kills is a mistake anybody could make unseen, or a program that means the same. Nothing on disk is altered.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence

import click
import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from .edits import Mutant, mutants
from .server import Server, Verdict

_NAMES = "engine conventions convention early_end deduct assessment settlement credit ledger money era term timeline own_price trial quote"
FILES = tuple(f"gateway/billing/{name}.py" for name in _NAMES.split())
TESTS = ("tests/billing", "tests/stories", "tests/vectors")


@click.command()
@click.option("--files", multiple=True, default=FILES, help="Which to mutate, once each.  [default: those that decide about money]")
@click.option("--tests", multiple=True, default=TESTS, show_default=True, help="Which are to notice, once each.")
@click.option("--sample", type=click.IntRange(1), help="So many mutants of each file, drawn by lot.  [default: all]")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the lot.")
@click.option("--like", default="", help="Only mutants of functions, or of code, that this is part of.")
def _command(files: tuple[str, ...], tests: tuple[str, ...], sample: int | None, seed: int, like: str) -> None:
    """Count the mistakes that no test notices."""
    wanted: list[Mutant] = []
    for file in files:
        found = [each for each in mutants(file) if like in each.scope or like in each.was]
        chosen = random.Random(f"{seed} {file}").sample(found, sample) if sample and sample < len(found) else found
        wanted += sorted(chosen, key=lambda each: each.number)
    console = Console(file=os.fdopen(os.dup(sys.stdout.fileno()), "w"))
    verdicts = _run(wanted, tests, console)
    _show(verdicts, files, console)


def _run(wanted: Sequence[Mutant], tests: Sequence[str], console: Console) -> dict[Mutant, Verdict]:
    """Each mutant's verdict; those that live are shown at once. What pytest prints is of no interest."""
    verdicts: dict[Mutant, Verdict] = {}
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("which tests reach what", total=len(wanted))

        def told(mutant: Mutant, verdict: Verdict) -> None:
            verdicts[mutant] = verdict
            if verdict in (Verdict.SURVIVED, Verdict.UNREACHED):
                text = f"{mutant.file}:{mutant.lines[0]} {mutant.scope} {verdict}\n    - {mutant.was}\n    + {mutant.now}"
                console.print(text, soft_wrap=True, markup=False, highlight=False)
            progress.update(bar, advance=1, description=mutant.file.rpartition("/")[2])

        server = Server(wanted, tests, told)
        kept, nowhere = (os.dup(1), os.dup(2)), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1), os.dup2(nowhere, 2)
            server.watch()
            status = pytest.main(["-s", "-p", "no:cacheprovider", *tests], plugins=[server])
        finally:
            sys.settrace(None)
            os.dup2(kept[0], 1), os.dup2(kept[1], 2)
    if status and len(verdicts) < len(wanted):
        raise click.ClickException(f"pytest ended with {int(status)}; run it by itself: python -m pytest {' '.join(tests)}")
    return verdicts


def _show(verdicts: dict[Mutant, Verdict], files: Sequence[str], console: Console) -> None:
    """A table, a row for each file."""
    tally: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for mutant, verdict in verdicts.items():
        tally[mutant.file][verdict] += 1
    table = Table("file", "mutants", "killed", "endless", "survived", "unreached", "killed of all", title="mutants")
    for file in files:
        table.add_row(file.rpartition("/")[2], *_row(tally[file]))
    table.add_section()
    table.add_row("all", *_row(sum(tally.values(), Counter())))
    console.print(table)


def _row(counts: Counter[Verdict]) -> list[str]:
    every = counts.total()
    dead = counts[Verdict.KILLED] + counts[Verdict.ENDLESS]
    return [f"{every}", *(f"{counts[each]}" for each in Verdict), f"{100 * dead / every:.1f} %" if every else ""]


def run(options: Sequence[str] = ()) -> None:
    """Count, as the options say."""
    _command.main(list(options), prog_name="python -m bench mutants")
