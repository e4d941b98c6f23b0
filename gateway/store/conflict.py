"""What publishing refuses."""

from __future__ import annotations


class CatalogConflict(ValueError):
    """A catalog that would alter what has been published."""
