"""Tables of DocTypes for the query builder."""

from frappe.query_builder import DocType

__all__ = ["DocType"]
