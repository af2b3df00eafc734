"""Controller of the DocType Auto Email Report: reports that are sent by mail every day, week or month.

Invariant: a report shows what the user it runs as may see; one that fails stops no other.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from frappe_engine.kit.tables import write_csv, write_xlsx

import frappe
from frappe import _
from frappe.email.sending import addresses
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists
from frappe.utils import (
    add_to_date,
    cint,
    escape_html,
    format_date,
    get_first_day,
    get_first_day_of_week,
    get_quarter_start,
    get_weekday,
    get_year_start,
    getdate,
    now_datetime,
    nowdate,
    validate_email_address,
)

SPANS: dict[str, dict[str, int]] = {
    "Daily": {"days": -1},
    "Weekly": {"days": -7},
    "Monthly": {"months": -1},
    "Quarterly": {"months": -3},
    "Half Yearly": {"months": -6},
    "Yearly": {"years": -1},
}


def _half_year_start(day: Any) -> Any:
    return day.replace(month=1 if day.month <= 6 else 7, day=1)


PERIOD_BEGINS = {
    "Weekly": get_first_day_of_week,
    "Monthly": get_first_day,
    "Quarterly": get_quarter_start,
    "Half Yearly": _half_year_start,
    "Yearly": get_year_start,
}
WORKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class AutoEmailReport(Document):
    """Which report, with which filters, as whom, to whom, how often and in which form."""

    def autoname(self) -> None:
        """Name it after its report, further ones of that with a number."""
        self.name = append_number_if_name_exists(self.doctype, str(_(self.report)))

    def validate(self) -> None:
        """Refuse what could not be sent."""
        readers = addresses((self.email_to or "").replace("\n", ","))
        for address in readers:
            validate_email_address(address, throw=True)
        self.email_to = "\n".join(readers)
        report = frappe.get_doc("Report", self.report)
        self.report_type, self.reference_report = report.report_type, report.reference_report
        for fieldname in ("filters", "filter_meta"):
            try:
                json.loads(self.get(fieldname) or "{}")
            except ValueError:
                frappe.throw(_("{0} is no JSON").format(_(self.meta.get_label(fieldname))))
        self._check_dates()
        self._check_number()

    def _check_dates(self) -> None:
        needed = (self.from_date_field, self.to_date_field)
        if self.dynamic_date_period and not all(needed):
            frappe.throw(_("A period needs the filters that it sets: from and to"), frappe.MandatoryError)

    def _check_number(self) -> None:
        allowed = cint(frappe.db.get_single_value("System Settings", "max_auto_email_report_per_user")) or 20
        filters = {"user": self.user, "enabled": 1, "name": ["!=", self.name or ""]}
        if self.enabled and frappe.db.count("Auto Email Report", filters) >= allowed:
            frappe.throw(_("Only {0} emailed reports are allowed per user.").format(allowed))

    def filter_values(self) -> dict[str, Any]:
        """Give the filters of today: the period is set anew each time."""
        values = json.loads(self.filters or "{}")
        values = values if isinstance(values, dict) else {}
        if self.dynamic_date_period:
            today = getdate(nowdate())
            values[self.to_date_field] = str(today)
            values[self.from_date_field] = str(self.period_start(today))
        return values

    def period_start(self, today: Any) -> Any:
        """Give the first day of the period that ends today: one span ago, or the beginning of today's week, month …"""
        begins = PERIOD_BEGINS.get(self.dynamic_date_period) if self.use_first_day_of_period else None
        return begins(today) if begins else add_to_date(today, **SPANS[self.dynamic_date_period])

    def get_rows(self) -> tuple[list[Any], list[list[Any]]]:
        """Run the report as its user; give columns and rows, the changed ones alone where that was wanted."""
        report = frappe.get_doc("Report", self.report)
        columns, rows = report.get_data(self.filter_values(), user=self.user, as_dict=True, ignore_prepared_report=True)
        if cint(self.data_modified_till):
            since = now_datetime() - timedelta(hours=cint(self.data_modified_till))
            rows = [row for row in rows if not row.get("modified") or frappe.utils.get_datetime(row.modified) >= since]
        limit = cint(self.no_of_rows) or len(rows)
        shown = [column for column in columns if not column.get("hidden")]
        return shown, [[row.get(column.fieldname) for column in shown] for row in rows[:limit]]

    def get_report_content(self) -> Any:
        """Give the report in its form (HTML text, bytes of a file); None when it is empty and such ones are not sent."""
        columns, rows = self.get_rows()
        if not rows and self.send_if_data:
            return None
        table = [[_(str(column.label or "")) for column in columns], *rows]
        if self.format == "HTML":
            return self._page(table)
        if self.format == "XLSX":
            return write_xlsx(table, _(self.report)).getvalue()
        if self.format == "CSV":
            return write_csv(table).encode("utf-8-sig")
        from frappe.utils.pdf import get_pdf  # slow to load, wanted by few

        return get_pdf(self._page(table), {"orientation": "Landscape"})

    def _page(self, table: list[list[Any]]) -> str:
        style = 'style="border: 1px solid #d1d8dd; padding: 4px 8px; text-align: left;"'
        head = "".join(f"<th {style}>{escape_html(str(cell))}</th>" for cell in table[0])
        lines = [
            "<tr>"
            + "".join(f"<td {style}>{escape_html('' if cell is None else str(cell))}</td>" for cell in row)
            + "</tr>"
            for row in table[1:]
        ]
        words = f"<h3>{escape_html(_(self.report))}</h3>{self.description or ''}<p>{format_date(nowdate())}</p>"
        return f'{words}<table style="border-collapse: collapse;"><tr>{head}</tr>{"".join(lines)}</table>'

    def get_file_name(self) -> str:
        """Give the name of the report as a file."""
        return f"{_(self.report)}.{ {'XLSX': 'xlsx', 'CSV': 'csv', 'PDF': 'pdf'}.get(self.format, 'html') }".replace(
            "/", "-"
        )

    def send(self) -> Any:
        """Queue the mail; give it, None when there was nothing to send."""
        content = self.get_report_content()
        if content is None:
            return None
        as_page = self.format == "HTML"
        message = content if as_page else self.description or _("Report {0} is attached").format(_(self.report))
        sender = frappe.get_cached_doc("Email Account", self.sender).default_sender if self.sender else ""
        return frappe.sendmail(
            recipients=self.email_to.split("\n"),
            sender=sender,
            subject=_("Report {0}").format(_(self.report)),
            message=message,
            attachments=[] if as_page else [{"fname": self.get_file_name(), "fcontent": content}],
            reference_doctype=self.doctype,
            reference_name=self.name,
        )

    def is_due(self, day: Any) -> bool:
        """Tell whether it is sent on a day: monthly ones on the first."""
        weekday = get_weekday(frappe.utils.get_datetime(day))
        return {
            "Daily": True,
            "Weekdays": weekday in WORKDAYS,
            "Weekly": weekday == (self.day_of_week or "Monday"),
            "Monthly": getdate(day).day == 1,
        }.get(self.frequency, False)


@frappe.whitelist()
def download(name: str) -> None:
    """Answer with the report as a file."""
    report = frappe.get_doc("Auto Email Report", name)
    report.check_permission("read")
    content = report.get_report_content()
    if content is None:
        frappe.msgprint(_("No Data"))
        return
    data = content.encode() if isinstance(content, str) else content
    frappe.response.update(filename=report.get_file_name(), filecontent=data, type="download")


@frappe.whitelist()
def send_now(name: str) -> None:
    """Queue the mail now."""
    report = frappe.get_doc("Auto Email Report", name)
    report.check_permission("email")
    report.send()


def send_daily() -> None:
    """Queue the reports of today; run once a day. Commits (or undoes, and logs) report by report."""
    for name in frappe.get_all("Auto Email Report", {"enabled": 1}, pluck="name"):
        report = frappe.get_doc("Auto Email Report", name)
        if not report.is_due(nowdate()):
            continue
        try:
            report.send()
            frappe.db.commit()
        except Exception:  # noqa: BLE001 - one report's trouble stops no other, and is kept for who looks after it
            frappe.db.rollback()
            frappe.log_error(
                f"Auto Email Report {name} failed", reference_doctype="Auto Email Report", reference_name=name
            )
            frappe.db.commit()
