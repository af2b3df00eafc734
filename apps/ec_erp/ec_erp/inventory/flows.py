"""Moving and promising stock, for lists of documents. Callers hold the transaction.

Invariant: balances are locked before they are read, so what is decided is what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog.rules.sku import code_problems
from ec_erp.documents.defaults import default_company
from ec_erp.documents.errors import refuse
from ec_erp.inventory import store
from ec_erp.inventory.errors import WrongWarehouse, refuse_shortages
from ec_erp.inventory.rules import reserving
from ec_erp.inventory.rules.movement import apply_changes, apply_moves
from ec_erp.inventory.rules.reservation import allocate
from ec_erp.inventory.types import (
    Balance,
    BalanceChange,
    Movement,
    Reservation,
    ReservationRequest,
    StockKey,
    ValuedMove,
)
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem


def fill_warehouse(doc: Any) -> None:
    """Give a new warehouse the default company."""
    doc.company = doc.company or default_company()


def check_warehouse(doc: Any) -> None:
    """Refuse a warehouse name that names of balances can't be made of."""
    refuse(code_problems(doc.warehouse_name))


def check_warehouses(company: str, names: Iterable[str]) -> None:
    """Raise ``WrongWarehouse`` for warehouses that are unknown, disabled or another company's."""
    wanted = sorted({name for name in names if name})
    found = store.load_warehouses(wanted)
    problems = []
    for name in wanted:
        row = found.get(name.casefold())
        if row is None:
            problems.append(problem(N_("The warehouse {0} does not exist"), name))
        elif row["disabled"]:
            problems.append(problem(N_("The warehouse {0} is disabled"), name))
        elif row["company"] != company:
            problems.append(problem(N_("The warehouse {0} belongs to {1}, not to {2}"), name, row["company"], company))
    refuse(problems, WrongWarehouse)


def pick_warehouse(*candidates: str | None) -> str | None:
    """Return the first warehouse that is given; where none is, the only one there is."""
    for name in candidates:
        if name:
            return name
    names = frappe.get_all("Warehouse", filters={"disabled": 0}, pluck="name", limit=2)
    return str(names[0]) if len(names) == 1 else None


def move_stock(movements: Sequence[Movement], changes: Sequence[BalanceChange] = ()) -> list[tuple[ValuedMove, ...]]:
    """Apply changes of promises and movements; return each document's valued movements.

    Raises one ``StockShortage`` for all that is missing, and writes nothing then.
    """
    moves = [(movement.ref, move) for movement in movements for move in movement.moves]
    keys = {move.key for _, move in moves} | {change.key for change in changes}
    if not keys:
        return [() for _ in movements]
    incoming = {move.key: ref.company for ref, move in moves if move.qty > 0}
    balances, heads = store.lock_balances_with_heads(keys, create=incoming)
    currency_of = {move.key.warehouse: ref.currency for ref, move in moves}
    result = apply_moves(balances, [move for _, move in moves], changes, currency_of)
    refuse_shortages(result.shortages)
    refs = [ref for ref, _ in moves]
    heads = store.append_entries(list(zip(refs, result.entries, strict=True)), heads)
    store.write_balances(result.balances, heads)
    return _by_movement(movements, result.entries)


def change_promises(changes: Sequence[BalanceChange], company_of: Mapping[StockKey, str] | None = None) -> None:
    """Change reserved and on-order quantities; balances that do not exist are made where ``company_of`` names them."""
    if changes:
        balances = store.lock_balances({change.key for change in changes}, create=company_of)
        store.write_balances(apply_changes(balances, changes))


def reserve(
    requests: Sequence[ReservationRequest], order_of: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, Reservation], dict[StockKey, Balance]]:
    """Put stock aside up to each line's wanted quantity, counting what it holds; return reservations and balances.

    ``order_of`` gives company, voucher_type and voucher_no per line. Raises one ``StockShortage`` for all that is
    missing from orders that must be whole, and writes nothing then.
    """
    known = store.load_reservations(request.line for request in requests)
    open_requests = _still_wanted(requests, known)
    balances = store.lock_balances({request.key for request in requests})
    allocations, shortages = allocate(balances, open_requests)
    refuse_shortages(shortages)
    granted = {allocation.request.line: allocation for allocation in allocations if allocation.qty > 0}
    new = [Reservation(line, got.request.key, got.qty) for line, got in granted.items() if line not in known]
    more = [reserving.topped_up(known[line], got.qty) for line, got in granted.items() if line in known]
    changes = [BalanceChange(got.request.key, reserved=got.qty) for got in granted.values()]
    store.write_balances(_changed(apply_changes(balances, changes), changes))
    store.insert_reservations(new, order_of)
    store.write_reservations(more)
    return known | {reservation.line: reservation for reservation in [*new, *more]}, balances


def release(lines: Iterable[str]) -> None:
    """Give back what the order lines still hold."""
    pairs = [reserving.released(known) for known in store.load_reservations(lines).values() if known.held > 0]
    store.write_reservations(reservation for reservation, _ in pairs)
    change_promises([change for _, change in pairs])


def consume(deliveries: Mapping[str, tuple[Decimal, str]]) -> tuple[dict[str, Decimal], list[BalanceChange]]:
    """Use reservations for deliveries given as {order line: (quantity, warehouse)}.

    Returns what each line's delivery may take from its reservation, and changes of promises for the caller to apply
    with it.
    """
    taken: dict[str, Decimal] = {}
    changes: list[BalanceChange] = []
    written: list[Reservation] = []
    for line, known in store.load_reservations(deliveries).items():
        after, taken[line], change = reserving.consumed(known, *deliveries[line])
        if after != known:
            written.append(after)
        if change is not None and change.reserved:
            changes.append(change)
    store.write_reservations(written)
    return taken, changes


def restore(quantities: Mapping[str, Decimal]) -> list[BalanceChange]:
    """Put aside again what cancelled deliveries had taken; return the changes for the caller to apply."""
    wanted = {line: qty for line, qty in quantities.items() if qty > 0}
    pairs = [reserving.restored(known, wanted[line]) for line, known in store.load_reservations(wanted).items()]
    store.write_reservations(reservation for reservation, _ in pairs)
    return [change for _, change in pairs]


def _still_wanted(requests: Sequence[ReservationRequest], known: Mapping[str, Reservation]) -> list[ReservationRequest]:
    result = []
    for request in requests:
        has = known[request.line].held + known[request.line].consumed if request.line in known else ZERO
        result.append(replace(request, qty=max(ZERO, request.qty - has)))
    return result


def _changed(balances: Mapping[StockKey, Balance], changes: Sequence[BalanceChange]) -> dict[StockKey, Balance]:
    keys = {change.key for change in changes}
    return {key: balance for key, balance in balances.items() if key in keys}


def _by_movement(movements: Sequence[Movement], entries: Sequence[ValuedMove]) -> list[tuple[ValuedMove, ...]]:
    result, start = [], 0
    for movement in movements:
        result.append(tuple(entries[start : start + len(movement.moves)]))
        start += len(movement.moves)
    return result
