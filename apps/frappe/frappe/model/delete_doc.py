"""Deleting documents."""

from frappe_engine.documents.deletion import delete_doc

__all__ = ["delete_doc"]
