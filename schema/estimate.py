"""The live estimate."""

import datetime

import strawberry
from strawberry import Parent

from resolvers.live import Estimate

from .account import Account
from .forecast import Forecast
from .info import Info
from .journal import JournalEntry
from .window import window


@window(Estimate)
class EstimateEvent:
    """One state of the live estimate. Revisions never go back."""

    @strawberry.field(description="The account's revision.")
    def revision(root: Parent[Estimate]) -> int:
        return root.books.account.revision

    @strawberry.field(description="The newest fact, or the start of the account's day, whichever is later; by seconds, now.")
    def as_of(root: Parent[Estimate]) -> datetime.datetime:
        return root.books.as_of

    @strawberry.field(description="The running period's forecast.")
    def forecast(root: Parent[Estimate]) -> Forecast:
        return root.books.current

    @strawberry.field(description="The account as it is in this state.")
    def account(root: Parent[Estimate]) -> Account:
        return root.books

    @strawberry.field(description="The newest command behind it; null when time moved it, and for the first event.")
    async def cause(root: Parent[Estimate], info: Info) -> JournalEntry | None:
        if root.cause is None:
            return None
        return await info.context.loaders.entries.load((root.books.account.id, root.cause))
