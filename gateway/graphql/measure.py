"""How large an operation is once its fragments are expanded, found without expanding them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from .errors import ClientError, Code
from .limits import Limits

INTROSPECTION = frozenset({"__schema", "__type", "__typename"})
_SCHEMA_WALKS = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection set comes to, fragments expanded."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0

    def beside(self, other: Self) -> "Size":
        """The size of both, one next to the other."""
        return Size(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.fields + other.fields,
        )


def refuse_if_too_large(document: DocumentNode, limits: Limits) -> None:
    """Raise `ClientError` with `QUERY_TOO_COMPLEX` when an operation of the document passes a limit.

    Runs before validation, so the document may be wrong in any way. Each fragment is measured once and remembered: the time is linear
    in the document, however often fragments spread one another.
    """
    measuring = _Measuring({each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)})
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            try:
                size = measuring.selection(definition.selection_set)
            except RecursionError:
                size = Size(depth=limits.depth + 1)
            own = len(definition.directives or ()) + sum(len(each.directives or ()) for each in definition.variable_definitions or ())
            for what, value, limit in (
                ("depth", size.depth, limits.depth),
                ("aliases", size.aliases, limits.aliases),
                ("directives", size.directives + own, limits.directives),
                ("fields", size.fields, limits.fields),
            ):
                if value > limit:
                    raise ClientError(f"The operation is too large: more than {limit} {what}.", Code.QUERY_TOO_COMPLEX)


def only_introspects(document: DocumentNode) -> bool:
    """Whether every operation is a query whose root fields ask for the schema alone."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return all(each.operation.value == "query" and _only_introspects(each.selection_set, fragments, set()) for each in operations)


def _only_introspects(selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]) -> bool:
    for node in selection.selections:
        if isinstance(node, FieldNode):
            if node.name.value not in INTROSPECTION:
                return False
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in seen:
                seen.add(name)
                if name not in fragments or not _only_introspects(fragments[name].selection_set, fragments, seen):
                    return False
        elif not _only_introspects(node.selection_set, fragments, seen):  # type: ignore[attr-defined]
            return False
    return True


class _Measuring:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def selection(self, selection: SelectionSetNode) -> Size:
        total = Size()
        for node in selection.selections:
            directives = len(node.directives or ())
            if isinstance(node, FieldNode):
                within = self.selection(node.selection_set) if node.selection_set else Size()
                depth = 1 if node.name.value in _SCHEMA_WALKS else within.depth + 1
                size = Size(depth, within.aliases + (node.alias is not None), within.directives + directives, within.fields + 1)
            else:
                within = self._fragment(node.name.value) if isinstance(node, FragmentSpreadNode) else self.selection(node.selection_set)  # type: ignore[attr-defined]
                size = Size(within.depth, within.aliases, within.directives + directives, within.fields)
            total = total.beside(size)
        return total

    def _fragment(self, name: str) -> Size:
        size = self._known.get(name)
        if size is None:
            # A fragment that spreads itself counts as empty here; validation refuses it.
            self._known[name] = Size()
            fragment = self._fragments.get(name)
            size = self._known[name] = self.selection(fragment.selection_set) if fragment else Size()
        return size
