"""Reading and locking the documents that payments are for.

Invariant: what was settled counts submitted payments only; one that is looked at is left out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.posting.rules.payment import PAYABLE, OpenDocument, Reference

_REQUEST, _ORDER = "Payment Request", "Purchase Order"
_CANCELLED = "Cancelled"
_NEWEST = 500
_SALE, _COLLECTED, _DEPOSIT, _RETURNED = "Sales Order", "Cash on Delivery", "Deposit", "Returned"

_SETTLED = """
    SELECT paid.parent, paid.reference_doctype, paid.reference_name, paid.allocated_amount, entry.payment_type
    FROM `tabPayment Entry Reference` paid JOIN `tabPayment Entry` entry ON entry.name = paid.parent
    WHERE paid.reference_name IN %(names)s AND entry.docstatus = 1
    UNION ALL SELECT name, 'Sales Order', sales_order, grand_total, 'Returned' FROM `tabDelivery Note`
    WHERE sales_order IN %(names)s AND docstatus = 1 AND is_return = 1
"""


def load_documents(
    references: Iterable[Reference], besides: Sequence[str] = (), *, lock: bool = False
) -> dict[Reference, OpenDocument]:
    """Return documents that are paid, locked in the order of their names where asked; unknown ones are left out."""
    wanted = sorted(set(references))
    rows: dict[Reference, Any] = {}
    for doctype in sorted({kind for kind, _ in wanted if kind in PAYABLE}):
        names = [name for kind, name in wanted if kind == doctype]
        rows |= {(doctype, name): row for name, row in _rows(doctype, names, _fields(doctype), lock=lock).items()}
    settled, returned = _load_settled(wanted, besides)  # after the locks, so that nobody settles the same meanwhile
    return {at: _document(at, row, settled.get(at, ZERO), returned.get(at, ZERO)) for at, row in rows.items()}


def find_payable(doctype: str, filters: Mapping[str, Any], text: str) -> list[str]:
    """Return the newest documents in force that the user may read, with the text in their names; at most 500."""
    in_force = {"status": ["!=", _CANCELLED]} if doctype == _REQUEST else {"docstatus": 1}
    named = {"name": ["like", f"%{text}%"]} if text else {}
    return list(
        frappe.get_list(
            doctype, {**filters, **in_force, **named}, pluck="name", order_by="creation desc", limit_page_length=_NEWEST
        )
    )


def _fields(doctype: str) -> list[str]:
    total = ["amount", "paid_amount"] if doctype == _REQUEST else ["grand_total"]
    collected = ["payment_type", "carrier", "refunded_amount", "instalment_state"] if doctype == _SALE else []
    return ["company", "docstatus", "status", PAYABLE[doctype][0].lower(), *total, *collected]


def _document(at: Reference, row: Mapping[str, Any], settled: Decimal, returned: Decimal) -> OpenDocument:
    """Return a document that is paid; a request is not submitted, and knows itself what was paid of it."""
    party, company = row[PAYABLE[at[0]][0].lower()], row["company"]
    if at[0] == _SALE and row["payment_type"] == _COLLECTED and row["carrier"]:
        party = row["carrier"]  # who is to collect it owes it
    if at[0] == _REQUEST:
        total, paid = decimal_of(row["amount"]), decimal_of(row["paid_amount"])
        return OpenDocument(at, party, company, row["status"] != _CANCELLED, total, paid)
    due = decimal_of(row["grand_total"]) - decimal_of(row.get("refunded_amount"))
    due = max(ZERO, due - returned) if returned else due
    in_parts = bool(row.get("instalment_state")) or row.get("payment_type") == _DEPOSIT
    submitted = int(row["docstatus"]) == 1
    return OpenDocument(at, party, company, submitted, due, settled, in_parts, returned)


def _rows(doctype: str, names: Sequence[str], fields: Sequence[str], *, lock: bool) -> Mapping[str, Any]:
    if lock:
        return lock_rows(doctype, names, fields)
    return {row["name"]: row for row in load_rows(doctype, names, ["name", *fields])}


def _load_settled(
    references: Sequence[Reference], besides: Sequence[str]
) -> tuple[dict[Reference, Decimal], dict[Reference, Decimal]]:
    """Return what submitted payments have settled per document (received less paid back, or paid less returned), and what
    sales orders were credited for goods that came back."""
    if not references:
        return {}, {}
    orders = _load_orders_of_requests([name for kind, name in references if kind == _ORDER])
    names = sorted({*(name for _, name in references), *orders})
    totals: dict[Reference, Decimal] = {}
    returned: dict[Reference, Decimal] = {}
    for found in frappe.db.sql(_SETTLED, {"names": tuple(names)}, as_dict=True):
        at = (found["reference_doctype"], found["reference_name"])
        if found["payment_type"] == _RETURNED:  # no payment: goods that came back
            returned[at] = returned.get(at, ZERO) + decimal_of(found["allocated_amount"])
            continue
        at = (_ORDER, orders[at[1]]) if at[0] == _REQUEST and at[1] in orders else at
        if found["parent"] in besides or at[0] not in PAYABLE:
            continue
        amount = decimal_of(found["allocated_amount"])
        totals[at] = totals.get(at, ZERO) + (amount if found["payment_type"] == PAYABLE[at[0]][1] else -amount)
    return totals, returned


def _load_orders_of_requests(orders: Sequence[str]) -> dict[str, str]:
    """Return the order of every payment request that belongs to one: what pays the request pays the order."""
    rows = load_rows(_REQUEST, orders, ["name", "purchase_order"], key="purchase_order")
    return {row["name"]: row["purchase_order"] for row in rows}


def write_payments(values: Mapping[str, dict[str, Any]]) -> None:
    """Write fields of payments that have been posted or cancelled."""
    update_rows("Payment Entry", values, touch=False)
