"""Promising stock: putting it aside for documents, giving it back, using it.

Invariants: a line never holds more than it asked for, however often it asks; the public pool is never promised below
zero, for the statement that promises is the one that checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.inventory import store
from ec_erp.inventory.errors import refuse_shortages
from ec_erp.inventory.rules import reserving
from ec_erp.inventory.rules.movement import PromiseBelowZero, apply_changes
from ec_erp.inventory.rules.netting import netted
from ec_erp.inventory.rules.reservation import (
    allocate,
    changes_for,
    in_turn,
    of_one_quota,
    still_wanted,
)
from ec_erp.inventory.types import (
    Allocation,
    Balance,
    BalanceChange,
    Quota,
    Reservation,
    ReservationRequest,
    StockKey,
)
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.times import moment_of


def change_promises(changes: Sequence[BalanceChange], company_of: Mapping[StockKey, str] | None = None) -> None:
    """Change promised quantities; balances that do not exist are made where ``company_of`` names them.

    Raises ``PromiseBelowZero`` where more is given back than was promised: the documents and the balance disagree.
    """
    wanted = netted(changes)
    if not wanted:
        return
    if company_of:
        store.create_balances({change.key: company_of[change.key] for change in wanted if change.key in company_of})
    if not store.add_to_balances(wanted):
        balances = store.load_balances(change.key for change in wanted)
        raise PromiseBelowZero(
            ", ".join(f"{key.sku} in {key.warehouse}: {balance}" for key, balance in balances.items())
        )


def reserve(
    requests: Sequence[ReservationRequest], order_of: Mapping[str, dict[str, Any]], *, first_time: bool = False
) -> tuple[dict[str, Reservation], dict[StockKey, Balance]]:
    """Put stock aside up to each line's wanted quantity, counting what it holds; return reservations and balances.

    ``order_of`` gives company, voucher_type and voucher_no per line; ``first_time`` says that none of the lines can have
    asked before (one that has is refused as a duplicate). Raises one ``StockShortage`` for all that is missing from
    documents that must be whole, and writes nothing then.
    """
    asked_before = [] if first_time else store.load_reservations(request.line for request in requests)
    known = store.lock_reservations(asked_before)
    wanted = in_turn(still_wanted(requests, known))
    quotas = store.lock_quotas({(request.key, request.channel_group) for request in wanted if request.channel_group})
    keys = {request.key for request in requests}
    there = store.lock_balances(keys) if wanted else store.load_balances(keys)
    granted, balances = _grant(of_one_quota(wanted, known, quotas), quotas, there)
    store.use_quotas(_used_of_quotas(granted))
    moment = moment_of(frappe.utils.now_datetime())
    new = [reserving.made(got, moment) for got in granted if got.request.line not in known]
    more = [reserving.topped_up(known[got.request.line], got.qty, got) for got in granted if got.request.line in known]
    store.insert_reservations(new, order_of)
    store.write_reservations(more)
    return known | {reservation.line: reservation for reservation in [*new, *more]}, balances


def confirm(lines: Iterable[str]) -> None:
    """Turn what unpaid orders hold into what paid ones hold: they are not given back any more when time is up."""
    pairs = [reserving.confirmed(known) for known in store.lock_reservations(lines).values() if known.soft]
    store.write_reservations(reservation for reservation, _ in pairs)
    change_promises([change for _, change in pairs])


def release(lines: Iterable[str]) -> None:
    """Give back what the lines still hold."""
    held = [line for line, known in store.load_reservations(lines).items() if known.held > 0]
    locked = store.lock_reservations(held)
    done = [(known, *reserving.released(known)) for known in locked.values() if known.held > 0]
    store.write_reservations(after for _, after, _, _ in done)
    back: dict[str, Decimal] = {}
    for before, _, _, to_quota in done:
        if before.quota and to_quota:
            back[before.quota] = back.get(before.quota, ZERO) + to_quota
    change_promises([*(change for _, _, change, _ in done), *store.give_back_to_quotas(back)])


def consume(deliveries: Mapping[str, tuple[Decimal, str]]) -> tuple[dict[str, Decimal], list[BalanceChange]]:
    """Use reservations for deliveries given as {line: (quantity, warehouse)}.

    Returns what each line's delivery may take from its reservation, and changes of promises for the caller to apply
    with it.
    """
    taken: dict[str, Decimal] = {}
    changes: list[BalanceChange] = []
    written: list[Reservation] = []
    for line, known in store.lock_reservations(deliveries).items():
        after, taken[line], change = reserving.consumed(known, *deliveries[line])
        if after != known:
            written.append(after)
        if change is not None and (change.reserved or change.unpaid):
            changes.append(change)
    store.write_reservations(written)
    return taken, changes


def restore(quantities: Mapping[str, Decimal]) -> list[BalanceChange]:
    """Put aside again what cancelled deliveries had taken; return the changes for the caller to apply."""
    wanted = {line: qty for line, qty in quantities.items() if qty > 0}
    pairs = [reserving.restored(known, wanted[line]) for line, known in store.lock_reservations(wanted).items()]
    store.write_reservations(reservation for reservation, _ in pairs)
    return [change for _, change in pairs]


def _grant(
    wanted: Sequence[ReservationRequest], quotas: Sequence[Quota], balances: dict[StockKey, Balance]
) -> tuple[list[Allocation], dict[StockKey, Balance]]:
    """Promise what the locked balances allow of what is wanted; return that, and the balances afterwards."""
    allocations, shortages = allocate(balances, wanted, quotas)
    refuse_shortages(shortages)
    granted = [got for got in allocations if got.qty > 0]
    changes = changes_for(granted)
    if not store.add_to_balances(changes):
        raise PromiseBelowZero(f"balances that are locked refuse {granted}")
    return granted, apply_changes(balances, changes)


def _used_of_quotas(granted: Iterable[Allocation]) -> dict[str, Decimal]:
    used: dict[str, Decimal] = {}
    for got in granted:
        if got.quota:
            used[got.quota] = used.get(got.quota, ZERO) + got.from_quota
    return used
