"""Facts of masters that deliveries and other goods in and out ask for, from cached documents where the framework keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]


def purpose_of(reason: str) -> str | None:
    """Return the purpose of a reason for goods in or out."""
    return frappe.get_cached_value("Stock Reason", reason, "purpose")  # type: ignore[no-any-return]


def load_reason(reason: str) -> Any:
    """Return purpose, disabled and account_role of a reason."""
    return frappe.get_cached_value("Stock Reason", reason, ["purpose", "disabled", "account_role"], as_dict=True)


def company_of(warehouse: str) -> str | None:
    """Return the company of a warehouse."""
    return frappe.get_cached_value("Warehouse", warehouse, "company")  # type: ignore[no-any-return]


def prices_include_tax(company: str) -> bool:
    """Tell whether a company's prices include tax."""
    return bool(frappe.get_cached_value("Company", company, "prices_include_tax"))


def load_tolerance(company: str) -> Decimal:
    """Return how much more than ordered a company may deliver, in percent."""
    return decimal_of(frappe.get_cached_value("Company", company, "over_delivery_tolerance"))


def load_recycled_numbers(account: str, most: int) -> list[tuple[str, str]]:
    """Return (parcel, number) of numbers of an account that were given back, the oldest first."""
    filters = {"waybill_account": account, "waybill_state": "To Recycle"}
    rows = frappe.get_all("Parcel", filters=filters, fields=["name", "waybill_no"], order_by="name asc", limit=most)
    return [(row.name, row.waybill_no) for row in rows]


def load_waybill_accounts(carriers: Iterable[str], fields: Iterable[str]) -> dict[str, Any]:
    """Return the accounts in force of carriers."""
    filters = {"disabled": 0, "carrier": ("in", sorted(carriers))}
    rows = frappe.get_all("Waybill Account", filters=filters, fields=["name", *fields], order_by="name asc")
    return {row.name: row for row in rows}
