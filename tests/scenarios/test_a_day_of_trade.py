"""A day of a small seller, told step by step.

Given a company with a warehouse, a supplier, a buyer and a cup that sells at 22.60 with 13 % tax inside
When 10 cups are bought at 10.00 net and received, then 2 more at 16.00
Then 12 lie there, worth 132.00, owed to the supplier but not yet invoiced
When an order of 5 comes in
Then 5 are promised and 7 can be sold
When 3 of them leave, and 2 of these come back
Then cost and revenue follow, at 11.00 and 20.00 a cup
When a cup breaks
Then 1 is written off
When the month is closed
Then nothing more can be booked in it, and the ledgers prove sound
"""

from typing import Any

import pytest


@pytest.fixture
def shop(frappe_connected: Any) -> Any:
    """Set up the company with its goods; return `frappe`."""
    frappe = frappe_connected
    save(frappe, "Company", company_name="Cups", abbr="CU", default_currency="CNY")
    save(frappe, "Warehouse", warehouse_name="Cups Main", company="Cups")
    company = frappe.get_doc("Company", "Cups")
    company.default_warehouse = "Cups Main"
    company.save()
    save(frappe, "Supplier", supplier_name="Potter")
    save(frappe, "Customer", customer_name="Drinker")
    save(frappe, "SKU", sku_code="CUP", standard_rate=22.6, tax_rate=13)
    return frappe


def save(frappe: Any, doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields}).insert()


def submit(frappe: Any, doctype: str, **fields: Any) -> Any:
    return save(frappe, doctype, **fields).submit()


def stock(frappe: Any) -> tuple[float, ...]:
    return frappe.db.get_value("Stock Balance", "CUP|Cups Main", ["on_hand", "reserved", "available", "value"])


def books(frappe: Any) -> dict[str, float]:
    """Return the balance of every account that has one, by code."""
    rows = frappe.db.sql(
        "select account, sum(debit) - sum(credit) from `tabGL Entry` where company = 'Cups' group by account"
    )
    return {account.split(" ")[0]: round(balance, 2) for account, balance in rows if round(balance, 2)}


def buy(frappe: Any, qty: int, rate: float) -> None:
    items = [{"sku": "CUP", "qty": qty, "rate": rate}]
    order = submit(frappe, "Purchase Order", company="Cups", supplier="Potter", items=items)
    submit(frappe, "Purchase Receipt", purchase_order=order.name)


def test_a_day(shop: Any) -> None:
    frappe = shop

    # 10 cups are bought at 10.00, then 2 more at 16.00
    buy(frappe, 10, 10)
    buy(frappe, 2, 16)
    assert stock(frappe) == (12, 0, 12, 132)
    assert books(frappe) == {"1405": 132, "220202": -132}

    # an order of 5 comes in
    order = submit(frappe, "Sales Order", company="Cups", customer="Drinker", items=[{"sku": "CUP", "qty": 5}])
    assert stock(frappe) == (12, 5, 7, 132)
    assert books(frappe) == {"1405": 132, "220202": -132}

    # 3 of them leave
    note = submit(frappe, "Delivery Note", sales_order=order.name, items=[{"sku": "CUP", "qty": 3}])
    assert stock(frappe) == (9, 2, 7, 99)
    sold = {"1122": 67.8, "500101": -60, "22210106": -7.8, "540101": 33}
    assert books(frappe) == {"1405": 99, "220202": -132, **sold}

    # 2 of these come back
    submit(frappe, "Delivery Note", is_return=1, return_against=note.name, items=[{"sku": "CUP", "qty": 2}])
    assert stock(frappe) == (11, 2, 9, 121)
    kept = {"1122": 22.6, "500101": -20, "22210106": -2.6, "540101": 11}
    assert books(frappe) == {"1405": 121, "220202": -132, **kept}

    # a cup breaks
    submit(frappe, "Stock Entry", company="Cups", reason="Write-off", items=[{"sku": "CUP", "qty": 1}])
    assert stock(frappe) == (10, 2, 8, 110)
    assert books(frappe)["1901"] == 11

    # the month is closed
    today = frappe.utils.getdate()
    span = {"start_date": today.replace(day=1), "end_date": frappe.utils.get_last_day(today), "closed": 1}
    save(frappe, "Accounting Period", period_name="This month", company="Cups", **span)
    with pytest.raises(frappe.ValidationError, match="This month"):
        submit(frappe, "Delivery Note", sales_order=order.name)


def test_the_ledgers_prove_sound_after_cancelling_everything(shop: Any) -> None:
    from ec_erp.posting.flows.verify import verify_ledgers

    frappe = shop
    buy(frappe, 10, 10)
    order = submit(frappe, "Sales Order", company="Cups", customer="Drinker", items=[{"sku": "CUP", "qty": 5}])
    submit(frappe, "Delivery Note", sales_order=order.name)
    for doctype in ("Delivery Note", "Sales Order", "Purchase Receipt", "Purchase Order"):
        for name in frappe.get_all(doctype, filters={"docstatus": 1}, pluck="name"):
            frappe.get_doc(doctype, name).cancel()
    assert stock(frappe) == (0, 0, 0, 0)
    assert books(frappe) == {}
    assert frappe.db.count("Stock Ledger Entry") == 4
    assert verify_ledgers(lambda _stage: None) == []
