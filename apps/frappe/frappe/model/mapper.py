"""New documents made from others."""

from frappe_engine.desk.mapping import make_mapped_doc, map_docs
from frappe_engine.documents.copying import get_mapped_doc, map_doc, map_fields

__all__ = ["get_mapped_doc", "make_mapped_doc", "map_doc", "map_docs", "map_fields"]
