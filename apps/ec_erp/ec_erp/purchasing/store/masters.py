"""What purchasing asks of masters: companies, suppliers, warehouses. Most of it from the framework's documents in memory."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.kernel.numbers import decimal_of


def load_over_receipt_tolerance(company: str) -> Decimal:
    """Return how much more than ordered a company may receive, in percent."""
    return decimal_of(frappe.get_cached_value("Company", company, "over_receipt_tolerance"))


def load_company_currency(company: str) -> str | None:
    """Return the currency of a company."""
    return frappe.get_cached_value("Company", company, "default_currency") or None


def load_supplier_currency(supplier: str | None) -> str | None:
    """Return the currency that a supplier asks for; None where it says none."""
    return (frappe.get_cached_value("Supplier", supplier, "default_currency") or None) if supplier else None


def is_supplier_disabled(supplier: str) -> bool:
    """Tell whether nothing may be ordered from a supplier."""
    return bool(frappe.get_cached_value("Supplier", supplier, "disabled"))


def load_company_of_warehouse(warehouse: str) -> str | None:
    """Return the company of a warehouse."""
    return frappe.get_cached_value("Warehouse", warehouse, "company") or None


def load_lead_days(suppliers: Iterable[str]) -> dict[str, int]:
    """Return how many days suppliers say that goods take; 0 where they say nothing."""
    wanted = sorted(set(suppliers))
    found = {
        row["name"]: int(row["lead_time_days"] or 0)
        for row in load_rows("Supplier", wanted, ["name", "lead_time_days"])
    }
    return {name: found.get(name, 0) for name in wanted}
