"""Parameters of calls that are objects or lists, as JSON text or as they are.

Invariant: what is of another kind is refused with a message that names the parameter.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.incoming import json_parameter

import frappe


def dict_parameter(value: Any, name: str) -> Any:
    """Give an object as a dict with attributes, an empty one for nothing. Raises `ValidationError`."""
    return frappe._dict(json_parameter({name: value}, name, (dict,)) or {})


def list_parameter(value: Any, name: str, of: type | None = None) -> list[Any]:
    """Give a list, an empty one for nothing; with `of` its entries must be of that kind. Raises `ValidationError`."""
    found = list(json_parameter({name: value}, name, (list,)) or [])
    if of is not None and not all(isinstance(entry, of) for entry in found):
        frappe.throw(frappe._("Parameter {0} must be JSON: {1}").format(name, frappe._("list")))
    return found
