"""Trees."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.trees import add_node, children_of, get_all_nodes, get_children, parent_field

import frappe

__all__ = ["add_node", "get_all_nodes", "get_children", "make_tree_args"]


def _get_children(
    doctype: str, parent: str = "", ignore_permissions: bool = False, include_disabled: bool = False
) -> list[Any]:
    """Give the nodes right below one."""
    return children_of(frappe.get_meta(doctype), parent, include_disabled=include_disabled)


def make_tree_args(**kwargs: Any) -> Any:
    """Give the values of a new node from what a tree sends: the parent goes into the field that holds it."""
    values = frappe._dict({key: value for key, value in kwargs.items() if key not in ("cmd", "flags")})
    doctype = values.get("doctype")
    field = parent_field(frappe.get_meta(doctype))
    if values.get("is_root") in ("true", True, 1, "1"):
        values[field] = None
    else:
        values[field] = values.get(field) or values.get("parent")
    values.pop("parent", None)
    return values
