"""The GraphQL face of a command: its fields are the input, its outcome and refusals the result."""

import dataclasses
import decimal
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import strawberry

from gateway.billing.commands import Command
from gateway.billing.effective import Effective
from gateway.billing.errors import AccountClosed, InvalidInput, KeyExpired, KeyReused, NotFound
from resolvers.perform import Performed, perform, preview

from .account import Account
from .errors import ERRORS
from .forecast import ChangePreview, Forecast, Warning
from .info import Info
from .journal import JournalEntry
from .scalars import CurrencyCode, Locale, TimeZone
from .window import window

ALWAYS = (NotFound, InvalidInput, AccountClosed, KeyReused, KeyExpired)
_SCALARS: dict[str, Any] = {
    "currency": CurrencyCode,
    "time_zone": TimeZone,
    "locale": Locale,
    "plan": strawberry.ID,
    "to_plan": strawberry.ID,
}
# Commands hold figures as text, for a journal can hold no decimal.
_SCALARS |= dict.fromkeys(("base", "per_representative"), decimal.Decimal)


@strawberry.interface(description="What became of a command.")
class Outcome:
    """What became of a command: enough to redraw the panel."""

    @strawberry.field(description="The account as it is now.")
    def account(root: strawberry.Parent[Performed]) -> Account:
        return root.books

    @strawberry.field(description="The running period's forecast as it is now.")
    def forecast(root: strawberry.Parent[Performed]) -> Forecast:
        return root.books.current

    @strawberry.field(description="What is worth knowing.")
    def warnings(root: strawberry.Parent[Performed]) -> list[Warning]:
        return root.warnings

    @strawberry.field(description="The journal entry that was written.")
    async def entry(root: strawberry.Parent[Performed], info: Info) -> JournalEntry | None:
        return await info.context.loaders.entries.load((root.books.account.id, root.revision))


def outcome(of: type[Command]) -> Callable[[type], type]:
    """A window onto what became of one kind of command."""
    return window(Performed, when=lambda value: type(value.command) is of)


def verb(command: type[Command], result: type) -> Any:
    """The mutation that performs a command."""
    accepted = _input(command)
    Result = _union(f"{command.__name__}Result", result, (*command.refusals, *ALWAYS), f"What {_name(command)} leads to.")

    async def resolve(info: Info, input: accepted) -> Result:  # type: ignore[valid-type]
        asked, account_id, key = _read(command, input)
        return await perform(info.context, asked, account_id, key)

    return strawberry.mutation(_described(resolve), description=command.__doc__)


def looking(command: type[Command], noun: str) -> Any:
    """The query that previews a command: the same input, and nothing is changed."""
    accepted = _input(command)
    refused = (*command.refusals, NotFound, InvalidInput, AccountClosed)
    Result = _union(f"{noun}PreviewResult", ChangePreview, refused, f"What {_name(command)} would lead to.")

    async def resolve(info: Info, input: accepted) -> Result:  # type: ignore[valid-type]
        asked, account_id, _ = _read(command, input)
        return await preview(info.context, asked, account_id)

    text = f"What `{_name(command)}` would do, were it sent now with the same input. Nothing is changed, and no key is used up."
    return strawberry.field(_described(resolve), description=text)


def _name(command: type[Command]) -> str:
    return command.__name__[0].lower() + command.__name__[1:]


def _described(resolve: Any) -> Any:
    """Strawberry reads an argument's description from its annotation."""
    hint = resolve.__annotations__["input"]
    resolve.__annotations__["input"] = Annotated[hint, strawberry.argument(description="What is asked.")]
    return resolve


def _union(name: str, result: type, refused: tuple[type, ...], description: str) -> Any:
    types = (result, *(ERRORS[each] for each in dict.fromkeys(refused)))
    return Annotated[Union[types], strawberry.union(name, description=description)]  # noqa: UP007


def _read(command: type[Command], given: Any) -> tuple[Command, str | None, str]:
    """The command, the account and the key that an input stands for."""
    values = {field.name: _value(getattr(given, field.name)) for field in dataclasses.fields(command)}
    return command(**values), given.account_id or None, given.idempotency_key


def _value(given: Any) -> Any:
    if isinstance(given, list):
        return tuple(given)
    if given is strawberry.UNSET:
        return None
    if isinstance(given, decimal.Decimal):
        return f"{given:f}"
    if isinstance(given, EffectiveInput):
        return Effective(when=given.when or None, on=given.on or None)
    return given


@cache
def _input(command: type[Command]) -> type:
    """The input type of a command: its own fields, then the account and the key."""
    hints = get_type_hints(command, include_extras=True)
    annotations: dict[str, Any] = {}
    body: dict[str, Any] = {"__annotations__": annotations, "__doc__": command.__doc__}
    for field in dataclasses.fields(command):
        kind, text = get_args(hints[field.name])
        default = {} if field.default is dataclasses.MISSING else {"default": strawberry.UNSET if field.default is None else field.default}
        if field.default == ():
            default = {"default_factory": list}
        annotations[field.name] = _kind(field.name, kind)
        body[field.name] = strawberry.field(description=text, **default)
    if _name(command) != "openAccount":
        annotations["account_id"] = strawberry.ID | None
        body["account_id"] = strawberry.field(default=strawberry.UNSET, description="The account; the token's own when left out.")
    else:
        annotations["account_id"] = strawberry.Private[None]
        body["account_id"] = None
    annotations["idempotency_key"] = strawberry.ID
    body["idempotency_key"] = strawberry.field(
        description="Names this request, 1 to 200 characters: sending it again gives the first outcome, and does nothing twice."
    )
    made: type = strawberry.input(type(f"{command.__name__}Input", (), body), description=f"What `{_name(command)}` is to do.")
    return made


def _kind(name: str, kind: Any) -> Any:
    """The GraphQL type of a command's field."""
    optional = type(None) in get_args(kind)
    if get_origin(kind) is tuple:
        return list[strawberry.ID]
    if Effective in get_args(kind):
        return EffectiveInput | None
    bare = strawberry.ID if name.endswith("_id") else _SCALARS.get(name)
    if bare is None:
        return kind
    return bare | None if optional else bare


def _effective_input() -> type:
    hints = get_type_hints(Effective, include_extras=True)
    annotations: dict[str, Any] = {}
    body: dict[str, Any] = {"__annotations__": annotations}
    for name in ("when", "on"):
        kind, text = get_args(hints[name])
        annotations[name] = kind
        body[name] = strawberry.field(default=strawberry.UNSET, description=text)
    made: type = strawberry.input(type("EffectiveInput", (), body), one_of=True, description=Effective.__doc__)
    return made


EffectiveInput: Any = _effective_input()
