"""What if: several changes at once, tried and compared."""

import datetime
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import cache
from typing import Annotated, Any, Union

import strawberry
from strawberry import Parent

from gateway.billing import what_if
from gateway.billing.commands import Command
from gateway.billing.errors import ChangeRefused, InvalidInput, NotFound, Refusal
from resolvers.what_if import compare, compared

from .bill import Bill
from .catalog import Plan
from .errors import ERRORS, as_data
from .forecast import Forecast, Warning
from .info import Info
from .money import Money
from .verb import PREVIEWED, command_of, fields_of, name_of
from .window import window


@window(what_if.Outlook)
class Outlook:
    """What an account comes to."""

    current: Annotated[Forecast, "The running period."]
    next: Annotated[Forecast, "The next period."]
    from_then_on: Annotated[
        Bill, "The first period after the running one that begins when all that is scheduled has acted, 24 ahead at most."
    ]


@window(what_if.Difference)
class OutlookDifference:
    """By how much amounts move."""

    current: Annotated[Money, "The running period's expected invoice."]
    next: Annotated[Money, "The next period's expected invoice."]
    from_then_on: Annotated[Money, "What a period costs with tax once all has acted; credit is left out, for it runs out."]


@window(what_if.Allowance)
class Allowance:
    """What may be used."""

    representatives: Annotated[int, "Representatives of all packages together."]
    chatbot_sessions: Annotated[int, "Chatbot sessions included per billing period by all packages together."]
    add_ons: Annotated[list[Plan], "Add-ons."]


@window(what_if.WhatIf)
class WhatIf:
    """An account without changes and with them. Nothing was changed."""

    before: Annotated[Outlook, "Without the changes."]
    after: Annotated[Outlook, "With all of them, made now, in their order."]
    difference: Annotated[OutlookDifference, "By how much amounts move."]
    gained: Annotated[Allowance, "What may be used only with them, once all that is scheduled has acted."]
    lost: Annotated[Allowance, "What may be used only without them, once all that is scheduled has acted."]
    warnings: Annotated[list[Warning], "What is worth knowing first."]

    @strawberry.field(description="The account's revision it was computed from.")
    def revision(root: Parent[what_if.WhatIf]) -> int:
        return root.before.books.account.revision

    @strawberry.field(description="The newest fact, or the start of the account's day, whichever is later.")
    def as_of(root: Parent[what_if.WhatIf]) -> datetime.datetime:
        return root.before.current.as_of


_ERRORS = tuple(ERRORS[each] for each in (ChangeRefused, NotFound, InvalidInput))
WhatIfResult = Annotated[
    Union[(WhatIf, *_ERRORS)],  # type: ignore[valid-type]
    strawberry.union("WhatIfResult", description="What several changes would come to, or which of them is refused."),
]


AccountId = Annotated[strawberry.ID | None, strawberry.argument(description="The account; the token's own when left out.")]


@cache
def change_input() -> Any:
    """One change, by its verb. Everything that has a preview is a member: so it is made when all previews are."""
    annotations: dict[str, Any] = {}
    body: dict[str, Any] = {"__annotations__": annotations}
    for command in PREVIEWED:
        text = (command.__doc__ or "").strip()
        own: type = strawberry.input(type(f"WhatIf{command.__name__}Input", (), fields_of(command)), description=text)
        attribute = strawberry.field(name=name_of(command), default=strawberry.UNSET, description=text)
        annotations[command.__name__] = own | None
        body[command.__name__] = attribute
    return strawberry.input(type("ChangeInput", (), body), one_of=True, description="One change that is only tried.")


def _changes() -> Any:
    described = strawberry.argument(description="The changes in their order, 1 to 20; each finds what those before it made.")
    return Annotated[list[change_input()], described]  # type: ignore[misc]


def _read(changes: list[Any]) -> tuple[Command, ...]:
    given = ((command, getattr(change, command.__name__)) for change in changes for command in PREVIEWED)
    return tuple(command_of(command, fields) for command, fields in given if fields is not strawberry.UNSET)


def comparing() -> Any:
    """The query that tries changes; to be made after every preview."""
    Changes = _changes()

    async def resolve(info: Info, changes: Changes, account_id: AccountId = strawberry.UNSET) -> WhatIfResult:  # type: ignore[valid-type]
        return await compare(info.context, account_id or None, _read(changes))

    text = "What several changes would come to, were they made now, one after the other. Nothing is changed."
    return strawberry.field(resolve, description=text)


def watching() -> Any:
    """The subscription that tries changes, and tries them again whenever something moves."""
    Changes = _changes()

    async def resolve(
        info: Info,
        changes: Changes,  # type: ignore[valid-type]
        account_id: AccountId = strawberry.UNSET,
    ) -> AsyncGenerator[WhatIfResult, None]:
        async with aclosing(compared(info.context, account_id or None, _read(changes))) as states:
            async for each in states:
                yield as_data(each, info.context.locale) if isinstance(each, Refusal) else each

    text = "What several changes would come to: at once, and after every change of the account, at midnight, and when prices are published."
    return strawberry.subscription(resolve, description=text)
