"""Results of reports that ran in the background: found by report, filters and user, read from the file they are kept in.

Invariant: a result is shown to who asked for it, or to who may read its document; filters are compared by value.
"""

from __future__ import annotations

import gzip
import json
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.local import current
from frappe_engine.context.translate import _
from frappe_engine.documents.errors import log_error
from frappe_engine.documents.files import path_of_url, save_file
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.jsontext import as_json
from frappe_engine.kit.text import scrub

PREPARED = "Prepared Report"
FILE_END = ".json.gz"


def filters_text(filters: Any) -> str:
    """Give filters (a dict, or its JSON) as the text they are compared by: sorted, without blanks."""
    given = json.loads(filters) if isinstance(filters, str) and filters else filters or {}
    return as_json(given, indent=None, separators=(",", ":"))


def completed_report(report_name: str, filters: Any, user: str) -> str | None:
    """Give the newest result of a report that a user had prepared with these filters, None when there is none."""
    found = {"report_name": report_name, "status": "Completed", "filters": filters_text(filters), "owner": user}
    name = current().db.get_value(PREPARED, found, "name", order_by="creation desc")
    return str(name) if name else None


def prepared_answer(report: Any, filters: Any) -> dict[str, Any]:
    """Give a kept result as the desk draws it, with its document; without one, `doc` is None and there are no rows.

    `filters.prepared_report_name` names a result. Raises `PermissionError` where it is somebody else's.
    """
    wanted = _dict(filters)
    name = wanted.pop("prepared_report_name", None)
    title = str(report.get("custom_report") or report.name)
    if not name:
        name = completed_report(title, wanted, current().session.user)
    total = int(report.add_total_row or 0)
    nothing = {"prepared_report": True, "doc": None, "add_total_row": total}
    if not name:
        return nothing
    document = get_doc(PREPARED, name)
    if document.owner != current().session.user:
        document.check_permission("read")
    if document.report_name != title:
        return nothing
    try:
        data = read_result(document)
    except (OSError, ValueError, EOFError):
        log_error(_("The result of a prepared report can't be read"), reference_doctype=PREPARED, reference_name=name)
        return nothing
    return {**data, "prepared_report": True, "doc": document}


def keep_result(data: Any, doctype: str, name: str, report_name: str) -> Any:
    """Keep a result beside its document, as compressed JSON in a private file; give the file's document."""
    content = gzip.compress(as_json(data, indent=None).encode())
    moment = now_datetime().strftime("%Y-%m-%d-%H-%M-%S-%f")
    file = save_file(f"{scrub(report_name)}_{moment}{FILE_END}", content, doctype, name, is_private=1)
    return file


def result_file(document: Any) -> Any:
    """Give the file a result is kept in: `file_name`, `file_url`; None when there is none."""
    where = {"attached_to_doctype": PREPARED, "attached_to_name": document.name, "file_name": ["like", f"%{FILE_END}"]}
    return current().db.get_value("File", where, ["file_name", "file_url"], as_dict=True, order_by="creation desc")


def packed_result(document: Any) -> bytes:
    """Give a result as it is kept. Raises `OSError` when its file is gone."""
    file = result_file(document)
    if not file:
        raise FileNotFoundError(f"no result of {document.name}")
    with open(path_of_url(file.file_url), "rb") as stream:
        return stream.read()


def read_result(document: Any) -> dict[str, Any]:
    """Give a result with its columns as dicts. Raises `OSError`, `ValueError` when it can't be read."""
    data: dict[str, Any] = json.loads(gzip.decompress(packed_result(document)))
    data["columns"] = [_dict(column) for column in data.get("columns") or ()]
    return data
