"""Controller of the DocType DocType: what a kind of document is.

Invariant: what is saved here can be stored, shown and used at once: the table follows in the same save, every broken
rule has a message, and no change loses a stored value. DocTypes of apps change in developer mode alone.
"""

from __future__ import annotations

import importlib
import os
import shutil
from typing import Any

from frappe_engine.access.summary import forget_summaries
from frappe_engine.documents import definitions, exporting
from frappe_engine.documents.definitions import (
    CannotCreateStandardDoctypeError,
    CannotIndexedError,
    DoctypeLinkError,
    HiddenAndMandatoryWithoutDefaultError,
    IllegalMandatoryError,
    InvalidFieldNameError,
    NonUniqueError,
    UniqueFieldnameError,
    WrongOptionsDoctypeLinkError,
)
from frappe_engine.schema.checks import (
    amended_from_field,
    fieldname_of,
    is_legal_doctype_name,
    naming_rule_of,
    tree_fields,
)

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

LISTED_BY_DEFAULT = 4
NOT_FOR_SINGLES = ("allow_import", "is_submittable", "istable", "is_tree", "track_views", "quick_entry")
NOT_FOR_TABLES = ("allow_import", "is_submittable", "issingle", "is_tree", "track_changes", "track_views", "track_seen")
AUTONAME_OF_RULE = {
    "Set by user": "prompt",
    "Autoincrement": "autoincrement",
    "Random": "hash",
    "UUID": "UUID",
    'By "Naming Series" field': "naming_series:",
    "By script": "",
}
LISTABLE_TYPES = (
    "Data",
    "Link",
    "Dynamic Link",
    "Select",
    "Date",
    "Datetime",
    "Int",
    "Float",
    "Currency",
    "Check",
    "Percent",
)

__all__ = [
    "CannotCreateStandardDoctypeError",
    "CannotIndexedError",
    "DocType",
    "DoctypeLinkError",
    "HiddenAndMandatoryWithoutDefaultError",
    "IllegalMandatoryError",
    "InvalidFieldNameError",
    "NonUniqueError",
    "UniqueFieldnameError",
    "WrongOptionsDoctypeLinkError",
    "clear_linked_doctype_cache",
    "get_row_size_utilization",
    "validate_fields",
    "validate_fields_for_doctype",
    "validate_permissions",
    "validate_permissions_for_doctype",
]


class DocType(Document):
    """A kind of document: its fields, naming, permissions and views."""

    def validate(self) -> None:
        """Fill in what follows from the rest; raise for every rule that is broken."""
        self.check_may_be_changed()
        before = self.get_doc_before_save()
        self.settle_kind()
        self.settle_fields()
        self.settle_naming()
        self.add_fields_of_kind()
        self.choose_list_columns()
        if before is not None:
            definitions.refuse_change_of_kind(_plain(before), _plain(self))
        definitions.check_definition(
            self.as_definition(), is_new=self.is_new(), stored_autoname=before.autoname if before is not None else None
        )

    def check_may_be_changed(self) -> None:
        """Raise unless this is a DocType of the site, or the bench is in developer mode."""
        flags = frappe.flags
        if any(flags.get(name) for name in ("in_install", "in_migrate", "in_patch", "in_import", "in_uninstall")):
            return
        before = self.get_doc_before_save()
        is_own = cint(self.custom) and (before is None or cint(before.custom))
        if not is_own and not frappe.conf.developer_mode:
            frappe.throw(
                _(
                    "DocTypes of apps are changed in developer mode: make a custom DocType, or customize the form of {0}"
                ).format(self.name),
                CannotCreateStandardDoctypeError,
                title=_("Not in Developer Mode"),
            )

    def settle_kind(self) -> None:
        """Switch off what singles and child tables can't have."""
        for fieldname in NOT_FOR_TABLES if self.istable else NOT_FOR_SINGLES if self.issingle else ():
            self.set(fieldname, 0)
        if self.istable:
            self.permissions = []

    def settle_fields(self) -> None:
        """Give fields their names and links the spelling of what they point at."""
        taken = {str(row.fieldname).strip().lower() for row in self.fields if row.fieldname}
        for position, row in enumerate(self.fields, start=1):
            row.idx = position
            if row.fieldname:
                row.fieldname = str(row.fieldname).strip().lower()
            else:
                row.fieldname = fieldname_of(row.label, str(row.fieldtype), position, taken)
                taken.add(row.fieldname)
            row.label = (row.label or "").strip() or None
            if row.fieldtype in ("Link", "Table", "Table MultiSelect") and row.options:
                self._spell_options(row)

    def _spell_options(self, row: Any) -> None:
        row.options = str(row.options).strip()
        if row.options.lower() == str(self.name).lower():
            row.options = self.name
            return
        target = definitions.find_target(row.options)
        if target is not None:
            row.options = target.name

    def settle_naming(self) -> None:
        """Let the naming rule and `autoname` say the same."""
        names = {row.fieldname: row for row in self.fields}
        self.autoname = (self.autoname or "").strip() or None
        if self.naming_rule in AUTONAME_OF_RULE and not self.autoname:
            self.autoname = AUTONAME_OF_RULE[self.naming_rule] or None
        if not self.autoname and not self.naming_rule and "naming_series" in names and not self.istable:
            self.autoname = "naming_series:"
        if self.autoname:
            self.naming_rule = naming_rule_of(self.autoname) or self.naming_rule
        naming_field = names.get(_naming_field(self.autoname))
        if naming_field is not None:
            naming_field.unique = 1

    def add_fields_of_kind(self) -> None:
        """Add the fields that trees and submittable documents need."""
        names = {row.fieldname for row in self.fields}
        wanted: list[dict[str, Any]] = []
        if cint(self.is_tree) and not self.istable and not self.issingle:
            self.nsm_parent_field = self.nsm_parent_field or f"parent_{frappe.scrub(self.name)}"
            wanted += tree_fields(self.name, self.nsm_parent_field)
        if cint(self.is_submittable):
            wanted.append(amended_from_field(self.name))
        for field in wanted:
            if field["fieldname"] not in names:
                self.append("fields", field)

    def choose_list_columns(self) -> None:
        """Show the first mandatory fields in lists, where no field was chosen."""
        if self.issingle or any(row.in_list_view for row in self.fields):
            return
        candidates = [row for row in self.fields if row.reqd and row.fieldtype in LISTABLE_TYPES and not row.hidden]
        for row in candidates[:LISTED_BY_DEFAULT]:
            row.in_list_view = 1

    def as_definition(self) -> dict[str, Any]:
        """Give this DocType as a mapping, as the rules read it."""
        return {
            key: value for key, value in self.as_dict(no_private_properties=True).items() if not key.startswith("__")
        }

    # after it was stored

    def on_update(self) -> None:
        """Let the table, caches and files follow; take values of renamed fields along."""
        before = self.get_doc_before_save()
        if not self.custom and exporting.writes_files():
            exporting.export_document(self)
            exporting.make_boilerplate(self)
            importlib.invalidate_caches()
        renamed = self.renamed_fields(before)
        definitions.follow_definition(self.name, _plain(before) if before is not None else None, renamed)
        for old, new in renamed.items():
            definitions.rename_field_data(self.name, old, new)
            definitions.rename_field_everywhere(self.name, old, new)
        forget_summaries()

    def renamed_fields(self, before: Any) -> dict[str, str]:
        """Give the fields whose row has another fieldname than before, as {old: new}."""
        if before is None:
            return {}
        old_names = definitions.names_of(before.fields)
        present = {row.fieldname for row in self.fields}
        pairs = {old_names.get(row_name): new for row_name, new in definitions.names_of(self.fields).items()}
        return {old: new for old, new in pairs.items() if old and old != new and old not in present}

    def before_rename(self, old: str, new: str, merge: bool = False) -> None:
        """Refuse to rename DocTypes of apps outside of developer mode, and to merge DocTypes."""
        self.check_may_be_changed()
        if merge:
            frappe.throw(_("DocTypes can not be merged"))
        if not is_legal_doctype_name(new):
            text = _(
                "A DocType's name begins with a letter and has letters, numbers, spaces, underscores and hyphens alone: {0}"
            )
            frappe.throw(text.format(new), frappe.NameError)

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        """Let table, fields, customisations and files follow."""
        definitions.rename_definition(old, new)
        if not self.custom and exporting.writes_files():
            self._rename_files(old, new)

    def _rename_files(self, old: str, new: str) -> None:
        folder = os.path.dirname(exporting.document_folder(self, self.module))
        source, target = (os.path.join(folder, frappe.scrub(name)) for name in (old, new))
        if not os.path.isdir(source) or os.path.exists(target):
            return
        shutil.move(source, target)
        for file_name in os.listdir(target):
            if frappe.scrub(old) in file_name:
                renamed = file_name.replace(frappe.scrub(old), frappe.scrub(new))
                os.rename(os.path.join(target, file_name), os.path.join(target, renamed))
        controller = os.path.join(target, f"{frappe.scrub(new)}.py")
        if os.path.exists(controller):
            classes = [name.replace(" ", "").replace("-", "") for name in (old, new)]
            with open(controller, encoding="utf-8") as file:
                text = file.read()
            with open(controller, "w", encoding="utf-8") as file:
                file.write(text.replace(f"class {classes[0]}(", f"class {classes[1]}("))
        exporting.export_document(frappe.get_doc("DocType", new))

    def on_trash(self) -> None:
        """Refuse to delete DocTypes of apps outside of developer mode, and those that fields point at."""
        self.check_may_be_changed()
        if self.flags.force_delete or frappe.flags.in_uninstall:
            return
        pointing = definitions.fields_that_point_at(self.name)
        if pointing:
            doctype, fieldname = pointing[0]
            text = _("{0} can't be deleted: the field {1} of {2} points at it").format(self.name, fieldname, _(doctype))
            frappe.throw(text, frappe.LinkExistsError)

    def after_delete(self) -> None:
        """Take the files along in developer mode; let rights be worked out anew."""
        forget_summaries()
        if not self.custom and exporting.writes_files():
            folder = exporting.document_folder(self)
            if os.path.isdir(folder):
                shutil.rmtree(folder)

    # what desks and apps ask

    def get_permission_log_options(self, event: str | None = None) -> dict[str, Any]:
        """Say which tables hold rights."""
        return {"fields": ("permissions",)}

    @frappe.whitelist()
    def check_pending_migration(self) -> bool:
        """Tell whether the file of this DocType differs from what the site has."""
        if self.custom:
            return False
        from frappe_engine.documents.sync import file_hash  # reads the file

        path = definitions.definition_path(self.name, self.module)
        stored = frappe.db.get_value("DocType", self.name, "migration_hash")
        return bool(stored) and os.path.exists(path) and file_hash(path) != stored


def _plain(document: Any) -> dict[str, Any]:
    return {
        key: document.get(key) for key in ("name", "istable", "issingle", "is_submittable", "autoname", "is_virtual")
    }


def validate_fields_for_doctype(doctype: str) -> None:
    """Raise when a DocType with what this site added to it breaks a rule."""
    meta = frappe.get_meta(doctype, cached=False)
    definitions.check_definition({**meta.as_dict(), "name": doctype}, is_new=False)


def validate_fields(meta: Any) -> None:
    """Raise when a DocType breaks a rule of fields."""
    definitions.check_definition({**meta.as_dict(), "name": meta.name}, is_new=False)


def validate_permissions_for_doctype(doctype: str, for_remove: bool = False, alert: bool = False) -> None:
    """Raise when the rules of rights of a DocType are impossible; else let every process see them."""
    frappe.permissions.validate_permissions_for_doctype(doctype)


def validate_permissions(doctype: Any, for_remove: bool = False, alert: bool = False) -> None:
    """Raise when the rules of rights of a DocType document are impossible."""
    from frappe_engine.schema.checks import check_permissions  # the one rule asked for by itself

    found = list(check_permissions(doctype.as_dict(), definitions.surroundings_of(doctype.name)))
    definitions.raise_problems(found)


def clear_linked_doctype_cache() -> None:
    """Let links between DocTypes be looked up anew."""
    frappe.cache.delete_value("linked_doctypes_without_ignore_user_permissions_enabled")


@frappe.whitelist()
def get_row_size_utilization(doctype: str) -> float:
    """Give how much of the room that MariaDB has for a row the fields of a DocType take, in percent."""
    frappe.only_for("System Manager")
    from frappe_engine.schema.checks import ROW_BYTES, row_bytes  # pure arithmetic

    return round(row_bytes(frappe.get_meta(doctype).as_dict()) / ROW_BYTES * 100, 2)


def _naming_field(autoname: str | None) -> str | None:
    """Give the field that names documents by `field:<fieldname>`."""
    scheme, _colon, fieldname = (autoname or "").partition(":")
    return fieldname.strip() if scheme.lower() == "field" else None
