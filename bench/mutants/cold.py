"""A plugin of pytest for a mutant of what runs while modules are imported: it is put in place before anything imports it.

`MUTANT` names the file and the number of the edit, as `file:number`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from .edits import mutants, mutated

_FILE, _, _NUMBER = os.environ["MUTANT"].rpartition(":")
_NAME = ".".join(Path(_FILE).with_suffix("").parts)
_PATH = str(Path(_FILE).resolve())


class _Loader(SourceLoader):
    """Compiles the mutant in place of the file."""

    def get_filename(self, fullname: str) -> str:
        return _PATH

    def get_data(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def get_code(self, fullname: str) -> CodeType:
        return compile(mutated(mutants(_FILE)[int(_NUMBER)]), _PATH, "exec")


class _Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_file_location(fullname, _PATH, loader=_Loader()) if fullname == _NAME else None


def pytest_configure(config: Any) -> None:
    """The mutant must not have been imported too early."""
    assert _NAME not in sys.modules or isinstance(sys.modules[_NAME].__loader__, _Loader)


assert _NAME not in sys.modules
sys.meta_path.insert(0, _Finder())
