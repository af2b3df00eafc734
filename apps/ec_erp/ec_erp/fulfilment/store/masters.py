"""Facts of masters that deliveries and other goods in and out ask for, from cached documents where the framework keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows
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


def load_providers(accounts: Iterable[str]) -> dict[str, str]:
    """Return the provider of waybill accounts."""
    return {row["name"]: row["provider"] for row in load_rows("Waybill Account", accounts, ["name", "provider"])}


def load_low_accounts() -> list[Row]:
    """Return accounts in force with fewer numbers left than they should have."""
    table = frappe.qb.DocType("Waybill Account")
    query = frappe.qb.from_(table).select(table.name, table.balance, table.modified).where(table.disabled == 0)
    low = query.where(table.last_number > 0).where(table.balance < table.low_balance)
    return list(low.orderby(table.name).run(as_dict=True))


def load_waybill_accounts(carriers: Iterable[str], fields: Iterable[str]) -> dict[str, Any]:
    """Return the accounts in force of carriers."""
    filters = {"disabled": 0, "carrier": ("in", sorted(carriers))}
    rows = frappe.get_all("Waybill Account", filters=filters, fields=["name", *fields], order_by="name asc")
    return {row.name: row for row in rows}
