"""Expected refusals. Anything else that is raised is a fault of ours.

Refusal
├── NotFound             something named in the input does not exist, or is not yours
├── InvalidInput         a value that cannot be used
├── DateOutOfRange       a day that has passed, or lies too far ahead
├── PlanNotAvailable     a plan that is not on sale, or has no price in this currency
├── DiscountNotAvailable a discount code that is not to be had: too early, too late, used up
├── LimitReached         more than the plan allows
├── LimitReached         more than the plan allows, or fewer than are in use
├── RequirementMissing   a plan that needs another would be without it
├── PlanConflict         two plans that cannot be held together
├── CommitmentRuns       a minimum commitment is not over yet
├── AlreadyActive        there is nothing to bring back, or it is held already
├── NotActive            it has ended, or has not begun
├── ScheduledConflict    a scheduled change stands in the way
├── InsufficientCredit   the account has less credit than that
├── AccountClosed        the account takes no more commands
├── QuoteChanged         what was quoted is no longer what it would cost
├── QuoteExpired         the quote's time is over
├── InvalidQuote         a quote of another request, or none of ours
├── ChangeRefused        one of several changes, tried one after the other, is refused
├── KeyReused            the idempotency key named another request
└── KeyExpired           the idempotency key was used long ago; nothing was done

A message is an English template with named parameters: `texts.py` holds the same sentence in other languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from .texts import Param, say

if TYPE_CHECKING:
    from .quote import Quote


class Refusal(Exception):
    """A request that was understood and declined: nothing was changed.

    `binds` says whether an idempotency key is used up by it.
    """

    code: ClassVar[str]
    binds: ClassVar[bool] = True

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


class DiscountNotAvailable(Refusal):
    """The discount code cannot be redeemed now: too early, too late, used up, or not in this currency."""

    code = "DISCOUNT_NOT_AVAILABLE"


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


class InsufficientCredit(Refusal):
    """The account has less credit than that."""

    code = "INSUFFICIENT_CREDIT"


class AccountClosed(Refusal):
    """The account is closed and takes no more commands."""

    code = "ACCOUNT_CLOSED"


class QuoteChanged(Refusal):
    """What was quoted is no longer what it would cost; a new quote comes with this, and the key is still free."""

    code = "QUOTE_CHANGED"
    binds = False
    quote: Quote

    def to(self, quote: Quote) -> QuoteChanged:
        """The refusal with the new quote."""
        self.quote = quote
        return self


class QuoteExpired(Refusal):
    """The quote's time is over; take a new one. The key is still free."""

    code = "QUOTE_EXPIRED"
    binds = False


class InvalidQuote(Refusal):
    """The quote was given for another request or account, or not by this gateway. The key is still free."""

    code = "INVALID_QUOTE"
    binds = False


class ChangeRefused(Refusal):
    """One of several changes is refused, once those before it are made. They are counted from 0."""

    code = "CHANGE_REFUSED"
    refusal: Refusal

    def __init__(self, message: str, field: str | None = None, /, **params: Param) -> None:
        super().__init__(message, field, **params)
        self.index = int(str(params["index"]))

    def because(self, refusal: Refusal) -> ChangeRefused:
        """The refusal with that of the change."""
        self.refusal = refusal
        return self


class KeyReused(Refusal):
    """The idempotency key was used before, for a different request."""

    code = "KEY_REUSED"


class KeyExpired(Refusal):
    """The idempotency key was used so long ago that its outcome is no longer kept; nothing was done."""

    code = "KEY_EXPIRED"


def refusals() -> dict[str, type[Refusal]]:
    """Every refusal by its code."""
    return {kind.code: kind for kind in Refusal.__subclasses__()}
