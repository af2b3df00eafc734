"""What may be sold, as systems ask for it and people watch it, over a real connection.

Given 20 cups, a group of shops and rules of alerting
When orders, quotas, damage and purchases change what there is, every bucket and every figure follows, with its terms
When a quota keeps goods for one group, nobody else gets them, until it is given back, moved or topped up by what comes
When too little is left, whoever asks for more is told what is short; alerts say so once
When goods that were promised are gone, the orders that will be short are listed, the last one first
When somebody tampers with a figure, the check raises an incident that resolves itself when the figure is right again
And what there was at any moment of the past can be asked
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from trade_api import ADMINISTRATOR, Api
from trade_checks import balance, call, no_incidents, read

STOCK = "ec_erp.inventory.api."
FIGURES = ("on_hand", "reserved", "frozen", "locked", "on_order", "shippable", "available", "free", "sellable")


@pytest.fixture(scope="module")
def shop(http_site: tuple[Any, str]) -> Api:
    """The administrator's client; the company, its goods and a group are there."""
    _site, address = http_site
    admin = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Cups", abbr="CU", default_currency="CNY")
    admin.create("Warehouse", warehouse_name="Main", company="Cups")
    admin.change("Company", "Cups", default_warehouse="Main")
    admin.create("Supplier", supplier_name="Potter")
    admin.create("Customer", customer_name="Drinker")
    admin.create("Channel Group", group_name="Live")
    for sku in ("CUP", "LID", "POT"):
        admin.create("SKU", sku_code=sku, sku_name=sku, standard_rate=20, tax_rate=0)
    parts = [{"sku": "CUP", "qty": 2, "share": 60}, {"sku": "LID", "qty": 1, "share": 40}]
    admin.create("SKU", sku_code="SET", sku_name="Set", standard_rate=50, tax_rate=0, is_combo=1, components=parts)
    return admin


def buy(shop: Api, sku: str, qty: float, **fields: Any) -> str:
    """Receive goods at 3 each."""
    items = [{"sku": sku, "qty": qty, "rate": 3}]
    return str(shop.submit("Purchase Receipt", company="Cups", supplier="Potter", items=items, **fields)["name"])


def sell(shop: Api, sku: str, qty: float, **fields: Any) -> str:
    """Submit an order."""
    items = [{"sku": sku, "qty": qty}]
    return str(shop.submit("Sales Order", company="Cups", customer="Drinker", items=items, **fields)["name"])


def figures(shop: Api, sku: str, group: str = "") -> dict[str, float]:
    """Give the buckets and figures of a SKU that are not zero."""
    (row,) = call(shop, STOCK + "get_availability", skus=[sku], channel_group=group)
    return {name: row[name] for name in FIGURES if row.get(name)}


def run(site: Any, task: str) -> None:
    """Run a task of the scheduler."""
    with site.connected():
        from ec_erp.inventory import tasks

        getattr(tasks, task)()


def test_buckets_and_figures(shop: Api, http_site: Any) -> None:
    buy(shop, "CUP", 20)
    buy(shop, "LID", 4)
    sell(shop, "CUP", 3)
    items = [{"sku": "CUP", "qty": 9, "rate": 3}]
    shop.submit("Purchase Order", company="Cups", supplier="Potter", items=items)
    shop.submit("Grade Change", company="Cups", warehouse="Main", items=[{"sku": "CUP", "qty": 2}])
    shop.create("Stock Quota", sku="CUP", warehouse="Main", channel_group="Live", qty=5)
    shown = {
        "on_hand": 20,
        "reserved": 3,
        "frozen": 2,
        "locked": 5,
        "on_order": 9,
        "shippable": 15,
        "available": 15,
        "free": 10,
    }
    assert figures(shop, "CUP") == {**shown, "sellable": 10}
    assert figures(shop, "CUP", "Live")["sellable"] == 15
    assert [figures(shop, "SET", group)["sellable"] for group in ("", "Live")] == [4, 4], "the lids decide"
    (row,) = call(shop, STOCK + "get_availability", skus=["CUP"], channel_group="Live")
    assert sum(term["value"] for term in row["explained"]["sellable"]) == 15
    no_incidents(http_site[0])


def refused(shop: Api, doctype: str, **fields: Any) -> str:
    """Try to submit a document that must be refused; give the kind of refusal and what it says."""
    answer = shop.ask("POST", f"resource/{doctype}", json={**fields, "docstatus": 1})
    assert answer.status == 417, answer.body
    return f"{answer.kind}: {answer.messages}"


def test_quotas_are_kept_moved_given_back_and_topped_up(shop: Api, http_site: Any) -> None:
    ((quota,),) = shop.find("Stock Quota", "name", sku="CUP")
    buyer = {"company": "Cups", "customer": "Drinker"}
    assert "StockShortage" in refused(shop, "Sales Order", items=[{"sku": "CUP", "qty": 11}], **buyer)
    assert "QuotaRefused" in refused_quota(shop, qty=11)
    shop.create("Channel Group", group_name="Mall")
    other = shop.create("Stock Quota", sku="CUP", warehouse="Main", channel_group="Mall", qty=1, top_up_percent=50)[
        "name"
    ]
    assert call(shop, STOCK + "move_quota", source=quota, target=other, qty=2) == {quota: 3, other: 3}
    buy(shop, "CUP", 6)
    assert (read(shop, "Stock Quota", other)["left_qty"], figures(shop, "CUP")["locked"]) == (6, 9)
    call(shop, STOCK + "release_quotas", names=[other])
    assert (figures(shop, "CUP")["locked"], figures(shop, "CUP")["free"]) == (3, 18)

    # one whose time is over gives back what it keeps
    past = (datetime.now() - timedelta(days=400)).isoformat(" ", "seconds")
    with http_site[0].connected():
        import frappe

        frappe.db.set_value("Stock Quota", quota, "expires_at", past)
        frappe.db.commit()
    run(http_site[0], "turn_quotas")
    assert (read(shop, "Stock Quota", quota)["status"], "locked" in figures(shop, "CUP")) == ("Expired", False)
    no_incidents(http_site[0])


def refused_quota(shop: Api, **fields: Any) -> str:
    """Try to keep more than is free."""
    shop.create("Channel Group", group_name="Greedy")
    values = {"sku": "CUP", "warehouse": "Main", "channel_group": "Greedy", **fields}
    return shop.ask("POST", "resource/Stock Quota", json=values).kind


def test_alerts_are_told_once_until_they_are_over(shop: Api, http_site: Any) -> None:
    bounds = {"method": "Fixed", "sku": "LID", "lower_qty": 10, "upper_qty": 100}
    recipients = [{"user": "Administrator"}]
    shop.create("Stock Alert Rule", rule_name="Lids", company="Cups", recipients=recipients, **bounds)
    for _ in range(2):
        run(http_site[0], "notice_alerts")
    assert shop.find("Stock Alert", "state", "status", "available", sku="LID") == [["Below", "Open", 4]]
    assert len(shop.find("Notification Log", "subject", document_type="Stock Alert")) == 1
    buy(shop, "LID", 20)
    run(http_site[0], "notice_alerts")
    assert shop.find("Stock Alert", "status", sku="LID") == [["Resolved"]]
    buy(shop, "LID", 90)
    run(http_site[0], "notice_alerts")
    assert shop.find("Stock Alert", "state", "status", sku="LID")[-1] == ["Above", "Open"]


def test_who_will_be_short_when_goods_are_gone(shop: Api, http_site: Any) -> None:
    buy(shop, "POT", 10)
    first, second = sell(shop, "POT", 4), sell(shop, "POT", 4)
    shop.submit("Stock Entry", company="Cups", reason="Write-off", warehouse="Main", items=[{"sku": "POT", "qty": 7}])
    assert balance(shop, "POT")["available"] == -5
    found = call(shop, "frappe.desk.query_report.run", report_name="Oversold Stock", filters={"company": "Cups"})
    rows = [
        (row["voucher_no"], row["short"]) for row in found["result"] if isinstance(row, dict) and row.get("voucher_no")
    ]
    assert rows == [(second, 4), (first, 1)]
    assert "StockShortage" in refused(shop, "Delivery Note", sales_order=second)

    # the check tells somebody, and is content again when goods come
    run(http_site[0], "check_changed_stock")
    assert shop.find("Stock Incident", "invariant", "sku", "expected", "found", status="Open") == [
        ["Oversold", "POT", 0, -5]
    ]
    buy(shop, "POT", 5)
    run(http_site[0], "check_changed_stock")
    assert shop.find("Stock Incident", "status", sku="POT") == [["Resolved"]]


@pytest.mark.parametrize(
    ("field", "value", "invariant"),
    [("on_hand", 99, "Ledger"), ("reserved", 99, "Reservations"), ("locked", 99, "Quotas"), ("on_order", 99, "On Order"),
     ("in_transit", 99, "In Transit"), ("value", 99, "Ledger")],
)  # fmt: skip
def test_a_figure_that_somebody_broke_is_an_incident(
    shop: Api, http_site: Any, field: str, value: float, invariant: str
) -> None:
    with http_site[0].connected():
        import frappe

        before = frappe.db.get_value("Stock Balance", "CUP|Main", field)
        frappe.db.set_value("Stock Balance", "CUP|Main", field, value)
        frappe.db.commit()
    run(http_site[0], "check_all_stock")
    found = shop.find("Stock Incident", "invariant", "found", "name", status="Open", sku="CUP")
    assert invariant in {row[0] for row in found}
    with http_site[0].connected():
        import frappe

        frappe.db.set_value("Stock Balance", "CUP|Main", field, before)
        frappe.db.commit()
    no_incidents(http_site[0])


def test_what_there_was_at_a_moment_of_the_past(shop: Api) -> None:
    shop.create("SKU", sku_code="OLD", sku_name="OLD", standard_rate=20, tax_rate=0)
    for day, qty in (("2026-01-10", 10), ("2026-03-10", 5)):
        buy(shop, "OLD", qty, posting_datetime=f"{day} 10:00:00")
    sold = sell(shop, "OLD", 4, order_datetime="2026-02-10 09:00:00")
    shop.submit("Delivery Note", sales_order=sold, posting_datetime="2026-02-10 10:00:00")
    wanted = {"2026-01-01": None, "2026-01-31": (10, 30), "2026-02-28": (6, 18), "2026-04-01": (11, 33)}
    for day, expected in wanted.items():
        rows = call(shop, STOCK + "get_stock_as_of", moment=f"{day} 00:00:00", skus=["OLD"])
        assert [(row["qty"], row["value"]) for row in rows] == ([expected] if expected else [])

    # a document that comes late changes the past, and only from its moment on
    buy(shop, "OLD", 1, posting_datetime="2026-02-20 10:00:00")
    found = [
        call(shop, STOCK + "get_stock_as_of", moment=f"{day} 00:00:00", skus=["OLD"])[0]["qty"]
        for day in ("2026-02-15", "2026-02-28")
    ]
    assert found == [6, 7]
