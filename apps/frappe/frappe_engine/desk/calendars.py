"""Documents with dates, for calendar and Gantt views.

Invariant: only documents the user may read, only fields that exist.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DataError
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype, filter_parameter, fitting, json_parameter
from frappe_engine.documents.listing import check_filter_fields, get_list
from frappe_engine.kit.attrdict import _dict
from frappe_engine.schema.meta import Meta

MOST_EVENTS = 5000


@whitelist()
def get_events(
    doctype: str, start: str, end: str, field_map: Any, filters: Any = None, fields: Any = None
) -> list[Any]:
    """Give the documents that lie between two dates; `field_map` says which fields hold start, end, title, color."""
    meta = check_doctype(doctype)
    names = _field_map(meta, field_map)
    wanted = filter_parameter({"filters": filters}, "filters") or []
    base = wanted if isinstance(wanted, list) else [[doctype, key, "=", value] for key, value in wanted.items()]
    check_filter_fields(doctype, base)
    base = [*base, [doctype, names.start, "<=", end], [doctype, names.end, ">=", start]]
    asked = json_parameter({"fields": fields}, "fields", (list,)) if fields else None
    columns = asked or [names.start, names.end, names.title, "name", names.get("color")]
    columns = [name for name in dict.fromkeys(columns) if name and name in meta.column_types]
    order = f"`{names.start}` asc"
    return list(get_list(doctype, fields=columns, filters=base, order_by=order, page_length=MOST_EVENTS))


def _field_map(meta: Meta, field_map: Any) -> Any:
    found = _dict(json_parameter({"field_map": field_map}, "field_map", (dict,)) or {})
    found.start = found.get("start")
    found.end = found.get("end") or found.start
    found.title = found.get("title") or meta.get_title_field() or "name"
    for name in (found.start, found.end):
        if name not in meta.column_types:
            throw(_("Field not permitted in query: {0}").format(name), DataError)
    if not found.get("color") and meta.has_field("color"):
        found.color = "color"
    return found


@whitelist()
def update_event(args: Any, field_map: Any) -> None:
    """Move an event: set its start and end."""
    values = _dict(json_parameter({"args": args}, "args", (dict,)) or {})
    names = _dict(json_parameter({"field_map": field_map}, "field_map", (dict,)) or {})
    meta = check_doctype(values.get("doctype"))
    document = get_doc(meta.name, values.get("name"))
    changes = {
        names[key]: values.get(names[key])
        for key in ("start", "end")
        if names.get(key) and meta.has_field(str(names[key]))
    }
    document.update(fitting(changes, meta))
    document.save()
