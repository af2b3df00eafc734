"""What the demo seller's catalog has beyond the plain: tax classes, units, price lists and customer levels.

Invariant: every step can run again and changes nothing then; what the month's orders cost stays as it is.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.documents.sets import insert_many

WHOLESALE, CLUB = "批发价格表", "会员九五折"
_DEALER, _LEVEL = "西湖生活馆（批发客户）", "批发客户"
# (name, code shaped like an official one, rate, policy)
TAX_CLASSES = (
    ("日用杂品 13%", "1060512990000000000", 13, None),
    ("茶叶 9%", "1010115030000000000", 9, None),
    ("图书 免税", "1060201010000000000", 9, "Exempt"),
)
# (code, name, inner sides in cm, heaviest load in grams, own weight in grams, cost, pieces in stock)
CARTONS = (
    ("BOX-S", "纸箱 小号", (25, 18, 12), 3000, 90, 0.8, 400),
    ("BOX-M", "纸箱 中号", (40, 30, 25), 9000, 210, 1.6, 300),
    ("BOX-L", "纸箱 大号", (60, 45, 40), 25000, 480, 3.2, 120),
)
_TIERS = ((1, 0.78), (20, 0.72), (100, 0.66))


def set_up() -> None:
    """Create the tax classes, and give them to the categories before these have SKUs."""
    for name, code, rate, policy in TAX_CLASSES:
        if not frappe.db.exists("Tax Class", name):
            _new("Tax Class", class_name=name, tax_code=code, tax_rate=rate, policy=policy).insert()


def keep_cartons(warehouse: str, first: date) -> None:
    """Create packing materials and put them into stock."""
    if frappe.db.exists("SKU", CARTONS[0][0]):
        return
    for code, name, sides, load, weight, cost, _ in CARTONS:
        length, width, height = sides
        _new("SKU", sku_code=code, sku_name=name, stock_uom="Piece", is_package=1, length_cm=length, width_cm=width,
             height_cm=height, max_load_g=load, weight_g=weight, purchase_rate=cost, tax_rate=13,
             tax_class=TAX_CLASSES[0][0]).insert()  # fmt: skip
    rows = [{"sku": code, "qty": qty, "rate": cost} for code, *_, cost, qty in CARTONS]
    values = {"company": data.COMPANY, "warehouse": warehouse, "reason": "Opening Stock", "items": rows}
    insert_many(
        [_new("Stock Entry", posting_datetime=f"{first} 08:00:00", reference_no="期初-包材", **values)], submit=True
    )


def create(last_day: date, prices: list[tuple[str, float]]) -> None:
    """Create price lists with the wholesale prices of some SKUs, given as (SKU, selling price), and an order that uses them."""
    if frappe.db.exists("Price List", WHOLESALE):
        return
    _new("Price List", price_list_name=WHOLESALE, price_kind="Wholesale", currency="CNY").insert()
    _new("Price List", price_list_name=CLUB, price_kind="Member", percent=95, currency="CNY").insert()
    rows = [
        _new("SKU Price", price_list=WHOLESALE, sku=sku, price=round(price * share, 2), min_qty=least)
        for sku, price in prices
        for least, share in _TIERS
    ]
    insert_many(rows)
    _new("Customer Level", level_name=_LEVEL, price_list=WHOLESALE).insert()
    _new("Customer Level", level_name="会员", price_list=CLUB).insert()
    _new(
        "Customer", customer_name=_DEALER, customer_level=_LEVEL, default_currency="CNY", payment_terms_days=30
    ).insert()
    _order(last_day, [sku for sku, _ in prices])
    _units(prices[0][0])


def _units(code: str) -> None:
    """Let a SKU be bought by the carton and scanned by the box."""
    sku = frappe.get_doc("SKU", code)
    sku.extend("units", [{"uom": "Box", "ratio": 12}, {"uom": "Carton", "ratio": 48, "for_purchase": 1}])
    sku.append("barcodes", {"barcode": f"2{sku.barcodes[0].barcode[1:12]}9", "uom": "Box"})
    sku.save()


def _order(day: date, skus: list[str]) -> None:
    """Enter a wholesale order without prices: they come from the list, by quantity."""
    rows = [{"sku": sku, "qty": qty} for sku, qty in zip(skus, (12, 24, 120), strict=False)]
    values = {"company": data.COMPANY, "currency": "CNY", "customer": _DEALER, "warehouse": data.WAREHOUSES[0][0]}
    _new(
        "Sales Order", order_datetime=f"{day} 15:20:00", items=rows, seller_remark="批发订单，价格取自价格表", **values
    ).insert()


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})
