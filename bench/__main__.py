"""`python -m bench [NAME …]`: run all benches, or those named."""

import sys
from importlib import import_module

BENCHES = {"engine": "bill and preview over a period of many changes"}


def main(names: list[str]) -> None:
    """Run benches by name."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        known = "\n".join(f"  {name:10} {text}" for name, text in BENCHES.items())
        raise SystemExit(f"There is no bench {unknown[0]!r}. There are:\n{known}")
    for name in names or BENCHES:
        import_module(f"bench.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
