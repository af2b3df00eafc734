"""Telling open browsers what happens: `publish_realtime`, rooms, and what the Socket.IO server asks of a site."""

from __future__ import annotations

from typing import Any

from frappe_engine.http.realtime import can_subscribe_doc, can_subscribe_doctype, get_user_info, may_listen
from frappe_engine.jobs.realtime import (
    emit,
    flush_log,
    get_doc_room,
    get_doctype_room,
    get_site_room,
    get_task_progress_room,
    get_user_room,
    get_website_room,
    publish_progress,
    publish_realtime,
)


def emit_via_redis(event: str, message: Any, room: str) -> None:
    """Tell a room of an event now, whatever becomes of the transaction; over Redis or not, as the bench has it."""
    emit([(event, message, room)])


__all__ = [
    "can_subscribe_doc",
    "can_subscribe_doctype",
    "emit",
    "emit_via_redis",
    "flush_log",
    "get_doc_room",
    "get_doctype_room",
    "get_site_room",
    "get_task_progress_room",
    "get_user_info",
    "get_user_room",
    "get_website_room",
    "may_listen",
    "publish_progress",
    "publish_realtime",
]
