"""Controller of the DocType Version."""

from frappe_engine.documents.versions import get_diff

from frappe.model.document import Document

__all__ = ["Version", "get_diff"]


class Version(Document):
    """What changed in a document, field by field."""
