"""Telling open browsers: events to rooms, after the commit, over the bus of the bench or Redis.

Rooms: `user:<user>`, `all` (people of the desk), `website` (everybody), `doctype:<DocType>`, `doc:<DocType>/<name>`,
`open_doc:<DocType>/<name>`, `task_progress:<id>`. The Socket.IO server (`frappe.realtime.server`) carries them on.

Invariant: what is told after the commit is not told when the transaction is undone; the same event to the same room is
told once per transaction; telling never fails a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from frappe_engine.context.local import current, providers
from frappe_engine.jobs import bus
from frappe_engine.kit.jsontext import as_json

BUS_KIND = "realtime"
CHANNEL = "events"
MOST_DOCUMENTS = 1000
QUIET_FLAGS = ("in_import", "in_install", "in_migrate", "in_patch", "in_uninstall")


def get_user_room(user: str) -> str:
    """Give the room of a user."""
    return f"user:{user}"


def get_site_room() -> str:
    """Give the room of all people of the desk."""
    return "all"


def get_website_room() -> str:
    """Give the room of everybody who has a page of the site open."""
    return "website"


def get_doctype_room(doctype: str) -> str:
    """Give the room of those who look at a list."""
    return f"doctype:{doctype}"


def get_doc_room(doctype: str, docname: Any) -> str:
    """Give the room of those who look at a document."""
    return f"doc:{doctype}/{docname}"


def get_task_progress_room(task_id: str) -> str:
    """Give the room of those who wait for a task."""
    return f"task_progress:{task_id}"


def room_for(
    event: str, message: Any, user: str | None, doctype: str | None, docname: Any, task_id: str | None
) -> tuple[str, bool]:
    """Give the room of an event, and whether it must not wait for the commit (progress of a task)."""
    if event == "list_update" and (doctype or _part(message, "doctype")):
        return get_doctype_room(str(doctype or _part(message, "doctype"))), False
    if event == "docinfo_update" and doctype and docname:
        return get_doc_room(doctype, docname), False
    if task_id:
        return get_task_progress_room(task_id), True
    if user:
        return get_user_room(user), False
    if doctype and docname:
        return get_doc_room(doctype, docname), False
    return get_site_room(), False


def _part(message: Any, name: str) -> Any:
    return message.get(name) if isinstance(message, Mapping) else None


def publish_realtime(
    event: str | None = None,
    message: Any = None,
    room: str | None = None,
    user: str | None = None,
    doctype: str | None = None,
    docname: Any = None,
    task_id: str | None = None,
    after_commit: bool = False,
) -> None:
    """Send an event to open browsers: to `room`, to a user, to those who look at a document, else to all of the desk.

    With `after_commit` when this transaction commits, and not when it is undone.
    """
    context = current()
    name = event or ("task_progress" if task_id or context.get("task_id") else "global")
    content = {} if message is None else message
    if name == "msgprint" and not user:
        user = str(context.session.user)
    if room is None:
        task = task_id or (context.get("task_id") if name in ("task_progress", "progress") else None)
        room, at_once = room_for(name, content, user, doctype, docname, task)
        after_commit = after_commit and not at_once
    if task_id and isinstance(content, dict):
        content = {**content, "task_id": task_id}
    if after_commit and context.get("db") is not None:
        _add_to_log(context, (name, content, room))
    else:
        emit([(name, content, room)])


def _add_to_log(context: Any, entry: Any, key: Any = None) -> None:
    """Keep an event for the commit: (name, message, room), or a `_Saved`."""
    log = context.__dict__.get("realtime_log")
    if not log:
        log = context.realtime_log = {}
        context.db.after_commit.add(flush_log)
        context.db.after_rollback.add(clear_log)
    log[key or (entry[0], entry[2], repr(entry[1]))] = entry


def flush_log() -> None:
    """Send what waited for the commit."""
    context = current()
    log = context.__dict__.get("realtime_log")
    context.realtime_log = {}
    if log and _anybody_listens(context):
        emit([event for entry in log.values() for event in (_events_of(entry) if type(entry) is _Saved else (entry,))])


def clear_log() -> None:
    """Forget what waited for a commit that does not come."""
    current().realtime_log = {}


def emit(events: list[tuple[str, Any, str]]) -> None:
    """Send events (name, message, room) now; that nobody can be reached is noted, not raised."""
    context = current()
    if not _anybody_listens(context):
        return
    url = context.conf.get("redis_queue")
    messages = [
        as_json({"event": event, "message": message, "room": room, "namespace": context.site}, indent=None).encode()
        for event, message, room in events
    ]
    if url:
        _emit_by_redis(str(url), messages)
    else:
        bus.send(context.sites_path, BUS_KIND, messages)


def _anybody_listens(context: Any) -> bool:
    return bool(context.conf.get("redis_queue")) or bus.anybody_listens(context.sites_path, BUS_KIND)


def _emit_by_redis(url: str, messages: list[bytes]) -> None:
    from frappe_engine.jobs.redis_backend import (
        connection_to,  # RQ and redis are an extra, wanted by sites on Redis alone
    )

    connection_to(url).publish_quietly(CHANNEL, messages)


def publish_progress(
    percent: float,
    title: str = "Progress",
    doctype: str | None = None,
    docname: Any = None,
    description: str | None = None,
    task_id: str | None = None,
) -> None:
    """Show progress (0 to 100) to the user at work, or to those who look at a document or wait for a task."""
    message = {"percent": percent, "title": title, "doctype": doctype, "docname": docname, "description": description}
    user = None if doctype and docname else str(current().session.user)
    publish_realtime("progress", message, user=user, doctype=doctype, docname=docname, task_id=task_id)


# documents


class _Saved(NamedTuple):
    """A document that was stored; its events are only made when somebody listens."""

    doctype: str
    name: Any
    modified: Any
    user: str


def document_saved(document: Any) -> None:
    """Tell those who look at a document or its list that it changed, after the commit."""
    context = current()
    if document.meta.istable or any(map(context.flags.get, QUIET_FLAGS)):
        return
    own = document.__dict__
    doctype, name, user = own["doctype"], own.get("name"), str(context.session.user)
    if len(context.__dict__.get("realtime_log") or ()) >= MOST_DOCUMENTS:
        room = get_doctype_room(doctype)  # a list that changed that much is read anew as a whole
        _add_to_log(context, ("list_update", {"doctype": doctype, "user": user}, room), ("list_update", room))
        return
    _add_to_log(context, _Saved(doctype, name, own.get("modified"), user), ("saved", doctype, name))


def _events_of(saved: _Saved) -> tuple[tuple[str, Any, str], ...]:
    doctype, name, modified, user = saved
    change = {"modified": str(modified), "doctype": doctype, "name": name}
    listed = {"doctype": doctype, "name": name, "user": user}
    return (
        ("doc_update", change, get_doc_room(doctype, name)),
        ("list_update", listed, get_doctype_room(doctype)),
    )


providers.register("document_saved", document_saved)
providers.register("publish_realtime", publish_realtime)
