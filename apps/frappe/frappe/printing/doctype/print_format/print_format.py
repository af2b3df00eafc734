"""Controller of the DocType Print Format.

Invariant: a format's template can be read as a template, and its layout as a layout.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.printing import choice
from frappe_engine.printing.layout import Block, Layout, default_layout, drawn_layout

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.jinja import validate_template


class PrintFormat(Document):
    """How a document looks on paper: a template or a drawn layout."""

    def validate(self) -> None:
        """Refuse what can't be printed. Raises `frappe.ValidationError`."""
        if self.standard == "Yes" and not (
            frappe.conf.developer_mode or frappe.flags.in_import or frappe.flags.in_install
        ):
            self.check_standard_unchanged()
        for fieldname in ("html", "raw_commands"):
            validate_template(self.get(fieldname) or "")
        if self.format_data:
            self.check_layout()

    def check_standard_unchanged(self) -> None:
        """An app's own formats change with the app alone."""
        if frappe.flags.in_migrate or frappe.flags.in_patch or frappe.flags.in_test:
            return
        frappe.throw(_("Standard Print Format cannot be updated"))

    def check_layout(self) -> None:
        """Refuse a layout that can't be read, or whose templates can't."""
        try:
            layout = drawn_layout(
                self.format_data, frappe.get_meta(self.doc_type), frappe.get_meta, lambda *_given: True
            )
        except ValueError:
            frappe.throw(_("The layout of Print Format {0} can't be read").format(frappe.bold(self.name)))
        for text in texts_of(layout) if layout else ():
            validate_template(text)

    def on_update(self) -> None:
        """The formats of a DocType are part of what its forms know."""
        frappe.clear_cache(doctype=self.doc_type)

    def on_trash(self) -> None:
        """Forget it with the DocType."""
        frappe.clear_cache(doctype=self.doc_type)


def texts_of(layout: Layout) -> list[str]:
    """Give all templates that stand in a layout."""
    blocks = [block for section in layout.sections for column in section.columns for block in column.blocks]
    return [text for text in (layout.heading, layout.header, layout.footer, *(block.text for block in blocks)) if text]


@frappe.whitelist()
def make_default(name: str) -> None:
    """Make a print format the default of its DocType."""
    frappe.has_permission("Print Format", "write", throw=True)
    doctype = frappe.db.get_value("Print Format", name, "doc_type")
    if not doctype:
        frappe.throw(_("Print Format {0} not found").format(frappe.bold(name)), frappe.DoesNotExistError)
    frappe.make_property_setter(
        {"doctype_or_field": "DocType", "doctype": doctype, "property": "default_print_format", "value": name},
        is_system_generated=False,
    )
    frappe.clear_cache(doctype=doctype)
    frappe.msgprint(_("{0} is now the default print format of {1}").format(frappe.bold(name), _(doctype)), alert=True)


@frappe.whitelist()
def get_layout(doctype: str, name: str | None = None) -> dict[str, Any]:
    """Give the layout of a print format (without a name: of the standard look) in the form the builder draws and keeps."""
    frappe.has_permission("Print Format", "read", throw=True)
    meta = frappe.get_meta(doctype)
    found = choice.chosen_format(meta, name) if name else None
    layout = (
        choice.layout_for(meta, found)[0]
        if found is not None
        else default_layout(meta, frappe.get_meta, choice.field_rule(meta))
    )
    sections = [
        {
            "label": section.label,
            "page_break": int(section.breaks_page),
            "columns": [{"fields": [_written(meta, block) for block in column.blocks]} for column in section.columns],
        }
        for section in layout.sections
    ]
    return {"heading": layout.heading, "header": layout.header, "footer": layout.footer, "sections": sections}


def _written(meta: Any, block: Block) -> dict[str, Any]:
    own = {"html": "HTML", "divider": "Divider", "spacer": "Spacer", "barcode": "Barcode", "qr": "QR Code"}
    field = meta.get_field(block.fieldname)
    written: dict[str, Any] = {
        "fieldname": block.fieldname,
        "label": block.label,
        "fieldtype": own.get(block.kind) or field.fieldtype,
    }
    if block.text:
        written["html"] = block.text
    if block.align:
        written["align"] = block.align
    if block.hides_label:
        written["hide_label"] = 1
    if block.kind == "table":
        written["options"] = field.options
        written["table_columns"] = [
            {"fieldname": cell.fieldname, "label": cell.label, "width": cell.width} for cell in block.cells
        ]
    return written
