"""RESOLVERS: the answers.

Owns: the context of one answer, batching loaders, who may ask for what, performing and previewing commands, the live feed.
Owns not: the contract (schema), what things cost (billing), rows (store).

Invariants
* A context lives for one operation, or one pushed event: nothing it loaded is ever stale.
* The clock is read once per answer, here at the edge.
* `rights` is the one place that decides whose data may be seen; a foreign id answers as a missing one.
"""

from .context import Context, make_context

__all__ = ["Context", "make_context"]
