"""How the list of a DocType looks for everybody.

Invariant: changing it takes the right to write its settings.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_last_message
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype, fitting, json_parameter
from frappe_engine.documents.metas import get_meta

DOCTYPE = "List View Settings"


@whitelist()
def get_list_settings(doctype: str) -> Any:
    """Give the settings of a list, None when there are none."""
    try:
        return get_doc(DOCTYPE, doctype)
    except DoesNotExistError:
        clear_last_message()
        return None


@whitelist()
def set_list_settings(doctype: str, values: Any) -> None:
    """Keep the settings of a list."""
    check_doctype(doctype)
    given = fitting(json_parameter({"values": values}, "values", (dict,)) or {}, get_meta(DOCTYPE))
    document = get_list_settings(doctype)
    if document is None:
        document = get_doc({"doctype": DOCTYPE, "name": doctype})
        document.update(given)
        document.insert(set_name=doctype)
        return
    document.update({key: value for key, value in given.items() if key != "name"})
    document.save()


@whitelist()
def get_default_listview_fields(doctype: str) -> list[str]:
    """Give the columns a list has by its DocType's definition."""
    meta = check_doctype(doctype)
    return [field.fieldname for field in meta.fields if field.get("in_list_view") and field.get("fieldname")]


@whitelist()
def save_listview_settings(doctype: str, listview_settings: Any, removed_listview_fields: Any = None) -> Any:
    """Keep the columns of a list; give the DocType's fields and the settings."""
    settings = json_parameter({"v": listview_settings}, "v", (dict,)) or {}
    if isinstance(settings.get("fields"), list):
        settings["fields"] = json.dumps(settings["fields"])
    set_list_settings(doctype, settings)
    return {"meta": get_meta(doctype).as_dict(no_nulls=True), "listview_settings": get_list_settings(doctype)}


def saved_filters(doctype: str) -> list[Any]:
    """Give the filters that the one who asks, or everybody, has saved for a list."""
    rows = current().db.rows(
        "SELECT `name`, `filter_name`, `for_user`, `filters` FROM `tabList Filter` WHERE `reference_doctype` = ?"
        " AND (IFNULL(`for_user`, '') = '' OR `for_user` = ?) ORDER BY `filter_name`",
        (doctype, current().session.user),
    )
    return [dict(zip(("name", "filter_name", "for_user", "filters"), row, strict=True)) for row in rows]
