"""New documents made from others."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.mapping import make_mapped_doc, map_docs
from frappe_engine.documents.copying import get_mapped_doc, map_doc, map_fields

__all__ = ["get_mapped_doc", "make_mapped_doc", "map_child_doc", "map_doc", "map_docs", "map_fields"]


def map_child_doc(source_d: Any, target_parent: Any, table_map: Any, source_parent: Any = None) -> Any:
    """Append a row made from another to the table of the target that has rows of its kind; give the new row."""
    doctype = table_map["doctype"]
    own = target_parent.meta.get_field(source_d.parentfield) if source_d.get("parentfield") else None
    tables = [field.fieldname for field in target_parent.meta.get_table_fields() if field.options == doctype]
    fieldname = own.fieldname if own is not None and own.options == doctype else tables[0]
    row = target_parent.append(fieldname, {})
    map_doc(source_d, row, table_map, source_parent)
    return row
