"""Texts of documents that apps ship as JSON, by another name."""

from frappe.gettext.extractors.doctype import extract

__all__ = ["extract"]
