"""Documents that link to a document."""

from frappe_engine.desk.connections import cancel_all_linked_docs, get_linked_doctypes, get_submitted_linked_docs
from frappe_engine.desk.connections import get_linked_docs as get
from frappe_engine.desk.connections import get_linked_docs as get_linked_docs

__all__ = ["cancel_all_linked_docs", "get", "get_linked_docs", "get_linked_doctypes", "get_submitted_linked_docs"]
