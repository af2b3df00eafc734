"""Failures of the outer-warehouse area."""

import frappe

from ec_erp.documents.errors import DocumentRefused


class ProviderRefused(DocumentRefused):
    """A task, message or setting of an outside provider can't be what it says."""


class WrongSignature(frappe.AuthenticationError):
    """A message is not signed with the provider's secret, or was signed too long ago."""
