"""Deliberate bad inputs: each gets a clear message and the right status, and the database is as it was before.

What a client sends is a dictionary, as REST gives it to the framework; `status` is the one the answer has.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

Input = Callable[[Any], Any]
LINE = {"sku": "GOOD", "qty": 1, "rate": 5}


@pytest.fixture
def site_with_goods(frappe_connected: Any) -> Any:
    """A company that has 3 of one SKU; return `frappe` in English."""
    frappe = frappe_connected
    frappe.local.lang = "en"
    send(frappe, "Company", company_name="Bad", abbr="BAD", default_currency="CNY")
    for name in ("Bad Main", "Bad Closed"):
        send(frappe, "Warehouse", warehouse_name=name, company="Bad", disabled=int(name == "Bad Closed"))
    send(frappe, "Supplier", supplier_name="Maker")
    send(frappe, "Customer", customer_name="Taker")
    send(frappe, "SKU", sku_code="GOOD", standard_rate=5, tax_rate=13)
    send(frappe, "SKU", sku_code="GONE", disabled=1)
    items = [{"sku": "GOOD", "qty": 3, "rate": 2, "warehouse": "Bad Main"}]
    post(frappe, "Purchase Receipt", company="Bad", supplier="Maker", items=items)
    return frappe


def send(frappe: Any, doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields}).insert()


def post(frappe: Any, doctype: str, **fields: Any) -> Any:
    return send(frappe, doctype, **fields).submit()


def order(**changes: Any) -> dict[str, Any]:
    fields = {"company": "Bad", "customer": "Taker", "warehouse": "Bad Main", "items": [LINE]}
    return {key: value for key, value in {**fields, **changes}.items() if value is not None}


def fingerprint(frappe: Any) -> str:
    """Return a digest of every row of the product's tables."""
    modules = (
        "Catalog",
        "Parties",
        "Inventory",
        "Accounting",
        "Posting",
        "Orders",
        "Fulfilment",
        "Purchasing",
        "Channels",
    )
    digest = hashlib.sha256()
    for doctype in frappe.get_all(
        "DocType", filters={"module": ("in", modules), "issingle": 0}, pluck="name", order_by="name"
    ):
        digest.update(repr((doctype, frappe.db.sql(f"select * from `tab{doctype}` order by name"))).encode())
    digest.update(repr(frappe.db.sql("select * from `tabSeries` order by name")).encode())
    return digest.hexdigest()


def submit_twice(frappe: Any) -> None:
    name = post(frappe, "Sales Order", **order()).name
    stale = frappe.get_doc("Sales Order", name)
    stale.docstatus = 0
    stale.save()


def cancel_twice(frappe: Any) -> None:
    document = post(frappe, "Sales Order", **order()).cancel()
    frappe.get_doc("Sales Order", document.name).cancel()


def change_submitted(frappe: Any) -> None:
    document = frappe.get_doc("Sales Order", post(frappe, "Sales Order", **order()).name)
    document.items[0].qty = 3
    document.save()


BAD_INPUTS: list[tuple[str, Input, int, tuple[str, ...]]] = [
    ("unknown SKU", lambda f: send(f, "Sales Order", **order(items=[{**LINE, "sku": "NO-SUCH"}])), 417, ("NO-SUCH",)),
    (
        "disabled SKU",
        lambda f: send(f, "Sales Order", **order(items=[{**LINE, "sku": "GONE"}])),
        417,
        ("GONE", "disabled"),
    ),
    (
        "negative quantity",
        lambda f: send(f, "Sales Order", **order(items=[{**LINE, "qty": -1}])),
        417,
        ("Row 1", "GOOD"),
    ),
    ("half a piece", lambda f: send(f, "Sales Order", **order(items=[{**LINE, "qty": 0.5}])), 417, ("whole units",)),
    (
        "negative price",
        lambda f: send(f, "Sales Order", **order(items=[{**LINE, "rate": -1}])),
        417,
        ("price of GOOD",),
    ),
    (
        "text in a number",
        lambda f: send(f, "Sales Order", **order(items=[{**LINE, "qty": "many"}])),
        417,
        ("Quantity", "many"),
    ),
    ("infinity", lambda f: send(f, "Sales Order", **order(items=[{**LINE, "rate": float("inf")}])), 417, ("Price",)),
    ("wrong currency", lambda f: send(f, "Sales Order", **order(currency="USD")), 417, ("CNY", "USD")),
    ("missing field", lambda f: send(f, "Purchase Order", company="Bad", items=[LINE]), 417, ("Supplier",)),
    ("missing rows", lambda f: send(f, "Sales Order", **order(items=[])), 417, ("at least one item",)),
    ("missing SKU", lambda f: send(f, "Sales Order", **order(items=[{"qty": 1}])), 417, ("Row 1", "SKU")),
    ("over-long text", lambda f: send(f, "Sales Order", **order(receiver_name="x" * 200)), 417, ("140",)),
    ("unknown customer", lambda f: send(f, "Sales Order", **order(customer="Nobody")), 417, ("Nobody",)),
    ("unknown company", lambda f: send(f, "Sales Order", **order(company="Nowhere")), 417, ("Nowhere",)),
    (
        "closed warehouse",
        lambda f: send(f, "Sales Order", **order(warehouse="Bad Closed")),
        417,
        ("Bad Closed", "disabled"),
    ),
    ("discount above price", lambda f: send(f, "Sales Order", **order(discount_amount=6)), 417, ("discount 6",)),
    (
        "more than there is",
        lambda f: post(f, "Sales Order", **order(items=[{**LINE, "qty": 4}])),
        417,
        ("4 needed, 3 available",),
    ),
    ("double submit", submit_twice, 417, ()),
    ("change of a submitted document", change_submitted, 417, ("Quantity",)),
    ("cancel of a cancelled document", cancel_twice, 417, ()),
    ("delivery of an unknown order", lambda f: send(f, "Delivery Note", sales_order="SO-0"), 417, ("SO-0",)),
    (
        "unbalanced entry",
        lambda f: send(f, "Journal Entry", company="Bad", lines=journal("1002 银行存款", 5, 4)),
        417,
        ("5", "4"),
    ),
    (
        "entry on a stock account",
        lambda f: send(f, "Journal Entry", company="Bad", lines=journal("1405 库存商品", 5, 5)),
        417,
        ("1405",),
    ),
    ("a ledger row by hand", lambda f: send(f, "GL Entry", company="Bad", debit=5), 403, ("postings only",)),
    ("the same SKU again", lambda f: send(f, "SKU", sku_code="GOOD"), 409, ()),
    ("a period that ends before it starts", lambda f: send(f, "Accounting Period", **period()), 417, ("end date",)),
]


def journal(account: str, debit: float, credit: float) -> list[dict[str, Any]]:
    return [{"account": f"{account} - BAD", "debit": debit}, {"account": "1001 库存现金 - BAD", "credit": credit}]


def period() -> dict[str, Any]:
    return {"period_name": "P", "company": "Bad", "start_date": "2026-02-01", "end_date": "2026-01-01"}


@pytest.mark.parametrize(
    ("sends", "status", "words"), [bad[1:] for bad in BAD_INPUTS], ids=[bad[0] for bad in BAD_INPUTS]
)
def test_bad_input(site_with_goods: Any, sends: Input, status: int, words: tuple[str, ...]) -> None:
    frappe = site_with_goods
    before = fingerprint(frappe)
    frappe.db.savepoint("request")
    with pytest.raises(Exception) as refused:  # noqa: PT011  what is raised is the point of the assertions
        sends(frappe)
    frappe.db.rollback(save_point="request")
    assert getattr(refused.value, "http_status_code", 500) == status, repr(refused.value)
    text = str(refused.value)
    assert [word for word in words if word not in text] == [], text
    assert text.strip()
    assert fingerprint(frappe) == before
