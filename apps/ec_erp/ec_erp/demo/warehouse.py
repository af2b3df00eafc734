"""The demo's warehouse at work: waybill numbers, a wave rule, and orders on their way through.

Invariant: runs once; nothing leaves its warehouse here, so that the demo's books stay as they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.fulfilment.flows import checking, outbound, packing, picking, waves
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders import flows as orders
from ec_erp.scanning.flows import session
from ec_erp.scanning.types import ScanRequest

MAIN = data.WAREHOUSES[0][0]
RULE = "杭州主仓边拣边分"
_ORDERS = 9
# (carrier, waybill prefix)
_CARRIERS = (("SF Express", "SF"), ("ZTO Express", "ZT"), ("YTO Express", "YT"), ("JD Logistics", "JD"))


def work() -> None:
    """Set up and bring a few open orders as far as picked, checked and packed."""
    if frappe.db.exists("Wave Rule", RULE):
        return
    for carrier in _CARRIERS:
        _carrier(*carrier)
    _new("Wave Rule", rule_name=RULE, warehouse=MAIN, kind="Pick and Sort", min_orders=1, max_orders=3).insert()
    filters = {"company": data.COMPANY, "warehouse": MAIN, "status": "To Ship", "is_blocked": 0}
    waiting = frappe.get_all("Sales Order", filters=filters, pluck="name", order_by="name asc", limit=_ORDERS)
    outbound.make_drafts(waiting)
    made = waves.run_rules([MAIN], due_only=False)
    for wave in made[:2]:
        _pick(wave)
    if made:
        notes = frappe.get_all("Wave Order", filters={"parent": made[0]}, pluck="delivery_note", order_by="idx asc")
        for note in notes[:2]:
            _check(note)
        packing.pack(notes[:1])
    if len(made) > 1:
        _recall(made[1])
    _move_by_scans()


def _carrier(name: str, prefix: str) -> None:
    account = f"{name} 号段"
    if not frappe.db.exists("Waybill Account", account):
        _new("Waybill Account", account_name=account, carrier=name, prefix=prefix, digits=12, next_number=1,
             last_number=5000).insert()  # fmt: skip


def _pick(wave: str) -> None:
    for task in frappe.get_all("Pick Task", filters={"wave": wave}, pluck="name"):
        for stop in picking.start_task(task, "Administrator"):
            picking.pick(task, stop["name"], decimal_of(stop["qty"]))


def _check(note: str) -> None:
    for line in checking.lines_of(note):
        checking.scan(note, line.sku, Decimal(line.qty))


def _recall(wave: str) -> None:
    """Recall the first order of a wave that was picked: its goods wait to be put back."""
    picked = frappe.get_all("Wave Order", filters={"parent": wave}, pluck="sales_order", order_by="idx asc", limit=1)
    orders.recall_orders(picked, "买家改地址")


def _move_by_scans() -> None:
    """Move a piece from one bin to another, as a person with a scanner does."""
    rows = frappe.get_all(
        "Bin Balance",
        filters={"company": data.COMPANY, "grade": "Good", "bin": ("is", "set"), "on_hand": (">", 1), "allocated": 0},
        fields=["sku", "warehouse", "bin"],
        order_by="bin asc, sku asc",
    )
    for row in rows:
        others = {"warehouse": row.warehouse, "name": ("!=", row.bin), "disabled": 0}
        target = frappe.db.get_value("Storage Bin", others, order_by="name asc")
        if target:
            _scan("", row.bin, {})
            taken = _scan("move", row.sku, {"bin": row.bin, "warehouse": row.warehouse})
            _scan("move", target, taken["context"])
            return


def _scan(document: str, code: str, context: dict[str, Any]) -> dict[str, Any]:
    request = ScanRequest(document, code, Decimal(1), context, frappe.session.user)
    return session.run("move", request, frappe.generate_hash(length=12))


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})
