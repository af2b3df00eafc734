"""DocTypes as the desk draws them: fields, rights, states, links, the dashboard of connections, addresses of scripts.

Invariant: the definition of a DocType is made into a plain dict once per change; nothing in it depends on the user.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any
from weakref import WeakKeyDictionary

from frappe_engine.context.errors import PermissionError
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.scripts import script_urls
from frappe_engine.desk.user_settings import load_settings
from frappe_engine.documents.controllers import doctype_module_path
from frappe_engine.documents.incoming import check_doctype
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint
from frappe_engine.schema.meta import Meta

ROWS = ("fields", "permissions", "links", "actions", "states")
BOOKKEEPING = frozenset(
    {"owner", "creation", "modified", "modified_by", "docstatus", "parent", "parentfield", "parenttype"}
    | {"_user_tags", "_comments", "_assign", "_liked_by", "migration_hash"}
)
_plain: WeakKeyDictionary[Meta, dict[str, Any]] = WeakKeyDictionary()


@whitelist()
def getdoctype(doctype: str, with_parent: Any = False, cached_timestamp: Any = None) -> Any:
    """Give a DocType with those of its rows, and the user's settings for it; they go under `docs`."""
    context = current()
    meta = check_doctype(doctype)
    if context.session.user == "Guest":
        throw(_("Not permitted"), PermissionError)
    if cached_timestamp and str(cached_timestamp) == str(meta.modified):
        return "use_cache"
    if cint(with_parent):
        context.response.docs.extend(parents_of(meta))
    context.response.docs.extend(bundle(meta))
    context.response["user_settings"] = load_settings(meta.name)
    return None


def bundle(meta: Meta) -> list[dict[str, Any]]:
    """Give a DocType and those of its rows, with the addresses of their scripts."""
    children = [get_meta(name) for name in dict.fromkeys(meta.table_doctypes.values())]
    return [described(item) for item in (meta, *children)]


def parents_of(meta: Meta) -> list[dict[str, Any]]:
    """Give the DocType whose rows `meta` describes, when it describes rows of one."""
    if not meta.istable:
        return []
    rows = current().db.rows(
        "SELECT DISTINCT `parent` FROM `tabDocField` WHERE `fieldtype` IN ('Table', 'Table MultiSelect') AND `options` = ?"
        " AND `parenttype` = 'DocType' ORDER BY `parent` LIMIT 1",
        (meta.name,),
    )
    return [described(get_meta(row[0])) for row in rows]


def described(meta: Meta) -> dict[str, Any]:
    """Give one DocType as the desk draws it."""
    known = _plain.get(meta)
    if known is None:
        known = _plain[meta] = _as_plain(meta)
    return {**known, **script_urls(meta), "__workflow_docs": list(providers("workflow_docs", meta.name))}


def _as_plain(meta: Meta) -> dict[str, Any]:
    values = meta.as_dict(no_nulls=True)
    plain = {key: value for key, value in values.items() if key not in BOOKKEEPING and key not in ROWS}
    for name in ROWS:
        plain[name] = [_plain_row(row, name) for row in values.get(name) or ()]
    plain["doctype"] = "DocType"
    plain["modified"] = str(meta.modified)
    plain["__dashboard"] = dashboard_of(meta)
    plain["__assets_loaded"] = True
    return plain


def _plain_row(row: Any, table: str) -> dict[str, Any]:
    kept = {key: value for key, value in row.items() if key not in BOOKKEEPING and value not in (None, "", 0)}
    if table == "fields":
        kept["parent"] = row.get("parent")
    kept["doctype"] = {"fields": "DocField", "permissions": "DocPerm", "links": "DocType Link"}.get(
        table, row.get("doctype")
    )
    return {key: value for key, value in kept.items() if value is not None}


def dashboard_of(meta: Meta) -> dict[str, Any]:
    """Give what is shown as connected: `get_data()` of `<doctype>_dashboard.py`, overridden by hooks, then links."""
    data = _dict(_dashboard_data(meta))
    overrides = get_hooks("override_doctype_dashboards", {})
    for path in overrides.get(meta.name, ()) if isinstance(overrides, dict) else ():
        data = _dict(hook_function(path)(data=data) or data)
    data.setdefault("non_standard_fieldnames", {})
    data.setdefault("internal_links", {})
    data["transactions"] = [dict(group) for group in data.get("transactions") or ()]
    _add_links(meta, data)
    return {key: value for key, value in data.items() if value is not None}


def _dashboard_data(meta: Meta) -> dict[str, Any]:
    if meta.custom or not meta.module:
        return {}
    try:
        path = doctype_module_path(meta.name, meta.module, suffix="_dashboard")
        if find_spec(path) is None:
            return {}
    except ModuleNotFoundError:
        return {}
    module = import_module(path)
    return dict(module.get_data()) if hasattr(module, "get_data") else {}


def _add_links(meta: Meta, data: Any) -> None:
    """Links in the DocType's own definition become groups too."""
    for link in meta.links:
        if link.get("hidden") or not link.get("link_doctype"):
            continue
        label = link.get("group") or ""
        groups = data["transactions"]
        group = next((entry for entry in groups if (entry.get("label") or "") == label), None)
        if group is None:
            group = {"label": label, "items": []}
            groups.append(group)
        items = group["items"] = list(group["items"])
        shown = link.get("parent_doctype") or link.link_doctype
        if shown not in items:
            items.append(shown)
        _name_link(link, shown, data)


def _name_link(link: Any, shown: str, data: Any) -> None:
    """Say by which field a link is found: of the other DocType, or of the rows of a table of this one."""
    fieldname = link.get("link_fieldname")
    if not fieldname:
        return
    if link.get("is_child_table"):
        data["internal_links"][shown] = [link.get("table_fieldname"), fieldname]
        data.setdefault("fieldname", fieldname)
    elif not data.get("fieldname"):
        data["fieldname"] = fieldname
    elif fieldname != data["fieldname"]:
        data["non_standard_fieldnames"][shown] = fieldname
