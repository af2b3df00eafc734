"""Controller of the DocType Report.

Invariant: a report that is part of an app is changed in that app's files; queries and scripts of reports are written by
those alone who may write scripts.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.reports import generate, report_for_user

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint
from frappe.utils.safe_exec import safe_exec

CODE = ("query", "report_script")  # what runs on the server


class Report(Document):
    """A report on documents: from a script, a query, or columns chosen in the desk."""

    def validate(self) -> None:
        """Raise `PermissionError` where somebody writes code of a report who may not write scripts."""
        if any(self.has_value_changed(fieldname) and self.get(fieldname) for fieldname in CODE):
            frappe.only_for("Script Manager", True)

    def get_data(
        self,
        filters: Any = None,
        limit: int | None = None,
        user: str | None = None,
        as_dict: bool = False,
        ignore_prepared_report: bool = False,
        are_default_filters: bool = True,
    ) -> tuple[list[Any], list[Any]]:
        """Run the report as `user`; give its columns and rows, as lists or (`as_dict`) as dicts by field.

        Raises `PermissionError` where that user may not run it.
        """
        before = frappe.session.user
        if user and user != before:
            frappe.set_user(user)
        try:
            answer = generate(report_for_user(self.name), frappe._dict(frappe.parse_json(filters or {})))
        finally:
            if frappe.session.user != before:
                frappe.set_user(before)
        rows = answer["result"][: cint(limit)] if cint(limit) else answer["result"]
        if as_dict:
            return answer["columns"], [_as_dict(row, answer["columns"]) for row in rows]
        return answer["columns"], [_as_list(row, answer["columns"]) for row in rows]

    @frappe.whitelist()
    def toggle_disable(self, disable: Any) -> None:
        """Let a report be run no longer, or again."""
        if not self.has_permission("write"):
            frappe.throw(_("You are not allowed to edit the report."), frappe.PermissionError)
        self.db_set("disabled", cint(disable))


def run_script(report: Any, filters: Any) -> Any:
    """Run the script that a report keeps on the site; give its columns, rows, message, chart and summary.

    The script finds its filters in `filters`. It puts rows into `result`, for the columns of the report's own table, or
    all the parts at once into `data`. Raises `ServerScriptNotEnabled` where scripts do not run.
    """
    names = {"filters": frappe._dict(filters or {}), "data": None, "result": None}
    safe_exec(report.report_script or "", None, names, script_filename=str(report.name))
    if names["data"]:
        return names["data"]
    return [_column(row) for row in report.get("columns") or ()], names["result"] or []


def _column(row: Any) -> dict[str, Any]:
    return {
        "label": _(row.label),
        "fieldname": row.fieldname,
        "fieldtype": row.fieldtype,
        "options": row.options,
        "width": row.width,
    }


def _as_dict(row: Any, columns: list[Any]) -> dict[str, Any]:
    if isinstance(row, dict):
        return frappe._dict(row)
    return frappe._dict(zip([column.fieldname for column in columns], row, strict=False))


def _as_list(row: Any, columns: list[Any]) -> list[Any]:
    return [row.get(column.fieldname) for column in columns] if isinstance(row, dict) else list(row)


def get_report_module_dotted_path(module: str, report_name: str) -> str:
    """Give the Python module of a report of an app."""
    app = (
        frappe.get_doctype_app("Report") if module == "Core" else frappe.db.get_value("Module Def", module, "app_name")
    )
    scrubbed = frappe.scrub(report_name)
    return f"{app}.{frappe.scrub(module)}.report.{scrubbed}.{scrubbed}"
