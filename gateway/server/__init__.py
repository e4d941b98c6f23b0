"""SERVER: the edge, where the gateway meets its operators and the network.

Owns: settings, the clock, keys and tokens, the HTTP application, the process's start and end, the admin socket, the command line.
Owns not: what anything costs (billing), how GraphQL is spoken (graphql), how rows are kept (store), what runs by itself (jobs).

Invariants
* The clock is read in `clock.py` and nowhere else; everybody below is handed instants.
* A token is checked in `auth.py` and nowhere else.
* The GraphQL schema comes by import string, so nothing here imports upward.
* What an operator asks for runs in the one process that owns the database: see `errands`.
"""
