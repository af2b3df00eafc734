"""What was agreed with buyers of the demo seller: goods in several deliveries. Every step can run again and changes nothing then.

Invariant: what is shown here comes about by the ordinary flows; nothing is written past them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.documents.sets import insert_many
from ec_erp.orders.flows import cycles


def create(last_day: date) -> None:
    """Create the orders that show agreements."""
    _periodic(last_day)


def _periodic(last_day: date) -> None:
    """Two orders in several deliveries: one runs, its second delivery skipped; the other one was stopped after its first."""
    if frappe.db.exists("Sales Order", {"platform_order_id": "DEMO-CYCLE-1"}):
        return
    sku = _sku()
    running, stopped = [
        _order(
            sku,
            platform_order_id=f"DEMO-CYCLE-{number}",
            shop=data.SHOPS[0].name,
            order_datetime=datetime.combine(last_day, time(20, 40 + number)),
            paid_datetime=datetime.combine(last_day, time(20, 40 + number)),
            cycle_times=times,
            cycle_period=period,
            cycle_first_date=last_day,
        )
        for number, times, period in ((1, 4, "Weeks"), (2, 3, "Months"))
    ]
    insert_many([running, stopped], submit=True)
    names = [frappe.db.get_value("Sales Order", order.name, "delivery_cycle") for order in (running, stopped)]
    if all(names):
        cycles.make_due(names)
        cycles.skip_turn(names[0], 2, "买家出差，顺延一期")
        cycles.stop_cycle(names[1], "买家搬家，退余下各期")


def _sku() -> Any:
    """Return a SKU of which there is a lot, with its price."""
    filters = {"name": ("like", f"{data.ABBR}-%"), "disabled": 0, "has_batch": 0, "has_serial": 0}
    rates = dict(frappe.get_all("SKU", filters, ["name", "standard_rate"], as_list=True))
    there = {"warehouse": data.WAREHOUSES[0][0], "sku": ("in", list(rates)), "available": (">", 10)}
    name = frappe.get_all("Stock Balance", there, pluck="sku", order_by="available desc, sku asc", limit=1)[0]
    return frappe._dict(name=name, rate=rates[name])


def _order(sku: Any, qty: float = 12, **fields: Any) -> Any:
    customer = (
        fields.pop("customer", None)
        or frappe.get_all("Customer", {"shop": fields.get("shop")}, pluck="name", order_by="name asc", limit=1)[0]
    )
    return frappe.get_doc(
        {
            "doctype": "Sales Order", "company": data.COMPANY, "customer": customer, "warehouse": data.WAREHOUSES[0][0],
            "items": [{"sku": sku.name, "qty": qty, "rate": sku.rate}], "receiver_name": "周**",
            "receiver_phone": "139****0002", "receiver_province": "浙江省", "receiver_city": "杭州市",
            "receiver_district": "西湖区", "receiver_address": "***", **fields,
        }
    )  # fmt: skip
