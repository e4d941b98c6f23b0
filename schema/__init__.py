"""SCHEMA: the contract.

Owns: GraphQL's types, which are windows onto domain values; the verbs, made from commands; the three root types.
Owns not: what anything means or costs. A type decides nothing and copies nothing.

Invariants
* `schema.graphql` is printed from here, committed, and compared byte for byte by a test.
* Every type, field, argument and enum value is described.
* Expected refusals are data; money is never a float.
"""

import strawberry
from strawberry.schema.config import StrawberryConfig

from . import enums
from .errors import ERRORS, HANDLERS
from .mutation import Mutation
from .query import Query
from .scalars import SCALARS
from .subscription import Subscription

schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=list(ERRORS.values()),
    exception_handlers=HANDLERS,
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=False),
)

__all__ = ["enums", "schema"]
