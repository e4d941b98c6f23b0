"""What the product reports, as a fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .in_use import InUse, counted
from .standing import Mark, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativesReported(Mark):
    """The product counted the representatives in use of a package."""

    revision: int
    at: datetime
    item: str
    in_use: int
    counted_at: datetime

    def stand(self, standing: Standing) -> Standing:
        """The standing with this count, unless a newer one is known."""
        return replace(standing, in_use=counted(standing.in_use, InUse(self.item, self.in_use, self.counted_at)))
