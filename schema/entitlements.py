"""Entitlements: what a customer may use, for the product to ask."""

import datetime

import strawberry
from strawberry import Parent

from gateway.billing.books import Books

from .item import AddOn, Package


@strawberry.type(description="What a customer may use right now.")
class Entitlements:
    """What a customer may use right now."""

    books: strawberry.Private[Books]

    @strawberry.field(description="The account.")
    def account_id(root: Parent["Entitlements"]) -> strawberry.ID:
        return strawberry.ID(root.books.account.id)

    @strawberry.field(description="The account's revision this was read from.")
    def revision(root: Parent["Entitlements"]) -> int:
        return root.books.account.revision

    @strawberry.field(description="Whether anything may be used: at least one package is active.")
    def active(root: Parent["Entitlements"]) -> bool:
        return any(item.held.state is not None for item in root.books.packages)

    @strawberry.field(description="The packages in use.")
    def packages(root: Parent["Entitlements"]) -> list[Package]:
        return [item for item in root.books.packages if item.held.state is not None]

    @strawberry.field(description="The add-ons in use.")
    def add_ons(root: Parent["Entitlements"]) -> list[AddOn]:
        return [item for item in root.books.add_ons if item.held.state is not None]

    @strawberry.field(description="Representatives of all active packages together.")
    def representatives(root: Parent["Entitlements"]) -> int:
        return sum(item.representatives for item in root.books.packages if item.held.state is not None)

    @strawberry.field(description="Chatbot sessions included per billing period by all active packages together.")
    def chatbot_limit(root: Parent["Entitlements"]) -> int:
        return sum(item.chatbot_limit for item in root.books.packages if item.held.state is not None)

    @strawberry.field(description="The day until which this holds if nothing changes: the next scheduled change, if any.")
    def until(root: Parent["Entitlements"]) -> datetime.date | None:
        return root.books.scheduled[0].on if root.books.scheduled else None
