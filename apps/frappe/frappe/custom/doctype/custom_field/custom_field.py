"""Controller of the DocType Custom Field: fields that a site or an app adds to DocTypes it does not own.

Invariant: the table follows in the same save; a custom field never hides a field of the DocType, and deleting one keeps
its column, so that its values are there when it comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from frappe_engine.documents import definitions
from frappe_engine.documents.metas import forget_meta, get_meta, update_table
from frappe_engine.kit.columns import NO_COLUMN
from frappe_engine.schema.checks import problems_of

import frappe
from frappe import _
from frappe.model.document import Document

LAYOUT_FIELDTYPES = ("Section Break", "Column Break", "Tab Break", "Fold")


class CustomField(Document):
    """A field that an administrator or an app adds to a DocType it does not own."""

    def autoname(self) -> None:
        """Name a custom field by its DocType and fieldname."""
        self.set_fieldname()
        self.name = f"{self.dt}-{self.fieldname}"

    def set_fieldname(self) -> None:
        """Derive the fieldname from the label where none is given; the prefix keeps it apart from fields of the app.

        A label without Latin letters, such as a Chinese one, gives the kind of field and random letters.
        Raises `frappe.ValidationError` when a field that holds a value has neither label nor fieldname.
        """
        if self.fieldname:
            self.fieldname = self.fieldname.strip().lower()
            return
        if not self.label and self.fieldtype not in LAYOUT_FIELDTYPES:
            frappe.throw(_("Set a label or a fieldname"))
        words = re.sub(r"[^a-z0-9]+", "_", (self.label or "").lower()).strip("_")
        self.fieldname = f"custom_{words or frappe.scrub(self.fieldtype) + '_' + frappe.generate_hash(length=5)}"

    def validate(self) -> None:
        """Refuse what the DocType has already, and what would break one of its rules."""
        meta = get_meta(self.dt, cached=False)
        if self.is_new() and meta.has_field(self.fieldname):
            text = _("A field with the name {0} already exists in {1}")
            frappe.throw(text.format(frappe.bold(self.fieldname), _(self.dt)))
        self.check_change_of_type()
        if self.insert_after == self.fieldname:
            self.insert_after = None
        self.place(meta)
        if self.fieldtype in ("Link", "Table", "Table MultiSelect") and self.options:
            target = definitions.find_target(str(self.options).strip())
            self.options = target.name if target is not None else self.options
        if not self.flags.ignore_rules:
            self.check_rules(meta)

    def check_change_of_type(self) -> None:
        """Raise when a field that holds values would become one that holds none, or the other way round."""
        before = self.get_doc_before_save()
        if before is not None and (before.fieldtype in NO_COLUMN) != (self.fieldtype in NO_COLUMN):
            frappe.throw(_("Fieldtype cannot be changed from {0} to {1}").format(before.fieldtype, self.fieldtype))

    def place(self, meta: Any) -> None:
        """Number the field after the one it is inserted behind."""
        names = [field.fieldname for field in meta.fields]
        if self.insert_after and self.insert_after in names:
            self.idx = names.index(self.insert_after) + 1

    def check_rules(self, meta: Any) -> None:
        """Raise for every rule of DocTypes that this field breaks; what was broken before counts no more."""
        definition = {**meta.as_dict(), "name": self.dt}
        others = [row for row in definition["fields"] if row.get("fieldname") != self.fieldname]
        own = {**self.as_dict(no_private_properties=True), "idx": len(others) + 1}
        around = definitions.surroundings_of(self.dt, is_new=self.is_new())
        known = set(problems_of({**definition, "fields": others}, around))
        found = problems_of({**definition, "fields": [*others, own]}, around)
        definitions.raise_problems([problem for problem in found if problem not in known])

    def on_update(self) -> None:
        """Let the table follow, unless several fields are being made at once."""
        forget_meta(self.dt)
        if not frappe.flags.in_create_custom_fields:
            definitions.forget_definition(self.dt)
            update_table(self.dt)

    def on_trash(self) -> None:
        """Take the field's property setters along; fields behind it move up."""
        frappe.db.delete("Property Setter", {"doc_type": self.dt, "field_name": self.fieldname})
        behind = {"dt": self.dt, "insert_after": self.fieldname}
        frappe.db.set_value("Custom Field", behind, "insert_after", self.insert_after, update_modified=False)

    def after_delete(self) -> None:
        """Let every process forget the field; its column stays."""
        definitions.forget_definition(self.dt)


def create_custom_field_if_values_exist(doctype: str, df: Mapping[str, Any]) -> None:
    """Add a field where the column is there and holds values."""
    wanted = frappe._dict(df)
    if wanted.fieldname in frappe.db.get_table_columns(doctype) and frappe.db.count(
        doctype, {wanted.fieldname: ["is", "set"]}
    ):
        create_custom_field(doctype, wanted)


def create_custom_field(
    doctype: str, df: Mapping[str, Any], ignore_validate: bool = False, is_system_generated: bool = True
) -> Any:
    """Add a field to a DocType and give its document; None when this custom field is there already."""
    wanted = frappe._dict(df)
    if not wanted.fieldname and wanted.label:
        wanted.fieldname = frappe.scrub(wanted.label)
    if frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": wanted.fieldname}):
        return None
    field = frappe.get_doc(
        {
            "doctype": "Custom Field",
            "dt": doctype,
            "permlevel": 0,
            "fieldtype": "Data",
            "hidden": 0,
            "is_system_generated": int(is_system_generated),
            **wanted,
        }
    )
    field.flags.ignore_rules = ignore_validate
    return field.insert()


def create_custom_fields(custom_fields: Mapping[Any, Any], ignore_validate: bool = False, update: bool = True) -> None:
    """Add fields to DocTypes, or bring them up to date (`update`): {DocType or tuple of DocTypes: field or fields}.

    Every DocType's table is changed once.
    """
    changed: dict[str, None] = {}
    outer, frappe.flags.in_create_custom_fields = frappe.flags.in_create_custom_fields, True
    try:
        for doctypes, fields in custom_fields.items():
            for doctype in (doctypes,) if isinstance(doctypes, str) else doctypes:
                changed[doctype] = None
                _create_or_update(doctype, [fields] if isinstance(fields, Mapping) else fields, ignore_validate, update)
    finally:
        frappe.flags.in_create_custom_fields = outer
    for doctype in changed:
        definitions.forget_definition(doctype)
        update_table(doctype)


def _create_or_update(doctype: str, fields: Iterable[Mapping[str, Any]], ignore_validate: bool, update: bool) -> None:
    for df in fields:
        name = frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": df.get("fieldname")})
        if not name:
            create_custom_field(doctype, {"owner": "Administrator", **df}, ignore_validate=ignore_validate)
        elif update:
            field = frappe.get_doc("Custom Field", name)
            before = {key: field.get(key) for key in df}
            field.update(df)
            if any(str(field.get(key) or "") != str(before[key] or "") for key in df):
                field.flags.ignore_rules = ignore_validate
                field.save()


@frappe.whitelist()
def get_fields_label(doctype: str) -> list[dict[str, str]]:
    """Give the fields of a DocType as choices: after which of them a field can be inserted."""
    meta = frappe.get_meta(doctype)
    if doctype in ("DocType", "DocField", "Custom Field", "Property Setter"):
        frappe.throw(_("Custom Fields cannot be added to core DocTypes."), title=_("Not Allowed"))
    return [
        {"value": field.fieldname or "", "label": _(field.label or "", context=field.parent)} for field in meta.fields
    ]


@frappe.whitelist()
def rename_fieldname(custom_field: str, fieldname: str) -> None:
    """Give a custom field another fieldname; its values, property setters and reports come along."""
    frappe.only_for("System Manager")
    field = frappe.get_doc("Custom Field", custom_field)
    old, new = field.fieldname, frappe.scrub(str(fieldname).strip())
    if field.is_system_generated:
        frappe.throw(_("System Generated Fields can not be renamed"))
    if not new or new == old:
        frappe.throw(_("Old and new fieldnames are same."))
    if get_meta(field.dt).has_field(new):
        text = _("A field with the name {0} already exists in {1}")
        frappe.throw(text.format(frappe.bold(new), _(field.dt)))
    frappe.db.set_value("Custom Field", custom_field, "fieldname", new)
    definitions.forget_definition(field.dt)
    update_table(field.dt, {old: new})
    definitions.rename_field_data(field.dt, old, new)
    definitions.rename_field_everywhere(field.dt, old, new)
