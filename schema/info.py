"""What every resolver is handed."""

import strawberry

from resolvers import Context

Info = strawberry.Info[Context, None]
