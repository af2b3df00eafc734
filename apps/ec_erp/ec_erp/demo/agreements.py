"""What was agreed with buyers of the demo seller: goods in several deliveries, payment later.

Every step can run again and changes nothing then.

Invariant: what is shown here comes about by the ordinary flows; nothing is written past them.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.documents.sets import insert_many
from ec_erp.orders.flows import cycles


def create(last_day: date) -> None:
    """Create the orders that show agreements."""
    _periodic(last_day)
    _instalments(last_day)


def _instalments(last_day: date) -> None:
    """A dealer who pays 30 % at once and the rest after the shipment, and an order in three instalments, the first one overdue."""
    customer, terms = "山间书社（分期）", "首付30% 发货后30天付清"
    if frappe.db.exists("Customer", customer):
        return
    rows = [
        {"portion_percent": 30, "due_days": 0, "due_after": "Order", "note": "首付"},
        {"portion_percent": 70, "due_days": 30, "due_after": "Shipment", "note": "尾款"},
    ]
    frappe.get_doc({"doctype": "Payment Terms", "terms_name": terms, "terms": rows}).insert()
    values = {"customer_name": customer, "default_currency": "CNY", "payment_terms": terms}
    frappe.get_doc({"doctype": "Customer", **values}).insert()
    sku = _sku()
    by_terms = _order(sku, 3, customer=customer, order_datetime=datetime.combine(last_day, time(20, 50)))
    placed = datetime.combine(last_day - timedelta(days=40), time(10))
    parts = {"instalment_parts": 3, "instalment_every": 1, "instalment_period": "Months"}
    in_parts = _order(sku, 2, customer=customer, order_datetime=placed, **parts)
    insert_many([by_terms, in_parts], submit=True)
    paid = {"reference_doctype": "Sales Order", "reference_name": by_terms.name, "allocated_amount": 10}
    payment = {
        "doctype": "Payment Entry", "company": data.COMPANY, "payment_type": "Receive", "party_type": "Customer",
        "party": customer, "posting_datetime": datetime.combine(last_day, time(20, 55)), "paid_amount": 10,
        "references": [paid],
    }  # fmt: skip
    insert_many([frappe.get_doc(payment)], submit=True)


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
