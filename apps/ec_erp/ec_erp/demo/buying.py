"""The demo's buying beyond plain orders: prices, a policy, an approval, suggestions, an inspection, payments, appointments.

Invariant: every step can run again and changes nothing then; nothing here moves stock, freight raises its value.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.demo.plan import Month
from ec_erp.documents.sets import insert_many
from ec_erp.purchasing.flows import appointed, appointment, payments, suggestion

FORWARDER = "甬港国际货代"
POLICY, RULE = "青禾补货策略", "大额采购由主管审批"
_BIG_ORDER = "演示-大额采购"
_TO_INSPECT = "演示-待质检"
# Windows of the main warehouse's dock: name, from, to, most deliveries, most cartons.
_SLOTS = (("上午", "09:00:00", "11:30:00", 2, 120), ("下午", "14:00:00", "17:00:00", 1, 80))
# Appointments: slot, days from the end of the month, cartons of a row, vehicle, and what becomes of it.
_APPOINTMENTS = (
    ("上午", -4, 6, "浙A·7K215", "No-Show"),
    ("上午", -1, 8, "浙A·7K215", "Late"),
    ("上午", 2, 10, "浙B·30Q88", "Confirmed"),
    ("下午", 2, 12, "浙B·30Q88", "Waiting"),
    ("下午", 3, 5, "沪C·11M02", "Rejected"),
)


def set_up(month: Month) -> None:
    """Make what suppliers ask for every SKU, the policy of suggestions and the rule for large orders."""
    suppliers = [name for name, *_ in data.SUPPLIERS]
    known = set(frappe.get_all("Supplier SKU", filters={"supplier": ("in", suppliers)}, pluck="sku"))
    insert_many([_price(sku, suppliers) for sku in month.skus if sku.code not in known])
    if not frappe.db.exists("Replenishment Policy", POLICY):
        _new("Replenishment Policy", policy_name=POLICY, company=data.COMPANY, plan_days=1, qc_days=1, transport_days=1,
             review_days=14, safety_days=7, growth_percent=10, service_level_percent=95,
             windows=[{"days": 7, "weight": 3}, {"days": 30, "weight": 2}]).insert()  # fmt: skip
    if not frappe.db.exists("Purchase Approval Rule", RULE):
        _new("Purchase Approval Rule", rule_name=RULE, company=data.COMPANY, role="EC Manager", min_amount=20000,
             allow_own=0).insert()  # fmt: skip


def plan(month: Month) -> None:
    """Calculate suggestions, ask for some, leave an order waiting and an arrival to inspect, pay the oldest requests."""
    if not frappe.db.exists("Purchase Suggestion", {"company": data.COMPANY}):
        names = suggestion.calculate(data.COMPANY)
        buys = frappe.get_all("Purchase Suggestion", filters={"name": ("in", names), "kind": "Purchase"}, pluck="name",
                              order_by="name asc")  # fmt: skip
        suggestion.make_requests(buys[:2])
    day = month.orders[-1].moment
    sku = month.skus[0]
    supplier = data.SUPPLIERS[sku.product.supplier][0]
    if not frappe.db.exists("Purchase Order", {"company": data.COMPANY, "reference_no": _BIG_ORDER}):
        items = [{"sku": sku.code, "qty": 2400, "warehouse": data.WAREHOUSES[0][0]}]
        order = _new("Purchase Order", company=data.COMPANY, supplier=supplier, reference_no=_BIG_ORDER, items=items,
                     order_datetime=day, schedule_date=(day + timedelta(days=10)).date(), pay_type="Prepayment",
                     prepay_percent=30)  # fmt: skip
        insert_many([order], submit=True)
    if not frappe.db.exists("Purchase Receipt", {"company": data.COMPANY, "reference_no": _TO_INSPECT}):
        items = [{"sku": sku.code, "qty": 12, "rate": sku.cost, "warehouse": data.WAREHOUSES[0][0]}]
        insert_many([_new("Purchase Receipt", company=data.COMPANY, supplier=supplier, reference_no=_TO_INSPECT,
                          inspection="To Inspect", posting_datetime=day, items=items)])  # fmt: skip
    _pay_oldest()


def put_freight(month: Month) -> None:
    """Put freight on two arrivals that were sold in part since: once by weight, once by value with insurance."""
    if frappe.db.exists("Landed Cost", {"company": data.COMPANY}):
        return
    if not frappe.db.exists("Supplier", FORWARDER):
        _new("Supplier", supplier_name=FORWARDER, payment_terms_days=15).insert()
    filters = {"company": data.COMPANY, "docstatus": 1, "status": "Received"}
    receipts = frappe.get_all("Purchase Receipt", filters=filters, pluck="name", order_by="posting_datetime asc, name asc",
                              limit=2)  # fmt: skip
    charges = (
        [{"cost_type": "Freight", "amount": 380, "tax_amount": 34.2, "basis": "Weight"}],
        [{"cost_type": "Freight", "amount": 260, "tax_amount": 23.4, "basis": "Value"},
         {"cost_type": "Insurance", "amount": 45.5, "basis": "Value"}],
    )  # fmt: skip
    costs = [
        _new("Landed Cost", company=data.COMPANY, supplier=FORWARDER, posting_datetime=month.orders[-1].moment,
             reference_no=f"演示-运费-{at}", receipts=[{"purchase_receipt": name}], charges=of)
        for at, (name, of) in enumerate(zip(receipts, charges, strict=False), 1)
    ]  # fmt: skip
    insert_many(costs, submit=True)


def announce(month: Month) -> None:
    """Open a dock and let suppliers announce goods: kept late, not kept, confirmed, waiting and rejected."""
    warehouse, last = data.WAREHOUSES[0][0], month.orders[-1].moment.date()
    if frappe.db.exists("Delivery Appointment", {"company": data.COMPANY}):
        return
    for name, begins, ends, deliveries, cartons in _SLOTS:
        _new("Dock Slot", warehouse=warehouse, slot_name=name, from_time=begins, to_time=ends, sunday=1,
             most_deliveries=deliveries, most_cartons=cartons).insert()  # fmt: skip
    _new("Dock Exception", warehouse=warehouse, from_date=last + timedelta(days=30), to_date=last + timedelta(days=32),
         reason="年末盘点，月台不收货").insert()  # fmt: skip
    filters = {"company": data.COMPANY, "status": ("in", ("Approved", "Part Received"))}
    orders = frappe.get_all("Purchase Order", filters=filters, pluck="name", order_by="name asc")
    if not orders:
        return
    for at, (slot, days, cartons, vehicle, fate) in enumerate(_APPOINTMENTS, 1):
        rows = appointment.open_lines(orders[at % len(orders)])[:2]
        items = [{**row, "qty": max(1, int(row["qty"] * 0.2)), "cartons": cartons} for row in rows if row["qty"] >= 1]
        if not items:
            continue
        doc = _new("Delivery Appointment", company=data.COMPANY, warehouse=warehouse, vehicle=vehicle, items=items,
                   dock_slot=f"{warehouse}-{slot}", appointment_date=last + timedelta(days=days),
                   reference_no=f"演示-预约-{at}")  # fmt: skip
        insert_many([doc], submit=True)
        _let_happen(doc.name, fate, last)


def _let_happen(name: str, fate: str, last: date) -> None:
    moment = datetime.combine(last, time(10))
    if fate == "Rejected":
        appointment.reject([name], "当天盘点，月台不收货", "Administrator", moment)
    elif fate != "Waiting":
        appointment.confirm([name], "Administrator", moment)
    if fate == "No-Show":
        appointed.mark_missed(moment)
    if fate == "Late":
        appointed.arrive([name], datetime.combine(last - timedelta(days=1), time(15, 40)))


def _pay_oldest() -> None:
    filters = {"company": data.COMPANY, "kind": "Purchase"}
    if frappe.db.exists("Payment Request", {**filters, "status": "Paid"}):
        return
    oldest = frappe.get_all(
        "Payment Request", filters=filters, pluck="name", order_by="due_date asc, name asc", limit=3
    )
    prepaid = frappe.get_all(
        "Payment Request", filters={**filters, "kind": "Prepayment", "status": "Open"}, pluck="name"
    )
    insert_many(payments.payments_for([*oldest, *prepaid]), submit=True)


def _price(sku: Any, suppliers: list[str]) -> Any:
    return _new(
        "Supplier SKU",
        supplier=suppliers[sku.product.supplier],
        sku=sku.code,
        price=sku.cost,
        currency="CNY",
        is_primary=1,
        pack_qty=6,
        moq=12,
        tiers=[{"min_qty": 100, "price": round(sku.cost * 0.95, 2)}],
    )


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})
