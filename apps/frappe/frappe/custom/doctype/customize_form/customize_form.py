"""Controller of the DocType Customize Form: a form over property setters, custom fields and custom rows.

Invariant: nothing is stored here. What is saved is the difference between the DocType and the form, so that a property
set back to the app's value leaves no trace.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.documents import definitions
from frappe_engine.documents.metas import get_meta, update_table
from frappe_engine.kit.columns import NO_COLUMN
from frappe_engine.schema.customizing import Setting, natural_order, refusals, settings_between

import frappe
from frappe import _
from frappe.custom.doctype.custom_field.custom_field import create_custom_field
from frappe.custom.doctype.property_setter.property_setter import delete_property_setter, make_property_setter
from frappe.model.document import Document
from frappe.utils import cint

ROW_TABLES = {"actions": "DocType Action", "links": "DocType Link", "states": "DocType State"}
OWN_FIELDS = ("doc_type", "label", "istable", "link_filters", "fields_section_help")
FIELD_BOOKKEEPING = ("fieldname", "is_custom_field", "is_system_generated", "oldfieldname", "oldfieldtype")
NOT_CUSTOMIZED = (
    "DocType", "DocField", "DocPerm", "DocType Action", "DocType Link", "DocType State", "User", "Role", "Has Role",
    "Page", "Module Def", "Print Format", "Report", "Customize Form", "Customize Form Field", "Property Setter",
    "Custom Field", "Client Script", "DefaultValue",
)  # fmt: skip


def _types(form: str, target: str, left_out: tuple[str, ...]) -> dict[str, str]:
    """Properties that a form and what it is about have both, with the type of each."""
    known = frappe.get_meta(target).column_types
    fields = frappe.get_meta(form).data_fields
    return {
        field.fieldname: field.fieldtype
        for field in fields
        if field.fieldname in known and field.fieldname not in left_out
    }


class CustomizeForm(Document):
    """Changes the form of a DocType on this site."""

    # what is shown

    @frappe.whitelist()
    def fetch_to_customize(self) -> None:
        """Fill the form with what a DocType is like now. Raises for DocTypes that can't be customized."""
        doctype = self.doc_type
        self.clear_existing_doc()
        if not doctype:
            return
        meta = get_meta(doctype, cached=False)
        self.doc_type = doctype
        self.check_may_customize(meta)
        self.load_properties(meta)
        self.label = self.get_name_translation()

    def clear_existing_doc(self) -> None:
        """Empty the form."""
        doctype = self.doc_type
        for field in self.meta.fields:
            if field.fieldtype == "Table":
                self.set(field.fieldname, [])
            elif field.fieldtype not in NO_COLUMN:
                self.set(field.fieldname, None)
        self.doc_type = doctype
        self.name = "Customize Form"

    def check_may_customize(self, meta: Any) -> None:
        """Raise for the framework's own definitions, singles, virtual DocTypes and those of the site itself."""
        frappe.only_for("System Manager")
        if meta.name in NOT_CUSTOMIZED:
            frappe.throw(_("Core DocTypes cannot be customized."))
        if meta.issingle:
            frappe.throw(_("Single DocTypes cannot be customized."))
        if meta.custom:
            frappe.throw(_("Only standard DocTypes are allowed to be customized from Customize Form."))

    def load_properties(self, meta: Any) -> None:
        """Take over the properties, fields and rows of a DocType."""
        for name in _types("Customize Form", "DocType", OWN_FIELDS):
            self.set(name, meta.get(name))
        self.istable = meta.istable
        names = (*_types("Customize Form Field", "DocField", FIELD_BOOKKEEPING), *FIELD_BOOKKEEPING)
        for field in meta.fields:
            row = {name: field.get(name) for name in names}
            self.append(
                "fields", {**row, "name": field.get("name"), "is_custom_field": cint(field.get("is_custom_field"))}
            )
        for table in ROW_TABLES:
            for row in meta.get(table) or ():
                self.append(table, {**row.as_dict(), "parent": None, "idx": None})

    # what is saved

    @frappe.whitelist()
    def save_customization(self) -> None:
        """Keep what differs from the DocType, let its table follow, and show the result."""
        if not self.doc_type:
            return
        meta = get_meta(self.doc_type, cached=False)
        self.check_may_customize(meta)
        base = frappe.get_doc("DocType", self.doc_type)
        self.check_fields(base)
        outer, frappe.flags.in_customize_form = frappe.flags.in_customize_form, True
        try:
            self.keep_custom_fields(meta)
            self.keep_properties(base)
            self.keep_order()
            self.keep_rows()
        finally:
            frappe.flags.in_customize_form = outer
        self.set_name_translation()
        self.add_auto_repeat()
        definitions.forget_definition(self.doc_type)
        self.check_result()
        update_table(self.doc_type)
        frappe.msgprint(_("{0} updated").format(_(self.doc_type)), alert=True)
        self.fetch_to_customize()

    def check_fields(self, base: Any) -> None:
        """Raise for every change of an app's field that a site may not make."""
        own = {row.fieldname: row.as_dict() for row in base.fields}
        found = [
            _(text).format(*values)
            for number, row in enumerate(self.fields, start=1)
            if not cint(row.is_custom_field) and row.fieldname in own
            for text, values in refusals(own[row.fieldname], row.as_dict(), number)
        ]
        if found:
            frappe.throw(found if len(found) > 1 else found[0], as_list=len(found) > 1, title=_("Not Allowed"))

    def keep_custom_fields(self, meta: Any) -> None:
        """Make new custom fields, change those that differ, delete those that were taken out of the form."""
        listed = [row.fieldname for row in self.fields if row.fieldname]
        for field in meta.fields:
            if field.get("is_custom_field") and field.fieldname not in listed:
                frappe.delete_doc("Custom Field", field.name)
        names = {*_types("Customize Form Field", "Custom Field", FIELD_BOOKKEEPING)}
        for number, row in enumerate(self.fields):
            if not cint(row.is_custom_field) and meta.has_field(row.fieldname or ""):
                continue
            before = self.fields[number - 1].fieldname if number else None
            values = {name: row.get(name) for name in names}
            if row.fieldname and meta.has_field(row.fieldname):
                self._update_custom_field(row, values, before)
            else:
                row.fieldname = self._new_custom_field(row, values, before)

    def _update_custom_field(self, row: Any, values: dict[str, Any], before: str | None) -> None:
        document = frappe.get_doc("Custom Field", {"dt": self.doc_type, "fieldname": row.fieldname})
        changed = {name: value for name, value in values.items() if str(document.get(name) or "") != str(value or "")}
        if document.insert_after != before:
            changed["insert_after"] = before
        if changed:
            document.update(changed)
            document.flags.ignore_rules = True  # the whole form is checked at the end
            document.save()

    def _new_custom_field(self, row: Any, values: dict[str, Any], before: str | None) -> str:
        values = {name: value for name, value in values.items() if value not in (None, "")}
        document = frappe.get_doc(
            {"doctype": "Custom Field", "dt": self.doc_type, "fieldname": row.fieldname, **values}
        )
        document.insert_after = before
        document.flags.ignore_rules = True
        return str(document.insert().fieldname)

    def keep_properties(self, base: Any) -> None:
        """Set or take back what differs in the DocType and in the fields of its app."""
        set_already = self._setters()
        types = _types("Customize Form", "DocType", OWN_FIELDS)
        for setting in settings_between(base.as_dict(), self.as_dict(), types, set_already.get(None, {})):
            self._apply(setting, None)
        field_types = _types("Customize Form Field", "DocField", FIELD_BOOKKEEPING)
        own = {row.fieldname: row for row in base.fields}
        for row in self.fields:
            if row.fieldname in own and not cint(row.is_custom_field):
                present = set_already.get(row.fieldname, {})
                for setting in settings_between(own[row.fieldname].as_dict(), row.as_dict(), field_types, present):
                    self._apply(setting, row.fieldname)

    def _setters(self) -> dict[str | None, dict[str, str | None]]:
        """What is set already, per field (None: the DocType itself)."""
        found: dict[str | None, dict[str, str | None]] = {}
        filters = {"doc_type": self.doc_type, "doctype_or_field": ["in", ["DocType", "DocField"]]}
        for row in frappe.get_all("Property Setter", filters=filters, fields=["field_name", "property", "value"]):
            found.setdefault(row.field_name or None, {})[row.property] = row.value
        return found

    def _apply(self, setting: Setting, fieldname: str | None) -> None:
        if setting.value is None:
            delete_property_setter(self.doc_type, setting.property, fieldname)
            return
        make_property_setter(
            self.doc_type,
            fieldname,
            setting.property,
            setting.value,
            setting.property_type,
            for_doctype=fieldname is None,
            validate_fields_for_doctype=False,
            is_system_generated=False,
        )

    def keep_order(self) -> None:
        """Keep the order of fields where it is not the one they have by themselves."""
        wanted = [row.fieldname for row in self.fields]
        delete_property_setter(self.doc_type, "field_order")
        definitions.forget_definition(self.doc_type)
        order = natural_order((field.fieldname for field in get_meta(self.doc_type, cached=False).fields), wanted)
        if order is not None:
            self._apply(Setting("field_order", "Data", json.dumps(order)), None)

    def keep_rows(self) -> None:
        """Store the rows that the site added to actions, links and states, and the order of all."""
        for table, doctype in ROW_TABLES.items():
            rows = self.get(table) or []
            stored = frappe.get_all(doctype, {"parent": self.doc_type, "parenttype": "Customize Form"}, pluck="name")
            own = frappe.get_all(doctype, {"parent": self.doc_type, "parenttype": "DocType"}, pluck="name")
            kept = {row.name for row in rows if row.name in stored}
            frappe.db.delete(
                doctype, {"name": ["in", [name for name in stored if name not in kept]]}
            ) if stored else None
            for number, row in enumerate(rows, start=1):
                if row.name not in own:
                    self._store_row(row, doctype, table, number, is_new=row.name not in stored)
            self._keep_row_order(table, rows, has_custom=len(rows) > len(own))

    def _store_row(self, row: Any, doctype: str, table: str, number: int, *, is_new: bool) -> None:
        document = frappe.get_doc({**row.as_dict(no_private_properties=True), "doctype": doctype})
        document.update(
            {"parent": self.doc_type, "parenttype": "Customize Form", "parentfield": table, "idx": number, "custom": 1}
        )
        if is_new:
            document.name = None
            document.flags.ignore_permissions = True
            document.db_insert()
            row.name = document.name
        else:
            document.db_update()

    def _keep_row_order(self, table: str, rows: list[Any], *, has_custom: bool) -> None:
        if has_custom:
            names = json.dumps([row.name for row in rows])
            self._apply(Setting(f"{table}_order", "Small Text", names), None)
        else:
            delete_property_setter(self.doc_type, f"{table}_order")

    def check_result(self) -> None:
        """Raise for every rule that the DocType breaks in this form and kept before."""
        from frappe.core.doctype.doctype.doctype import validate_fields_for_doctype

        validate_fields_for_doctype(self.doc_type)

    def add_auto_repeat(self) -> None:
        """Add the link that repeated documents need."""
        if cint(self.allow_auto_repeat) and not get_meta(self.doc_type, cached=False).has_field("auto_repeat"):
            field = {"label": "Auto Repeat", "fieldname": "auto_repeat", "fieldtype": "Link", "options": "Auto Repeat"}
            last = get_meta(self.doc_type, cached=False).fields[-1].fieldname
            create_custom_field(
                self.doc_type, {**field, "insert_after": last, "read_only": 1, "no_copy": 1, "print_hide": 1}
            )

    # the DocType's own name

    def get_name_translation(self) -> str | None:
        """Give what the site calls the DocType in the language of the one who asks."""
        return frappe.db.get_value("Translation", self._name_key(), "translated_text")

    def set_name_translation(self) -> None:
        """Keep what the site calls the DocType in the language of the one who asks."""
        present = frappe.db.get_value("Translation", self._name_key())
        if not self.label:
            if present:
                frappe.delete_doc("Translation", present)
            return
        document = (
            frappe.get_doc("Translation", present)
            if present
            else frappe.get_doc({"doctype": "Translation", **self._name_key()})
        )
        if document.translated_text != self.label:
            document.translated_text = self.label
            document.save()

    def _name_key(self) -> dict[str, str]:
        return {"source_text": self.doc_type, "language": frappe.local.lang or "en"}

    # going back

    @frappe.whitelist()
    def reset_to_defaults(self) -> None:
        """Take back all that the site changed in the DocType, what apps added stays; fields keep their columns."""
        if not self.doc_type:
            return
        self.check_may_customize(get_meta(self.doc_type, cached=False))
        reset_customization(self.doc_type)
        self.fetch_to_customize()

    @frappe.whitelist()
    def reset_layout(self) -> None:
        """Put the fields back into the order they have by themselves."""
        if not self.doc_type:
            return
        self.check_may_customize(get_meta(self.doc_type, cached=False))
        delete_property_setter(self.doc_type, "field_order")
        frappe.db.set_value("Custom Field", {"dt": self.doc_type}, "insert_after", "", update_modified=False)
        definitions.forget_definition(self.doc_type)
        self.fetch_to_customize()

    @frappe.whitelist()
    def trim_table(self) -> None:
        """Drop the columns that no field has any more, with their values."""
        if not self.doc_type:
            return
        self.check_may_customize(get_meta(self.doc_type, cached=False))
        for column in self.get_orphaned_columns():
            frappe.db.sql_ddl(f"alter table `tab{self.doc_type}` drop column `{column}`")
        self.fetch_to_customize()

    @frappe.whitelist()
    def get_orphaned_columns(self) -> list[str]:
        """Give the columns of the DocType's table that no field has any more."""
        frappe.only_for("System Manager")
        if not self.doc_type:
            return []
        meta = get_meta(self.doc_type, cached=False)
        optional = {"_user_tags", "_comments", "_assign", "_liked_by", "_seen"}
        return [
            name
            for name in frappe.db.get_table_columns(self.doc_type)
            if name not in meta.column_types and name not in optional
        ]

    # this form itself is never stored

    def db_update(self) -> None:
        """Store nothing."""

    def db_insert(self, *args: Any, **kwargs: Any) -> None:
        """Store nothing."""

    def update_single(self, d: Any) -> None:
        """Store nothing."""

    def update_children(self) -> None:
        """Store nothing."""


def reset_customization(doctype: str) -> None:
    """Take back all that a site changed in a DocType; what apps added by code stays."""
    frappe.db.delete("Property Setter", {"doc_type": doctype, "is_system_generated": 0})
    for table in ROW_TABLES.values():
        frappe.db.delete(table, {"parent": doctype, "parenttype": "Customize Form"})
    for name in frappe.get_all("Custom Field", {"dt": doctype, "is_system_generated": 0}, pluck="name"):
        frappe.delete_doc("Custom Field", name)
    definitions.forget_definition(doctype)
    update_table(doctype)


@frappe.whitelist()
def get_link_filters_from_doc_without_customisations(doctype: str, fieldname: str) -> str | None:
    """Give the filters that an app's DocType itself puts on a link."""
    frappe.only_for("System Manager")
    return frappe.db.get_value("DocField", {"parent": doctype, "fieldname": fieldname}, "link_filters")
