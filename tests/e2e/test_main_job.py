"""The main job by hand in the desk: from a new SKU over buying and selling it to its rows in the stock ledger."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from .conftest import Served
from .desk_pages import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Of the demo company that `make test-e2e` makes.
SUPPLIER = "永康五金加工厂"
WAREHOUSE = "杭州主仓"
SHOP = "青禾淘宝店"
CUSTOMER = "TB00"


def make_sku(desk: Desk) -> str:
    code = f"E2E-{time.time_ns():x}".upper()
    desk.new("SKU")
    desk.fill("sku_code", code)
    desk.fill("sku_name", "旅行水杯 500ml")
    desk.fill("standard_rate", "59")
    desk.fill("purchase_rate", "20")
    assert desk.save() == code
    return code


def buy(desk: Desk, sku: str, qty: str) -> str:
    desk.new("Purchase Order")
    desk.pick("supplier", SUPPLIER)
    desk.pick("warehouse", WAREHOUSE)
    desk.add_row(sku, qty)
    desk.save()
    desk.submit()
    desk.create_next("Purchase Receipt")
    receipt = desk.save()
    desk.submit()
    return receipt


def sell(desk: Desk, sku: str, qty: str) -> str:
    desk.new("Sales Order")
    desk.pick("shop", SHOP)
    desk.pick("customer", CUSTOMER)
    desk.add_row(sku, qty)
    desk.save()
    desk.submit()
    release(desk)
    note = desk.go_on_with("Delivery Note")  # the draft that the release has made for the warehouse
    desk.submit()
    return note


def release(desk: Desk) -> None:
    """Pay and audit the order, until it may be delivered."""
    create = desk.button("Create")
    for action in ("Mark as Paid", "Release"):
        step = desk.button(action)
        expect(step.or_(create).first).to_be_visible()
        if step.is_visible():
            step.click()
            expect(step).to_have_count(0)
    expect(create).to_be_visible()


def ledger_rows(desk: Desk, sku: str) -> list[list[str]]:
    """Return the voucher, the change and the quantity after it, of the SKU's rows in the ledger, oldest first."""
    desk.go_to("Stock Ledger Entry")
    desk.pick_quick_filter("sku", sku)
    table = desk.page.get_by_role("table")
    rows = table.get_by_role("row").filter(has_text=sku)
    expect(rows).to_have_count(2)
    columns = ("voucher_no", "qty_change", "qty_after")
    cells = [[row.locator(f'[data-fieldname="{name}"]').inner_text() for name in columns] for row in rows.all()]
    return sorted(cells, key=lambda row: -float(row[2]))


def test_what_is_bought_and_sold_stands_in_the_ledger(page: Page, served: Served) -> None:
    desk = Desk(page)
    desk.log_in(served.user, served.password)
    sku = make_sku(desk)
    receipt = buy(desk, sku, "10")
    note = sell(desk, sku, "3")
    assert ledger_rows(desk, sku) == [[receipt, "10", "10"], [note, "-3", "7"]]
    assert desk.errors == []
