"""Errors that are kept for administrators: the Error Log.

Invariant: keeping an error never raises one of its own towards the caller, and never hides one.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.documents.life.loading import get_doc

TITLE_LENGTH = 140


def get_traceback(with_context: bool = False) -> str:
    """Give the traceback of the exception that is being handled; with the values of local names when asked for."""
    kind, value, trace = sys.exc_info()
    if kind is None:
        return ""
    text = "".join(traceback.format_exception(kind, value, trace))
    if not with_context or trace is None:
        return text
    while trace.tb_next is not None:
        trace = trace.tb_next
    names = "\n".join(
        f"  {name} = {_short(item)}" for name, item in trace.tb_frame.f_locals.items() if not name.startswith("__")
    )
    return f"{text}\nLocal variables:\n{names}\n"


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - a broken __repr__ must not break the log
        text = f"<{type(value).__name__}: {type(error).__name__}>"
    return text if len(text) <= 200 else f"{text[:200]}…"


def log_error(
    title: str | None = None,
    message: str | None = None,
    reference_doctype: str | None = None,
    reference_name: str | None = None,
    *,
    defer_insert: bool = False,
) -> Any:
    """Keep an error in the Error Log and give its document; `message` is the present traceback by default.

    With `defer_insert` it is written after the transaction, also when that is rolled back.
    """
    text = message or get_traceback(with_context=True) or "No traceback"
    heading = title or "Error"
    if "\n" in heading and not message:
        heading, text = "Error", heading
    elif message and "\n" in heading and "\n" not in message:
        heading, text = message, heading
    values = {
        "doctype": "Error Log",
        "method": str(heading)[:TITLE_LENGTH],
        "error": str(text),
        "reference_doctype": reference_doctype,
        "reference_name": reference_name,
    }
    context = current()
    if context.get("db") is None:
        print(text, file=sys.stderr)  # noqa: T201 - there is nowhere else
        return None
    document = get_doc(values)
    if defer_insert:
        database = context.db
        for moment in (database.after_commit, database.after_rollback):
            moment.add(lambda: _write_once(document))
        return document
    document.flags.ignore_links = True
    return document.insert(ignore_permissions=True)


def _write_once(document: Any) -> None:
    if document.get("creation"):
        return
    document.insert(ignore_permissions=True, ignore_links=True)
    current().db.commit()
