"""What jobs have outside providers told: soon after a commit, and every few minutes by the schedule.

Invariant: claim, message and answer are transactions of their own, so that no lock waits for the network.
"""

from __future__ import annotations

from functools import partial

from ec_erp.documents.retry import in_transaction
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.flows import sending

_MOST_ROUNDS = 20  # one job leaves room for others; the schedule goes on


def tell_providers() -> None:
    """Tell every provider what is due."""
    for provider in store.load_providers_to_tell():
        tell(provider)


def tell(provider: str) -> dict[str, str]:
    """Tell a provider what is due, unless it is paused; return the states of the tasks afterwards.

    Goes on as long as answers make more due, as they do for a cancellation that has waited for its order's answer.
    """
    states: dict[str, str] = {}
    for _ in range(_MOST_ROUNDS):
        told = _round(provider)
        if not told:
            break
        states |= told
    return states


def _round(provider: str) -> dict[str, str]:
    if provider not in store.load_providers_to_tell():
        return {}
    claimed = in_transaction(partial(sending.claim, provider))
    if not claimed:
        return {}
    terms = store.load_provider(provider)
    contents = in_transaction(partial(sending.envelopes, terms, claimed))
    return {
        name: in_transaction(partial(sending.answer, name, sending.send(terms, contents[name]))) for name in claimed
    }
