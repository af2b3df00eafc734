"""The demo's warehouse at work: waybill numbers, a wave rule, and orders on their way through.

Invariant: runs once; nothing leaves the warehouse here, so that the demo's books stay as they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.fulfilment.flows import checking, outbound, packing, picking, waves
from ec_erp.kernel.numbers import decimal_of

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
    orders = frappe.get_all("Sales Order", filters=filters, pluck="name", order_by="name asc", limit=_ORDERS)
    outbound.make_drafts(orders)
    made = waves.run_rules([MAIN], due_only=False)
    for wave in made[:2]:
        _pick(wave)
    if made:
        notes = frappe.get_all("Wave Order", filters={"parent": made[0]}, pluck="delivery_note", order_by="idx asc")
        for note in notes[:2]:
            _check(note)
        packing.pack(notes[:1])


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


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})
