"""Applying movements and changes of promises to balances, in order, all or nothing.

Invariant: where the result has shortages nothing of it may be written; every shortage is named at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory.rules.valuation import balance_after, value_move
from ec_erp.inventory.types import (
    AVAILABLE,
    Balance,
    BalanceChange,
    MoveResult,
    Shortage,
    StockKey,
    StockMove,
    ValuedMove,
)
from ec_erp.kernel.numbers import ZERO


class PromiseBelowZero(ValueError):
    """A reserved or on-order quantity would fall below zero."""


def apply_moves(
    balances: Mapping[StockKey, Balance],
    moves: Iterable[StockMove],
    changes: Iterable[BalanceChange],
    currency_of: Mapping[str, str],
) -> MoveResult:
    """Apply changes of promises, then movements in order; ``currency_of`` maps a warehouse to its company's currency.

    A key that is not in ``balances`` starts empty. Movements of a short key are left out of the entries.
    """
    state = apply_changes(balances, changes)
    before = dict(state)
    entries: list[ValuedMove] = []
    tally = _Tally()
    for move in moves:
        balance = state.get(move.key, Balance())
        tally.count(move)
        if not _is_covered(balance, move):
            tally.short.add(move.key)
            continue
        entry = value_move(balance, move, currency_of[move.key.warehouse])
        state[move.key] = _release(balance_after(balance, entry), move)
        entries.append(entry)
    return MoveResult(tuple(entries), state, tally.shortages(before))


def apply_changes(balances: Mapping[StockKey, Balance], changes: Iterable[BalanceChange]) -> dict[StockKey, Balance]:
    """Return the balances with changes of reserved and on-order quantities added.

    Raises ``PromiseBelowZero`` where more is given back than was promised: the documents and the balance disagree.
    """
    state = dict(balances)
    for change in changes:
        balance = state.get(change.key, Balance())
        state[change.key] = _promise(
            balance, change.key, balance.reserved + change.reserved, balance.on_order + change.on_order
        )
    return state


class _Tally:
    """Sums per key what was asked and what came in, for the message of a shortage."""

    def __init__(self) -> None:
        self.needed: dict[StockKey, Decimal] = {}
        self.arrived: dict[StockKey, Decimal] = {}
        self.own: dict[StockKey, Decimal] = {}
        self.reach: dict[StockKey, str] = {}
        self.short: set[StockKey] = set()

    def count(self, move: StockMove) -> None:
        """Add one movement to the sums."""
        side = self.arrived if move.qty > 0 else self.needed
        side[move.key] = side.get(move.key, ZERO) + abs(move.qty)
        self.own[move.key] = self.own.get(move.key, ZERO) + move.from_reserved
        self.reach[move.key] = move.reach

    def shortages(self, before: Mapping[StockKey, Balance]) -> tuple[Shortage, ...]:
        """Return one shortage per short key, sorted by key."""
        return tuple(
            Shortage(key, self.needed[key], self._reachable(key, before.get(key, Balance())))
            for key in sorted(self.short)
        )

    def _reachable(self, key: StockKey, balance: Balance) -> Decimal:
        free = balance.available + self.own.get(key, ZERO)
        within = free if self.reach[key] == AVAILABLE else balance.on_hand - balance.frozen
        return max(ZERO, within + self.arrived.get(key, ZERO))


def _is_covered(balance: Balance, move: StockMove) -> bool:
    if move.qty >= 0:
        return True
    taken = -move.qty
    if taken > balance.on_hand - balance.frozen:
        return False
    return move.reach != AVAILABLE or taken - move.from_reserved <= max(ZERO, balance.available)


def _release(balance: Balance, move: StockMove) -> Balance:
    if not move.from_reserved:
        return balance
    return _promise(balance, move.key, balance.reserved - move.from_reserved, balance.on_order)


def _promise(balance: Balance, key: StockKey, reserved: Decimal, on_order: Decimal) -> Balance:
    if reserved < 0 or on_order < 0:
        raise PromiseBelowZero(f"{key.sku} in {key.warehouse}: reserved {reserved}, on order {on_order}")
    return replace(balance, reserved=reserved, on_order=on_order)
