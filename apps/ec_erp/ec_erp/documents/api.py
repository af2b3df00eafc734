"""Endpoints about any document; their dotted paths are a public contract."""

from __future__ import annotations

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.documents.in_use import problems_of_disabling


@frappe.whitelist()
def get_in_use(doctype: str, name: str) -> list[str]:
    """Return what stands in the way of disabling a document, as sentences with links (HTML); empty where nothing does."""
    frappe.get_doc(doctype, name).check_permission("write")
    return [text_of(one) for one in problems_of_disabling(doctype, name)]
