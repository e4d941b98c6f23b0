"""Expected refusals. Anything else that is raised is a fault of ours.

Refusal
├── NotFound             something named in the input does not exist, or is not yours
├── InvalidInput         a value that cannot be used
├── DateOutOfRange       a day that has passed, or lies too far ahead
├── PlanNotAvailable     a plan that is not on sale, or has no price in this currency
├── LimitReached         more than the plan allows, or fewer than are in use
├── RequirementMissing   a plan that needs another would be without it
├── PlanConflict         two plans that cannot be held together
├── CommitmentRuns       a minimum commitment is not over yet
├── AlreadyActive        there is nothing to bring back, or it is held already
├── NotActive            it has ended, or has not begun
├── ScheduledConflict    a scheduled change stands in the way
├── AccountClosed        the account takes no more commands
├── KeyReused            the idempotency key named another request
└── KeyExpired           the idempotency key was used long ago; nothing was done

A message is an English template with named parameters: `texts.py` holds the same sentence in other languages.
"""

from __future__ import annotations

from typing import ClassVar

from .texts import Param, say


class Refusal(Exception):
    """A request that was understood and declined: nothing was changed."""

    code: ClassVar[str]

    def __init__(self, message: str, field: str | None = None, /, **params: Param) -> None:
        super().__init__(say(message, "en", **params))
        self.template, self.field, self.params = message, field, params

    @property
    def sentence(self) -> dict[str, Param]:
        """The message as a parameter of another."""
        return {"template": self.template, "params": dict(self.params)}

    def text(self, locale: str, /) -> str:
        """The message in a language."""
        return say(self.template, locale, **self.params)


class NotFound(Refusal):
    """Something named in the input does not exist, or belongs to somebody else."""

    code = "NOT_FOUND"


class InvalidInput(Refusal):
    """A value in the input cannot be used."""

    code = "INVALID_INPUT"


class DateOutOfRange(Refusal):
    """The day given has passed, or lies too far ahead."""

    code = "DATE_OUT_OF_RANGE"


class PlanNotAvailable(Refusal):
    """The plan is not on sale, or has no price in the account's currency."""

    code = "PLAN_NOT_AVAILABLE"


class LimitReached(Refusal):
    """More was asked for than the plan allows, or fewer than are in use."""

    code = "LIMIT_REACHED"


class RequirementMissing(Refusal):
    """A plan that needs another one beside it would be without it."""

    code = "REQUIREMENT_MISSING"


class PlanConflict(Refusal):
    """Two plans would be held that cannot be held together."""

    code = "PLAN_CONFLICT"


class CommitmentRuns(Refusal):
    """A minimum commitment is not over yet; on the day it ends, and from then on, it can be done."""

    code = "COMMITMENT_RUNS"


class AlreadyActive(Refusal):
    """It is active already, so there is nothing to add or to bring back."""

    code = "ALREADY_ACTIVE"


class NotActive(Refusal):
    """It has ended, or has not begun yet."""

    code = "NOT_ACTIVE"


class ScheduledConflict(Refusal):
    """A scheduled change stands in the way; drop or replace it by name."""

    code = "SCHEDULED_CONFLICT"

    def __init__(self, message: str, field: str | None = None, /, **params: Param) -> None:
        super().__init__(message, field, **params)
        self.scheduled_id = str(params["scheduled_id"])


class AccountClosed(Refusal):
    """The account is closed and takes no more commands."""

    code = "ACCOUNT_CLOSED"


class KeyReused(Refusal):
    """The idempotency key was used before, for a different request."""

    code = "KEY_REUSED"


class KeyExpired(Refusal):
    """The idempotency key was used so long ago that its outcome is no longer kept; nothing was done."""

    code = "KEY_EXPIRED"


def refusals() -> dict[str, type[Refusal]]:
    """Every refusal by its code."""
    return {kind.code: kind for kind in Refusal.__subclasses__()}
