"""Controller of the DocType Document Naming Settings: the series of DocTypes, their counters, and names of amendments.

Invariant: two DocTypes do not share a series; a change is checked as a whole before any of it is made.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.naming_rules import forget_rules

import frappe
from frappe import _
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.document import Document
from frappe.model.naming import NamingSeries
from frappe.utils import cint

PREVIEWED = 3


class NamingSeriesNotSetError(frappe.ValidationError):
    """No series is named."""


class DocumentNamingSettings(Document):
    """The page on which series are set up."""

    @frappe.whitelist()
    def get_transactions_and_prefixes(self) -> dict[str, list[str]]:
        """Give the DocTypes that are named by series (`transactions`), and the prefixes in use (`prefixes`)."""
        transactions = self._get_transactions()
        return {"transactions": transactions, "prefixes": self._get_prefixes(transactions)}

    def _get_transactions(self) -> list[str]:
        filters = {"fieldname": "naming_series"}
        found = set(frappe.get_all("DocField", filters, pluck="parent"))
        found |= set(frappe.get_all("Custom Field", filters, pluck="dt"))
        readable = set(frappe.get_user().get_can_read())
        return sorted(name for name in found if name in readable or frappe.session.user == "Administrator")

    def _get_prefixes(self, doctypes: list[str]) -> list[str]:
        found: set[str] = set()
        for doctype in doctypes:
            found |= {NamingSeries(series).get_prefix() for series in self.series_of(doctype)}
        rows = frappe.get_all("DocType", {"autoname": ["like", "%.#%"], "istable": 0}, pluck="autoname")
        found |= {NamingSeries(autoname).get_prefix() for autoname in rows if not autoname.startswith("format:")}
        found |= {
            str(row[0]) for row in frappe.db.sql("select name from tabSeries where name not like 'autoincrement:%%'")
        }
        return sorted(prefix for prefix in found if prefix)

    @staticmethod
    def series_of(doctype: str) -> list[str]:
        """Give the series of a DocType."""
        return [
            series.strip() for series in frappe.get_meta(doctype).get_naming_series_options() or [] if series.strip()
        ]

    @frappe.whitelist()
    def get_options(self, doctype: str | None = None) -> str | None:
        """Give the series of a DocType as lines."""
        name = doctype or self.transaction_type
        if name and frappe.get_meta(name).has_field("naming_series"):
            return str(frappe.get_meta(name).get_field("naming_series").options or "")
        return None

    @frappe.whitelist()
    def update_series(self) -> None:
        """Give a DocType the series that were written down. Raises when one is not allowed or another DocType's."""
        self.check_permission("write")
        options = self._written()
        self._check_series(options)
        lines = "\n".join(options)
        make_property_setter(self.transaction_type, "naming_series", "options", lines, "Text")
        must_choose = cint(self.user_must_always_select)
        default = "" if must_choose else options[0]
        make_property_setter(self.transaction_type, "naming_series", "default", default, "Text")
        make_property_setter(self.transaction_type, "naming_series", "reqd", 1, "Check")
        frappe.clear_cache(doctype=self.transaction_type)
        frappe.msgprint(_("Series updated for {0}").format(_(self.transaction_type)), alert=True, indicator="green")

    def _written(self) -> list[str]:
        lines = [line.strip() for line in (self.naming_series_options or "").split("\n")]
        return list(dict.fromkeys(line for line in lines if line))

    def _check_series(self, options: list[str]) -> None:
        if not self.transaction_type or not frappe.get_meta(self.transaction_type).has_field("naming_series"):
            frappe.throw(_("Choose a document type that is named by series"))
        if not options:
            frappe.throw(_("Write down at least one series"), NamingSeriesNotSetError)
        for series in options:
            NamingSeries(series).validate()
        taken = {
            NamingSeries(series).get_prefix(): doctype
            for doctype in self._get_transactions()
            if doctype != self.transaction_type
            for series in self.series_of(doctype)
        }
        for series in options:
            other = taken.get(NamingSeries(series).get_prefix())
            if other:
                frappe.throw(_("Series {0} already used in {1}").format(frappe.bold(series), _(other)))

    @frappe.whitelist()
    def get_current(self) -> int | None:
        """Give the last number that was given out under the prefix, and set it in the field."""
        self.current_value = NamingSeries(self.prefix).get_current_value() if self.prefix else None
        return self.current_value

    @frappe.whitelist()
    def update_series_start(self) -> None:
        """Set the last number that was given out under the prefix."""
        self.check_permission("write")
        if self.prefix is None or self.current_value is None:
            frappe.throw(_("{0} is required").format(_("Prefix")), frappe.MandatoryError)
        if cint(self.current_value) < 0:
            frappe.throw(_("{0} must be positive").format(_("Current Value")))
        series = NamingSeries(self.prefix)
        before = series.get_current_value()
        series.update_counter(cint(self.current_value))
        self._note_change(before)
        frappe.msgprint(
            _("Series counter for {0} updated to {1} successfully").format(self.prefix, self.current_value),
            alert=True,
            indicator="green",
        )

    def _note_change(self, before: int) -> None:
        """Counters are kept outside of documents, so the change is written down as a version."""
        data = {"changed": [["current", before, cint(self.current_value)], ["prefix", self.prefix, self.prefix]]}
        version = {
            "doctype": "Version",
            "ref_doctype": self.doctype,
            "docname": self.name,
            "data": frappe.as_json(data),
        }
        frappe.get_doc(version).insert(ignore_permissions=True)

    @frappe.whitelist()
    def preview_series(self) -> str:
        """Give the next names of a series as lines, or what is wrong with it."""
        series = self.try_naming_series
        if not series:
            return ""
        try:
            return "\n".join(NamingSeries(series).get_preview(doc=self._last_document()))
        except frappe.ValidationError as error:
            return _("Failed to generate names from the series") + f"\n{error}"

    def _last_document(self) -> Any:
        if not self.transaction_type or not frappe.db.count(self.transaction_type):
            return None
        return frappe.get_last_doc(self.transaction_type)

    @frappe.whitelist()
    def update_amendment_rule(self) -> None:
        """Keep how amended documents are named."""
        self.check_permission("write")
        frappe.db.set_single_value("Document Naming Settings", "default_amend_naming", self.default_amend_naming)
        kept = frappe.get_single("Document Naming Settings")
        rows = [{"document_type": row.document_type, "action": row.action} for row in self.amend_naming_override]
        kept.set("amend_naming_override", rows)
        kept.flags.ignore_permissions = True
        kept.save()
        frappe.msgprint(_("Updated successfully"), alert=True, indicator="green")

    def on_update(self) -> None:
        """Let names of amendments follow at once, in every process."""
        forget_rules()
