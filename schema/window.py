"""Windows: GraphQL types that list what may be seen of a domain value. They copy nothing and decide nothing."""

from collections.abc import Callable
from enum import EnumMeta
from inspect import get_annotations
from typing import Annotated, Any, TypeVar, get_args, get_origin

import strawberry
from strawberry.types.field import StrawberryField

T = TypeVar("T", bound=type)

WINDOWS: dict[type, type] = {}


def window(onto: type, *, when: Callable[[Any], bool] | None = None, **options: Any) -> Callable[[T], T]:
    """Make a class a GraphQL type onto a domain class. `when` tells apart several windows onto one class.

    A field is `name: Annotated[Type, "what it means"]`, read from the value by its name, or a method.
    """

    def wrap(cls: T) -> T:
        described(cls)

        def is_type_of(value: object, info: object) -> bool:
            return isinstance(value, onto) and (when is None or when(value))

        cls.is_type_of = is_type_of  # type: ignore[attr-defined]
        made = strawberry.type(cls, description=cls.__doc__, **options)
        WINDOWS.setdefault(onto, made)
        return made

    return wrap


def interface(cls: T) -> T:
    """Make a class a GraphQL interface, its fields described as a window's are."""
    described(cls)
    return strawberry.interface(cls, description=cls.__doc__)


def described(cls: type) -> None:
    """Turn `Annotated[Type, "text"]` into a field with that description."""
    annotation: Any
    for name, annotation in list(get_annotations(cls).items()):
        if get_origin(annotation) is not Annotated or isinstance(cls.__dict__.get(name), StrawberryField):
            continue
        bare, *notes = get_args(annotation)
        texts = [note for note in notes if isinstance(note, str)]
        if not texts:
            continue
        rest = tuple(note for note in notes if not isinstance(note, str))
        cls.__annotations__[name] = Annotated[(bare, *rest)] if rest else bare
        default = {"default": cls.__dict__[name]} if name in cls.__dict__ else {}
        setattr(cls, name, strawberry.field(description=texts[0], **default))


def enum(cls: EnumMeta, description: str, *, name: str | None = None, **values: str) -> None:
    """Show an enum of the domain's, each value described, under a name that says what it is out of its room."""
    strawberry.enum(cls, name=name, description=description)
    definition = cls.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values.pop(value.name)
    assert not values, f"{cls.__name__} has no {', '.join(values)}"
