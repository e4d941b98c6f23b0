"""What clients and watchers send."""

from __future__ import annotations

from functools import cache

_STATE = """account { id revision closedAt addOns { plan { code } status }
    packages { id status plan { code } scheduled { id } } }"""

ESTIMATE = "subscription($account: ID) { estimate(accountId: $account) { revision asOf forecast { expected { due { amount } } } } }"

REVISIONS = "query($account: ID) { account(id: $account) { revision } }"


@cache
def mutation(verb: str) -> str:
    """The document that performs a command and tells which entry it wrote."""
    kind = verb[0].upper() + verb[1:]
    return f"""mutation($input: {kind}Input!) {{ {verb}(input: $input) {{ __typename
        ... on Outcome {{ {_STATE} entry {{ revision digest }} }} ... on Error {{ code message }} }} }}"""
