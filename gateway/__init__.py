"""The gateway: everything that runs.

Owns the billing engine, its storage, the serving of GraphQL and the server around them.
Does not own the GraphQL contract (`schema`) or what stands behind its fields (`resolvers`): those import from here, never the other
way round.
Invariant: arrows point down, `server → jobs → graphql / store / payments → billing`.
"""
