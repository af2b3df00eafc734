"""DocTypes as the engine sees them."""

from frappe_engine.documents.metas import get_meta, load_meta
from frappe_engine.schema.meta import Meta

__all__ = ["Meta", "get_meta", "load_meta"]
