"""What forms ask of payments. Dotted paths and parameters are a public contract."""

from __future__ import annotations

import frappe

from ec_erp.kernel.numbers import ZERO, decimal_of
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
    paid = decimal_of(paid_amount)
    rest = max(ZERO, paid - decimal_of(allocated)) if paid else None
    return payments.propose((reference_doctype, reference_name), payment_type, rest)
