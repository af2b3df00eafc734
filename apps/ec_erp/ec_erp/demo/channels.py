"""What the own shop of the demo seller pushes: orders with known and unknown items, changes, refunds; and what it is told.

Invariant: pushed by the ordinary way in; pushing again changes nothing.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ec_erp.channels.flows import publishing, telling, writing_back
from ec_erp.channels.flows.pushing import push_orders
from ec_erp.channels.flows.refunding import push_refunds
from ec_erp.demo import data
from ec_erp.documents.sets import insert_many


def create(last_day: date) -> None:
    """Push a few orders of the last day, a payment, an order that can't be taken over, and a refund."""
    shop = data.SHOPS[0].name
    if frappe.db.count("Platform Order"):
        return
    filters = {"name": ("like", f"{data.ABBR}-%"), "disabled": 0}
    skus = frappe.get_all("SKU", filters, ["name", "sku_name", "standard_rate"], order_by="name desc", limit=3)
    moment = datetime.combine(last_day, time(20, 15))
    push_orders(
        shop,
        [
            _order("PUSH-1", moment, skus[0]),
            _order("PUSH-2", moment, skus[1], status="unpaid"),
            _order("PUSH-3", moment, None),
            {"id": "PUSH-4", "status": "paid", "lines": []},
            _order("PUSH-5", moment, skus[2]),
            _order("PUSH-6", moment, skus[2]),
        ],
    )
    push_orders(shop, [_order("PUSH-2", moment + timedelta(minutes=10), skus[1])])
    push_refunds(
        shop, [{"id": "REFUND-1", "order_id": "PUSH-1", "status": "Applied", "amount": 10, "modified": str(moment)}]
    )
    _ship(shop, moment)
    _tell_stock(shop, skus)
    _keep_for_shops(skus[1].name)


def _ship(shop: str, moment: datetime) -> None:
    """Ship two orders: the shop has taken over one shipment and refused the other."""
    filters = {"shop": shop, "platform_order_id": ("in", ["PUSH-5", "PUSH-6"]), "status": "To Ship"}
    names = frappe.get_all("Sales Order", filters, pluck="name", order_by="platform_order_id asc")
    notes = [
        {"doctype": "Delivery Note", "sales_order": name, "posting_datetime": moment, "waybill_no": f"SF6600{at}"}
        for at, name in enumerate(names, start=1)
    ]
    insert_many([frappe.get_doc(note) for note in notes], submit=True)
    answers = {}
    for at, row in enumerate(writing_back.fetch_shipments(shop, 10)):
        answers[row["id"]] = {"ok": at == 0, "again": False, "message": "" if at == 0 else "平台返回：运单号格式不正确"}
    writing_back.acknowledge_shipments(shop, answers)


def _tell_stock(shop: str, skus: list[Any]) -> None:
    """Two policies, and what the shop has confirmed so far."""
    policies = (
        {"policy_name": "全店默认", "percent": 100, "safety_qty": 5},
        {"policy_name": "新品限量", "sku": skus[0].name, "percent": 50, "most_qty": 30},
    )
    for policy in policies:
        frappe.get_doc({"doctype": "Stock Policy", **policy}).insert()
    told = publishing.fetch_stock(shop, 2)
    publishing.acknowledge_stock(shop, {row["listing"]: {"ok": True, "counter": row["counter"]} for row in told})


def _keep_for_shops(sku: str) -> None:
    """Two shops that show only what is kept for them: one has confirmed, the other has found something else and waits."""
    frappe.get_doc({"doctype": "Stock Policy", "policy_name": "不超卖", "sku": sku, "mode": "Strict"}).insert()
    for at, shop in enumerate((data.SHOPS[3].name, data.SHOPS[2].name)):
        listing = {"shop": shop, "title": "严格库存示例", "platform_item_id": f"STRICT-{at}", "sku": sku}
        frappe.get_doc({"doctype": "Listing", **listing}).insert()
        telling.note_complete(shop, frappe.utils.now())
        _answer(shop, {"ok": True, "qty": 0})
        _answer(shop, {"ok": True} if at == 0 else {"ok": False, "message": "平台返回：商品审核中，暂不能改库存"})


def _answer(shop: str, answer: dict[str, Any]) -> None:
    told = [row for row in publishing.fetch_stock(shop, 50) if row["item_id"].startswith("STRICT-")]
    publishing.acknowledge_stock(shop, {row["listing"]: {**answer, "write": row["write"]} for row in told})


def _order(order_id: str, moment: datetime, sku: Any, *, status: str = "paid") -> dict[str, Any]:
    line = {"id": f"{order_id}-1", "item_id": f"ITEM-{sku.name if sku else 'NEW'}", "qty": 1}
    known = {"outer_code": sku.name, "title": sku.sku_name, "price": sku.standard_rate} if sku else {}
    return {
        "id": order_id,
        "status": status,
        "created": str(moment),
        "modified": str(moment),
        "buyer": {"id": f"buyer-{order_id}", "name": "周小棠"},
        "receiver": {
            "name": "周小棠", "phone": "13900001111", "province": "浙江省", "city": "杭州市", "district": "西湖区",
            "address": "文一西路示例小区",
        },
        "lines": [{**line, "title": "新品未建档", "price": 19.9, **known}],
        "shipping_fee": 0,
    }  # fmt: skip
