"""Reports."""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.desk.prepared_reports import prepared_answer
from frappe_engine.desk.reports import column_as_dict as get_column_as_dict
from frappe_engine.desk.reports import (
    export_query,
    generate,
    get_data_for_custom_field,
    get_script,
    report_for_user,
    rows_as_dicts,
    run,
    script_for_browser,
)
from frappe_engine.desk.reports import save_custom_report as save_report
from frappe_engine.desk.reports import total_row as _total_row
from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.utils import cint, flt, format_duration

__all__ = [
    "add_total_row",
    "background_enqueue_run",
    "build_xlsx_data",
    "clean_params",
    "export_query",
    "format_fields",
    "generate_report_result",
    "get_column_as_dict",
    "get_data_for_custom_field",
    "get_prepared_report_result",
    "get_report_doc",
    "get_script",
    "normalize_result",
    "parse_json",
    "run",
    "save_report",
    "script",
    "valid_report_name",
]
INDENT = 4 * " "
LONGEST_FILE_NAME = 255


def get_report_doc(report_name: str) -> Any:
    """Give a report the one who asks may run."""
    return report_for_user(report_name)


def generate_report_result(
    report: Any, filters: Any = None, user: str | None = None, custom_columns: Any = None
) -> dict[str, Any]:
    """Run a report and give what the desk draws."""
    wanted = frappe._dict(frappe.parse_json(filters) if isinstance(filters, str) else filters or {})
    return generate(report, wanted, custom_columns=custom_columns)


@frappe.whitelist(methods=["POST", "PUT"])
def background_enqueue_run(report_name: str, filters: Any = None, user: str | None = None) -> dict[str, str]:
    """Have a report run in the background for the present user; give its document's `name` and where its form is."""
    from frappe.core.doctype.prepared_report.prepared_report import make_prepared_report  # a DocType of the report

    name = make_prepared_report(report_name, filters)["name"]
    return {"name": name, "redirect_url": frappe.utils.get_url_to_form("Prepared Report", name)}


def get_prepared_report_result(report: Any, filters: Any, dn: str = "", user: str | None = None) -> dict[str, Any]:
    """Give a result that was prepared in the background, of the document `dn` or the newest of the present user.

    `report` may be left out where `dn` says which it is. Without a result there is no `doc` and no rows.
    """
    wanted = frappe._dict(frappe.parse_json(filters) if isinstance(filters, str) else filters or {})
    chosen = report or report_for_user(frappe.db.get_value("Prepared Report", dn, "report_name"))
    if dn:
        wanted.prepared_report_name = dn
    return prepared_answer(chosen, wanted)


def normalize_result(result: Any, columns: list[Any]) -> list[Any]:
    """Give rows as dicts by the columns' names."""
    return rows_as_dicts(result, [get_column_as_dict(column) for column in columns])


def add_total_row(
    result: list[Any], columns: list[Any], meta: Any = None, is_tree: bool = False, parent_field: str | None = None
) -> list[Any]:
    """Give rows with their total below them."""
    described = [get_column_as_dict(column) for column in columns]
    return [
        *result,
        _total_row(rows_as_dicts(result, described), described, is_tree=is_tree, parent_field=parent_field),
    ]


@frappe.whitelist()
def script(report_name: str, v: str | None = None) -> Response:
    """Send a report's script; with its present hash as `v` it may be kept for ever."""
    text, current_hash = script_for_browser(report_name)
    response = Response(text, content_type="text/javascript; charset=utf-8")
    lasting = "private, max-age=31536000, immutable" if v == current_hash else "private, no-cache"
    response.headers["Cache-Control"] = lasting
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# what an export is made of


def clean_params(data: dict[str, Any]) -> None:
    """Take out of the parameters of a request what says nothing of the report."""
    for key in ("cmd", "csrf_token"):
        data.pop(key, None)


def parse_json(data: dict[str, Any]) -> None:
    """Read the filters among the parameters of a request."""
    for key in ("filters", "applied_filters", "or_filters", "fields"):
        if isinstance(data.get(key), str):
            data[key] = json.loads(data[key])


def valid_report_name(report_name: str, suffix: str) -> bool:
    """Tell whether a name with its suffix is no longer than files may be called."""
    return len(f"{report_name}{suffix}".encode()) < LONGEST_FILE_NAME


def format_fields(data: Any) -> None:
    """Put durations of a report's rows into words, and amounts to the precision that their column names."""
    for index, column in enumerate(data.columns):
        kind, precision = column.get("fieldtype"), column.get("precision")
        if kind not in ("Duration", "Currency") or (kind == "Currency" and precision is None):
            continue
        for row in data.result:
            key = column.get("fieldname") if isinstance(row, dict) else index
            value = row.get(key) if isinstance(row, dict) else row[index]
            if value:
                row[key] = format_duration(value) if kind == "Duration" else flt(value, cint(precision))


def build_xlsx_data(
    data: Any,
    visible_idx: Any,
    include_indentation: Any,
    include_filters: Any = False,
    ignore_visible_idx: bool = False,
) -> tuple[list[list[Any]], list[float]]:
    """Give a report as the rows of a sheet (its filters first, if wanted) and the widths of its columns.

    Of the rows those at `visible_idx` are given, or all where it names none.
    """
    columns = [column for column in data.columns if not column.get("hidden")]
    table: list[list[Any]] = []
    if cint(include_filters) and data.get("filters"):
        table = [*([label, _in_words(value)] for label, value in data.filters.items()), []]
    table.append([_(column.get("label") or "") for column in columns])
    wanted = None if ignore_visible_idx or not visible_idx else frozenset(visible_idx)
    for number, row in enumerate(data.result):
        if row and (wanted is None or number in wanted):
            table.append(_sheet_row(row, columns, indented=bool(cint(include_indentation))))
    return table, [cint(column.get("width")) / 10 for column in columns]


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _sheet_row(row: Any, columns: list[Any], *, indented: bool) -> list[Any]:
    if not isinstance(row, dict):
        return list(row)
    cells = [row.get(column.get("fieldname")) for column in columns]
    if indented and cells and isinstance(cells[0], str):
        cells[0] = INDENT * cint(row.get("indent")) + cells[0]
    return cells
