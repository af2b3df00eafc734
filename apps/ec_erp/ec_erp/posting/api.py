"""What forms ask of payments. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import fmt_money

from ec_erp.documents.requests import number_in, rows_in
from ec_erp.kernel.numbers import ZERO
from ec_erp.posting.flows import payments


@frappe.whitelist()
def propose_allocation(
    reference_doctype: str,
    reference_name: str,
    payment_type: str,
    paid_amount: float | str = 0,
    allocated: float | str = 0,
) -> dict[str, float]:
    """Return ``{total_amount, outstanding_amount, allocated_amount}`` of a document that a payment is for.

    ``allocated`` is what the payment's other documents have. Empty for documents that such a payment does not pay. Raises
    ``frappe.PermissionError`` for those who may not read the document.
    """
    frappe.has_permission(reference_doctype, "read", doc=reference_name, throw=True)
    paid = number_in(paid_amount, "Paid Amount")
    rest = max(ZERO, paid - number_in(allocated, "Allocated Amount")) if paid else None
    return payments.propose((reference_doctype, reference_name), payment_type, rest)


@frappe.whitelist()
def propose_allocations(
    payment_type: str, references: str | list[dict[str, Any]], paid_amount: float | str = 0
) -> list[dict[str, float]]:
    """Return for each document ``{total_amount, outstanding_amount, allocated_amount, open_amount}``.

    ``references`` are ``{reference_doctype, reference_name, allocated_amount}``, the amount None where nobody typed it: such
    documents share what is left of the payment in their order. Raises ``frappe.PermissionError`` for those who may not read
    one of them.
    """
    rows = rows_in(references)
    at = [(str(row.get("reference_doctype") or ""), str(row.get("reference_name") or "")) for row in rows]
    for doctype, name in at:
        frappe.has_permission(doctype, "read", doc=name, throw=True)
    typed = [_typed(row.get("allocated_amount")) for row in rows]
    return payments.propose_all(payment_type, number_in(paid_amount, "Paid Amount"), at, typed)


def _typed(amount: Any) -> Decimal | None:
    return None if amount is None else number_in(amount, "Allocated Amount")


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def payable_documents(
    doctype: str,
    txt: str,
    searchfield: str,  # noqa: ARG001  part of how link fields ask
    start: int,
    page_len: int,
    filters: dict[str, Any],
) -> list[tuple[str, str]]:
    """Return documents that a payment can still be for (a query of link fields): name, and what is open of it.

    ``filters`` hold ``payment_type`` and ``currency`` beside conditions on the documents.
    """
    conditions = dict(filters or {})
    kind, currency = str(conditions.pop("payment_type", "")), conditions.pop("currency", None)
    found = payments.open_documents(doctype, kind, conditions, txt, int(start), int(page_len))
    return [(name, _("{0} open").format(fmt_money(amount, currency=currency))) for name, amount in found]
