"""Trees of documents: the nodes below a node, adding one.

Invariant: only nodes the user may read.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DataError
from frappe_engine.context.hooks import get_attr
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import is_whitelisted, whitelist
from frappe_engine.documents.document import new_doc
from frappe_engine.documents.incoming import check_doctype, fitting
from frappe_engine.documents.listing import get_list
from frappe_engine.kit.numbers import cint, sbool
from frappe_engine.kit.text import scrub
from frappe_engine.schema.meta import Meta

MOST_NODES = 2000


@whitelist()
def get_children(doctype: str, parent: str = "", include_disabled: Any = False, **filters: Any) -> list[Any]:
    """Give the nodes right below `parent` (the roots when it is empty): `value`, `title`, `expandable`."""
    meta = check_doctype(doctype)
    return children_of(
        meta, parent, include_disabled=bool(sbool(include_disabled)), root=bool(sbool(filters.get("is_root")))
    )


def parent_field(meta: Meta) -> str:
    """Give the field that points at the parent node. Raises `DataError` when the DocType is no tree."""
    name = str(meta.nsm_parent_field or f"parent_{scrub(meta.name)}")
    if not meta.has_field(name):
        throw(_("{0} is not a tree").format(_(meta.name)), DataError)
    return name


def children_of(meta: Meta, parent: str, *, include_disabled: bool = False, root: bool = False) -> list[Any]:
    """Give the nodes right below a node."""
    column = parent_field(meta)
    filters: list[Any] = [
        [meta.name, column, "=", "" if root or parent == meta.name else parent],
        [meta.name, "docstatus", "<", 2],
    ]
    if meta.has_field("disabled") and not include_disabled:
        filters.append([meta.name, "disabled", "=", 0])
    title = meta.title_field if meta.title_field in meta.column_types else "name"
    group = "is_group" if meta.has_field("is_group") else None
    fields = ["name as value", f"{title} as title", *([f"{group} as expandable"] if group else [])]
    rows = get_list(meta.name, fields=fields, filters=filters, order_by="name asc", page_length=MOST_NODES)
    if group is None:
        _mark_expandable(meta, column, rows)
    return list(rows)


def _mark_expandable(meta: Meta, column: str, rows: list[Any]) -> None:
    """A tree without groups: a node can be opened when something lies below it."""
    names = [row.value for row in rows]
    parents: set[str] = set()
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        marks = ", ".join("?" * len(part))
        query = f"SELECT DISTINCT `{column}` FROM `tab{meta.name}` WHERE `{column}` IN ({marks})"
        parents |= {row[0] for row in current().db.rows(query, part)}
    for row in rows:
        row["expandable"] = int(row.value in parents)


@whitelist()
def get_all_nodes(doctype: str, label: str = "", parent: str = "", tree_method: str = "", **filters: Any) -> list[Any]:
    """Give all nodes below one, level by level: `parent` and its `data`."""
    meta = check_doctype(doctype)
    method = _method(tree_method)
    found: list[Any] = []
    waiting = [label or parent]
    while waiting and len(found) < MOST_NODES:
        node = waiting.pop(0)
        data = (
            method(doctype, node, **{k: v for k, v in filters.items() if k != "cmd"})
            if method
            else children_of(meta, node)
        )
        found.append({"parent": node, "data": data})
        waiting += [row["value"] for row in data if cint(row.get("expandable"))]
    return found


def _method(path: str) -> Any:
    if not path or path.endswith("treeview.get_children"):
        return None
    try:
        function = get_attr(path)
    except (AttributeError, ImportError, ValueError):
        throw(_("Failed to get method for command {0}").format(path[:140]))
    is_whitelisted(function, current().session.user)
    return function


@whitelist()
def add_node() -> Any:
    """Make a node from the parameters (`doctype`, `parent`, `is_group`, fields)."""
    parameters = current().form_dict
    meta = check_doctype(parameters.get("doctype"))
    values = {
        key: value for key, value in parameters.items() if key not in ("cmd", "doctype", "parent", "is_root", "flags")
    }
    column = parent_field(meta)
    document = new_doc(meta.name, **fitting(values, meta))
    parent = parameters.get("parent")
    if not document.get(column):
        document.set(column, None if sbool(parameters.get("is_root")) or parent == meta.name else parent)
    document.save()
    return None
