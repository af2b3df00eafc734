"""Trees whose nodes conditions of rules may name, so that a rule on a category holds for all below it.

Invariant: nothing is read where no condition looks into a tree; one query per tree.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ec_erp.orders import store
from ec_erp.orders.rules import conditions
from ec_erp.orders.rules.conditions import Condition


def nodes_above(wanted: Iterable[Condition]) -> dict[tuple[str, str], list[str]]:
    """Return the nodes of the trees that conditions name, each with all above it, by field and case-folded name."""
    fields = {(one.scope, one.field) for one in wanted if one.operator in conditions.TREE_OPERATORS}
    found: dict[tuple[str, str], list[str]] = {}
    for scope, field in fields:
        tree = tree_of(scope, field)
        for name, nodes in store.load_tree(tree).items() if tree else ():
            found[field, name.casefold()] = nodes
    return found


def tree_of(scope: str, field: str) -> str:
    """Return the tree that a field's values are nodes of, empty for every other field."""
    doctype = conditions.DOCTYPE_OF_SCOPE.get(scope)
    docfield = frappe.get_meta(doctype).get_field(field) if doctype else None
    linked = docfield.options if docfield and docfield.fieldtype == "Link" else ""
    return linked if linked and frappe.get_meta(linked).get("is_tree") else ""
