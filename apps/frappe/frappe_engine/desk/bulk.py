"""The same done to many documents of a list: submit, cancel, change, delete.

Invariant: each document is done or undone as a whole; those that failed are named, with the reason in the messages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frappe_engine.context.errors import QueryDeadlockError, QueryTimeoutError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.lists import tell_failure
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype, fitting, json_parameter

MOST_AT_ONCE = 500


@whitelist()
def submit_cancel_or_update_docs(
    doctype: str, docnames: Any, action: str = "submit", data: Any = None, task_id: Any = None
) -> list[str]:
    """Submit, cancel or change documents; give the names of those that failed."""
    meta = check_doctype(doctype)
    names = json_parameter({"docnames": docnames}, "docnames", (list,)) or []
    if len(names) > MOST_AT_ONCE:
        throw(_("Bulk operations only support up to {0} documents.").format(MOST_AT_ONCE))
    changes = fitting(json_parameter({"data": data}, "data", (dict,)) or {}, meta)
    actions: dict[str, Callable[[Any], Any]] = {
        "submit": lambda document: document.submit(),
        "cancel": lambda document: document.cancel(),
        "update": lambda document: document.update(changes).save(),
    }
    if action not in actions:
        throw(_("Parameter {0} must be one of {1}").format("action", ", ".join(actions)))
    return [str(name) for name in names if not _did(actions[action], doctype, name)]


def _did(work: Callable[[Any], Any], doctype: str, name: Any) -> bool:
    try:
        with current().db.nested("bulk_one"):
            work(get_doc(doctype, name))
    except (QueryDeadlockError, QueryTimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - each failure is told beside its document
        tell_failure(name, error)
        return False
    return True
