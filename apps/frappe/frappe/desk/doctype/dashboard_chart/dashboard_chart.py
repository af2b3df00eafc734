"""Controller of the DocType Dashboard Chart, and the calls that work charts out.

Invariant: a chart counts what the one who asks may see.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time
from typing import Any

from frappe_engine.kit.series import beginning_of, by_period, day_after, first_day, top_groups

import frappe
from frappe import _
from frappe._parameters import dict_parameter
from frappe.desk.doctype.number_card.number_card import FUNCTIONS, MANAGERS, card_filters
from frappe.model.document import Document
from frappe.utils import cint, flt, format_date, get_start_of_week_index, getdate, now_datetime, nowdate

GRAINS = ("Daily", "Weekly", "Monthly", "Quarterly", "Yearly")


class DashboardChart(Document):
    """A picture of figures: over time, by groups, of a report, or of an app's own making."""

    def validate(self) -> None:
        """Refuse charts that could show nothing."""
        for fieldname in self.needed_fields():
            if not self.get(fieldname):
                label = _(self.meta.get_label(fieldname))
                frappe.throw(_("{0} is required").format(label), frappe.MandatoryError)

    def needed_fields(self) -> tuple[str, ...]:
        """Give the fields that a chart of this type can't do without."""
        if self.chart_type in ("Count", "Sum", "Average"):
            return ("document_type", "based_on", *(("value_based_on",) if self.chart_type != "Count" else ()))
        if self.chart_type == "Group By":
            of_values = ("aggregate_function_based_on",) if self.group_by_type in ("Sum", "Average") else ()
            return ("document_type", "group_by_based_on", *of_values)
        return {"Report": ("report_name",), "Custom": ("source",)}.get(self.chart_type, ())


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """Show the charts about what a user may read."""
    who = user or frappe.session.user
    if who == "Administrator" or MANAGERS & set(frappe.get_roles(who)):
        return None
    names = ", ".join(frappe.db.escape(name) for name in frappe.get_user(who).get_can_read()) or "''"
    return (
        f"(`tabDashboard Chart`.`document_type` IN ({names})"
        " OR `tabDashboard Chart`.`chart_type` IN ('Report', 'Custom'))"
    )


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see a chart: one of their roles is named, or they may read what it is about."""
    who = user or frappe.session.user
    roles = set(frappe.get_roles(who))
    if who == "Administrator" or MANAGERS & roles:
        return True
    if ptype not in ("read", "select") and not doc.is_new() and doc.owner != who:
        return False
    named = {row.role for row in doc.get("roles") or []}
    if named:
        return bool(named & roles)
    if doc.chart_type == "Report":
        report = frappe.get_cached_doc("Report", doc.report_name)
        return bool(frappe.has_permission(report.ref_doctype, "report", user=who))
    return doc.chart_type == "Custom" or bool(frappe.has_permission(doc.document_type, "read", user=who))


@frappe.whitelist()
def get(
    chart_name: str | None = None,
    chart: dict[str, Any] | None = None,
    no_cache: Any = None,
    filters: Any = None,
    from_date: Any = None,
    to_date: Any = None,
    timespan: str | None = None,
    time_interval: str | None = None,
    heatmap_year: Any = None,
    refresh: Any = None,
) -> dict[str, Any] | None:
    """Give the figures of a chart: `labels` and `datasets`, or `dataPoints` of a heat map.

    A chart that is not saved yet is given as `chart`. Raises `PermissionError`.
    """
    document = _chart(chart_name, chart)
    wanted = card_filters(filters if filters else document.filters_json)
    if document.chart_type == "Group By":
        return group_by_chart(document, wanted)
    if document.chart_type not in ("Count", "Sum", "Average"):
        frappe.throw(_("Charts of the type {0} are not worked out here").format(_(document.chart_type)))
    if document.type == "Heatmap":
        return heatmap(document, wanted, cint(heatmap_year or document.heatmap_year))
    first, last = _span(document, timespan, from_date, to_date)
    return time_chart(document, wanted, first, last, time_interval or document.time_interval or "Daily")


def _chart(chart_name: str | None, chart: Any) -> Any:
    if chart_name:
        document = frappe.get_doc("Dashboard Chart", chart_name)
    else:
        document = frappe.new_doc("Dashboard Chart")
        document.update({k: v for k, v in dict(frappe.parse_json(chart) or {}).items() if k != "doctype"})
    document.check_permission("read")
    return document


def _span(chart: Any, timespan: str | None, from_date: Any, to_date: Any) -> tuple[date, date]:
    span = timespan or chart.timespan
    if span == "Select Date Range":
        first, last = from_date or chart.from_date, to_date or chart.to_date
        if not (first and last):
            frappe.throw(_("Select a date range first"))
        return getdate(first), getdate(last)
    last = getdate(to_date or nowdate())
    return beginning_of(span or "Last Year", last), last


def _field(doctype: str, fieldname: str | None) -> str:
    """Give the name of a field, a standard one too. Raises `frappe.ValidationError` for what is none."""
    meta = frappe.get_meta(doctype)
    if fieldname and (meta.has_field(fieldname) or fieldname in meta.get_valid_columns()):
        return fieldname
    frappe.throw(_("{0} has no field {1}").format(_(doctype), fieldname))


def _per_day(chart: Any, filters: list[Any], first: date, last: date) -> list[tuple[date, float, float]]:
    """Figures by day: (day, sum, count), worked out by the database."""
    doctype = chart.document_type
    based_on = _field(doctype, chart.based_on)
    value = "name" if chart.chart_type == "Count" else _field(doctype, chart.value_based_on)
    function = "count" if chart.chart_type == "Count" else "sum"
    span = [
        [doctype, "docstatus", "<", 2],
        [doctype, based_on, ">=", datetime.combine(first, time())],
        [doctype, based_on, "<", datetime.combine(day_after(last), time())],
    ]
    rows = frappe.get_list(
        doctype,
        fields=[f"date(`{based_on}`) as day", f"{function}(`{value}`) as total", "count(`name`) as documents"],
        filters=[*filters, *span],
        group_by="day",
        order_by="",
        limit_page_length=0,
        parent_doctype=chart.parent_document_type,
    )
    return [(getdate(row.day), flt(row.total), flt(row.documents)) for row in rows if row.day]


def time_chart(chart: Any, filters: list[Any], first: date, last: date, grain: str) -> dict[str, Any]:
    """Give the figures of a chart over time: one for each day, week, month, quarter or year."""
    if grain not in GRAINS:
        frappe.throw(_("{0} is none of: {1}").format(grain, ", ".join(GRAINS)))
    week = get_start_of_week_index()
    begin = first_day(first, grain, week)
    figures = _per_day(chart, filters, begin, last)
    series = by_period(figures, begin, last, grain, average=chart.chart_type == "Average", first_day_of_week=week)
    return {
        "labels": [period_label(day, grain) for day, _value in series],
        "datasets": [{"name": chart.chart_name or chart.name, "values": [value for _day, value in series]}],
    }


def get_result(data: Any, timegrain: str, from_date: Any, to_date: Any, chart_type: str) -> list[list[Any]]:
    """Give [last day, figure] of each period between two dates, from rows of (day, sum, number of documents).

    `chart_type` says which figure: the Sum, the Count, or the Average of the rows.
    """
    counts = chart_type == "Count"
    figures = [(getdate(day), flt(count if counts else value), flt(count)) for day, value, count in data]
    week = get_start_of_week_index()
    first, last = getdate(from_date), getdate(to_date)
    series = by_period(figures, first, last, timegrain, average=chart_type == "Average", first_day_of_week=week)
    return [[day, value] for day, value in series]


def period_label(day: date, grain: str) -> str:
    """Give what people call the period that ends on a day."""
    if grain == "Monthly":
        return f"{_(day.strftime('%b'))} {day.year}"
    if grain == "Quarterly":
        return _("Quarter {0} {1}").format((day.month - 1) // 3 + 1, day.year)
    return str(day.year) if grain == "Yearly" else str(format_date(day))


def heatmap(chart: Any, filters: list[Any], year: int) -> dict[str, Any]:
    """Give the figures of a year by day: `dataPoints`, by the seconds since 1970 of each day's beginning."""
    wanted = year or now_datetime().year
    figures = _per_day(chart, filters, date(wanted, 1, 1), date(wanted, 12, 31))
    average = chart.chart_type == "Average"
    points = {
        str(int(datetime.combine(day, time()).timestamp())): value / count if average and count else value
        for day, value, count in figures
    }
    return {"labels": [], "dataPoints": points}


def group_by_chart(chart: Any, filters: list[Any]) -> dict[str, Any] | None:
    """Give the figures of a chart by groups, the largest first; None when there is nothing."""
    doctype = chart.document_type
    group = _field(doctype, chart.group_by_based_on)
    function = FUNCTIONS.get(chart.group_by_type or "Count")
    if function is None:
        frappe.throw(_("{0} is none of: {1}").format(chart.group_by_type, ", ".join(FUNCTIONS)))
    value = "name" if function == "count" else _field(doctype, chart.aggregate_function_based_on)
    rows = frappe.get_list(
        doctype,
        fields=[f"`{group}` as label", f"{function}(`{value}`) as total"],
        filters=[*filters, [doctype, "docstatus", "<", 2]],
        group_by=f"`{group}`",
        order_by="",
        limit_page_length=0,
        parent_doctype=chart.parent_document_type,
    )
    if not rows:
        return None
    groups = [(str(row.label) if row.label not in (None, "") else _("Not Specified"), flt(row.total)) for row in rows]
    shown = top_groups(groups, cint(chart.number_of_groups), _("Other"))
    return {
        "labels": [label for label, _value in shown],
        "datasets": [{"name": chart.chart_name or chart.name, "values": [value for _label, value in shown]}],
    }


# making charts


@frappe.whitelist()
def get_chart_config(
    chart: Any, filters: Any, timespan: str | None, timegrain: str, from_date: Any, to_date: Any
) -> dict[str, Any]:
    """Give the figures of a chart over time: `labels` and `datasets`."""
    first, last = _span(chart, timespan, from_date, to_date)
    return time_chart(chart, card_filters(filters), first, last, timegrain)


def get_heatmap_chart_config(chart: Any, filters: Any, heatmap_year: Any) -> dict[str, Any]:
    """Give the figures of a heat map: `dataPoints` of one year."""
    return heatmap(chart, card_filters(filters), cint(heatmap_year))


def get_group_by_chart_config(chart: Any, filters: Any) -> dict[str, Any] | None:
    """Give the figures of a chart by groups: `labels` and `datasets`; None when there is nothing."""
    return group_by_chart(chart, card_filters(filters))


def create_dashboard_chart(args: dict[str, Any]) -> Any:
    """Make a chart; `args` are its values."""
    values = dict(frappe.parse_json(args))
    chart = frappe.new_doc("Dashboard Chart")
    chart.update({k: v for k, v in values.items() if k not in ("doctype", "name", "is_standard", "owner")})
    if values.get("custom_options"):
        chart.custom_options = frappe.as_json(frappe.parse_json(values["custom_options"]))
    return chart.insert()


@frappe.whitelist()
def create_report_chart(args: dict[str, Any]) -> None:
    """Make a chart of a report; with `dashboard` put it there."""
    values = dict_parameter(args, "args")
    chart = create_dashboard_chart(values)
    if values.dashboard:
        add_chart_to_dashboard({"name": chart.name, "dashboard": values.dashboard})


@frappe.whitelist()
def add_chart_to_dashboard(args: Any) -> None:
    """Put a chart on a dashboard."""
    values = dict_parameter(args, "args")
    dashboard = frappe.get_doc("Dashboard", values.dashboard)
    dashboard.append("charts", {"chart": values.name or values.chart_name})
    dashboard.save()


@frappe.whitelist()
def get_charts_for_user(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> list[Any]:
    """Give charts a user may choose, for a link's search."""
    rows = frappe.get_list(
        "Dashboard Chart",
        fields=["name", "chart_name", "document_type"],
        or_filters=[["is_public", "=", 1], ["owner", "=", frappe.session.user]],
        filters=[["chart_name", "like", f"%{txt}%"], *card_filters(filters)],
        limit_start=cint(start),
        limit_page_length=cint(page_len) or 20,
    )
    return [[row.name, row.chart_name, row.document_type] for row in rows]


@frappe.whitelist()
def get_parent_doctypes(child_type: str) -> list[str]:
    """Give the DocTypes that have rows of a kind."""
    filters = {"fieldtype": "Table", "options": child_type}
    return sorted(
        set(frappe.get_all("DocField", filters, pluck="parent"))
        | set(frappe.get_all("Custom Field", filters, pluck="dt"))
    )


def source_script(name: str) -> str:
    """Give the script of a chart source of an app."""
    source = frappe.get_doc("Dashboard Chart Source", name)
    folder = frappe.get_module_path(source.module, "dashboard_chart_source", frappe.scrub(source.name))
    return frappe.read_file(os.path.join(folder, f"{frappe.scrub(source.name)}.js")) or ""
