"""Fields that conditions of rules may name, with the words by which people know them.

Invariant: rules keep names of fields; everywhere a person reads one it is its label in their language, custom fields included.
"""

from __future__ import annotations

import frappe

from ec_erp.orders.rules import conditions

_HOLDS_NOTHING = ("Table", "Table MultiSelect", "Attach", "Attach Image", "HTML", "Button")


def labels_of_fields() -> dict[str, dict[str, str]]:
    """Return, by scope, the label of each field that a condition may name; fields that share one say their names, too."""
    return {scope: _labels(scope) for scope in conditions.SCOPES}


def label_of(scope: str, field: str) -> str:
    """Return the label of a field in the user's language, its name where it has none."""
    return _labels(scope).get(field) or field if scope in conditions.SCOPES else field


def fields_like(text: str, scope: str) -> list[dict[str, str]]:
    """Return ``{value, label, description}`` of the fields of a scope whose label or name has a text in it, by label."""
    wanted = text.strip().casefold()
    found = [
        {"value": field, "label": label, "description": field}
        for field, label in _labels(scope).items()
        if wanted in label.casefold() or wanted in field.casefold()
    ]
    return sorted(found, key=lambda one: (not one["label"].casefold().startswith(wanted), one["label"]))


def _labels(scope: str) -> dict[str, str]:
    doctype = conditions.DOCTYPE_OF_SCOPE.get(scope)
    if doctype is None:
        return {field: str(frappe._(label)) for field, label in conditions.CALCULATED_LABELS.items()}
    meta = frappe.get_meta(doctype)
    stored = set(meta.get_valid_columns())
    fields = [field for field in meta.fields if field.fieldname in stored and field.fieldtype not in _HOLDS_NOTHING]
    named = {"name": str(frappe._(doctype))}
    named |= {field.fieldname: str(frappe._(field.label or field.fieldname)) for field in fields}
    labels = list(named.values())
    return {name: f"{label} ({name})" if labels.count(label) > 1 else label for name, label in named.items()}
