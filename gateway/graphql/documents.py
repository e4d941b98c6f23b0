"""Parses, measures and validates each document once, however often it is sent."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from .answer import Answer, Refused
from .errors import ClientError, Code, Unauthenticated
from .limits import Limits
from .masking import refusals
from .measure import only_introspects, refuse_if_too_large

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is valid for the schema and within the limits."""

    node: DocumentNode
    operations: tuple[OperationDefinitionNode, ...]
    only_introspects: bool

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run.

        :raises ClientError: there is none of that name, or no name and several to choose from.
        """
        if name is None:
            if len(self.operations) == 1:
                return self.operations[0]
            raise ClientError("Must provide operation name if query contains multiple operations.")
        for operation in self.operations:
            if operation.name is not None and operation.name.value == name:
                return operation
        raise ClientError(f"Unknown operation named '{name}'.")


class Documents:
    """The valid documents of one schema, keyed by their text, the least recently used forgotten first."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, hide_suggestions: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._hide_suggestions = hide_suggestions
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._tokens = 0

    def __len__(self) -> int:
        return len(self._known)

    def prepare(self, text: str, *, anonymous: bool) -> Document:
        """The document, ready to run.

        :raises Refused: it cannot be parsed, is too large, or is not valid.
        :raises Unauthenticated: nobody known sent it, and it asks for more than the schema.
        """
        document = self._known.get(text)
        if document is not None:
            self._known.move_to_end(text)
            if anonymous and not document.only_introspects:
                raise Unauthenticated
            return document
        node = self._parse(text)
        refuse_if_too_large(node, self._limits)
        introspects = only_introspects(node)
        # Before validation, which costs most: strangers may not make the server work.
        if anonymous and not introspects:
            raise Unauthenticated
        errors = validate(self._schema, node, _RULES, self._limits.errors, self._hide_suggestions)
        if errors:
            raise Refused(Answer(errors=refusals(errors, Code.GRAPHQL_VALIDATION_FAILED, self._limits.errors), began=False))
        operations = tuple(each for each in node.definitions if isinstance(each, OperationDefinitionNode))
        document = Document(node, operations, introspects)
        self._remember(text, document)
        return document

    def _parse(self, text: str) -> DocumentNode:
        if len(text) > self._limits.characters:
            raise ClientError(f"The document is too large: more than {self._limits.characters} characters.", Code.QUERY_TOO_COMPLEX)
        try:
            return parse(text, max_lexical_tokens=self._limits.tokens, max_comments=self._limits.tokens)
        except GraphQLSyntaxError as error:
            # The parser's own bounds (tokens, comments, nesting) all end in these words.
            too_large = error.message.endswith("Parsing aborted.")
            code = Code.QUERY_TOO_COMPLEX if too_large else Code.GRAPHQL_PARSE_FAILED
            raise Refused(Answer(errors=refusals([error], code, 1), began=False)) from None

    def _remember(self, text: str, document: Document) -> None:
        self._known[text] = document
        self._tokens += _weight(document)
        while self._tokens > self._limits.cached_tokens:
            _, oldest = self._known.popitem(last=False)
            self._tokens -= _weight(oldest)


def _weight(document: Document) -> int:
    # The token count leaves out comments, which are kept in memory too; the text counts for them.
    loc = document.node.loc
    return document.node.token_count + (len(loc.source.body) // 20 if loc else 0)
