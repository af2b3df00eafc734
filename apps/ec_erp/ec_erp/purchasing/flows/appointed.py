"""What comes with delivery appointments: receipts, differences, and who was late or did not come.

Invariant: what has come with an appointment is what its posted receipts say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import appointment
from ec_erp.purchasing.rules import appointing
from ec_erp.purchasing.store import appointments as store
from ec_erp.purchasing.types import Appointment

LATE_AFTER_MINUTES = 30  # where nobody has saved the settings


def arrive(names: Iterable[str], moment: datetime) -> dict[str, str]:
    """Write when confirmed deliveries came, and whether that was in time; return the marks."""
    known = appointment.only(names, (appointing.CONFIRMED, appointing.RECEIVED), N_("{0} is not confirmed"))
    heads = {one.name: {"arrived_at": moment, "arrival": _mark(one, moment)} for one in known.values()}
    store.write_appointments(heads, {})
    return {name: str(values["arrival"]) for name, values in heads.items()}


def mark_missed(now: datetime) -> list[str]:
    """Mark confirmed appointments of past days with which nothing came; return their names."""
    known = store.lock_appointments(store.load_overdue(now.date()))
    missed = [
        one.name for one in known.values() if one.arrived is None and appointing.has_failed_to_come(one.ends, now)
    ]
    store.write_appointments({name: {"arrival": appointing.NO_SHOW} for name in missed}, {})
    return missed


def make_receipts(name: str) -> list[Any]:
    """Make draft receipts of what is still to come of an appointment, one per purchase order; return them.

    Raises ``PurchaseRefused`` where it is not confirmed or all has come.
    """
    one = receivable(name)
    orders = dict.fromkeys(line.order for line in one.lines if line.open_qty > 0)
    if not orders:
        refuse([problem(N_("All of {0} has come"), name)], PurchaseRefused)
    head = {"doctype": "Purchase Receipt", "delivery_appointment": name, "warehouse": one.warehouse}
    docs = [frappe.get_doc({**head, "purchase_order": order}) for order in orders]
    insert_many(docs)
    return docs


def fill_receipt(doc: Any) -> None:
    """Give a receipt that names an appointment its order and, where it has no rows, what is still to come."""
    if not doc.get("delivery_appointment") or doc.docstatus != 0:
        return
    one = receivable(doc.delivery_appointment)
    orders = list(dict.fromkeys(line.order for line in one.lines))
    doc.purchase_order = doc.purchase_order or (orders[0] if len(orders) == 1 else None)
    if doc.purchase_order not in orders:
        message = N_("Say for which purchase order of {0} the goods are: {1}")
        refuse([problem(message, one.name, ", ".join(orders))], PurchaseRefused)
    doc.warehouse = doc.warehouse or one.warehouse
    if not doc.items:
        own = [line for line in one.lines if line.order == doc.purchase_order and line.open_qty > 0]
        for line in own:
            doc.append("items", {"sku": line.sku, "qty": float(line.open_qty), "purchase_order_item": line.order_line})


def receivable(name: str) -> Appointment:
    """Return a confirmed appointment. Raises ``PurchaseRefused`` for others."""
    one = store.load_appointments([name]).get(name)
    if one is None or one.status not in (appointing.CONFIRMED, appointing.RECEIVED):
        refuse([problem(N_("{0} is not confirmed"), name)], PurchaseRefused)
    assert one is not None
    return one


def goods_came(receipts: Sequence[Any]) -> None:
    """Show what posted receipts brought: quantities, differences, when it came and whether in time."""
    moments = _moments(receipts)
    if not moments:
        return
    known = store.lock_appointments(moments)
    heads = {}
    for name, one in known.items():
        arrived = one.arrived or moments[name]
        heads[name] = {"status": appointing.RECEIVED, "arrived_at": arrived, "arrival": _mark(one, arrived)}
    _write_came(known, heads)


def goods_withdrawn(receipts: Sequence[Any]) -> None:
    """Take back what cancelled receipts brought; an appointment with none left is open again."""
    moments = _moments(receipts)
    if moments:
        known = store.lock_appointments(moments)
        _write_came(known, {name: {} for name in known}, moments)


def _moments(receipts: Sequence[Any]) -> dict[str, datetime]:
    """Return when receipts of appointments were posted, by appointment."""
    named = [doc for doc in receipts if doc.get("delivery_appointment")]
    return {doc.delivery_appointment: moment_of(frappe.utils.get_datetime(doc.posting_datetime)) for doc in named}


def _write_came(
    known: Mapping[str, Appointment], heads: dict[str, dict[str, Any]], withdrawn: Mapping[str, datetime] | None = None
) -> None:
    quantities = store.load_came(known)
    rows: dict[str, dict[str, Any]] = {}
    for name, one in known.items():
        got = appointing.came(one.lines, quantities[name])
        for line in one.lines:
            qty = got[line.line]
            rows[line.line] = {"received_qty": float(qty), "difference_qty": float(qty - line.qty)}
        total = sum(got.values(), ZERO)
        expected = sum((line.qty for line in one.lines), ZERO)
        heads[name] |= {"received_qty": float(total), "difference_qty": float(total - expected)}
        if withdrawn and not quantities[name]:
            heads[name] |= _open_again(one, withdrawn[name])
    store.write_appointments(heads, rows)


def _open_again(one: Appointment, posted: datetime) -> dict[str, Any]:
    """Return the fields of an appointment whose receipts are gone; an arrival that a person wrote stays."""
    back: dict[str, Any] = {"status": appointing.CONFIRMED, "difference_qty": 0.0}
    return back | ({"arrived_at": None, "arrival": ""} if one.arrived == posted else {})


def _mark(one: Appointment, arrived: datetime) -> str:
    settings = frappe.get_cached_doc("Purchase Settings")
    grace = int(settings.late_after_minutes or 0) if settings.get("modified") else LATE_AFTER_MINUTES
    return appointing.arrival_mark(one.ends, arrived, grace)
