"""Controller of the DocType Property Setter: one property of a DocType, field or row that a site changes.

Invariant: there is one setter per property; the DocType stays one that keeps the rules, and its table follows at once.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents import definitions
from frappe_engine.documents.metas import get_meta, update_table
from frappe_engine.schema.checks import problems_of

import frappe
from frappe import _
from frappe.model.document import Document

# properties by which a table differs
OF_TABLES = frozenset({"fieldtype", "length", "unique", "search_index", "default", "autoname", "track_seen", "options"})
NOT_FOR_ALL = ("DocType", "DocField", "Custom Field", "Property Setter")


class PropertySetter(Document):
    """Changes one property of a DocType or field on this site."""

    def autoname(self) -> None:
        """Name a setter by what it sets."""
        parts = (self.doc_type, self.field_name or self.row_name or "main", self.property)
        self.name = "-".join(str(part or "") for part in parts)

    def validate(self) -> None:
        """Refuse what names nothing; a setter of the same property gives way."""
        if not str(self.property or "").isidentifier():
            frappe.throw(_("{0} can't be the name of a property").format(self.property))
        if self.property in (
            "fieldname",
            "name",
            "parent",
            "doctype",
            "istable",
            "issingle",
            "is_virtual",
            "custom",
            "module",
        ):
            frappe.throw(_("The property {0} can't be changed on a site").format(self.property))
        if self.value is not None and not isinstance(self.value, str):
            self.value = str(int(self.value) if isinstance(self.value, bool) else self.value)
        if self.is_new():
            delete_property_setter(self.doc_type, self.property, self.field_name, self.row_name)

    def on_update(self) -> None:
        """Let the DocType follow; raise when it would break a rule that it kept before."""
        definitions.forget_definition(self.doc_type)
        if not (self.flags.ignore_rules or frappe.flags.in_patch or frappe.flags.in_install):
            self.check_rules()
        if self.property in OF_TABLES and not frappe.flags.in_customize_form:
            update_table(self.doc_type)

    def check_rules(self) -> None:
        """Raise for every rule that the DocType breaks because of this property."""
        meta = get_meta(self.doc_type, cached=False)
        definition = {**meta.as_dict(), "name": self.doc_type}
        found = problems_of(definition, definitions.surroundings_of(self.doc_type))
        if not found:
            return
        without = problems_of(self._without(definition), definitions.surroundings_of(self.doc_type))
        definitions.raise_problems([problem for problem in found if problem not in set(without)])

    def _without(self, definition: dict[str, Any]) -> dict[str, Any]:
        """The definition with the value that the property had before."""
        before = self.get_doc_before_save()
        old = before.value if before is not None else self._standard_value()
        if self.doctype_or_field == "DocType":
            return {**definition, self.property: old}
        rows = [
            {**row, self.property: old} if row.get("fieldname") == self.field_name else row
            for row in definition["fields"]
        ]
        return {**definition, "fields": rows}

    def _standard_value(self) -> Any:
        if self.doctype_or_field == "DocType":
            return (
                frappe.db.get_value("DocType", self.doc_type, self.property) if _has("DocType", self.property) else None
            )
        if not _has("DocField", self.property):
            return None
        return frappe.db.get_value("DocField", {"parent": self.doc_type, "fieldname": self.field_name}, self.property)

    def after_delete(self) -> None:
        """Let the DocType go back to what it was."""
        definitions.forget_definition(self.doc_type)
        if self.property in OF_TABLES and not frappe.flags.in_customize_form:
            update_table(self.doc_type)


def _has(doctype: str, column: str) -> bool:
    return column in frappe.get_meta(doctype).column_types


def make_property_setter(
    doctype: str,
    fieldname: str | None,
    property: str,
    value: Any,
    property_type: str,
    for_doctype: bool = False,
    validate_fields_for_doctype: bool = True,
    is_system_generated: bool = True,
) -> Any:
    """Change a property of a DocType (`for_doctype`) or of one of its fields on this site; give the setter."""
    setter = frappe.get_doc(
        {
            "doctype": "Property Setter",
            "doctype_or_field": "DocType" if for_doctype else "DocField",
            "doc_type": doctype,
            "field_name": fieldname,
            "property": property,
            "value": value,
            "property_type": property_type,
            "is_system_generated": int(is_system_generated),
        }
    )
    setter.flags.ignore_permissions = True
    setter.flags.ignore_rules = not validate_fields_for_doctype
    return setter.insert()


def delete_property_setter(
    doc_type: str,
    property: str | None = None,
    field_name: str | None = None,
    row_name: str | None = None,
) -> None:
    """Take back what was set: one property, or all those of a field."""
    given = {"doc_type": doc_type, "property": property, "field_name": field_name, "row_name": row_name}
    filters = {key: value for key, value in given.items() if value}
    if property and not field_name and not row_name:
        filters["field_name"] = ["is", "not set"]
    frappe.db.delete("Property Setter", filters)
    definitions.forget_definition(doc_type)
