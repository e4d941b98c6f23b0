"""Account credit."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import credit_movement
from gateway.billing.credit import CreditReason
from gateway.billing.credit_movement import CreditKind

from .info import Info
from .invoice import Invoice
from .money import Money
from .page import PageInfo
from .window import window


@window(credit_movement.CreditMovement)
class CreditMovement:
    """What moved an account's credit, and what was there afterwards."""

    at: Annotated[datetime.datetime, "When it was booked."]
    amount: Annotated[Money, "What the account gained; below zero what it lost."]
    balance: Annotated[Money, "Its credit afterwards."]
    kind: Annotated[CreditKind, "What moved it."]
    reason: Annotated[CreditReason | None, "Why it was given or taken back; null where a bill moved it."]
    text: Annotated[str | None, "What was said about it; null where a bill moved it."]

    @strawberry.field(description="The invoice it pays for a part of, or comes from; null where no bill moved it.")
    async def invoice(root: Parent[credit_movement.CreditMovement], info: Info) -> Invoice | None:
        return await info.context.loaders.invoices.load((root.account_id, root.invoice)) if root.invoice else None


@strawberry.type(description="A movement of credit and its place in the list.")
class CreditEdge:
    """A movement of credit and its place in the list."""

    cursor: str = strawberry.field(description="Its place.")
    node: CreditMovement = strawberry.field(description="The movement.")


@strawberry.type(description="A page of movements of credit, newest first.")
class CreditConnection:
    """A page of movements of credit, newest first."""

    edges: list[CreditEdge] = strawberry.field(description="The movements with their places.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")

    @strawberry.field(description="The movements.")
    def nodes(root: Parent["CreditConnection"]) -> list[CreditMovement]:
        return [edge.node for edge in root.edges]
