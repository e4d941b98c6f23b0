"""Things with an id of their own."""

import strawberry


@strawberry.interface(description="Something with an id of its own, to be had again by `node`.")
class Node:
    """Something with an id of its own."""

    id: strawberry.ID = strawberry.field(description="Its id; the prefix says what it is.")
