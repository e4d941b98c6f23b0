"""Facts of tax: who an account says it is, and whether it is exempt. The last one within a period holds for all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .standing import Mark, Standing
from .tax import TaxIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxIdentified(Mark):
    """From an instant on an account is this to the tax office. Its tax id stands outside the chain, in what `profile` is the digest of."""

    revision: int
    at: datetime
    identity: TaxIdentity
    profile: str

    def stand(self, standing: Standing) -> Standing:
        """The standing with the identity."""
        return replace(standing, tax=self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxExempted(Mark):
    """From an instant on an account is exempt from tax for a reason, or not any more (None)."""

    revision: int
    at: datetime
    reason: str | None

    def stand(self, standing: Standing) -> Standing:
        """The standing with the exemption, or without it."""
        return standing if standing.tax is None else replace(standing, tax=replace(standing.tax, exempt=self.reason))
