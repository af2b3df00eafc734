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

_FIELDS = ("company", "docstatus", "grand_total")


def load_documents(
    references: Iterable[Reference], besides: Sequence[str] = (), *, lock: bool = False
) -> dict[Reference, OpenDocument]:
    """Return documents that are paid, locked in the order of their names where asked; unknown ones are left out."""
    wanted = sorted(set(references))
    settled = _load_settled(wanted, besides)
    found = {}
    for doctype in sorted({kind for kind, _ in wanted if kind in PAYABLE}):
        names = [name for kind, name in wanted if kind == doctype]
        party_field = PAYABLE[doctype][0].lower()
        for name, row in _rows(doctype, names, (*_FIELDS, party_field), lock=lock).items():
            at = (doctype, name)
            found[at] = OpenDocument(
                at,
                row[party_field],
                row["company"],
                int(row["docstatus"]) == 1,
                decimal_of(row["grand_total"]),
                settled.get(at, ZERO),
            )
    return found


def _rows(doctype: str, names: Sequence[str], fields: Sequence[str], *, lock: bool) -> Mapping[str, Any]:
    if lock:
        return lock_rows(doctype, names, fields)
    return {row["name"]: row for row in load_rows(doctype, names, ["name", *fields])}


def _load_settled(references: Sequence[Reference], besides: Sequence[str]) -> dict[Reference, Decimal]:
    """Return what submitted payments have settled per document: received less paid back, or paid less returned."""
    names = sorted({name for _, name in references})
    if not names:
        return {}
    row, entry = frappe.qb.DocType("Payment Entry Reference"), frappe.qb.DocType("Payment Entry")
    query = (
        frappe.qb.from_(row)
        .join(entry)
        .on(entry.name == row.parent)
        .select(row.parent, row.reference_doctype, row.reference_name, row.allocated_amount, entry.payment_type)
        .where(row.reference_name.isin(names))
        .where(entry.docstatus == 1)
    )
    totals: dict[Reference, Decimal] = {}
    for found in query.run(as_dict=True):
        at = (found["reference_doctype"], found["reference_name"])
        if found["parent"] in besides or at[0] not in PAYABLE:
            continue
        amount = decimal_of(found["allocated_amount"])
        totals[at] = totals.get(at, ZERO) + (amount if found["payment_type"] == PAYABLE[at[0]][1] else -amount)
    return totals


def write_payments(values: Mapping[str, dict[str, Any]]) -> None:
    """Write fields of payments that have been posted or cancelled."""
    update_rows("Payment Entry", values, touch=False)
