"""DocType definitions: how JSON, custom fields and property setters become one `Meta`, and `Meta` a table.

Invariant: pure. No database, no context; the same input gives the same `Meta`.
"""

from frappe_engine.schema.compile import compile_meta
from frappe_engine.schema.meta import DocField, Meta

__all__ = ["DocField", "Meta", "compile_meta"]
