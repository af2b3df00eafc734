"""Controller of the DocType Custom Field."""

import re

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
