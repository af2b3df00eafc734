"""Reading ledgers and documents for a replay, in pages.

Invariant: reads only; a page costs a number of statements that does not grow with its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.times import moment_of
from ec_erp.replay.types import sums

Row = dict[str, Any]

PAGE = 500
BITS = ("printed", "picked", "sorted", "checked", "weighed", "handed_over")
_ENTRY = (
    "name", "sku", "warehouse", "grade", "batch", "bin", "serials", "seq", "qty_change", "qty_after", "value_change", "value_after",
    "unit_cost", "cost_source", "voucher_type", "voucher_no", "voucher_line", "is_reversal", "reverses",
    "posting_datetime",
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
    """Return the ledger entries of SKUs by SKU and warehouse, in the order of their chains.

    ``origin`` is the row of a receipt whose goods an entry makes dearer.
    """
    skus = list(skus)
    landed = load_rows("Landed Cost Item", skus, ["name", "purchase_receipt_item"], key="sku")
    origins = {row["name"]: row["purchase_receipt_item"] for row in landed}
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(load_rows("Stock Ledger Entry", skus, _ENTRY, key="sku"), key=lambda row: row["seq"]):
        row["origin"] = origins.get(row["voucher_line"], "")
        found.setdefault((row["sku"], row["warehouse"]), []).append(row)
    return found


def load_periods(doctype: str, skus: Iterable[str], fields: Sequence[str]) -> dict[tuple[str, str], list[Row]]:
    """Return sums of periods of SKUs by SKU and warehouse, the first day of each as a date."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in load_rows(doctype, skus, ["sku", "warehouse", "period", "period_start", *fields], key="sku"):
        row["period_start"] = day_of(row["period_start"])
        found.setdefault((row["sku"], row["warehouse"]), []).append(row)
    return found


def day_of(moment: Any) -> date:
    """Return the day of a moment as the database gives it."""
    return moment_of(frappe.utils.get_datetime(moment)).date()


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


def load_logged_statuses(orders: Iterable[str]) -> dict[str, tuple[str, Any]]:
    """Return the status that the history of orders came to, and when."""
    fields = ["sales_order", "kind", "to_status", "moment", "name"]
    rows = load_rows("Order Log", orders, fields, key="sales_order")
    latest = sorted((row for row in rows if row["to_status"]), key=lambda row: row["name"])
    return {row["sales_order"]: (row["to_status"], row["moment"]) for row in latest}


def load_logged_payments(orders: Iterable[str]) -> dict[str, str]:
    """Return how far the history of orders says that they are paid."""
    fields = ["sales_order", "kind", "code", "name"]
    rows = [row for row in load_rows("Order Log", orders, fields, key="sales_order") if row["kind"] == "Payment"]
    return {row["sales_order"]: row["code"] for row in sorted(rows, key=lambda row: row["name"])}


def load_staged(orders: Iterable[str]) -> dict[str, Row]:
    """Return the delivery of each order that the warehouse works on, or the latest that left it; put back ones left out."""
    fields = ("docstatus", "stage", "is_return", "modified", "name", *BITS)
    found: dict[str, Row] = {}
    for order, rows in grouped("Delivery Note", "sales_order", orders, fields).items():
        staged = [row for row in rows if row["stage"] and row["stage"] != "To Put Back" and row["docstatus"] < 2]
        if staged:
            found[order] = min(staged, key=lambda row: (row["docstatus"], -row["modified"].timestamp()))
    return found


def load_allocated(skus: Iterable[str]) -> dict[tuple[str, str, str, str], Decimal]:
    """Return what drafts of deliveries have been promised in bins: (SKU, warehouse, bin, batch) → quantity."""
    fields = ("parent", "sku", "warehouse", "bin", "batch", "allocated_qty")
    rows = [row for row in load_rows("Delivery Note Item", skus, fields, key="sku") if row["allocated_qty"]]
    return sums(
        ((row["sku"], row["warehouse"], row["bin"] or "", row["batch"] or ""), decimal_of(row["allocated_qty"]))
        for row in rows
    )


def load_switched_off() -> set[tuple[str, str]]:
    """Return the batches and bins that nothing is sold of, as (DocType, name)."""
    day = frappe.utils.add_days(frappe.utils.nowdate(), -1)  # on its last day a batch is sold still
    late = frappe.get_all("Batch", filters={"latest_sale_date": ("between", ["1900-01-01", day])}, pluck="name")
    off = {(kind, name) for kind in ("Batch", "Storage Bin")
           for name in frappe.get_all(kind, filters={"disabled": 1}, pluck="name")}  # fmt: skip
    return off | {("Batch", name) for name in late}


def load_order_types(notes: Sequence[Mapping[str, Any]]) -> dict[str, Row]:
    """Return what kind of order deliveries are for, as ``{delivery: {"order_type": text}}``."""
    orders = {
        row["name"]: row for row in load_rows("Sales Order", _named(notes, "sales_order"), ["name", "order_type"])
    }
    known = [note for note in notes if note["sales_order"] in orders]
    return {note["name"]: {"order_type": orders[note["sales_order"]]["order_type"]} for note in known}


def load_tax_borne(costs: Sequence[Mapping[str, Any]]) -> dict[str, Row]:
    """Return whether goods bear the tax of what getting them here cost, as ``{document: {"tax_borne": 0 or 1}}``."""
    rows = load_rows("Company", _named(costs, "company"), ["name", "input_tax_recoverable"])
    recovered = {row["name"]: bool(row["input_tax_recoverable"]) for row in rows}
    return {cost["name"]: {"tax_borne": int(not recovered[cost["company"]])} for cost in costs}


def _named(rows: Iterable[Mapping[str, Any]], field: str) -> set[str]:
    return {row[field] for row in rows if row[field]}


def load_prepaid(heads: Sequence[Mapping[str, Any]]) -> dict[str, Row]:
    """Return what payments have prepaid, as ``{payment: {"prepaid": amount}}``; money that came back is below zero."""
    payments = [head["name"] for head in heads]
    rows = load_rows("Payment Request Payment", payments, ["parent", "reference_name", "amount"], key="reference_name")
    fields = ["name", "kind", "prepayment_of"]
    requests = {row["name"]: row for row in load_rows("Payment Request", {row["parent"] for row in rows}, fields)}
    prepaid = sums(
        (row["reference_name"], decimal_of(row["amount"])) for row in rows if _is_prepayment(requests[row["parent"]])
    )
    return {name: {"prepaid": amount} for name, amount in prepaid.items()}


def _is_prepayment(request: Row) -> bool:
    return request["kind"] == "Prepayment" or (request["kind"] == "Return Credit" and bool(request["prepayment_of"]))


def load_payment_heads(names: Iterable[str]) -> dict[str, Row]:
    """Return which payments are submitted."""
    return {row["name"]: row for row in load_rows("Payment Entry", names, ["name", "docstatus"])}


def load_account_roles(companies: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the accounts of companies by role (field of Company); gifts without one of their own cost promotion."""
    meta = frappe.get_meta("Company")
    roles = [field.fieldname for field in meta.fields if field.fieldtype == "Link" and field.options == "Account"]
    rows = load_rows("Company", companies, ["name", "default_currency", *roles])
    gifts = {row["name"]: row["gift_account"] or row["promotion_account"] for row in rows}
    return {
        row["name"]: {
            **{role: row[role] for role in roles if row[role]},
            **({"gift_account": gifts[row["name"]]} if gifts[row["name"]] else {}),
            "": row["default_currency"],
        }
        for row in rows
    }
