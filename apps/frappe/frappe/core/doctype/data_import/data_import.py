"""Controller of the DocType Data Import, and the calls of its page: template, preview, check, import, retry, undo.

Invariant: who imports may import documents of that DocType; one import of a Data Import runs at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from time import monotonic
from typing import Any, Literal

from frappe_engine.context.messages import clear_messages
from frappe_engine.importing.rows import Record

import frappe
from frappe import _
from frappe import import_doc as import_doc
from frappe.core.doctype.data_import.exporter import Template
from frappe.core.doctype.data_import.importer import Importer, messages_of, silence
from frappe.model.document import Document
from frappe.utils import cint
from frappe.utils.background_jobs import enqueue, is_job_enqueued
from frappe.utils.csvutils import build_csv_response

AT_ONCE = 200
NEVER_IMPORTED = frozenset(
    {"DocType", "User Permission", "Data Import", "Data Import Log", "File", "Error Log", "Version"}
)
MODULE = "frappe.core.doctype.data_import.data_import"


class DataImport(Document):
    """Rows of a file that become new documents or update old ones."""

    def validate(self) -> None:
        """Refuse DocTypes that can't be imported, and files that are gone."""
        before = self.get_doc_before_save()
        if before and before.import_file != self.import_file:
            self.template_options = self.template_options if self.has_value_changed("template_options") else ""
            self.template_warnings = ""
        check_importable(self.reference_doctype)
        if self.import_file and not frappe.db.exists("File", {"file_url": self.import_file}):
            frappe.throw(_("{0} is no file of this site").format(self.import_file))

    def on_trash(self) -> None:
        """Take the log along."""
        frappe.db.delete("Data Import Log", {"data_import": self.name})

    @frappe.whitelist()
    def get_preview_from_template(self, import_file: str | None = None, google_sheets_url: str | None = None) -> Any:
        """Give the file as the desk shows it before anything is written."""
        _refuse_sheets(google_sheets_url)
        check_importable(self.reference_doctype)
        preview = Importer(self, import_file=import_file).preview()
        preview["import_log"] = get_import_logs(self.name) if not self.is_new() else None
        return preview

    def start_import(self) -> bool:
        """Queue the import of all documents that are not imported yet."""
        return _start(self)

    def get_importer(self) -> Importer:
        """Give the file that is imported."""
        return Importer(self)


def check_importable(doctype: str) -> None:
    """Raise `PermissionError` unless the one who asks may import documents of a DocType."""
    meta = frappe.get_meta(doctype)
    if doctype in NEVER_IMPORTED or meta.istable or meta.issingle:
        frappe.throw(_("Documents of {0} can't be imported").format(_(doctype)))
    if not meta.allow_import and frappe.session.user != "Administrator":
        frappe.throw(_("Import is not allowed for {0}").format(_(doctype)), frappe.PermissionError)
    if not frappe.has_permission(doctype, "import"):
        frappe.throw(_("You are not allowed to import {0}").format(_(doctype)), frappe.PermissionError)


def _refuse_sheets(url: str | None) -> None:
    if url:
        frappe.throw(_("Google Sheets can't be read: download the sheet as .xlsx or .csv"))


def _get(name: str, right: str = "read") -> Any:
    document = frappe.get_doc("Data Import", name)
    document.check_permission(right)
    check_importable(document.reference_doctype)
    return document


# templates and previews


@frappe.whitelist()
def get_importable_fields(doctype: str) -> dict[str, Any]:
    """Give the fields that columns may fill: `value`, `heading`, `label`, `fieldtype` and more."""
    check_importable(doctype)
    return {"fields": Template(doctype).fields()}


@frappe.whitelist()
def download_template(
    doctype: str,
    export_fields: dict[str, Any] | None = None,
    export_records: str | None = None,
    export_filters: Any = None,
    file_type: str = "CSV",
    encoding: Literal["", "utf-8", "utf-8-sig", "gb18030", "gbk"] = "",
) -> None:
    """Answer with a file to fill in, or with documents to change, as Excel or CSV."""
    check_importable(doctype)
    if export_records and export_records != "blank_template":
        frappe.has_permission(doctype, "export", throw=True)
    chosen = frappe.parse_json(export_fields) if export_fields else None
    template = Template(doctype, chosen)
    filters = frappe.parse_json(export_filters) if export_filters else None
    template.respond(template.rows(export_records or "blank_template", filters), file_type, encoding)


@frappe.whitelist()
def get_preview_from_template(
    data_import: str, import_file: str | None = None, google_sheets_url: str | None = None
) -> Any:
    """Give the file as the desk shows it before anything is written."""
    return _get(data_import).get_preview_from_template(import_file, google_sheets_url)


# trying


@frappe.whitelist()
def check_import(data_import: str) -> dict[str, Any]:
    """Make every document and undo it; give what is wrong, or `queued` where that takes long."""
    document = _get(data_import)
    importer = document.get_importer()
    if len(importer.table.records) <= AT_ONCE:
        return _keep_check(document, importer, importer.check())
    _refuse_running(data_import)
    enqueue(
        f"{MODULE}.run_check", queue="long", timeout=10_000, job_id=_job_id(data_import), deduplicate=True,
        enqueue_after_commit=True, data_import=data_import,
    )  # fmt: skip
    return {"queued": True}


def run_check(data_import: str) -> None:
    """Try a large import; what a worker does."""
    document = frappe.get_doc("Data Import", data_import)
    importer = document.get_importer()
    report = _reporter(data_import, "check")
    _keep_check(document, importer, importer.check(report))
    frappe.db.commit()
    frappe.publish_realtime("data_import_refresh", {"data_import": data_import}, user=frappe.session.user)


def _keep_check(document: Any, importer: Importer, result: dict[str, Any]) -> dict[str, Any]:
    kept = frappe.as_json({"fingerprint": importer.fingerprint(), "result": result})
    frappe.db.set_value("Data Import", document.name, "template_warnings", kept, update_modified=False)
    return result


@frappe.whitelist()
def get_check_result(data_import: str) -> dict[str, Any] | None:
    """Give what the last check of the present file found, None when there was none."""
    document = _get(data_import)
    kept = json.loads(document.template_warnings or "{}")
    if not document.import_file or kept.get("fingerprint") != document.get_importer().fingerprint():
        return None
    return kept["result"]  # type: ignore[no-any-return]


# importing


@frappe.whitelist()
def form_start_import(data_import: str) -> bool:
    """Queue the import of all documents that are not imported yet. Raises when the file can't be imported at all."""
    return _start(_get(data_import, "write"))


def _start(document: Any) -> bool:
    _refuse_running(document.name)
    importer = document.get_importer()
    blocking = [problem.message for problem in importer.problems if problem.row is None and problem.kind == "error"]
    if blocking:
        frappe.throw("<br>".join(frappe.utils.escape_html(text) for text in blocking), title=_("Import can't start"))
    values = {"payload_count": len(importer.table.records), "status": "Pending"}
    frappe.db.set_value("Data Import", document.name, values, update_modified=False)
    enqueue(
        f"{MODULE}.start_import", queue="long", timeout=10_000, job_id=_job_id(document.name), deduplicate=True,
        enqueue_after_commit=True, data_import=document.name,
    )  # fmt: skip
    return True


def _job_id(name: str) -> str:
    return f"data_import||{name}"


def _refuse_running(name: str) -> None:
    if is_job_enqueued(_job_id(name)):
        frappe.throw(_("An import of this file is running"))


def start_import(data_import: str) -> None:
    """Import the documents that are not imported yet, each in its own transaction; what a worker does."""
    document = frappe.get_doc("Data Import", data_import)
    importer = document.get_importer()
    done = _rows_done(data_import)
    todo = [record for record in importer.table.records if not set(record.rows) & done]
    frappe.db.delete("Data Import Log", {"data_import": data_import, "success": 0})
    frappe.db.commit()
    report = _reporter(data_import, "import")
    index = frappe.db.count("Data Import Log", {"data_import": data_import})
    for number, record in enumerate(todo, start=1):
        outcome = import_record(importer, record)
        _log(data_import, record, outcome, index + number)
        frappe.db.commit()
        report(number, len(todo), record=record, **outcome)
    _conclude(data_import)


def import_record(importer: Importer, record: Record) -> dict[str, Any]:
    """Import one document, or undo what was made of it; give `success`, `docname`, `messages`, `exception`, `previous`."""
    unreadable = importer.errors_of(record)
    if unreadable:
        return {"success": False, "messages": unreadable}
    clear_messages()
    try:
        with silence(importer.document):
            previous = importer.previous_values(record)
            document = importer.write(record)
        return {"success": True, "docname": str(document.name), "messages": [], "previous": previous}
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one document is reported with its rows
        messages, trace = messages_of(error), frappe.get_traceback()
        frappe.db.rollback()
        return {"success": False, "messages": messages, "exception": trace}
    finally:
        clear_messages()


def _log(data_import: str, record: Record, outcome: dict[str, Any], index: int) -> None:
    frappe.get_doc(
        {
            "doctype": "Data Import Log",
            "data_import": data_import,
            "row_indexes": json.dumps(record.rows),
            "log_index": index,
            "success": int(outcome["success"]),
            "docname": outcome.get("docname"),
            "messages": json.dumps([{"message": text} for text in outcome["messages"]], ensure_ascii=False),
            "exception": outcome.get("exception"),
            "previous_values": outcome.get("previous"),
        }
    ).db_insert()


def _conclude(data_import: str) -> None:
    success, failed = _counts(data_import)
    status = "Error" if not success else "Partial Success" if failed else "Success"
    frappe.db.set_value("Data Import", data_import, "status", status)
    frappe.clear_document_cache("Data Import", data_import)
    frappe.db.commit()
    frappe.publish_realtime("data_import_refresh", {"data_import": data_import}, user=frappe.session.user)


def _rows_done(data_import: str) -> set[int]:
    logs = frappe.get_all("Data Import Log", {"data_import": data_import, "success": 1}, pluck="row_indexes")
    return {row for text in logs for row in json.loads(text or "[]")}


def _counts(data_import: str) -> tuple[int, int]:
    rows = frappe.get_all(
        "Data Import Log", {"data_import": data_import}, ["success", "count(name) as documents"], group_by="success"
    )
    counts = {int(row.success): row.documents for row in rows}
    return counts.get(1, 0), counts.get(0, 0)


def _reporter(data_import: str, phase: str) -> Callable[..., None]:
    """Give a function that tells who started how far it is, a few times a second at most."""
    started, told = monotonic(), [0.0]
    user = frappe.session.user

    def report(
        number: int, total: int, *, record: Record, success: bool = True, docname: Any = None, **_more: Any
    ) -> None:
        now = monotonic()
        if number < total and now - told[0] < 0.25:
            return
        told[0] = now
        message = {
            "data_import": data_import,
            "phase": phase,
            "current": number,
            "total": total,
            "success": success,
            "docname": docname,
            "row_indexes": record.rows,
            "eta": round((now - started) / number * (total - number)),
        }
        frappe.publish_realtime("data_import_progress", message, user=user)

    return report


# afterwards


@frappe.whitelist()
def get_import_status(data_import_name: str) -> dict[str, Any]:
    """Give how far an import is: `status`, `success`, `failed`, `total_records` (documents), `running`."""
    document = _get(data_import_name)
    success, failed = _counts(data_import_name)
    running = bool(is_job_enqueued(_job_id(data_import_name)))
    total = cint(document.payload_count)
    return {"status": document.status, "success": success, "failed": failed, "total_records": total, "running": running}


@frappe.whitelist()
def get_import_logs(data_import: str) -> list[Any]:
    """Give what became of each document, in the order of the file."""
    _get(data_import)
    fields = ["success", "docname", "messages", "exception", "row_indexes", "log_index"]
    return frappe.get_all(
        "Data Import Log", {"data_import": data_import}, fields, order_by="log_index", limit_page_length=5000
    )


@frappe.whitelist()
def retry_failed_rows(data_import: str) -> dict[str, int]:
    """Queue the documents again that failed; give how many."""
    document = _get(data_import, "write")
    importer = document.get_importer()
    done = _rows_done(data_import)
    waiting = sum(not set(record.rows) & done for record in importer.table.records)
    if waiting:
        _start(document)
    return {"queued": waiting}


@frappe.whitelist()
def download_errored_template(data_import_name: str) -> None:
    """Answer with the rows that failed, under the same heading."""
    document = _get(data_import_name)
    rows = document.get_importer().source[0]
    logs = frappe.get_all("Data Import Log", {"data_import": data_import_name, "success": 0}, pluck="row_indexes")
    numbers = sorted({row for text in logs for row in json.loads(text or "[]")})
    failed = [rows[number - 1] for number in numbers if number <= len(rows)]
    kind = "Excel" if str(document.import_file).lower().endswith("xlsx") else "CSV"
    Template(document.reference_doctype).respond([rows[0], *failed], kind, document.encoding or "")


@frappe.whitelist()
def download_import_log(data_import_name: str) -> None:
    """Answer with what became of each document, as CSV."""
    _get(data_import_name)
    heading = [_("Status"), _("Message"), _("Row Number"), _("Reference Name")]
    rows = []
    for log in get_import_logs(data_import_name):
        words = "; ".join(entry.get("message", "") for entry in json.loads(log.messages or "[]"))
        numbers = ", ".join(str(number) for number in json.loads(log.row_indexes or "[]"))
        rows.append([_("Success") if log.success else _("Failure"), words, numbers, log.docname])
    build_csv_response([heading, *rows], _("Data Import Log"))


@frappe.whitelist()
def undo_import(data_import: str) -> dict[str, Any]:
    """Take back what was imported, the newest first; give `undone` and what was `kept` and why, or `queued`."""
    document = _get(data_import, "write")
    _refuse_running(data_import)
    if _counts(data_import)[0] <= AT_ONCE:
        return run_undo(document.name)
    enqueue(
        f"{MODULE}.run_undo", queue="long", timeout=10_000, job_id=_job_id(data_import), deduplicate=True,
        enqueue_after_commit=True, data_import=data_import,
    )  # fmt: skip
    return {"queued": True}


def run_undo(data_import: str) -> dict[str, Any]:
    """Take back documents one by one, each in a transaction of its own; what a worker does. Commits."""
    document = frappe.get_doc("Data Import", data_import)
    fields = ["name", "docname", "previous_values", "row_indexes"]
    logs = frappe.get_all(
        "Data Import Log", {"data_import": data_import, "success": 1}, fields, order_by="log_index desc"
    )
    kept: list[dict[str, str]] = []
    report = _reporter(data_import, "undo")
    for number, log in enumerate(logs, start=1):
        reason = _undo(document, log)
        if reason:
            kept.append({"docname": log.docname, "reason": reason})
        frappe.db.commit()
        report(
            number,
            len(logs),
            record=Record(json.loads(log.row_indexes or "[]")),
            success=not reason,
            docname=log.docname,
        )
    status = "Undone" if not kept else "Partial Success"
    frappe.db.set_value("Data Import", data_import, "status", status)
    frappe.clear_document_cache("Data Import", data_import)
    frappe.db.commit()
    frappe.publish_realtime("data_import_refresh", {"data_import": data_import}, user=frappe.session.user)
    return {"undone": len(logs) - len(kept), "kept": kept}


def _undo(document: Any, log: Any) -> str | None:
    """Take one document back and drop its log; give why that was not possible."""
    clear_messages()
    try:
        with silence(document):
            if log.previous_values:
                _put_back(document.reference_doctype, log.docname, json.loads(log.previous_values))
            else:
                _remove(document.reference_doctype, log.docname)
        frappe.db.delete("Data Import Log", {"name": log.name})
    except Exception as error:  # noqa: BLE001 - whatever keeps a document is reported with its name
        messages = messages_of(error)
        frappe.db.rollback()
        return "; ".join(messages)
    finally:
        clear_messages()
    return None


def _put_back(doctype: str, name: str, values: dict[str, Any]) -> None:
    stored = frappe.get_doc(doctype, name)
    stored.update(values)
    stored.save()


def _remove(doctype: str, name: str) -> None:
    if not frappe.db.exists(doctype, name):
        return
    stored = frappe.get_doc(doctype, name)
    if stored.docstatus == 1:
        stored.cancel()
    frappe.delete_doc(doctype, name)
