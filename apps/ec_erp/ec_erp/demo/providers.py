"""The demo's outer warehouse: a provider that is paused, so that nothing leaves this machine, and what it has told us.

Invariant: runs once; messages are taken as if the provider had sent them.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.orders import flows as orders
from ec_erp.outer_warehouse.flows import queueing, receiving, sending
from ec_erp.outer_warehouse.types import Reply

WAREHOUSE, PROVIDER, SKU = "宁波云仓", "宁波云仓 WMS", "TEA-250"
_CARRIER = "SF Express"


def create(last_day: date) -> None:
    """Make the warehouse with its goods, orders in every state, a message that was kept, and a snapshot that differs."""
    if frappe.db.exists("Warehouse Provider", PROVIDER):
        return
    _new("Warehouse", warehouse_name=WAREHOUSE, company=data.COMPANY, warehouse_type="3PL", province="浙江省",
         city="宁波市", priority=50).insert()  # fmt: skip
    _new("Warehouse Provider", provider_name=PROVIDER, warehouse=WAREHOUSE, paused=1, owner_code="QINGHE",
         base_url="https://wms.example.com/api", acts_as="Administrator").insert()  # fmt: skip
    morning = datetime.combine(last_day, time(8))
    _stock(morning)
    shipped, part, given, recalled, _waiting = (_order(qty) for qty in (2, 4, 3, 1, 2))
    _take_over([shipped, part, given, recalled])
    _ship(shipped, 2, morning + timedelta(hours=2), "SF7000000001")
    _ship(part, 3, morning + timedelta(hours=3), "SF7000000002")
    orders.recall_orders([recalled], "买家改地址")
    _ship(given, 3, morning + timedelta(hours=3), "SF7000000003", code="TEA-OLD")
    lines = [{"sku": SKU, "qty": 53, "defective_qty": 0}]
    _say("stock.snapshot", taken_at=str(morning + timedelta(hours=4)), lines=lines)
    bought = _new("Purchase Order", company=data.COMPANY, supplier=_supplier(), order_datetime=morning,
                  items=[{"sku": SKU, "qty": 40, "rate": 31, "warehouse": WAREHOUSE}])  # fmt: skip
    bought.insert().submit()
    queueing.announce_inbound("Purchase Order", bought.name)


def _stock(moment: datetime) -> None:
    items = [{"sku": SKU, "qty": 60, "rate": 31, "warehouse": WAREHOUSE}]
    receipt = _new("Purchase Receipt", company=data.COMPANY, supplier=_supplier(), posting_datetime=moment, items=items)
    receipt.insert().submit()


def _supplier() -> str:
    return str(frappe.get_all("Supplier", pluck="name", order_by="name asc", limit=1)[0])


def _order(qty: int) -> str:
    buyer = frappe.get_all("Customer", pluck="name", order_by="name asc", limit=1)[0]
    receiver = {"receiver_name": "林**", "receiver_phone": "138****0001", "receiver_province": "浙江省",
                "receiver_city": "宁波市", "receiver_district": "鄞州区", "receiver_address": "***"}  # fmt: skip
    doc = _new("Sales Order", company=data.COMPANY, customer=buyer, warehouse=WAREHOUSE, warehouse_by_hand=1,
               items=[{"sku": SKU, "qty": qty, "rate": 88}], **receiver)  # fmt: skip
    doc.insert().submit()
    return str(doc.name)


def _take_over(names: list[str]) -> None:
    """Answer the tasks of orders as the provider does that takes them."""
    claimed = sending.claim(PROVIDER)
    tasks = frappe.get_all("Provider Task", filters={"name": ("in", claimed)}, fields=["name", "reference_name"])
    for task in tasks:
        taken = task.reference_name in names
        busy = Reply(ok=False, message="HTTP 503 busy")
        sending.answer(task.name, Reply(ok=True, outer_no=f"NB{task.reference_name[-5:]}") if taken else busy)


def _ship(order: str, qty: int, moment: datetime, waybill: str, code: str = SKU) -> None:
    parcel = {"carrier": _CARRIER, "waybill_no": waybill, "weight_g": 310 * qty, "lines": [{"sku": code, "qty": qty}]}
    _say("shipment.confirmed", order_no=order, shipped_at=str(moment), parcels=[parcel])


def _say(kind: str, **body: Any) -> None:
    receiving.take(PROVIDER, frappe.generate_hash(length=10), kind, {"kind": kind, **body})


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})
