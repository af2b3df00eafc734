"""What customers may owe and what they have ordered on account.

Invariant: a limit that decides is read while its customer is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, lock_rows
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]


def load_watched_customers() -> dict[str, tuple[str, float, str, int, str, int]]:
    """Return list, credit limit, payment terms, days to pay, and what happens when overdue (with its days) by customer.

    Customers that have none of these are left out.
    """
    either = [
        ["buyer_list", "is", "set"],
        ["credit_limit", ">", 0],
        ["payment_terms", "is", "set"],
        ["payment_terms_days", ">", 0],
        ["overdue_policy", "is", "set"],
    ]
    fields = ["name", "buyer_list", "credit_limit", "payment_terms", "payment_terms_days", *_OVERDUE]
    return {
        row.name: (
            row.buyer_list or "",
            float(row.credit_limit or 0),
            row.payment_terms or "",
            int(row.payment_terms_days or 0),
            *_overdue_of(row),
        )
        for row in frappe.get_all("Customer", fields=fields, or_filters=either)
    }


_OVERDUE = ("overdue_policy", "overdue_grace_days")


def _overdue_of(row: Any) -> tuple[str, int]:
    return row.overdue_policy or "", int(row.overdue_grace_days or 0)


def load_overdue_policy(doctype: str, name: str) -> tuple[str, int]:
    """Return what a company or payment terms say happens when instalments are overdue, and after how many days (cached)."""
    return _overdue_of(frappe.get_cached_doc(doctype, name))


def load_overdue(company: str, customers: Sequence[str], today: date) -> dict[str, list[tuple[str, date, Decimal]]]:
    """Return the instalments of customers that were due before a day and are unpaid, as (order, day, amount), by customer."""
    filters: list[list[Any]] = [
        ["company", "=", company],
        ["customer", "in", list(customers)],
        ["due_date", "is", "set"],  # a comparison alone finds those without a day, too
        ["due_date", "<", today],
        ["outstanding_amount", ">", 0],
    ]
    found: dict[str, list[tuple[str, date, Decimal]]] = {}
    for row in frappe.get_all(
        "Order Instalment", filters, ["sales_order", "customer", "due_date", "outstanding_amount"]
    ):
        one = (row.sales_order, frappe.utils.getdate(row.due_date), decimal_of(row.outstanding_amount))
        found.setdefault(row.customer, []).append(one)
    return found


def load_credit_limits(customers: Sequence[str], *, lock: bool = False) -> dict[str, Decimal]:
    """Return the credit limits of customers, locked where asked."""
    if lock:
        rows = lock_rows("Customer", customers, ["credit_limit"])
        return {name: decimal_of(row["credit_limit"]) for name, row in rows.items()}
    found = load_rows("Customer", customers, ["name", "credit_limit"])
    return {row["name"]: decimal_of(row["credit_limit"]) for row in found}


def load_orders_on_account(company: str, customers: Sequence[str], statuses: Iterable[str]) -> list[Row]:
    """Return accepted orders on account of customers in the given statuses."""
    filters = {
        "docstatus": 1,
        "company": company,
        "customer": ("in", list(customers)),
        "payment_state": "On Account",
        "status": ("in", list(statuses)),
    }
    fields = ["name", "customer", "grand_total", "refunded_amount", "delivered_percent", "exceptions"]
    return list(frappe.get_all("Sales Order", filters, fields))
