"""Moving stock: locking what is on the shelf, deciding, writing ledger, balances, places, layers and serial numbers.

Invariant: all of it in the caller's transaction, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.inventory import store
from ec_erp.inventory.errors import BeingCounted, TrackingRefused, refuse_shortages
from ec_erp.inventory.rules.movement import apply_changes, apply_moves
from ec_erp.inventory.rules.placing import refrozen
from ec_erp.inventory.types import (
    FIFO,
    Balance,
    BalanceChange,
    Head,
    Movement,
    MoveResult,
    Shelf,
    StockKey,
    StockMove,
    StockTerms,
    ValuedMove,
    VoucherRef,
)
from ec_erp.kernel.problems import N_, problem


def move_stock(movements: Sequence[Movement], changes: Sequence[BalanceChange] = ()) -> list[tuple[ValuedMove, ...]]:
    """Apply changes of promises and movements; return each document's valued movements.

    Raises one ``StockShortage`` for all that is missing, ``TrackingRefused`` for what a document fails to say of batches,
    bins and serial numbers, ``BeingCounted``; writes nothing then.
    """
    moves = [(movement.ref, move) for movement in movements for move in movement.moves]
    keys = {move.key for _, move in moves} | {change.key for change in changes}
    if not keys:
        return [() for _ in movements]
    shelf, heads = _lock_shelf(moves, keys)
    _refuse_counted(moves, shelf.balances)
    moments = [ref.posting_datetime for ref, _ in moves]
    result = apply_moves(shelf, [move for _, move in moves], changes, moments)
    refuse(result.problems, TrackingRefused)
    refuse_shortages(result.shortages)
    if result.places:
        result = _keep_from_sale(result, shelf)
    _write(moves, shelf, result, heads)
    return _by_movement(movements, result.entries)


def _lock_shelf(
    moves: Sequence[tuple[VoucherRef, StockMove]], keys: set[StockKey]
) -> tuple[Shelf, dict[StockKey, Head]]:
    """Lock balances, then whatever else the keys' terms ask for."""
    terms = store.load_terms(keys)
    incoming = {move.key: ref.company for ref, move in moves if move.qty > 0 or _may_go_below(terms, move)}
    balances, heads = store.lock_balances_with_heads(keys, create=incoming)
    moving = {move.key for _, move in moves}
    shelf = Shelf(
        balances=balances,
        currency_of={move.key.warehouse: ref.currency for ref, move in moves},
        terms=terms,
        places=store.lock_places(key for key in moving if key in terms and terms[key].tracked),
        layers=store.lock_layers(key for key in moving if key in terms and terms[key].method == FIFO),
        pieces=store.lock_pieces(serial for _, move in moves for serial in move.tracking.serials),
        seqs={key: head.seq for key, head in heads.items()},
        origins=store.load_origins(
            move.origin for _, move in moves if move.origin and move.key in terms and terms[move.key].has_batch
        ),
    )
    return shelf, heads


def _may_go_below(terms: Mapping[StockKey, StockTerms], move: StockMove) -> bool:
    return move.key in terms and terms[move.key].allow_negative


def _refuse_counted(moves: Sequence[tuple[VoucherRef, StockMove]], balances: Mapping[StockKey, Balance]) -> None:
    """Refuse to move goods that a frozen count is counting, unless it is the count itself."""
    message = N_("{0} in {1} is being counted by {2} and cannot move until it is done")
    found = {
        (move.key, balance.counted_by)
        for ref, move in moves
        if (balance := balances.get(move.key)) and balance.counted_by and balance.counted_by != ref.voucher_no
    }
    refuse([problem(message, key.sku, key.warehouse, count) for key, count in sorted(found)], BeingCounted)


def _keep_from_sale(result: MoveResult, shelf: Shelf) -> MoveResult:
    """Freeze what has come into places that nothing is sold from: batches that are too old, batches and bins switched off."""
    new = [place for at, place in result.places.items() if at not in shelf.places.get(at.key, {})]
    places = {**result.places, **store.load_facts(new)}
    day = frappe.utils.now_datetime().date()
    frozen = {place.at: place for place in refrozen(places.values(), day) if place.frozen > places[place.at].frozen}
    if not frozen:
        return result
    changes = [BalanceChange(at.key, frozen=place.frozen - places[at].frozen) for at, place in frozen.items()]
    return replace(result, places={**places, **frozen}, balances=apply_changes(result.balances, changes))


def _write(
    moves: Sequence[tuple[VoucherRef, StockMove]], shelf: Shelf, result: MoveResult, heads: Mapping[StockKey, Head]
) -> None:
    refs = [ref for ref, _ in moves]
    heads = store.append_entries(list(zip(refs, result.entries, strict=True)), heads)
    store.write_balances(result.balances, heads)
    company_of = {move.key.warehouse: ref.company for ref, move in moves}
    if result.places:
        store.write_places(result.places, shelf.places, company_of)
    if result.layers:
        store.write_layers(shelf.layers, result.layers, company_of)
    if result.pieces:
        store.write_pieces(result.pieces, shelf.pieces, _moved_by(moves))


def _moved_by(moves: Sequence[tuple[VoucherRef, StockMove]]) -> dict[str, Any]:
    return {serial.casefold(): ref for ref, move in moves for serial in move.tracking.serials}


def _by_movement(movements: Sequence[Movement], entries: Sequence[ValuedMove]) -> list[tuple[ValuedMove, ...]]:
    result, start = [], 0
    for movement in movements:
        result.append(tuple(entries[start : start + len(movement.moves)]))
        start += len(movement.moves)
    return result
