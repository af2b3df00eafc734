"""Failures of the catalog area."""

import frappe

from ec_erp.documents.errors import DocumentRefused


class UnknownSku(DocumentRefused, frappe.LinkValidationError):
    """A document names a SKU that is not in the catalog."""


class DisabledSku(DocumentRefused):
    """A document names a SKU that has been switched off."""
