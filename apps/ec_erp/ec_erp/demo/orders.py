"""Rules, price tables and specially handled orders of the demo seller. Every step can run again and changes nothing then.

Invariant: what is shown here comes about by the ordinary flows; nothing is written past them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import frappe

from ec_erp.demo import agreements, data
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders import flows, inbox_api
from ec_erp.orders.flows import ruling

# (carrier, collects, near price, near step, far price, far step, hours near, hours far)
_CARRIERS = (
    ("SF Express", 1, 12, 2, 20, 8, 24, 48),
    ("ZTO Express", 0, 5, 1, 8, 4, 48, 72),
    ("YTO Express", 0, 5, 1, 7, 5, 48, 96),
)
_NEAR = "浙江, 江苏, 上海, 安徽"
_RULES: tuple[dict[str, Any], ...] = (
    {
        "rule_name": "留言含发票转人工", "stage": "Prepare", "priority": 5,
        "actions": [{"action": "Add Reason", "reason": "Remark", "note": "买家要发票"}],
        "conditions": [{"scope": "Order", "field": "buyer_message", "operator": "contains", "value": "发票, 抬头"}],
    },
    {
        "rule_name": "大额订单财审", "stage": "Audit", "priority": 10, "actions": [{"action": "Ask Finance"}],
        "conditions": [{"scope": "Order", "field": "grand_total", "operator": "at least", "value": "500"}],
    },
    {
        "rule_name": "陶瓷易碎单独发", "stage": "Split", "priority": 10, "actions": [{"action": "Split Off Matching Lines"}],
        "conditions": [{"scope": "SKU of Any Line", "field": "sku_name", "operator": "contains", "value": "陶瓷"}],
    },
    {
        "rule_name": "备注指定顺丰", "stage": "Carrier", "priority": 5,
        "actions": [{"action": "Use Carrier", "carrier": "SF Express"}],
        "conditions": [{"scope": "Calculated", "field": "remarks", "operator": "contains", "value": "顺丰, SF"}],
    },
    {
        "rule_name": "新疆西藏走顺丰", "stage": "Carrier", "priority": 10,
        "actions": [{"action": "Use Carrier", "carrier": "SF Express"}],
        "conditions": [
            {"scope": "Order", "field": "receiver_province", "operator": "contains", "value": "新疆, 西藏"}
        ],
    },
)  # fmt: skip


def create(last_day: date) -> None:
    """Create price tables and rules, publish them, rehearse a draft, and handle a few orders specially."""
    for carrier, *terms in _CARRIERS:
        _freight(carrier, *terms)
    for rule in _RULES:
        _ensure("Order Rule", rule["rule_name"], **rule)
    _gift_rule()
    _cover()
    if not frappe.get_cached_doc("Order Settings").active_rules:
        ruling.publish("开业规则")
    _draft_and_rehearsal()
    _restrict()
    _special_orders(last_day)
    _credit(last_day)
    _collect(last_day)
    _bulk_run()
    _changed_orders(last_day)
    agreements.create(last_day)


def _changed_orders(last_day: date) -> None:
    """An order of which a part has left and the rest was refunded, and a cancelled one that has come back and is archived."""
    if frappe.db.exists("Sales Order", {"platform_order_id": "DEMO-REFUND"}):
        return
    there = {"warehouse": data.WAREHOUSES[0][0], "sku": ("like", f"{data.ABBR}-%"), "available": (">", 20)}
    plain = frappe.get_all("SKU", {"has_batch": 0, "has_serial": 0, "disabled": 0}, pluck="name", limit=0)
    known = [
        row for row in frappe.get_all("Stock Balance", there, pluck="sku", order_by="sku asc") if row in set(plain)
    ]
    rate = frappe.db.get_value("SKU", known[0], "standard_rate")
    moment = datetime.combine(last_day, time(20, 30))
    orders = [
        _order(reference, moment, [{"sku": known[0], "qty": 3, "rate": rate}], warehouse=data.WAREHOUSES[0][0])
        for reference in ("DEMO-REFUND", "DEMO-BACK")
    ]
    insert_many(orders, submit=True)
    refunded, back = orders
    if refunded.status == "To Ship":
        note = {"doctype": "Delivery Note", "sales_order": refunded.name, "posting_datetime": moment}
        note["items"] = [{"sku": known[0], "qty": 2}]
        insert_many([frappe.get_doc(note)], submit=True)
        flows.refund_lines(refunded.name, {refunded.items[0].name: decimal_of(1)}, "最后一件破损，买家同意退款")
    frappe.get_doc("Sales Order", back.name).cancel()
    flows.restore_order(back.name, "误取消")
    flows.archive_orders([back.name], "已由新单替代")


def _freight(
    carrier: str, cod: int, near: float, near_step: float, far: float, far_step: float, soon: int, late: int
) -> None:
    title = f"{carrier} 杭州发货"
    bands = [
        {"provinces": _NEAR, "first_weight_g": 1000, "first_price": near, "step_weight_g": 1000, "step_price": near_step,
         "promise_hours": soon},
        {"first_weight_g": 1000, "first_price": far, "step_weight_g": 1000, "step_price": far_step, "promise_hours": late},
    ]  # fmt: skip
    _ensure("Freight Rule", title, title=title, carrier=carrier, cod=cod, bands=bands)


def _gift_rule() -> None:
    sku = frappe.get_all(
        "SKU", {"name": ("like", f"{data.ABBR}-%")}, pluck="name", order_by="standard_rate asc", limit=1
    )[0]
    for amount, qty in ((500, 1), (1000, 2)):  # steps of one promotion: an order gets the highest that it reaches
        name = f"满 {amount} 送 {qty} 份"
        _ensure(
            "Gift Rule", name, rule_name=name, basis="Amount", threshold=amount, tier_group="大额阶梯", budget_qty=20,
            keep_available=5, items=[{"sku": sku, "qty": qty}],
        )  # fmt: skip
    _ensure(
        "Gift Rule", "满 200 送小样", rule_name="满 200 送小样", basis="Amount", threshold=200, most_times=2, budget_qty=50,
        keep_available=5, items=[{"sku": sku, "qty": 1}],
    )  # fmt: skip


def _cover() -> None:
    """Let the branch warehouse serve its own region only, so that orders show why it was chosen or not."""
    branch = frappe.get_doc("Warehouse", data.WAREHOUSES[1][0])
    if not branch.coverage:
        for province in ("浙江", "江苏", "上海"):
            branch.append("coverage", {"province": province})
        branch.save()


def _restrict() -> None:
    """A place that nobody delivers to for a while, and one that a carrier leaves out."""
    if frappe.db.count("Delivery Restriction"):
        return
    for reason, province, city, carrier in (
        ("道路封闭，暂停收寄", "西藏自治区", "阿里地区", None),
        ("中通不派送", "海南省", "三沙市", "ZTO Express"),
    ):
        values = {"reason": reason, "province": province, "city": city, "carrier": carrier}
        frappe.get_doc({"doctype": "Delivery Restriction", **values}).insert()


def _collect(last_day: date) -> None:
    """Two parcels paid at the door: the carrier has handed over the money of the first."""
    if frappe.db.exists("Sales Order", {"payment_type": "Cash on Delivery", "company": data.COMPANY}):
        return
    filters = {"name": ("like", f"{data.ABBR}-%"), "disabled": 0, "has_batch": 0, "has_serial": 0}
    rates = dict(frappe.get_all("SKU", filters, ["name", "standard_rate"], as_list=True))
    there = {"warehouse": data.WAREHOUSES[0][0], "sku": ("in", list(rates)), "available": (">", 10)}
    sku = frappe.get_all("Stock Balance", there, pluck="sku", order_by="available desc, sku asc", limit=1)[0]
    moment = datetime.combine(last_day, time(19))
    cod = {"payment_type": "Cash on Delivery", "paid_datetime": None, "carrier": "SF Express"}
    orders = [_order(f"DEMO-COD-{at}", moment, [{"sku": sku, "qty": 1, "rate": rates[sku]}], **cod) for at in (1, 2)]
    insert_many(orders, submit=True)
    ready = [order.name for order in orders if order.status == "To Ship"]
    notes = [{"doctype": "Delivery Note", "sales_order": name, "posting_datetime": moment} for name in ready]
    insert_many([frappe.get_doc(note) for note in notes], submit=True)
    paid = {
        "doctype": "Payment Entry", "company": data.COMPANY, "payment_type": "Receive", "party_type": "Carrier",
        "party": "SF Express", "posting_datetime": moment, "fee_amount": 1,
        "references": [{"reference_doctype": "Sales Order", "reference_name": name} for name in ready[:1]],
    }  # fmt: skip
    insert_many([frappe.get_doc(paid)] if ready else [], submit=True)


def _credit(last_day: date) -> None:
    """A customer who pays monthly, with an order within the credit limit and one beyond it."""
    name = "湖畔书店（月结）"
    if frappe.db.exists("Customer", name):
        return
    values = {"customer_name": name, "default_currency": "CNY", "credit_limit": 500, "payment_terms_days": 30}
    frappe.get_doc({"doctype": "Customer", **values}).insert()
    # Two bounds: upstream's "between" is for dates.
    bounds = [["standard_rate", ">=", 20], ["standard_rate", "<=", 90]]
    filters = [["name", "like", f"{data.ABBR}-%"], ["disabled", "=", 0], *bounds]
    sku, rate = frappe.get_all("SKU", filters, ["name", "standard_rate"], order_by="name asc", limit=1, as_list=True)[0]
    for number, qty in enumerate((2, 40), start=1):
        order = {
            "doctype": "Sales Order", "company": data.COMPANY, "customer": name, "payment_type": "On Account",
            "order_datetime": datetime.combine(last_day, time(20, number)),
            "items": [{"sku": sku, "qty": qty, "rate": rate}],
        }  # fmt: skip
        insert_many([frappe.get_doc({**order, "origin": "Import"})], submit=True)


def _draft_and_rehearsal() -> None:
    """Leave a rule that is not published yet, and a rehearsal that shows what it would change."""
    conditions = [{"scope": "Calculated", "field": "discount_percent", "operator": "at least", "value": "5"}]
    name = "折扣过大转客审"
    _ensure(
        "Order Rule", name, rule_name=name, stage="Audit", actions=[{"action": "Ask Service"}], conditions=conditions
    )
    if not frappe.db.count("Rule Rehearsal"):
        frappe.get_doc({"doctype": "Rule Rehearsal", "days": 60}).insert()


def _special_orders(last_day: date) -> None:
    """Take a few orders of the last day that stop, wait, are split or change."""
    skus = frappe.get_all(
        "SKU",
        {"name": ("like", f"{data.ABBR}-%"), "disabled": 0},
        ["name", "standard_rate"],
        order_by="name asc",
        limit=8,
    )
    moment = datetime.combine(last_day, time(21, 30))
    wanted: tuple[tuple[str, dict[str, Any]], ...] = (
        ("DEMO-REMARK", {"buyer_message": "请开发票，抬头青云小学"}),
        ("DEMO-HOLD", {"hold_until": datetime.combine(last_day, time(23, 59))}),
        ("DEMO-STOP", {}),
        ("DEMO-RECALL", {}),
        ("DEMO-ADDRESS", {"receiver_province": "浙江省", "receiver_city": "苏州市"}),
        ("DEMO-CLOSED", {"receiver_province": "西藏", "receiver_city": "阿里", "receiver_district": "噶尔县"}),
    )
    known = set(frappe.get_all("Sales Order", {"platform_order_id": ("like", "DEMO-%")}, pluck="platform_order_id"))
    for number, (reference, fields) in enumerate(wanted):
        if reference in known:
            continue
        sku = skus[number]
        order = _order(reference, moment, [{"sku": sku.name, "qty": 1, "rate": sku.standard_rate}], **fields)
        insert_many([order], submit=True)
        if reference == "DEMO-STOP":
            flows.block_orders({order.name: "买家来电要改地址"}, "Address Changed", "hand")
        if reference == "DEMO-RECALL":
            flows.recall_orders([order.name], "漏发赠品")


def _bulk_run() -> None:
    """Move a few orders to the front, as staff do it for many at once."""
    if frappe.db.count("Order Bulk Run"):
        return
    names = frappe.get_all(
        "Sales Order", {"company": data.COMPANY, "status": "To Ship"}, pluck="name", order_by="name asc", limit=5
    )
    inbox_api.run_bulk("Edit", names=names, arguments={"priority": 5, "note": "老客户优先"})


def _order(reference: str, moment: datetime, items: list[dict[str, Any]], **fields: Any) -> Any:
    shop = data.SHOPS[0].name
    return frappe.get_doc(
        {
            "doctype": "Sales Order", "shop": shop, "company": data.COMPANY, "platform_order_id": reference,
            "customer": frappe.get_all("Customer", {"shop": shop}, pluck="name", order_by="name asc", limit=1)[0],
            "order_datetime": moment, "paid_datetime": moment, "items": items, "receiver_name": "林**",
            "receiver_phone": "138****0001", "receiver_province": "浙江省", "receiver_city": "杭州市",
            "receiver_district": "西湖区", "receiver_address": "***", **fields,
        }
    )  # fmt: skip


def _ensure(doctype: str, name: str, **fields: Any) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **fields}).insert()
