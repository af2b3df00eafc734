"""Work on many documents in the background: started once, watched while it runs, with the outcome of each document.

Invariant: each document is committed or undone by itself, and what is told as done is committed. A task that is taken up
again after its worker was lost leaves out what it had done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from frappe_engine.context.errors import DoesNotExistError, QueryDeadlockError, QueryTimeoutError
from frappe_engine.context.hooks import get_attr
from frappe_engine.context.local import current
from frappe_engine.context.messages import message_log, throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.lists import tell_failure
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype, fitting, json_parameter
from frappe_engine.jobs.enqueue import enqueue
from frappe_engine.jobs.execute import JobTimeoutError, LostJobError
from frappe_engine.kit.numbers import cint
from frappe_engine.kit.text import random_string

MOST_AT_ONCE = 5000
MOST_PRINTED = 500
KEPT_S = 24 * 3600
TIMEOUT_S = 3600
APPLY_WORKFLOW = "frappe.model.workflow.apply_workflow"
BULK_PRINT = "frappe.utils.print_format.BulkPrint"
_PASSED_ON = (QueryDeadlockError, QueryTimeoutError, LostJobError, JobTimeoutError)
_TAGS = re.compile(r"<[^>]*>")


def _key(task_id: str, part: str) -> str:
    return f"bulk_task|{task_id}|{part}"


@whitelist(methods=["POST"])
def start_bulk_task(doctype: str, docnames: Any, action: str, data: Any = None) -> dict[str, str]:
    """Have an action done to documents in the background; give the `task_id` it is watched by.

    `action` is submit, cancel, delete, update (`data` holds the values), workflow (`data.action`) or print (`data` as the
    print view sends it). Raises `ValidationError` for another one or for too many documents.
    """
    meta = check_doctype(doctype)
    names = [str(name) for name in json_parameter({"docnames": docnames}, "docnames", (list,)) or []]
    given = json_parameter({"data": data}, "data", (dict,)) or {}
    if action not in ACTIONS:
        throw(_("Parameter {0} must be one of {1}").format("action", ", ".join(ACTIONS)))
    most = MOST_PRINTED if action == "print" else MOST_AT_ONCE
    if len(names) > most:
        throw(_("Bulk operations only support up to {0} documents.").format(most))
    if action == "update":
        given = fitting(given, meta)
    task_id = random_string(16)
    task = {"user": current().session.user, "doctype": meta.name, "names": names, "action": action, "data": given}
    current().cache_server.set_value(_key(task_id, "task"), task, expires_in_sec=KEPT_S)
    enqueue(run_bulk_task, queue="long", timeout=TIMEOUT_S, enqueue_after_commit=True, task_id=task_id)
    return {"task_id": task_id}


@whitelist()
def get_bulk_task(task_id: str, since: Any = 0) -> dict[str, Any]:
    """Tell how far a task is: `total`, the `outcomes` after the first `since` ones, `finished`, and the `file_url` of a print.

    Raises `DoesNotExistError` for a task that is unknown, too old or somebody else's.
    """
    cache = current().cache_server
    task = _task(task_id)
    end = cache.get_value(_key(task_id, "end"), expires=True)
    outcomes = cache.lrange(_key(task_id, "outcomes"), cint(since), -1)
    return {"total": len(task["names"]), "outcomes": outcomes, "finished": end is not None, **(end or {})}


@whitelist(methods=["POST"])
def stop_bulk_task(task_id: str) -> None:
    """End a task before the next document. Raises `DoesNotExistError` as `get_bulk_task` does."""
    _task(task_id)
    current().cache_server.set_value(_key(task_id, "stop"), 1, expires_in_sec=KEPT_S)


def _task(task_id: str) -> dict[str, Any]:
    task = current().cache_server.get_value(_key(task_id, "task"), expires=True)
    if not task or task["user"] != current().session.user:
        throw(_("{0} {1} not found").format(_("Task"), task_id), DoesNotExistError)
    return dict(task)


def run_bulk_task(task_id: str) -> None:
    """Do a task document by document, and keep each outcome where the desk asks for it."""
    cache = current().cache_server
    task = cache.get_value(_key(task_id, "task"), expires=True)
    if not task:
        return
    work = ACTIONS[task["action"]](task["doctype"], task["data"])
    for name in _left(task_id, task["names"], again=task["action"] == "print"):
        outcome = _outcome(work.do, name)
        cache.rpush(_key(task_id, "outcomes"), outcome)
    cache.expire_key(_key(task_id, "outcomes"), KEPT_S)
    end = work.end()
    current().db.commit()
    cache.set_value(_key(task_id, "end"), end, expires_in_sec=KEPT_S)


def _left(task_id: str, names: list[str], *, again: bool) -> Iterator[str]:
    """Give what is still to be done until somebody stops it; with `again` everything, for the end needs all of it."""
    cache = current().cache_server
    key = _key(task_id, "outcomes")
    if again:
        cache.delete_value(key)
    done = {outcome["name"] for outcome in cache.lrange(key, 0, -1)}
    for name in names:
        if cache.get_value(_key(task_id, "stop"), expires=True):
            return
        if name not in done:
            yield name


def _outcome(do: Callable[[str], Any], name: str) -> dict[str, Any]:
    """Do it to one document, committed or undone; give `name`, `ok` and the `reason` of a refusal."""
    database, messages = current().db, message_log()
    messages.clear()
    try:
        do(name)
    except _PASSED_ON:
        raise
    except Exception as error:  # noqa: BLE001 - each failure is told beside its document
        database.rollback()
        tell_failure(name, error)
        database.commit()
        reason = " ".join(_TAGS.sub("", str(entry.get("message") or "")) for entry in messages) or str(error)
        return {"name": name, "ok": False, "reason": reason}
    database.commit()
    return {"name": name, "ok": True, "reason": ""}


class _Each:
    """An action that is done to each document, and nothing after the last one."""

    def __init__(self, act: Callable[[str], Any]) -> None:
        self.do = act

    def end(self) -> dict[str, Any]:
        """Give nothing more."""
        return {}


def _steps(doctype: str, data: dict[str, Any]) -> _Each:
    apply = get_attr(APPLY_WORKFLOW)
    return _Each(lambda name: apply(get_doc(doctype, name), str(data.get("action"))))


ACTIONS: dict[str, Callable[[str, dict[str, Any]], Any]] = {
    "submit": lambda doctype, _data: _Each(lambda name: get_doc(doctype, name).submit()),
    "cancel": lambda doctype, _data: _Each(lambda name: get_doc(doctype, name).cancel()),
    "update": lambda doctype, data: _Each(lambda name: get_doc(doctype, name).update(data).save()),
    "delete": lambda doctype, _data: _Each(lambda name: delete_doc(doctype, name)),
    "workflow": _steps,
    "print": lambda doctype, data: get_attr(BULK_PRINT)(doctype, data),
}
