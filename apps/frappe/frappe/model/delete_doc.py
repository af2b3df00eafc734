"""Deleting documents, and what stands in the way of it."""

from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.links import check_no_links
from frappe_engine.documents.pointing import get_dynamic_linked_docs, get_linked_docs

__all__ = ["check_if_doc_is_linked", "delete_doc", "get_dynamic_linked_docs", "get_linked_docs"]

check_if_doc_is_linked = check_no_links
