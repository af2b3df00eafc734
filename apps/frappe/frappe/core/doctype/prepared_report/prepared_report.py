"""Controller of the DocType Prepared Report: a report that runs in the background, and its result.

Invariant: the result shows what the user who asked for it may see, and goes with this document.
"""

from __future__ import annotations

import gzip
import json
import resource
from datetime import timedelta
from typing import Any

from frappe_engine.desk.prepared_reports import (
    FILE_END,
    completed_report,
    filters_text,
    keep_result,
    packed_result,
    result_file,
)
from frappe_engine.desk.reports import generate, report_for_user, table_of, wanted_filters
from frappe_engine.kit.tables import write_csv

import frappe
from frappe import _
from frappe._parameters import list_parameter
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

REPORT_TIMEOUT = 25 * 60  # seconds
STALLED_AFTER = timedelta(hours=6)
QUEUED, STARTED, COMPLETED, ERROR = "Queued", "Started", "Completed", "Error"


class PreparedReport(Document):
    """A report that ran in the background, with its result."""

    @property
    def queued_by(self) -> Any:
        """Who asked for it."""
        return self.owner

    @property
    def queued_at(self) -> Any:
        """When it was asked for."""
        return self.creation

    def before_insert(self) -> None:
        """It begins waiting."""
        self.status, self.report_end_time, self.error_message = QUEUED, None, None
        self.filters = filters_text(self.filters)

    def after_insert(self) -> None:
        """Have it made by a worker once this transaction stands."""
        timeout = cint(frappe.db.get_value("Report", self.report_name, "timeout")) or REPORT_TIMEOUT
        frappe.enqueue(
            generate_report, queue="long", timeout=timeout, enqueue_after_commit=True, prepared_report=self.name
        )

    def get_prepared_data(self, with_file_name: bool = False) -> Any:
        """Give the result as it is kept, decompressed (with the name of its file); None when there is none."""
        if self.status != COMPLETED:
            return None
        content = gzip.decompress(packed_result(self))
        return (content, result_file(self).file_name) if with_file_name else content

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Delete the results that are older than `days`, with their files."""
        before = now_datetime() - timedelta(days=days)
        for name in frappe.get_all("Prepared Report", {"creation": ["<", before]}, pluck="name"):
            frappe.delete_doc("Prepared Report", name, ignore_permissions=True, force=True, delete_permanently=True)


@frappe.whitelist()
def make_prepared_report(report_name: str, filters: Any = None) -> dict[str, str]:
    """Have a report run in the background for the present user; give the `name` of its document."""
    report = report_for_user(report_name)
    wanted = wanted_filters(report, filters)
    wanted.pop("prepared_report_name", None)
    values = {"doctype": "Prepared Report", "report_name": report_name, "filters": filters_text(wanted)}
    made = frappe.get_doc(values).insert(ignore_permissions=True)
    return {"name": made.name}


def generate_report(prepared_report: str) -> None:
    """Run a report that was asked for and keep its result, or why it failed; what a worker does. Commits."""
    if not frappe.db.exists("Prepared Report", prepared_report):
        return  # deleted meanwhile: nobody waits for it
    document = frappe.get_doc("Prepared Report", prepared_report)
    document.db_set({"status": STARTED, "job_id": _job_id()}, commit=True)
    try:
        report = report_for_user(document.report_name)
        answer = generate(report, wanted_filters(report, document.filters))
        keep_result(answer, document.doctype, document.name, document.report_name)
        document.status = COMPLETED
    except Exception:  # noqa: BLE001 - who asked reads the cause on the document, and it is logged
        frappe.db.rollback()
        document.status, document.error_message = ERROR, frappe.get_traceback()
        document.log_error(_("Prepared report {0} failed").format(document.report_name))
    document.report_end_time = now_datetime()
    document.peak_memory_usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    document.save(ignore_permissions=True)
    frappe.db.commit()
    told = {"report_name": document.report_name, "name": document.name, "status": document.status}
    frappe.publish_realtime("report_generated", told, user=frappe.session.user)


def _job_id() -> str | None:
    job = getattr(frappe.local, "job", None)
    return job.job_id if job else None


def get_completed_prepared_report(filters: Any, user: str, report_name: str) -> str | None:
    """Give the newest result a user had prepared of a report with these filters."""
    return completed_report(report_name, filters, user)


def create_json_gz_file(data: Any, dt: str, dn: str, report_name: str) -> Any:
    """Keep a result as compressed JSON, attached to a document."""
    return keep_result(data, dt, dn, report_name)


def process_filters_for_prepared_report(filters: Any) -> str:
    """Give filters as the text they are compared by."""
    return filters_text(filters)


@frappe.whitelist()
def get_reports_in_queued_state(report_name: str, filters: Any = None) -> list[Any]:
    """Give the runs of a report with these filters that the present user waits for."""
    report = report_for_user(report_name)
    waiting = {
        "report_name": report_name,
        "filters": filters_text(wanted_filters(report, filters)),
        "status": ["in", [QUEUED, STARTED]],
        "owner": frappe.session.user,
    }
    return frappe.get_all("Prepared Report", waiting, ["name", "status", "creation"])


@frappe.whitelist(methods=["POST", "DELETE"])
def delete_prepared_reports(reports: Any) -> None:
    """Delete results (a list of names, or of dicts with `name`) that the present user may delete."""
    for entry in list_parameter(reports, "reports"):
        document = frappe.get_doc("Prepared Report", entry.get("name") if isinstance(entry, dict) else str(entry))
        if document.owner != frappe.session.user:
            document.check_permission("delete")
        document.delete(ignore_permissions=True, delete_permanently=True)


def _own_or_readable(name: str) -> Any:
    document = frappe.get_doc("Prepared Report", name)
    if document.owner != frappe.session.user:
        document.check_permission("read")
    return document


@frappe.whitelist()
def download_attachment(dn: str) -> None:
    """Answer with a result as it is kept: compressed JSON."""
    document = _own_or_readable(dn)
    file = result_file(document)
    if not file:
        frappe.throw(_("{0} {1} not found").format(_("File"), f"*{FILE_END}"), frappe.DoesNotExistError)
    frappe.response.update(filename=file.file_name, filecontent=packed_result(document), type="download")


@frappe.whitelist(methods=["POST", "PUT"])
def enqueue_json_to_csv_conversion(prepared_report_name: str) -> None:
    """Have a result put beside its document as CSV, by a worker."""
    document = _own_or_readable(prepared_report_name)
    if document.status != COMPLETED:
        frappe.throw(_("The report is not ready yet"))
    frappe.enqueue(
        convert_json_to_csv, queue="long", enqueue_after_commit=True, prepared_report_name=prepared_report_name
    )


def convert_json_to_csv(prepared_report_name: str) -> None:
    """Keep a result as CSV too; what a worker does."""
    document = frappe.get_doc("Prepared Report", prepared_report_name)
    answer = json.loads(document.get_prepared_data())
    answer["columns"] = [frappe._dict(column) for column in answer["columns"]]
    name = f"{document.report_name}_{document.name}.csv"
    values = {"doctype": "File", "file_name": name, "is_private": 1, "attached_to_doctype": document.doctype}
    content = write_csv(table_of(answer)).encode("utf-8-sig")
    frappe.get_doc({**values, "attached_to_name": document.name, "content": content}).insert(ignore_permissions=True)
    frappe.publish_realtime("report_csv_ready", {"name": document.name, "file_name": name}, user=frappe.session.user)


def expire_stalled_report() -> None:
    """Say of runs whose worker vanished that they failed; run every hour."""
    before = now_datetime() - STALLED_AFTER
    for name in frappe.get_all("Prepared Report", {"status": STARTED, "modified": ["<", before]}, pluck="name"):
        document = frappe.get_doc("Prepared Report", name)
        document.db_set({"status": ERROR, "error_message": _("The report was not finished in time")})
