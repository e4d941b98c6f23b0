"""Edits: the small mistakes that can be made in a module, one at a time.

A comparison is moved by one or turned round, a number is off by one, a sum becomes a difference, a condition is left out
or always so, a branch, a statement or the rest of a loop is missing, `max` is `min`, nothing is given back. Texts,
assertions, annotations, decorators and what is raised are let be: mistakes there are no mistakes about money.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
RECKONED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
NAMED: Final = {"max": "min", "min": "max", "any": "all", "all": "any"}
WRAPPERS: Final = {"reversed", "sorted", "abs"}

_Node = TypeVar("_Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit of one file: lines from first to last, the function it is in ("" for none), what stood there and what does now.

    `statement` are the lines of the statement around it.
    """

    file: str
    number: int
    lines: tuple[int, int]
    statement: tuple[int, int]
    scope: str
    was: str
    now: str


def mutants(file: str) -> list[Mutant]:
    """All that can be made of a file."""
    tree = ast.parse(Path(file).read_text())
    return [edit.mutant(file, number) for number, edit in enumerate(_module(tree))]


def mutated(mutant: Mutant) -> ast.Module:
    """The file with that one edit."""
    tree = ast.parse(Path(mutant.file).read_text())
    edit = next(edit for number, edit in enumerate(_module(tree)) if number == mutant.number)
    edit.put(edit.new)
    return ast.fix_missing_locations(tree)


@dataclass(slots=True)
class _Edit:
    old: ast.AST
    new: ast.AST
    put: Callable[[ast.AST], None]
    scope: str
    statement: ast.stmt

    def mutant(self, file: str, number: int) -> Mutant:
        around = _lines(self.statement)
        lines = _lines(self.old) if hasattr(self.old, "lineno") else around
        return Mutant(file, number, lines, around, self.scope, _text(self.old), _text(self.new))


def _lines(node: ast.AST) -> tuple[int, int]:
    first = node.lineno  # type: ignore[attr-defined]
    body = getattr(node, "body", None)
    if isinstance(node, ast.stmt) and isinstance(body, list):
        return first, max(first, body[0].lineno - 1)
    return first, node.end_lineno or first  # type: ignore[attr-defined]


def _text(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0]


def _module(tree: ast.Module) -> Iterator[_Edit]:
    yield from _body(tree, "", "")


def _body(owner: ast.Module | ast.ClassDef, prefix: str, scope: str) -> Iterator[_Edit]:
    """What stands outside functions, and the functions."""
    for node in owner.body:
        if isinstance(node, ast.ClassDef):
            yield from _body(node, f"{prefix}{node.name}.", scope)
        elif isinstance(node, ast.FunctionDef):
            yield from _inside(node.args, node, scope)
            yield from _block(node.body, f"{prefix}{node.name}")
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            yield from _field(node, "value", node, scope)


def _block(body: list[ast.stmt], scope: str) -> Iterator[_Edit]:
    for place, statement in enumerate(body):
        if isinstance(statement, (ast.Assert, ast.Raise, ast.Import, ast.ImportFrom)) or _is_text(statement):
            continue

        def put(new: ast.AST, place: int = place) -> None:
            body[place] = new  # type: ignore[call-overload]

        for other in _statements(statement):
            yield _Edit(statement, other, put, scope, statement)
        yield from _inside(statement, statement, scope)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _inside(node: ast.AST, statement: ast.stmt, scope: str) -> Iterator[_Edit]:
    """The edits of what a node is made of, but for an argument that only guards: `zip(…, strict=True)`."""
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return
    for name in node._fields:
        if name in ("annotation", "returns", "decorator_list"):
            continue
        yield from _field(node, name, statement, scope)


def _field(node: ast.AST, name: str, statement: ast.stmt, scope: str) -> Iterator[_Edit]:
    value = getattr(node, name, None)
    if isinstance(value, ast.AST):
        yield from _edits(value, lambda new: setattr(node, name, new), statement, scope)
    elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
        yield from _block(value, scope)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            if isinstance(each, ast.AST):

                def put(new: ast.AST, place: int = place) -> None:
                    value[place] = new

                yield from _edits(each, put, statement, scope)


def _edits(node: ast.AST, put: Callable[[ast.AST], None], statement: ast.stmt, scope: str) -> Iterator[_Edit]:
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.expr):
        for other in _expressions(node):
            yield _Edit(node, other, put, scope, statement)
    elif isinstance(node, ast.comprehension):
        for condition in range(len(node.ifs)):
            fewer = _with(node, ifs=node.ifs[:condition] + node.ifs[condition + 1 :])
            yield _Edit(node, fewer, put, scope, statement)
    yield from _inside(node, statement, scope)


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """What a statement may be by mistake."""
    match node:
        case ast.Return(value=ast.expr()) if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.AugAssign(op=op) if type(op) in RECKONED:
            yield ast.Pass()
            yield _with(node, op=RECKONED[type(op)]())
        case ast.Assign(targets=targets, value=value):
            read = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
            names = [each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
            if any(not isinstance(target, (ast.Name, ast.Tuple)) for target in targets) or all(each.id in read for each in names):
                yield ast.Pass()
        case ast.If():
            yield _with(node, test=ast.Constant(True))
            yield _with(node, test=ast.Constant(False))
        case ast.Continue():
            yield ast.Break()
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may be by mistake."""
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                yield _with(node, ops=[*ops[:place], COMPARED[type(op)](), *ops[place + 1 :]])
        case ast.BinOp(op=op) if type(op) in RECKONED:
            yield _with(node, op=RECKONED[type(op)]())
        case ast.BoolOp(op=op, values=values):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for place in range(len(values)):
                rest = values[:place] + values[place + 1 :]
                yield deepcopy(rest[0]) if len(rest) == 1 else _with(node, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield deepcopy(operand)
        case ast.IfExp(body=body, orelse=orelse):
            yield deepcopy(body)
            yield deepcopy(orelse)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Call(func=ast.Name(id=name), args=[first, *others]) if name in NAMED or name in WRAPPERS:
            if name in NAMED:
                yield _with(node, func=ast.Name(NAMED[name], ast.Load()))
            if name in WRAPPERS:
                yield deepcopy(first)
            if name in ("max", "min") and others:
                yield deepcopy(first)
                yield deepcopy(others[0])


def _with(node: _Node, **fields: object) -> _Node:
    """A copy of a node with other fields."""
    new = deepcopy(node)
    for name, value in fields.items():
        setattr(new, name, deepcopy(value))
    return ast.copy_location(new, node) if hasattr(node, "lineno") else new
