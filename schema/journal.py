"""The journal."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import journal

from .page import PageInfo
from .window import window


@window(journal.Entry)
class JournalEntry:
    """One command that was performed on an account."""

    revision: Annotated[int, "The account's revision it made; entries count up by one."]
    at: Annotated[datetime.datetime, "When it was performed."]
    actor: Annotated[str, "Who performed it: the subject of a token, or the system."]
    verb: Annotated[str, "The command's name."]
    digest: Annotated[str, "Seals this entry onto the one before, so that nothing can be altered unseen."]


@strawberry.type(description="An entry and its place in the list.")
class JournalEdge:
    """An entry and its place in the list."""

    cursor: str = strawberry.field(description="Its place.")
    node: JournalEntry = strawberry.field(description="The entry.")


@strawberry.type(description="A page of journal entries, newest first.")
class JournalConnection:
    """A page of journal entries, newest first."""

    edges: list[JournalEdge] = strawberry.field(description="The entries with their places.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")

    @strawberry.field(description="The entries.")
    def nodes(root: Parent["JournalConnection"]) -> list[JournalEntry]:
        return [edge.node for edge in root.edges]
