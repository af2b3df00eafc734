"""Reports: scripts and queries with filters, columns, totals and charts.

A report runs for who has one of its roles and the right to report on its DocType; rows that name what the user may not
meet (user permissions) are left out.

Invariant: a query report reads and nothing else; filters are parameters, never text of the query.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from frappe_engine.access.decisions import has_permission
from frappe_engine.access.roles import get_roles, get_user_permissions
from frappe_engine.context.errors import DoesNotExistError, PermissionError, ValidationError
from frappe_engine.context.hooks import get_app_path, get_attr
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.lists import as_file, list_options
from frappe_engine.desk.prepared_reports import prepared_answer
from frappe_engine.desk.scripts import content_hash, read_if_there
from frappe_engine.documents.controllers import module_app
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import json_parameter
from frappe_engine.documents.listing import get_list
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.dates import get_datetime, getdate
from frappe_engine.kit.numbers import cint, flt, sbool
from frappe_engine.kit.text import scrub

NUMBERS = ("Int", "Float", "Currency", "Duration", "Percent")
_READS = re.compile(r"\s*(?:select|with)\b", re.I)
_WRITES = re.compile(
    r"\b(?:insert|update|delete|replace|alter|drop|create|truncate|grant|call|load|into\s+outfile|lock)\b", re.I
)
MOST_ROWS = 100_000  # where the site does not say


def report_for_user(name: Any) -> Any:
    """Give a report the user may run. Raises `DoesNotExistError`, `PermissionError`, `ValidationError` when it is disabled."""
    if not isinstance(name, str) or not name or not current().db.exists("Report", name):
        throw(_("{0} {1} not found").format(_("Report"), str(name)[:140]), DoesNotExistError)
    report = get_doc("Report", name)
    if report.report_type == "Custom Report":
        report = _of_custom_report(report)
    if not is_permitted(report):
        throw(_("You don't have access to Report: {0}").format(_(name)), PermissionError)
    if not has_permission(report.ref_doctype, "report", print_logs=False, raise_exception=False):
        throw(_("You don't have permission to get a report on: {0}").format(_(report.ref_doctype)), PermissionError)
    if report.disabled:
        throw(_("Report {0} is disabled").format(_(name)))
    return report


def _of_custom_report(custom: Any) -> Any:
    """A report with columns of the user's own runs the report it was made from."""
    report = get_doc("Report", custom.reference_report)
    report.custom_report = custom.name
    settings = json_parameter({"json": custom.json}, "json", (dict,)) or {} if custom.json else {}
    report.custom_columns = settings.get("columns")
    report.custom_filters = settings.get("filters")
    return report


def is_permitted(report: Any) -> bool:
    """Tell whether the user has one of the report's roles (those of its Custom Role, where there is one)."""
    database = current().db
    custom = database.get_value("Custom Role", {"report": report.name}, "name")
    if custom:
        wanted = {
            row[0]
            for row in database.rows(
                "SELECT `role` FROM `tabHas Role` WHERE `parenttype` = 'Custom Role' AND `parent` = ?", (custom,)
            )
        }
    else:
        wanted = {row.role for row in report.get("roles") or ()}
    return not wanted or not wanted.isdisjoint(get_roles()) or current().session.user == "Administrator"


@whitelist()
def run(
    report_name: str,
    filters: Any = None,
    user: str | None = None,
    ignore_prepared_report: Any = False,
    custom_columns: Any = None,
    is_tree: Any = False,
    parent_field: str | None = None,
    are_default_filters: Any = True,
) -> dict[str, Any]:
    """Run a report with filters; give its columns, rows, total, message, chart and summary.

    Of one that is prepared in the background it gives the newest kept result (or `filters.prepared_report_name`).
    """
    report = report_for_user(report_name)
    wanted = wanted_filters(report, filters)
    columns = json_parameter({"custom_columns": custom_columns}, "custom_columns", (list,)) if custom_columns else None
    if report.prepared_report and not sbool(ignore_prepared_report) and not columns:
        return prepared_answer(report, wanted)
    return generate(report, wanted, custom_columns=columns, is_tree=bool(cint(is_tree)), parent_field=parent_field)


def wanted_filters(report: Any, filters: Any) -> Any:
    """Give the filters (a dict or its JSON) a report runs with: those kept with a custom report, then the given ones."""
    given = json_parameter({"filters": filters}, "filters", (dict,)) or {}
    return _dict({**(report.get("custom_filters") or {}), **given})


def generate(
    report: Any, filters: Any, *, custom_columns: Any = None, is_tree: bool = False, parent_field: str | None = None
) -> dict[str, Any]:
    """Run a report and give the answer the desk draws."""
    started = time.monotonic()
    parts = list(_execute(report, filters))
    columns, result, message, chart, summary, skip_total = (parts + [None] * 6)[:6]
    described = [column_as_dict(column) for column in columns or ()]
    rows = rows_as_dicts(result or [], described)
    extra = custom_columns or report.get("custom_columns")
    if extra:
        described, rows = _with_custom_columns(described, rows, extra)
    rows = within_limits(report.ref_doctype, described, rows)
    if cint(report.add_total_row) and rows and not skip_total:
        rows = [*rows, total_row(rows, described, is_tree=is_tree, parent_field=parent_field)]
    return {
        "result": rows,
        "columns": described,
        "message": message,
        "chart": chart,
        "report_summary": summary,
        "skip_total_row": cint(skip_total),
        "status": None,
        "execution_time": round(time.monotonic() - started, 4),
        "add_total_row": cint(report.add_total_row),
        "prepared_report": 0,
    }


def _execute(report: Any, filters: Any) -> Sequence[Any]:
    runners: dict[str, Callable[[Any, Any], Sequence[Any]]] = {
        "Script Report": _run_script,
        "Query Report": _run_query,
        "Report Builder": _run_builder,
    }
    runner = runners.get(str(report.report_type))
    if runner is None:
        throw(_("Reports of type {0} can't be run").format(_(report.report_type)), ValidationError)
    return runner(report, filters)


def _run_script(report: Any, filters: Any) -> Sequence[Any]:
    if report.is_standard == "Yes":
        found: Sequence[Any] = get_attr(f"{module_path(report)}.execute")(filters)
        return found
    answer: Sequence[Any] = providers("report_script", report, filters)
    return answer


def module_path(report: Any) -> str:
    """Give the dotted path of a standard report's module."""
    name = scrub(str(report.name))
    return f"{module_app(report.module)}.{scrub(report.module)}.report.{name}.{name}"


def _run_query(report: Any, filters: Any) -> Sequence[Any]:
    query = str(report.query or "").strip().rstrip(";")
    if not _READS.match(query) or _WRITES.search(re.sub(r"'(?:[^'\\]|\\.)*'|`[^`]*`", "", query)):
        throw(_("Query must be of SELECT or read-only WITH type."), title=_("Report Document Error"))
    rows = current().db.sql(query, filters, as_dict=True)
    names = list(rows[0]) if rows else _names_of_empty(query, filters)
    return names, [list(row.values()) for row in rows[: most_rows()]]


def _names_of_empty(query: str, filters: Any) -> list[str]:
    """A query without rows still names its columns; MariaDB and SQLite give them with an outer join to one row."""
    rows = current().db.sql(
        f"SELECT q.* FROM (SELECT 1 AS `ec_one`) o LEFT JOIN ({query}) q ON 1 = 1 LIMIT 1", filters, as_dict=True
    )
    return list(rows[0]) if rows else []


def _run_builder(report: Any, filters: Any) -> Sequence[Any]:
    settings = json_parameter({"json": report.json}, "json", (dict,)) or {} if report.json else {}
    meta = get_meta(report.ref_doctype)
    fields = [name for name, doctype in settings.get("fields") or [["name", meta.name]] if doctype == meta.name]
    asked = {
        "fields": fields,
        "filters": [*(settings.get("filters") or []), *[[meta.name, k, "=", v] for k, v in filters.items()]],
    }
    options = list_options(meta, asked)
    rows = get_list(meta.name, page_length=most_rows(), as_list=True, **options)
    columns = [
        _dict(
            fieldname=name,
            label=_(meta.get_label(name)),
            fieldtype=meta.column_types.get(name, "Data"),
            options=_options(meta, name),
        )
        for name in fields
    ]
    return columns, [list(row) for row in rows]


def most_rows() -> int:
    """Give how many rows a report has at most."""
    return cint(system_setting("max_report_rows")) or MOST_ROWS


def _options(meta: Any, name: str) -> Any:
    return meta.name if name == "name" else meta.by_name[name].get("options") if meta.has_field(name) else None


# columns and rows


def column_as_dict(column: Any) -> Any:
    """Give a column as a dict; text is `Label:Fieldtype/Options:Width`."""
    if isinstance(column, Mapping):
        found = _dict(column)
        found.label = found.get("label") or ""
        found.fieldname = found.get("fieldname") or scrub(str(found.label))
        found.fieldtype = found.get("fieldtype") or "Data"
        return found
    parts = [part.strip() for part in str(column).split(":")]
    kind, _separator, options = (parts[1] if len(parts) > 1 and parts[1] else "Data").partition("/")
    found = _dict(label=_(parts[0]), fieldname=scrub(parts[0]), fieldtype=kind or "Data")
    if options:
        found.options = options
    if len(parts) > 2 and parts[2]:
        found.width = cint(parts[2])
    return found


def rows_as_dicts(rows: Any, columns: list[Any]) -> list[Any]:
    """Give rows as dicts by the columns' names."""
    names = [column.fieldname for column in columns]
    found: list[Any] = []
    for row in rows:
        if isinstance(row, Mapping):
            found.append(dict(row))
        elif row:
            found.append(dict(zip(names, row, strict=False)))
        else:
            found.append({})
    return found


def _with_custom_columns(columns: list[Any], rows: list[Any], wanted: Any) -> tuple[list[Any], list[Any]]:
    """Columns the user chose: some of the report's own, and fields of documents that a column links to."""
    chosen = [column_as_dict(column) for column in wanted]
    for column in chosen:
        link = column.get("link_field")
        if not link or not column.get("doctype"):
            continue
        source = link.get("fieldname") if isinstance(link, Mapping) else link
        values = _values_of(
            str(column.doctype), str(column.fieldname), {row.get(source) for row in rows if row.get(source)}
        )
        for row in rows:
            row[column.fieldname] = values.get(row.get(source))
    return chosen or columns, rows


def _values_of(doctype: str, fieldname: str, names: set[Any]) -> dict[Any, Any]:
    if not names:
        return {}
    rows = get_list(
        doctype,
        fields=["name", fieldname],
        filters={"name": ["in", sorted(map(str, names))]},
        page_length=0,
        as_list=True,
    )
    return {row[0]: row[1] for row in rows if len(row) > 1}


def within_limits(doctype: str, columns: list[Any], rows: list[Any]) -> list[Any]:
    """Leave out rows that name what the user may not meet."""
    limits = get_user_permissions()
    if not limits:
        return rows
    checks: list[tuple[str, set[str]]] = []
    for column in columns:
        linked = column.get("options") if column.get("fieldtype") == "Link" else None
        entries = [entry for entry in limits.get(str(linked), ()) if entry.applicable_for in (None, doctype)]
        if entries:
            checks.append((column.fieldname, {str(entry.doc) for entry in entries}))
    return [
        row for row in rows if all(row.get(name) in (None, "") or str(row[name]) in allowed for name, allowed in checks)
    ]


def total_row(
    rows: list[Any], columns: list[Any], *, is_tree: bool = False, parent_field: str | None = None
) -> list[Any]:
    """Give the row of totals: numbers summed (percentages averaged), "Total" in the first column."""
    total: list[Any] = [""] * len(columns)
    counted = [row for row in rows if not is_tree or cint(row.get("indent")) == 0]
    for position, column in enumerate(columns):
        if column.get("disable_total") or column.get("fieldtype") not in NUMBERS:
            if column.get("fieldtype") == "Currency":
                total[position] = None
            continue
        values = [flt(row.get(column.fieldname)) for row in counted]
        total[position] = sum(values)
        if column.fieldtype == "Percent" and values:
            total[position] = sum(values) / len(values)
        elif column.fieldtype == "Int":
            total[position] = int(sum(values))
    if columns and columns[0].get("fieldtype") not in (*NUMBERS, "Date"):
        total[0] = _("Total")
    return total


# scripts and files


@whitelist()
def get_script(report_name: str) -> dict[str, Any]:
    """Give where a report's script is, its filters, and its print template."""
    report = report_for_user(report_name)
    text = script_text(report)
    folder = _folder(report)
    name = scrub(str(report.name))
    filters = [row.as_dict(no_default_fields=True, no_child_table_fields=True) for row in report.get("filters") or ()]
    return {
        "script": None,
        "script_url": f"/api/method/frappe.desk.query_report.script?report_name={_quoted(report.name)}&v={content_hash(text)}"
        if text
        else None,
        "html_format": read_if_there(os.path.join(folder, f"{name}.html")) if folder else None,
        "execution_time": 0,
        "filters": filters,
        "custom_report_name": report.get("custom_report"),
    }


def _quoted(text: Any) -> str:
    from urllib.parse import quote

    return quote(str(text), safe="")


def _folder(report: Any) -> str | None:
    if report.is_standard != "Yes" or not report.module:
        return None
    return get_app_path(module_app(report.module), scrub(report.module), "report", scrub(str(report.name)))


def script_text(report: Any) -> str:
    """Give a report's script, "" when it has none."""
    folder = _folder(report)
    own = read_if_there(os.path.join(folder, f"{scrub(str(report.name))}.js")) if folder else ""
    return own or str(report.get("javascript") or "")


def script_for_browser(report_name: Any) -> tuple[str, str]:
    """Give a report's script as the browser runs it, and its hash."""
    text = script_text(report_for_user(report_name))
    return f"(function () {{\n{text}\n}}).call(window);\n", content_hash(text)


@whitelist()
def export_query() -> None:
    """Give a report as a file. Raises `PermissionError` without the right to export."""
    parameters = current().form_dict
    report = report_for_user(parameters.get("report_name"))
    if not has_permission(report.ref_doctype, "export", print_logs=False, raise_exception=False):
        throw(_("You are not allowed to export {0}").format(_(report.ref_doctype)), PermissionError)
    answer = _answer_to_export(report, parameters)
    visible = json_parameter(parameters, "visible_idx", (list,))
    as_file(table_of(answer, visible), str(report.name), str(parameters.get("file_format_type") or "Excel"))


def table_of(answer: Mapping[str, Any], visible: Sequence[int] | None = None) -> list[list[Any]]:
    """Give an answer as a table with heads: the columns that are not hidden; of the rows those at `visible`, if given.

    The sums of all rows are left out where only some rows are wanted.
    """
    columns = [column for column in answer["columns"] if not column.get("hidden")]
    wanted = set(visible or ())
    rows = [row for number, row in enumerate(answer["result"]) if not wanted or number in wanted]
    return [[_(column.label) for column in columns], *(_cells(row, answer["columns"], columns) for row in rows)]


def _answer_to_export(report: Any, parameters: Any) -> dict[str, Any]:
    """A result that was prepared is exported as it was shown; without one the report runs."""
    filters = wanted_filters(report, parameters.get("filters"))
    columns = json_parameter(parameters, "custom_columns", (list,))
    if report.prepared_report and not columns:
        answer = prepared_answer(report, filters)
        if answer["doc"]:
            return answer
    filters.pop("prepared_report_name", None)
    return generate(report, filters, custom_columns=columns)


def _cells(row: Any, all_columns: list[Any], columns: list[Any]) -> list[Any]:
    by_name = row if isinstance(row, dict) else dict(zip([c.fieldname for c in all_columns], row, strict=False))
    return [_cell(by_name.get(column.fieldname), column.get("fieldtype")) for column in columns]


def _cell(value: Any, fieldtype: Any) -> Any:
    """Kept results hold days and moments as text; a file has them as what they are."""
    if not isinstance(value, str) or fieldtype not in ("Date", "Datetime"):
        return value
    try:
        return getdate(value) if fieldtype == "Date" else get_datetime(value)
    except ValueError:
        return value


@whitelist()
def get_data_for_custom_field(doctype: str, field: str, names: Any = None) -> dict[Any, Any]:
    """Give a field of documents by their names."""
    wanted = json_parameter({"names": names}, "names", (list,)) or []
    return _values_of(doctype, field, set(wanted))


@whitelist()
def save_custom_report(reference_report: str, report_name: str, columns: Any, filters: Any = None) -> str:
    """Keep a report with columns of one's own; give its name."""
    import json

    from frappe_engine.documents.document import new_doc

    source = report_for_user(reference_report)
    settings = {
        "columns": json_parameter({"columns": columns}, "columns", (list,)) or [],
        "filters": json_parameter({"filters": filters}, "filters", (dict,)) or {},
    }
    known = current().db.get_value(
        "Report", {"report_name": report_name, "is_standard": "No", "report_type": "Custom Report"}, "name"
    )
    report = get_doc("Report", known) if known else new_doc("Report")
    if known and report.owner != current().session.user:
        report.check_permission("write")
    report.update({"report_name": report_name, "reference_report": source.name, "ref_doctype": source.ref_doctype})
    report.update({"report_type": "Custom Report", "is_standard": "No", "json": json.dumps(settings, default=str)})
    report.save(ignore_permissions=True)
    return str(report.name)
