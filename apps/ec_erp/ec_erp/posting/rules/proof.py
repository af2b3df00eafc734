"""Proving ledgers: chains unbroken, running balances right.

Invariant: a fault names the entry where it shows first; later entries of the same chain are not accused again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ec_erp.kernel.hashing import GENESIS, chain_hash
from ec_erp.kernel.numbers import ZERO, decimal_of, plain


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the ledgers that does not agree: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far a chain has been proved."""

    seq: int = 0
    hash: str = GENESIS
    fault: Fault | None = None


def prove_entries(
    state: ChainState, rows: Iterable[Mapping[str, Any]], fields: Sequence[str], chain: str
) -> ChainState:
    """Follow a chain over its next entries (in order); stop at the first fault."""
    for row in rows:
        if state.fault:
            return state
        state = _prove(state, row, fields, chain)
    return state


def prove_head(state: ChainState, seq: int, head_hash: str, chain: str) -> Fault | None:
    """Return a fault where the recorded end of a chain is not the end that was found."""
    if state.fault:
        return state.fault
    if (state.seq, state.hash) != (seq, head_hash or GENESIS):
        return Fault(chain, f"the chain ends at entry {state.seq}, its head says {seq}")
    return None


def prove_running_balance(rows: Iterable[Mapping[str, Any]], chain: str) -> tuple[Decimal, Decimal, Fault | None]:
    """Add up the entries of a stock key; return quantity, value and the first entry whose running balance is wrong."""
    qty = value = ZERO
    fault: Fault | None = None
    for row in rows:
        qty += decimal_of(row["qty_change"])
        value += decimal_of(row["value_change"])
        wrong = qty != decimal_of(row["qty_after"]) or value != decimal_of(row["value_after"])
        if wrong and fault is None:
            fault = Fault(chain, f"entry {row['name']}: the running balance should be {plain(qty)} / {plain(value)}")
    return qty, value, fault


def _prove(state: ChainState, row: Mapping[str, Any], fields: Sequence[str], chain: str) -> ChainState:
    name, seq = row["name"], int(row["seq"] or 0)
    if seq != state.seq + 1:
        return ChainState(state.seq, state.hash, Fault(chain, f"entry {state.seq + 1} is missing before {name}"))
    if (row["prev_hash"] or GENESIS) != state.hash:
        return ChainState(state.seq, state.hash, Fault(chain, f"entry {name} does not follow the one before it"))
    if chain_hash(state.hash, fields, row) != row["hash"]:
        return ChainState(state.seq, state.hash, Fault(chain, f"entry {name} has been changed"))
    return ChainState(seq, row["hash"])
