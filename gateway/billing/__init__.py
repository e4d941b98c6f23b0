"""BILLING: what things cost, when, and why.

Owns: money, days, the catalog, the timeline, the engine, the commands and their refusals.
Owns not: storage, clocks, threads, GraphQL. Nothing here reads a clock, opens a file or awaits.

Invariants
* `bill` is the only way to a price: invoice, forecast and preview are the same call.
* Money is integers; prices are exact decimals; no float comes near either.
* A command is a pure function `Books -> Books`, or a refusal.
* Only the standard library is imported.
"""
