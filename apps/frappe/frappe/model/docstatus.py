"""Draft, submitted, cancelled."""

from frappe_engine.documents.docstatus import DocStatus

__all__ = ["DocStatus"]
