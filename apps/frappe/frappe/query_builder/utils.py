"""Tables of DocTypes for the query builder."""

from pypika.terms import PseudoColumn

from frappe.query_builder import DocType

__all__ = ["DocType", "PseudoColumn"]
