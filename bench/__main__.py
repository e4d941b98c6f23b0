"""`python -m bench [NAME …]`: run all quick benches, or those named; one that is named alone takes options after its name."""

import sys
from importlib import import_module

from tests.databases import drop_template

QUICK = {"engine": "bill and preview over a period of many changes"}
LONG = {
    "storm": "servers, workers and clients amid kill -9, lost connections and moving clocks; --help tells its options",
    "updates": "100,000 concurrent commands on each database, none lost; --help tells its options",
    "scale": "reads, commands and the bill run beside 1,000 to 1,000,000 stored accounts; --help tells its options",
    "mutants": "mistakes made on purpose where money is decided, and whether a test notices; --help tells its options",
}
BENCHES = {**QUICK, **LONG}


def main(words: list[str]) -> None:
    """Run benches by name."""
    names = words[: next((place for place, word in enumerate(words) if word.startswith("-")), len(words))]
    options = words[len(names) :]
    unknown = [name for name in names if name not in BENCHES]
    if unknown or (options and (len(names) != 1 or names[0] not in LONG)):
        known = "\n".join(f"  {name:10} {text}" for name, text in BENCHES.items())
        raise SystemExit(f"There is no bench {' '.join(unknown or words)!r}. There are:\n{known}")
    for name in names or QUICK:
        bench = import_module(f"bench.{name}")
        if name in QUICK:
            bench.run()
        else:
            try:
                bench.run(options)
            finally:
                drop_template()


if __name__ == "__main__":
    main(sys.argv[1:])
