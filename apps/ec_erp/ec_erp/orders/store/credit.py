"""What customers may owe and what they have ordered on account.

Invariant: a limit that decides is read while its customer is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, lock_rows
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]


def load_watched_customers() -> dict[str, tuple[str, float, str, int]]:
    """Return list, credit limit, payment terms and days to pay of the customers that have any of these."""
    either = [
        ["buyer_list", "is", "set"],
        ["credit_limit", ">", 0],
        ["payment_terms", "is", "set"],
        ["payment_terms_days", ">", 0],
    ]
    fields = ["name", "buyer_list", "credit_limit", "payment_terms", "payment_terms_days"]
    return {
        row.name: (
            row.buyer_list or "",
            float(row.credit_limit or 0),
            row.payment_terms or "",
            int(row.payment_terms_days or 0),
        )
        for row in frappe.get_all("Customer", fields=fields, or_filters=either)
    }


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
