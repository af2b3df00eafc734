"""Reading ledgers and documents for a replay, in pages.

Invariant: reads only; a page costs a number of statements that does not grow with its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import frappe

from ec_erp.documents.store import load_rows

Row = dict[str, Any]

PAGE = 500
_ENTRY = (
    "name", "sku", "warehouse", "grade", "batch", "bin", "serials", "seq", "qty_change", "qty_after", "value_change", "value_after",
    "unit_cost", "cost_source", "voucher_type", "voucher_no", "voucher_line", "is_reversal", "posting_datetime",
)  # fmt: skip


def pages(doctype: str, fields: Sequence[str], *, key: str = "name", size: int = PAGE) -> Iterator[list[Row]]:
    """Yield the rows of a DocType in the order of their names, a page at a time; drafts are left out where there are any."""
    filters: dict[str, Any] = {"docstatus": (">", 0)} if frappe.get_meta(doctype).is_submittable else {}
    last = ""
    while rows := frappe.get_all(
        doctype,
        filters={**filters, key: (">", last)},
        fields=list(dict.fromkeys([key, *fields])),
        order_by=f"{key} asc",
        limit=size,
    ):
        yield rows
        last = rows[-1][key]


def grouped(doctype: str, key: str, names: Iterable[str], fields: Sequence[str]) -> dict[str, list[Row]]:
    """Return rows by the value of a column, each group in the order of ``idx`` where it is asked for."""
    groups: dict[str, list[Row]] = {}
    rows = load_rows(doctype, names, list(dict.fromkeys([key, *fields])), key=key)
    for row in sorted(rows, key=lambda row: row.get("idx") or 0):
        groups.setdefault(row[key], []).append(row)
    return groups


def posted(
    doctype: str, link: str, names: Iterable[str], fields: Sequence[str], *, parent: str, head: Sequence[str]
) -> dict[str, list[Row]]:
    """Return the rows of submitted documents that name something, by what they name; fields of the head are in each row."""
    rows = [row for group in grouped(doctype, link, names, ["parent", *fields]).values() for row in group]
    heads = {
        row["name"]: row for row in load_rows(parent, {row["parent"] for row in rows}, ["name", "docstatus", *head])
    }
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if heads[row["parent"]]["docstatus"] == 1:
            groups.setdefault(row[link], []).append(
                {**row, **{field: heads[row["parent"]][field] for field in head}, "document": row["parent"]}
            )
    return groups


def load_entries(skus: Iterable[str]) -> dict[tuple[str, str], list[Row]]:
    """Return the ledger entries of SKUs by SKU and warehouse, in the order of their chains."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(load_rows("Stock Ledger Entry", skus, _ENTRY, key="sku"), key=lambda row: row["seq"]):
        found.setdefault((row["sku"], row["warehouse"]), []).append(row)
    return found


def load_entries_of_vouchers(doctype: str, names: Iterable[str]) -> dict[str, list[Row]]:
    """Return the ledger entries of documents by document."""
    found: dict[str, list[Row]] = {}
    for row in load_rows("Stock Ledger Entry", names, _ENTRY, key="voucher_no"):
        if row["voucher_type"] == doctype:
            found.setdefault(row["voucher_no"], []).append(row)
    return found


def load_lines_of_vouchers(doctype: str, names: Iterable[str]) -> dict[str, list[Row]]:
    """Return the general ledger's lines of documents by document."""
    found: dict[str, list[Row]] = {}
    fields = ["voucher_no", "voucher_type", "account", "debit", "credit"]
    for row in load_rows("GL Entry", names, fields, key="voucher_no"):
        if row["voucher_type"] == doctype:
            found.setdefault(row["voucher_no"], []).append(row)
    return found


def load_of_skus(doctype: str, skus: Iterable[str], fields: Sequence[str]) -> list[Row]:
    """Return rows of a table about SKUs."""
    return load_rows(doctype, skus, fields, key="sku")


def load_open(
    parent: str, statuses: Sequence[str], child: str, head: Sequence[str], fields: Sequence[str]
) -> list[Row]:
    """Return the rows of submitted documents in some statuses, with fields of their heads."""
    heads = {
        row["name"]: row
        for row in frappe.get_all(
            parent, filters={"docstatus": 1, "status": ("in", list(statuses))}, fields=["name", *head]
        )
    }
    rows = load_rows(child, heads, ["parent", *fields], key="parent")
    return [{**row, **{field: heads[row["parent"]][field] for field in head}} for row in rows]


def load_logged_statuses(orders: Iterable[str]) -> dict[str, str]:
    """Return the status that the history of orders came to."""
    fields = ["sales_order", "kind", "to_status", "name"]
    rows = load_rows("Order Log", orders, fields, key="sales_order")
    latest = sorted((row for row in rows if row["to_status"]), key=lambda row: row["name"])
    return {row["sales_order"]: row["to_status"] for row in latest}


def load_account_roles(companies: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the accounts of companies by role (field of Company)."""
    meta = frappe.get_meta("Company")
    roles = [field.fieldname for field in meta.fields if field.fieldtype == "Link" and field.options == "Account"]
    rows = load_rows("Company", companies, ["name", "default_currency", *roles])
    return {
        row["name"]: {role: row[role] for role in roles if row[role]} | {"": row["default_currency"]} for row in rows
    }
