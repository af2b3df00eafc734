"""The Socket.IO server of a bench: carries events from the bus (or Redis) to the browsers that may see them.

Browsers connect to the namespace `/<site>` with the cookie or token of their session; who they are and what they may
listen to is asked of the site itself, by the functions below, so that the rules are those of every other request.

Invariant: nobody is in the room of a document or list that the site would not show them, nor of another user.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import socketio
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.test import Client
from werkzeug.wrappers import Request

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.config import get_site_config
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents.document import get_doc
from frappe_engine.http.app import Application
from frappe_engine.http.sites import UnknownSite, host_name, site_of_request
from frappe_engine.http.users import user_facts
from frappe_engine.jobs import bus, realtime
from frappe_engine.kit.jsontext import parse_json

LOG = logging.getLogger("frappe.realtime")
PING_INTERVAL_S = 25
DEFAULT_PORT = 9000
WAIT_S = 1.0
REDIS_WAIT_S = 2.0
ANY = "*"


@whitelist()
def get_user_info() -> dict[str, str]:
    """Give who is logged in, and whether the desk is theirs: `{"user": …, "user_type": …}`."""
    user = str(current().session.user)
    facts = user_facts(user)
    return {"user": user, "user_type": facts.user_type if facts else "Website User"}


@whitelist()
def may_listen(doctype: str, name: str | None = None) -> bool:
    """Tell whether the user may read a document, or any document of a DocType when no name is given."""
    return bool(has_permission(doctype, "read", doc=name or None, print_logs=False))


@whitelist(allow_guest=True)
def can_subscribe_doc(doctype: str, docname: str) -> bool:
    """Tell that the user may read a document. Raises `PermissionError` when not, `DoesNotExistError` without it."""
    get_doc(doctype, docname).check_permission("read")
    return True


@whitelist(allow_guest=True)
def can_subscribe_doctype(doctype: str) -> bool:
    """Tell that the user may read documents of a DocType. Raises `PermissionError` when not."""
    if not has_permission(doctype, "read", print_logs=False):
        throw(_("Not permitted"), PermissionError)
    return True


class RealtimeServer:
    """Serves the browsers of all sites of a bench; `application` is the WSGI application to ask."""

    def __init__(self, sites_path: str, application: Any = None, *, ping_interval_s: int = PING_INTERVAL_S) -> None:
        self.sites_path = os.path.abspath(sites_path)
        self._client = Client(application or Application(self.sites_path), use_cookies=False)
        self.sockets = socketio.Server(
            async_mode="threading",
            async_handlers=False,  # the words of one browser are taken in their order
            namespaces=ANY,
            ping_interval=ping_interval_s,
            cors_allowed_origins=same_host,
        )
        self.sockets.on("connect", self._connect, namespace=ANY)
        for event, handler in self._handlers().items():
            self.sockets.on(event, handler, namespace=ANY)
        self.wsgi = socketio.WSGIApp(self.sockets)
        self.listening, self.ended = threading.Event(), threading.Event()

    # browsers

    def _connect(self, namespace: str, sid: str, environ: Mapping[str, Any], _auth: Any = None) -> None:
        site = self._site(environ)
        if site is None or namespace != f"/{site}":
            raise socketio.exceptions.ConnectionRefusedError("Invalid namespace")
        headers = {
            "Host": environ.get("HTTP_HOST", ""),
            "X-Frappe-Site-Name": site,
            "Cookie": environ.get("HTTP_COOKIE", ""),
            "Authorization": environ.get("HTTP_AUTHORIZATION", ""),
        }
        kept = {key: value for key, value in headers.items() if value}
        who = self._ask(kept, "get_user_info")
        if not who or who["user"] == "Guest":
            raise socketio.exceptions.ConnectionRefusedError("Log in first")
        self.sockets.save_session(sid, {"headers": kept, "user": who["user"]}, namespace=namespace)
        rooms = [realtime.get_user_room(who["user"]), realtime.get_website_room()]
        if who["user_type"] == "System User":
            rooms.append(realtime.get_site_room())
        for room in rooms:
            self.sockets.enter_room(sid, room, namespace=namespace)

    def _site(self, environ: Mapping[str, Any]) -> str | None:
        try:
            return site_of_request(Request(dict(environ)), self.sites_path)
        except UnknownSite:
            return None

    def _ask(self, headers: Mapping[str, str], function: str, **words: str) -> Any:
        answer = self._client.get(f"/api/method/frappe.realtime.{function}", headers=dict(headers), query_string=words)
        return (answer.get_json(silent=True) or {}).get("message") if answer.status_code == 200 else None

    def _handlers(self) -> dict[str, Callable[..., Any]]:
        return {
            "ping": lambda namespace, sid, *_: self.sockets.emit("pong", to=sid, namespace=namespace),
            "doctype_subscribe": self._join_list,
            "doctype_unsubscribe": self._leaver(realtime.get_doctype_room),
            "doc_subscribe": self._join_document,
            "doc_unsubscribe": self._leaver(realtime.get_doc_room),
            "doc_open": self._open_document,
            "doc_close": self._close_document,
            "task_subscribe": self._join_task,
            "progress_subscribe": self._join_task,
            "task_unsubscribe": self._leaver(realtime.get_task_progress_room),
        }

    def _may(self, namespace: str, sid: str, **words: str) -> bool:
        headers = self.sockets.get_session(sid, namespace=namespace)["headers"]
        return bool(self._ask(headers, "may_listen", **words))

    def _join_list(self, namespace: str, sid: str, doctype: Any) -> None:
        if self._may(namespace, sid, doctype=str(doctype)):
            self.sockets.enter_room(sid, realtime.get_doctype_room(str(doctype)), namespace=namespace)

    def _join_document(self, namespace: str, sid: str, doctype: Any, name: Any) -> None:
        if self._may(namespace, sid, doctype=str(doctype), name=str(name)):
            self.sockets.enter_room(sid, realtime.get_doc_room(str(doctype), str(name)), namespace=namespace)

    def _join_task(self, namespace: str, sid: str, task: Any) -> None:
        self.sockets.enter_room(sid, realtime.get_task_progress_room(str(task)), namespace=namespace)

    def _leaver(self, room_of: Callable[..., str]) -> Callable[..., None]:
        def leave(namespace: str, sid: str, *words: Any) -> None:
            self.sockets.leave_room(sid, room_of(*map(str, words)), namespace=namespace)

        return leave

    # who else has the document open

    def _open_document(self, namespace: str, sid: str, doctype: Any, name: Any) -> None:
        if self._may(namespace, sid, doctype=str(doctype), name=str(name)):
            self.sockets.enter_room(sid, _open_room(doctype, name), namespace=namespace)
            self._tell_viewers(namespace, str(doctype), str(name))

    def _close_document(self, namespace: str, sid: str, doctype: Any, name: Any) -> None:
        self.sockets.leave_room(sid, _open_room(doctype, name), namespace=namespace)
        self._tell_viewers(namespace, str(doctype), str(name))

    def _tell_viewers(self, namespace: str, doctype: str, name: str) -> None:
        room = _open_room(doctype, name)
        members = self.sockets.manager.get_participants(namespace, room)
        users = sorted({self.sockets.get_session(sid, namespace=namespace)["user"] for sid, _ in members})
        message = {"doctype": doctype, "docname": name, "users": users}
        self.sockets.emit("doc_viewers", message, room=room, namespace=namespace)

    # events

    def carry(self, content: bytes) -> None:
        """Send one message of the bus to the browsers in its room."""
        event = parse_json(content.decode())
        self.sockets.emit(event["event"], event["message"], room=event["room"], namespace=f"/{event['namespace']}")

    def listen(self) -> None:
        """Carry everything that is told, until `ended` is set: from Redis where the bench has one, else from the bus.

        From the moment at which `listening` is set nothing is missed.
        """
        url = get_site_config(self.sites_path).get("redis_queue")
        if url:
            self._listen_to_redis(str(url))
            return
        while not self.ended.is_set():
            with bus.Listener(self.sites_path, realtime.BUS_KIND) as listener:
                self.listening.set()
                while listener.is_reachable() and not self.ended.is_set():
                    if select.select([listener], [], [], WAIT_S)[0]:
                        self._carry_all(listener.receive())

    def _carry_all(self, messages: list[bytes]) -> None:
        for message in messages:
            try:
                self.carry(message)
            except Exception:  # one bad message must not silence the others
                LOG.exception("could not carry an event")

    def _listen_to_redis(self, url: str) -> None:
        from frappe_engine.jobs.redis_backend import LOST, connection_to  # an extra, wanted by benches with Redis alone

        while not self.ended.is_set():
            try:
                for message in connection_to(url).messages(realtime.CHANNEL, self.ended, self.listening.set):
                    self._carry_all([message])
            except LOST:
                LOG.warning("Redis does not answer; trying again")
                time.sleep(REDIS_WAIT_S)


def _open_room(doctype: Any, name: Any) -> str:
    return f"open_doc:{doctype}/{name}"


def same_host(origin: str | None, environ: Mapping[str, Any] | None = None) -> bool:
    """Only pages of the same host may connect: the port is another, the cookies are the same."""
    host = str((environ or {}).get("HTTP_HOST", ""))
    return origin is None or (urlsplit(origin).hostname or "") == host_name(host)


def start(
    sites_path: str, port: int | None = None, *, ping_interval_s: int = PING_INTERVAL_S
) -> tuple[BaseWSGIServer, RealtimeServer]:
    """Start to listen for events, and give the server to run on the port given, else on `socketio_port`.

    The second part of the answer carries the events; set its `ended` to let it end. A browser that polls waits for
    at most `ping_interval_s` when there is nothing to hear.
    """
    config = get_site_config(sites_path)
    carrier = RealtimeServer(sites_path, ping_interval_s=ping_interval_s)
    threading.Thread(target=carrier.listen, daemon=True, name="realtime-listener").start()
    chosen = port if port is not None else int(config.get("socketio_port") or DEFAULT_PORT)
    host = str(config.get("socketio_host") or "127.0.0.1")
    return make_server(host, chosen, carrier.wsgi, threaded=True), carrier
