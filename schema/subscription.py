"""Everything that can be watched."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from resolvers.live import estimates

from .estimate import EstimateEvent
from .info import Info
from .what_if import watching


@strawberry.type(description="Everything that can be watched.")
class Subscription:
    """Everything that can be watched."""

    @strawberry.subscription(
        description="The live estimate: the present state at once, then the newest after every change, whoever made it, and at midnight."
    )
    async def estimate(
        self,
        info: Info,
        account_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="The account; the token's own when left out.")
        ] = strawberry.UNSET,
    ) -> AsyncGenerator[EstimateEvent, None]:
        async for each in estimates(info.context, account_id or None):
            yield each

    what_if = watching()
