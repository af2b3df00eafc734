"""Renaming documents."""

from frappe_engine.documents.rename import rename_doc

__all__ = ["rename_doc"]
