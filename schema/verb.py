"""The GraphQL face of a command: its fields are the input, its outcome and refusals the result."""

import dataclasses
import decimal
from collections.abc import Callable
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import strawberry

from gateway.billing.commands import Command
from gateway.billing.effective import Effective
from gateway.billing.errors import (
    AccountClosed,
    InvalidInput,
    InvalidQuote,
    KeyExpired,
    KeyReused,
    NotFound,
    QuoteChanged,
    QuoteExpired,
)
from resolvers.perform import Performed, perform, preview

from .account import Account
from .errors import ERRORS
from .forecast import ChangePreview, Forecast, Warning
from .info import Info
from .journal import JournalEntry
from .scalars import CountryCode, CurrencyCode, Locale, TimeZone
from .window import window

ALWAYS = (NotFound, InvalidInput, AccountClosed, KeyReused, KeyExpired)
QUOTED = (QuoteChanged, QuoteExpired, InvalidQuote)
PREVIEWED: dict[type[Command], type] = {}
"""The commands that have a preview, in the order of the contract, and their inputs; filled by `looking`."""

_SCALARS: dict[str, Any] = {
    "country": CountryCode,
    "currency": CurrencyCode,
    "time_zone": TimeZone,
    "locale": Locale,
    "plan": strawberry.ID,
    "tax_id": str,
    "to_plan": strawberry.ID,
}
# Prices may be finer than money; their commands take them as text.
_AS_TEXT = ("base", "per_representative")
_SCALARS |= dict.fromkeys(_AS_TEXT, decimal.Decimal)


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
    accepted = PREVIEWED.get(command) or _input(command)
    always = (*ALWAYS, *QUOTED) if command in PREVIEWED else ALWAYS
    Result = _union(f"{command.__name__}Result", result, (*command.refusals, *always), f"What {name_of(command)} leads to.")

    async def resolve(info: Info, input: accepted) -> Result:  # type: ignore[valid-type]
        asked, account_id, key = _read(command, input)
        quote = getattr(input, "quote", None)
        return await perform(info.context, asked, account_id, key, quote if isinstance(quote, str) else None)

    return strawberry.mutation(_described(resolve), description=command.__doc__)


def looking(command: type[Command], noun: str) -> Any:
    """The query that previews a command: the same input, and nothing is changed."""
    PREVIEWED[command] = accepted = _input(command, quoted=True)
    refused = (*command.refusals, NotFound, InvalidInput, AccountClosed)
    Result = _union(f"{noun}PreviewResult", ChangePreview, refused, f"What {name_of(command)} would lead to.")

    async def resolve(info: Info, input: accepted) -> Result:  # type: ignore[valid-type]
        asked, account_id, _ = _read(command, input)
        return await preview(info.context, asked, account_id)

    text = f"What `{name_of(command)}` would do, were it sent now with the same input. Nothing is changed, and no key is used up."
    return strawberry.field(_described(resolve), description=text)


def name_of(command: type[Command]) -> str:
    """A command's name in the contract."""
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
    return command_of(command, given), given.account_id or None, given.idempotency_key


def command_of(command: type[Command], given: Any) -> Command:
    """The command that an input's own fields stand for."""
    values = {field.name: _value(getattr(given, field.name)) for field in dataclasses.fields(command)}
    texts = {name: f"{value:f}" for name, value in values.items() if name in _AS_TEXT and value is not None}
    return command(**{**values, **texts})


def _value(given: Any) -> Any:
    if isinstance(given, list):
        return tuple(given)
    if given is strawberry.UNSET:
        return None
    if isinstance(given, EffectiveInput):
        return Effective(when=given.when or None, on=given.on or None)
    return given


def _input(command: type[Command], *, quoted: bool = False) -> type:
    """The input type of a command: its own fields, then the account and the key, and a quote where there are any."""
    body = fields_of(command)
    annotations = body["__annotations__"]
    if name_of(command) != "openAccount":
        annotations["account_id"] = strawberry.ID | None
        body["account_id"] = strawberry.field(default=strawberry.UNSET, description="The account; the token's own when left out.")
    else:
        annotations["account_id"] = strawberry.Private[None]
        body["account_id"] = None
    annotations["idempotency_key"] = strawberry.ID
    body["idempotency_key"] = strawberry.field(
        description="Names this request, 1 to 200 characters: sending it again gives the first outcome, and does nothing twice."
    )
    if quoted:
        annotations["quote"] = str | None
        body["quote"] = strawberry.field(
            default=strawberry.UNSET,
            description="Token of the quote it is to be held to; a preview takes no notice of it.",
        )
    made: type = strawberry.input(type(f"{command.__name__}Input", (), body), description=f"What `{name_of(command)}` is to do.")
    return made


def fields_of(command: type[Command]) -> dict[str, Any]:
    """The body of a class whose fields are the command's own."""
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
    return body


def _kind(name: str, kind: Any) -> Any:
    """The GraphQL type of a command's field."""
    optional = type(None) in get_args(kind)
    if get_origin(kind) is tuple:
        return list[strawberry.ID]
    if Effective in get_args(kind):
        return EffectiveInput | None
    bare = _SCALARS.get(name) or (strawberry.ID if name.endswith("_id") else None)
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
