"""The journal."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import history, item, journal
from gateway.billing.catalog import Interval, Kind
from gateway.billing.history import said
from gateway.billing.item import Status

from .info import Info
from .money import LocaleArgument
from .page import PageInfo
from .scheduled_change import ScheduledChange
from .window import window


@window(item.Item)
class ItemState:
    """A package or an add-on as it was at one moment."""

    status: Annotated[Status, "Where it stood."]
    representatives: Annotated[int, "How many representatives it had; 1 for add-ons."]
    ends_on: Annotated[datetime.date | None, "The day it had ended, or was to end."]
    scheduled: Annotated[list[ScheduledChange], "What was scheduled for it."]

    @strawberry.field(description="The interval it was priced by.")
    def interval(root: Parent[item.Item]) -> Interval:
        return root.period

    @strawberry.field(description="Code of the plan it was on.")
    def plan(root: Parent[item.Item]) -> strawberry.ID:
        return strawberry.ID(root.plan.code)

    @strawberry.field(description="The plan's name, as it is today.")
    def name(root: Parent[item.Item], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.plan.name(locale or info.context.locale)


@window(history.ItemChange)
class ItemChange:
    """A package or an add-on before and after an entry."""

    kind: Annotated[Kind, "What it is."]
    before: Annotated[ItemState | None, "Just before; null when it was not there."]
    after: Annotated[ItemState | None, "Just after; null when it has not begun and never will."]

    @strawberry.field(description="The package or add-on.")
    def item_id(root: Parent[history.ItemChange]) -> strawberry.ID:
        return strawberry.ID(root.item)


@strawberry.type(description="One thing that was asked.")
class Said:
    """One thing that was asked."""

    name: str = strawberry.field(description="The input's field; what is inside another follows a dot.")
    value: str = strawberry.field(description="What was given for it.")


@window(journal.Entry)
class JournalEntry:
    """One command that was performed on an account."""

    revision: Annotated[int, "The account's revision it made; entries count up by one."]
    at: Annotated[datetime.datetime, "When it was performed."]
    actor: Annotated[str, "Who performed it: the subject of a token, or the system."]
    verb: Annotated[str, "The command's name."]
    digest: Annotated[str, "Seals this entry onto the one before, so that nothing can be altered unseen."]

    @strawberry.field(description="What was asked: everything but personal data, which the journal does not hold.")
    def input(root: Parent[journal.Entry]) -> list[Said]:
        return [Said(name=_camel(name), value=value) for name, value in said(root.input)]

    @strawberry.field(description="The packages and add-ons it touched, before and after.")
    async def changes(root: Parent[journal.Entry], info: Info) -> list[ItemChange]:
        return await info.context.loaders.changes.load((root.account_id, root.revision)) or ()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@strawberry.type(description="An entry and its place in the list.")
class JournalEdge:
    """An entry and its place in the list."""

    cursor: str = strawberry.field(description="Its place.")
    node: JournalEntry = strawberry.field(description="The entry.")


@strawberry.type(description="A page of journal entries, newest first.")
class JournalConnection:
    """A page of journal entries, newest first."""

    total: strawberry.Private[int]
    edges: list[JournalEdge] = strawberry.field(description="The entries with their places.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")

    @strawberry.field(description="The entries.")
    def nodes(root: Parent["JournalConnection"]) -> list[JournalEntry]:
        return [edge.node for edge in root.edges]

    @strawberry.field(description="How many there are in all.")
    def total_count(root: Parent["JournalConnection"]) -> int:
        return root.total
