"""Receivers' addresses of orders: read by the table of regions, stopped where they can't be used or nobody delivers.

Invariants: what a person has let go on is not stopped again for it; a restriction is looked at with the warehouse and
carrier that the order has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders import store
from ec_erp.orders.flows.context import Run, order_settings
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import blocks
from ec_erp.parties import flows as parties
from ec_erp.parties.rules import addresses as rules
from ec_erp.parties.rules.addresses import Address, Region, RegionTable, Restriction

_PARTS = {"province": "province", "city": "city", "district": "district", "street": "address", "country": "country"}
_STOPPING = (rules.INCOMPLETE, rules.UNKNOWN)
_SOURCE, _CACHE_KEY = "address", "ec_erp_delivery_restrictions"


def normalised(receiver: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an order that reading its receiver's address changes.

    ``receiver`` has the fields of an order (receiver_province …); nothing is returned where there is nothing to be read.
    """
    given = Address(**{part: str(receiver.get(f"receiver_{name}") or "") for part, name in _PARTS.items()})
    required = bool(order_settings().require_address)
    if not given.street and not required:
        return {"address_state": None, "region_code": None}
    found = rules.parse(given, parties.region_table(), required=required)
    fields: dict[str, Any] = {
        f"receiver_{name}": getattr(found, part) or None
        for part, name in _PARTS.items()
        if getattr(found, part) != getattr(given, part)
    }
    return {**fields, "address_state": found.state or None, "region_code": found.code or None}


def fill_address(doc: Any) -> None:
    """Write an order's address as the table of regions has it."""
    doc.update(normalised(doc))


def follow_address(order: WorkingOrder) -> None:
    """Read an address again that was edited; the reason that it stopped for goes."""
    order.put(**normalised(order.head))
    order.unblock(blocks.ADDRESS_INVALID)
    order.unblock(blocks.ADDRESS_OUT_OF_RANGE)


def stop_invalid(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Stop orders whose address lacks something or names a region that does not exist; look again at those that stopped."""
    for order in orders:
        _look_again(order, run)
        if order.address_state in _STOPPING:
            order.block_unless_cleared(blocks.ADDRESS_INVALID, _SOURCE, _missing(order), run.now)
        elif order.address_state:
            order.unblock(blocks.ADDRESS_INVALID)


def _look_again(order: WorkingOrder, run: Run) -> None:
    """Read an address again by the table as it is now; let an order go on that somebody delivers now."""
    if order.address_state in _STOPPING:
        order.put(**normalised(order.head))
    if blocks.ADDRESS_OUT_OF_RANGE in order.codes:
        why = refused(order, run, carrier=order.carrier or "", warehouse=order.warehouse or "")
        if why is None and (order.carrier or not shut_out(order, run, carriers=True)):
            order.unblock(blocks.ADDRESS_OUT_OF_RANGE)
            order.put(address_state=rules.VALID)


def _missing(order: WorkingOrder) -> Problem:
    place = f"{order.receiver_province or ''}{order.receiver_city or ''}{order.receiver_district or ''}"
    if order.address_state == rules.UNKNOWN:
        return problem(N_("The table of regions does not have {0}"), place)
    return problem(N_("The address is not complete: {0}"), place or "–")


def place_of(order: WorkingOrder) -> Address:
    """Return where an order goes to, as restrictions see it."""
    return Address(
        order.receiver_province or "",
        order.receiver_city or "",
        order.receiver_district or "",
        country=order.receiver_country or "",
    )


def restrictions_of(run: Run) -> list[Restriction]:
    """Return all restrictions, kept in the cache until one changes."""
    if run.restrictions is None:
        run.restrictions = frappe.cache.get_value(_CACHE_KEY, store.load_restrictions) or []
    return run.restrictions


def forget_restrictions() -> None:
    """Read the restrictions again, because one has changed; also where that is undone."""
    _drop()
    frappe.db.after_rollback.add(_drop)


def _drop() -> None:
    frappe.cache.delete_value(_CACHE_KEY)


def refused(order: WorkingOrder, run: Run, *, carrier: str = "", warehouse: str = "") -> Problem | None:
    """Return why a carrier or a warehouse does not deliver an order; None where it does."""
    if not order.receiver_province:
        return None
    return rules.restricted(restrictions_of(run), place_of(order), run.now.date(), carrier=carrier, warehouse=warehouse)


def shut_out(order: WorkingOrder, run: Run, *, carriers: bool) -> dict[str, Problem]:
    """Return the carriers (from the order's warehouse), or the warehouses, that restrictions keep from an order, and why."""
    found: dict[str, Problem] = {}
    for one in restrictions_of(run) if order.receiver_province else ():
        name = one.carrier if carriers else one.warehouse
        if not name or (not carriers and one.carrier):
            continue
        where = (order.warehouse or "") if carriers else name
        why = rules.restricted([one], place_of(order), run.now.date(), carrier=one.carrier, warehouse=where)
        if why is not None:
            found.setdefault(name, why)
    return found


def stop_out_of_range(orders: Sequence[WorkingOrder], run: Run, left_without: Mapping[str, Problem]) -> None:
    """Stop orders that nobody delivers: restricted for their warehouse and carrier, or ``left_without`` a carrier by that."""
    for order in orders:
        why = refused(order, run, carrier=order.carrier or "", warehouse=order.warehouse or "") or left_without.get(
            order.name
        )
        if why is not None:
            order.put(address_state=rules.OUT_OF_RANGE)
            order.block_unless_cleared(blocks.ADDRESS_OUT_OF_RANGE, _SOURCE, why, run.now)
        elif order.address_state == rules.OUT_OF_RANGE:
            order.put(address_state=rules.VALID)
            order.unblock(blocks.ADDRESS_OUT_OF_RANGE)


def check_restriction(doc: Any) -> None:
    """Refuse a restriction of a place that does not exist, and one that ends before it begins."""
    table = parties.region_table()
    province = table.named(doc.province, rules.PROVINCE)
    found: list[Problem] = []
    if table.regions and province is None:
        found.append(problem(N_("The table of regions does not have {0}"), doc.province))
    elif doc.city and not _has_city(table, province, doc.city):
        found.append(problem(N_("The table of regions does not have {0}"), f"{doc.province}{doc.city}"))
    if doc.valid_from and doc.valid_to and str(doc.valid_to) < str(doc.valid_from):
        found.append(problem(N_("The end date must not be before the start date")))
    refuse(found)


def _has_city(table: RegionTable, province: Region | None, city: str) -> bool:
    if province is None or not table.below.get(province.code):
        return True
    return table.named(city, rules.CITY, [province.code]) is not None
