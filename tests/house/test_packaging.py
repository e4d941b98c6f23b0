"""The locks install from any registry, hold what pyproject.toml asks for, and agree with each other."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": [
        *PROJECT["dependencies"],
        *EXTRAS["postgres"],
        *EXTRAS["redis"],
        *PYPROJECT["dependency-groups"]["dev"],
    ],
}


def entries(lock: str) -> Iterator[tuple[str, str, str]]:
    """Name, version and the remaining text (marker, hashes, comments) of each package in the lock."""
    for entry in re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]:
        name, version, rest = re.fullmatch(r"([a-z0-9-]+)==([^\s;]+)(.*)", entry, flags=re.DOTALL).groups()
        yield name, version, rest


@pytest.mark.parametrize("lock", LOCKED)
def test_a_lock_names_no_address_no_index_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert [line for line in text.splitlines() if re.search(r"://|^\s*-(?!-hash=)|\bfile:| @ |(^|\s)/", line)] == []


@pytest.mark.parametrize("lock", LOCKED)
def test_every_package_of_a_lock_has_a_hash(lock: str) -> None:
    packages = list(entries(lock))

    assert len(packages) > len(LOCKED[lock])
    assert [name for name, _, rest in packages if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest)] == []


@pytest.mark.parametrize("lock", LOCKED)
def test_a_lock_holds_what_pyproject_asks_for_within_its_bounds(lock: str) -> None:
    versions = {name: version for name, version, _ in entries(lock)}
    asked = [Requirement(text) for text in LOCKED[lock]]

    missing = [str(wish) for wish in asked if not wish.specifier.contains(versions.get(canonicalize_name(wish.name), "0"))]

    assert missing == []


def test_the_tests_run_the_versions_the_gateway_runs() -> None:
    runtime = {(name, version) for name, version, _ in entries("requirements.lock")}
    development = {(name, version) for name, version, _ in entries("requirements-dev.lock")}

    assert runtime - development == set()


def test_every_dependency_is_on_the_list_of_what_billing_may_not_import() -> None:
    """A new dependency must be forbidden to `gateway.billing` in the same change (architecture: only the standard library)."""
    contracts = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
    forbidden = set(contracts["billing-pure"]["forbidden_modules"])
    wishes = [Requirement(text) for text in PROJECT["dependencies"]]
    here = {canonicalize_name(wish.name) for wish in wishes if wish.marker is None or wish.marker.evaluate()}

    imports = {
        module
        for module, distributions in packages_distributions().items()
        if not module.startswith("_") and here & {canonicalize_name(name) for name in distributions}
    }

    assert {"sqlalchemy", "strawberry"} <= imports
    assert imports - forbidden == set()


def test_make_help_has_a_line_for_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE).group(1).split()

    assert re.findall(r"^([a-z]+):.*## \S", makefile, flags=re.MULTILINE) == targets
