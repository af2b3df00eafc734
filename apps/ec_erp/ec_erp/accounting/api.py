"""The chart of accounts for the desk's tree. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.accounting import store


@frappe.whitelist()
def get_account_children(
    parent: str = "", company: str | None = None, is_root: bool = False, **_filters: Any
) -> list[Any]:
    """Return the accounts below a node as ``{value, title, expandable}``; for a root those at the top of the chart."""
    at_top = is_root in (True, "true", "1", 1) or not parent or parent == company
    filters: dict[str, Any] = {"company": company} if company else {}
    filters["parent_account"] = ("is", "not set") if at_top else parent
    fields = ["name as value", "name as title", "is_group as expandable"]
    return store.list_accounts(fields, filters)
