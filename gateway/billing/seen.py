"""What a walk saw of an item on the way to its lines; kept only where somebody asks for it (see `billed_day`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .bill import Line
from .convention import Span, Visit
from .dates import Calendar


class Billed(NamedTuple):
    """A span, the lines it was billed by, and the calendar its units are counted by."""

    span: Span
    lines: Sequence[Line]
    measured: Calendar


class Seen(NamedTuple):
    """The states an item was in, days of a trial apart, and what of them was billed."""

    item: str
    visits: Sequence[Visit]
    billed: Sequence[Billed]
