"""House rules, as tests: what no reviewer should have to look for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("gateway", "resolvers", "schema") for path in (ROOT / room).rglob("*.py"))
ROOMS = ["gateway/billing", "gateway/graphql", "gateway/jobs", "gateway/server", "gateway/store", "resolvers", "schema"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text()))


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every call as it is written, with its line."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_no_float_comes_near_money() -> None:
    found = []
    for path in SOURCES:
        if name(path).startswith("gateway/billing/"):
            constants = [node for node in nodes(path) if isinstance(node, ast.Constant)]
            found += [f"{name(path)}:{node.lineno}" for node in constants if isinstance(node.value, float)]
            found += [f"{name(path)}:{line}" for called, line in calls(path) if called in ("float", "math.floor", "math.ceil")]
    assert found == []


def test_no_true_division_in_what_is_billed() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in SOURCES
        if name(path).startswith("gateway/billing/") and path.name != "dates.py"  # halves a stretch of time there
        for node in nodes(path)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    ]
    assert found == []


def test_the_clock_is_read_in_one_place() -> None:
    clocks = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "datetime.datetime.now")
    found = {name(path) for path in SOURCES for called, _ in calls(path) if called in clocks}
    assert found == {"gateway/server/clock.py"}


def test_one_place_begins_and_commits() -> None:
    verbs = (".begin", ".commit", ".rollback")
    found = {name(path) for path in SOURCES for called, _ in calls(path) if called.endswith(verbs)}
    assert found <= {f"gateway/store/{each}.py" for each in ("sqlite", "postgres", "migrate", "migrations/env")}


def test_chance_is_drawn_in_one_place() -> None:
    dice = ("os.urandom", "uuid4", "uuid.uuid4", "secrets.token_bytes")
    found = {name(path) for path in SOURCES for called, _ in calls(path) if called in dice}
    assert found <= {"gateway/server/services.py", "gateway/server/keys.py", "gateway/graphql/masking.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_opens_with_its_door_sign(room: str) -> None:
    sign = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text())) or ""
    assert "Owns" in sign and "not" in sign and "Invariants" in sign


@pytest.mark.parametrize("path", [path for path in SOURCES if "migrations" not in path.parts], ids=name)
def test_files_stay_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) < 400
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def test_public_things_are_explained() -> None:
    bare = []
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        for node in nodes(path):
            if isinstance(node, ast.Module):
                for item in node.body:
                    if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not item.name.startswith("_"):
                        bare += [] if ast.get_docstring(item) else [f"{name(path)}:{item.name}"]
    assert bare == []
