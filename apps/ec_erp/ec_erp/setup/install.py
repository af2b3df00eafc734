"""Installing the app on a site: refusing what can't work, creating what every site needs.

Invariant: everything here can run again and changes nothing that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe import _

from ec_erp.parties.flows import create_regions
from ec_erp.setup import masters


def before_install() -> None:
    """Refuse a site that has another ERP with the same names."""
    if "erpnext" in frappe.get_installed_apps():
        frappe.throw(_("EC ERP cannot be installed beside ERPNext: both define Company, Account, Sales Order and more"))


# Indexes over several columns, by DocType: (name of the index, columns).
INDEXES = {
    # What is archived is counted and walked over without a look at the orders; it begins with a column that no filter asks for,
    # so that no sorted list is read by it.
    "Sales Order": (("in_lists", ["creation", "archived", "name"]),),
    # The chain of a key, with what a walk over many of its movements asks for.
    "Stock Ledger Entry": (
        ("movements", ["sku", "warehouse", "seq", "grade", "qty_change", "voucher_no", "voucher_type"]),
        ("by_voucher_line", ["voucher_line"]),
    ),
    # Balances of accounts over a span of days without a look at the entries themselves.
    "GL Entry": (("by_account", ["company", "account", "posting_date", "debit", "credit"]),),
    "Stock Checkpoint": (("by_period", ["period", "period_start"]),),
    "Movement Sum": (
        ("by_period", ["period", "period_start"]),
        ("of_key", ["sku", "warehouse", "period", "period_start"]),
    ),
}
# Indexes of earlier versions in whose place others stand.
RETIRED = (("Stock Ledger Entry", "chain"),)


def after_install() -> None:
    """Create the indexes and masters that every site starts with."""
    create_indexes()
    create_masters()


def create_indexes() -> None:
    """Create indexes over several columns, which a DocType's fields can't ask for."""
    for doctype, indexes in INDEXES.items():
        for name, columns in indexes:
            frappe.db.add_index(doctype, columns, name)
    for doctype, name in RETIRED:
        frappe.db.sql_ddl(f"DROP INDEX IF EXISTS `{name}` ON `tab{doctype}`")


def after_migrate() -> None:
    """Create masters that a new version has added."""
    after_install()


def create_masters() -> None:
    """Create units, platforms, reasons, charge types, carriers, regions and the root of the category tree."""
    units = ({"uom_name": name, "must_be_whole_number": whole} for name, whole in masters.UNITS)
    _ensure("UOM", units, "uom_name")
    platforms = (
        {"platform_code": code, "platform_name": name, **stock_terms(code)} for code, name in masters.PLATFORMS
    )
    _ensure("Platform", platforms, "platform_code")
    reasons = (
        {"reason": reason, "purpose": purpose, "account_role": role} for reason, purpose, role in masters.REASONS
    )
    _ensure("Stock Reason", reasons, "reason")
    charges = (
        {"charge_code": code, "charge_name": name, "account_role": role} for code, name, role in masters.CHARGE_TYPES
    )
    _ensure("Charge Type", charges, "charge_code")
    _ensure("Carrier", ({"carrier_name": name} for name in masters.CARRIERS), "carrier_name")
    create_regions()
    _ensure("Product Category", [{"category_name": masters.ROOT_CATEGORY, "is_group": 1}], "category_name")


def stock_terms(platform: str) -> dict[str, Any]:
    """Return how a known platform takes stock, as fields of its document."""
    fields = ("stock_primitive", "stock_repeatable", "stock_below_zero", "stock_reads")
    return dict(zip(fields, masters.STOCK_PRIMITIVES.get(platform, ("Set Quantity", 0, "Refuses", 0)), strict=True))


def _ensure(doctype: str, rows: Iterable[Mapping[str, Any]], key: str) -> None:
    """Insert the rows whose name (the ``key`` field) does not exist yet."""
    for row in rows:
        if not frappe.db.exists(doctype, row[key]):
            frappe.get_doc({"doctype": doctype, **row}).insert(ignore_permissions=True)
