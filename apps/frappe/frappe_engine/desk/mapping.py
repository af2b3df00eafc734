"""New documents mapped from others by functions of apps, for "Create" buttons.

Invariant: the mapping function is whitelisted, so it checks rights as any other call does.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.hooks import get_attr, get_hooks
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import is_whitelisted, whitelist
from frappe_engine.documents.incoming import json_parameter
from frappe_engine.kit.attrdict import _dict


@whitelist()
def make_mapped_doc(method: str, source_name: Any, selected_children: Any = None, args: Any = None) -> Any:
    """Give the unsaved document that a mapping function makes of a stored one."""
    function = _function(method)
    flags = current().flags
    flags.selected_children = json_parameter({"v": selected_children}, "v", (dict, list)) or None
    if args:
        flags.args = _dict(json_parameter({"args": args}, "args", (dict,)) or {})
    try:
        return function(source_name)
    finally:
        flags.selected_children = None


@whitelist()
def map_docs(method: str, source_names: Any, target_doc: Any, args: Any = None) -> Any:
    """Give an unsaved document that a mapping function fills from several stored ones."""
    function = _function(method)
    names = json_parameter({"source_names": source_names}, "source_names", (list,)) or []
    more = json_parameter({"args": args}, "args", (dict,)) if args else None
    for name in names:
        target_doc = function(name, target_doc, _dict(more)) if more else function(name, target_doc)
    return target_doc


def _function(path: str) -> Any:
    overrides = get_hooks("override_whitelisted_methods", {})
    if isinstance(overrides, dict) and overrides.get(path):
        path = str(overrides[path][-1])
    if "." not in path:
        throw(_("Failed to get method for command {0}").format(path[:140]))
    try:
        function = get_attr(path)
    except (AttributeError, ImportError, ValueError):
        throw(_("Failed to get method for command {0}").format(path[:140]))
    is_whitelisted(function, current().session.user)
    return function
