"""The scan check of a delivery: every unit is scanned; wrong, surplus and intercepted goods stop.

Invariant: a scan that stops changes nothing; an intercepted order stops every scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.fulfilment.errors import DeliveryRefused, SurplusItem, WrongItem
from ec_erp.fulfilment.flows import outbound
from ec_erp.fulfilment.rules import checking
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.types import CheckLine
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem

_BEFORE_PACKING = (outbound.TO_WAVE, outbound.TO_PICK, outbound.PICKING, outbound.PICKED, outbound.CHECKED)


def scan(note: str, sku: str, qty: Decimal) -> list[CheckLine]:
    """Count scanned units of a SKU on a delivery; return its lines afterwards.

    Raises ``WrongItem``, ``SurplusItem``, ``OrderNotReady`` (intercepted) or ``DeliveryRefused``.
    """
    head = outbound.lock_with_orders([note])[note]
    if head["stage"] and head["stage"] not in _BEFORE_PACKING:
        refuse([problem(N_("{0} is packed already"), note)], DeliveryRefused)
    lines = lines_of(note)
    found = checking.check_scan(lines, sku, qty)
    if found.outcome == checking.WRONG:
        refuse([problem(N_("{0} does not belong in {1}"), sku, note)], WrongItem)
    if found.outcome == checking.SURPLUS:
        refuse([problem(N_("{0} is one too many: {1} has all it needs of it"), sku, note)], SurplusItem)
    changed = [after for before, after in zip(lines, found.lines, strict=True) if before != after]
    store.write_lines({line.line: {"checked_qty": float(line.checked)} for line in changed})
    if found.outcome == checking.DONE:
        store.write_notes({note: {"stage": outbound.CHECKED, "checked": 1, "picked": 1, "sorted": 1}})
        if head["stage"] in (outbound.TO_WAVE, outbound.TO_PICK):
            outbound.report({note: head}, "Picking")
        outbound.report({note: head}, picked=True, sorted=True, checked=True)
    return list(found.lines)


def restart(note: str) -> list[CheckLine]:
    """Scan a delivery from the beginning again."""
    head = outbound.lock_with_orders([note])[note]
    if head["stage"] not in _BEFORE_PACKING:
        refuse([problem(N_("{0} is packed already"), note)], DeliveryRefused)
    lines = lines_of(note)
    store.write_lines({line.line: {"checked_qty": 0.0} for line in lines})
    store.write_notes({note: {"checked": 0, "stage": outbound.PICKED}})
    outbound.report({note: head}, checked=False)
    return lines_of(note)


def lines_of(note: str) -> list[CheckLine]:
    """Return the rows of a delivery with what was scanned of them."""
    return [
        CheckLine(row["name"], row["sku"], decimal_of(row["qty"]), decimal_of(row["checked_qty"]))
        for row in store.load_lines([note]).get(note, [])
    ]


def find_note(code: str) -> str | None:
    """Return the staged delivery that a code names: its own number, a waybill, its order, or the order's platform number."""
    if frappe.db.exists("Delivery Note", code):
        return code
    parcel = store.find_parcel(code)
    if parcel:
        return str(frappe.db.get_value("Parcel", parcel, "delivery_note"))
    names: Sequence[str] = [code, *frappe.get_all("Sales Order", filters={"platform_order_id": code}, pluck="name")]
    drafts = store.load_orders_with_drafts(names)
    return next((note for group in drafts.values() for note in group), None)
