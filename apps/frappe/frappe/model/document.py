"""Documents."""

from frappe_engine.documents.base import BaseDocument
from frappe_engine.documents.controllers import get_controller
from frappe_engine.documents.document import (
    Document,
    bulk_insert,
    get_doc,
    get_lazy_doc,
    read_only_document,
)

__all__ = ["BaseDocument", "Document", "bulk_insert", "get_controller", "get_doc", "get_lazy_doc", "read_only_document"]
