"""What scenarios over HTTP look at: balances, books, and whether the figures contradict each other."""

from __future__ import annotations

from typing import Any

from trade_api import Api

BALANCE = ("on_hand", "available", "on_order", "value")


def balance(shop: Api, sku: str, warehouse: str = "Main", fields: tuple[str, ...] = BALANCE) -> dict[str, float]:
    """Give what there is of a SKU in a warehouse; nothing where it never was there."""
    rows = shop.find("Stock Balance", *fields, sku=sku, warehouse=warehouse)
    return dict(zip(fields, rows[0], strict=True)) if rows else {}


def books(shop: Api, voucher: str) -> dict[str, float]:
    """Give what a voucher moved, by the code of the account."""
    found: dict[str, float] = {}
    for account, debit, credit in shop.find("GL Entry", "account", "debit", "credit", voucher_no=voucher):
        code = account.split(" ")[0]
        found[code] = round(found.get(code, 0) + debit - credit, 2)
    return {code: amount for code, amount in found.items() if amount}


def read(shop: Api, doctype: str, name: str) -> dict[str, Any]:
    """Read a document."""
    return dict(shop.ask("GET", f"resource/{doctype}/{name}").body["data"])


def call(shop: Api, path: str, **values: Any) -> Any:
    """Call a function of the product; anything but success fails the test."""
    answer = shop.ask("POST", f"method/{path}", json=values)
    assert answer.status == 200, answer.messages
    return answer.body.get("message")


def no_incidents(site: Any) -> None:
    """Run the nightly check of all figures, as the scheduler does; it must find no contradiction."""
    with site.connected():
        import frappe
        from ec_erp.inventory import tasks

        tasks.check_all_stock()
        fields = ["invariant", "sku", "warehouse", "expected", "found"]
        assert frappe.get_all("Stock Incident", filters={"status": "Open"}, fields=fields) == []
