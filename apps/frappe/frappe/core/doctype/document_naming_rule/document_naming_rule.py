"""Controller of the DocType Document Naming Rule, and the call that sets its counter.

Invariant: a rule counts at once, in every process; its counter is set by those who manage the system.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.naming_rules import forget_rules

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import parse_naming_series
from frappe.utils import cint


class DocumentNamingRule(Document):
    """Which documents are named by which prefix and counter."""

    def validate(self) -> None:
        """Refuse conditions on fields that are not there."""
        meta = frappe.get_meta(self.document_type)
        for row in self.conditions:
            if not meta.has_field(row.field) and row.field not in meta.get_valid_columns():
                frappe.throw(_("{0} has no field {1}").format(_(self.document_type), frappe.bold(row.field)))
        if cint(self.prefix_digits) < 1:
            frappe.throw(_("{0} must be positive").format(_("Digits")))

    def on_update(self) -> None:
        """Let the rule count at once."""
        forget_rules()

    def on_trash(self) -> None:
        """Count no longer."""
        forget_rules()

    def get_preview(self, doc: Any = None) -> str:
        """Give the name that comes next."""
        prefix = parse_naming_series(self.prefix, doc=doc) if "." in self.prefix else self.prefix
        return f"{prefix}{cint(self.counter) + 1:0{cint(self.prefix_digits)}d}"


@frappe.whitelist()
def update_current(name: str, new_counter: Any) -> None:
    """Set the last number that a rule gave out."""
    frappe.only_for("System Manager")
    frappe.db.set_value("Document Naming Rule", name, "counter", cint(new_counter))
