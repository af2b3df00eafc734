"""Browsers hear over Socket.IO what happens to what they may see, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Empty, Queue
from typing import Any

import pytest
import socketio
from frappe_engine.http import realtime
from frappe_engine.jobs.realtime import publish_realtime
from frappe_engine.testing import TestSite

from .conftest import MANAGER, TESTER

WAIT_S, SILENCE_S = 20, 0.7  # a long poll that just missed an event ends after a second, see `address`


class Browser:
    """A Socket.IO client that keeps what it hears."""

    def __init__(self, url: str, site: str, authorization: str, namespace: str | None = None) -> None:
        self.namespace = namespace or f"/{site}"
        self.heard: Queue[tuple[str, Any]] = Queue()
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", lambda event, *words: self.heard.put((event, words[0] if words else None)), self.namespace)
        headers = {"Authorization": authorization, "X-Frappe-Site-Name": site}
        self.client.connect(
            url, headers=headers, namespaces=[self.namespace], transports=["polling"], wait_timeout=WAIT_S
        )

    def tell(self, event: str, *words: Any) -> None:
        self.client.emit(event, words, namespace=self.namespace)
        self.client.emit("ping", namespace=self.namespace)
        assert self.next() == ("pong", None)  # the server takes the words of one browser in their order

    def next(self) -> tuple[str, Any]:
        return self.heard.get(timeout=WAIT_S)

    def hears_nothing(self) -> bool:
        try:
            self.heard.get(timeout=SILENCE_S)
        except Empty:
            return True
        return False


@pytest.fixture(scope="module")
def address(served: TestSite) -> Iterator[str]:
    server, carrier = realtime.start(served.sites_path, port=0, ping_interval_s=1)
    assert carrier.listening.wait(WAIT_S)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    carrier.ended.set()
    server.shutdown()
    thread.join(WAIT_S)


@pytest.fixture
def browser(address: str, served: TestSite) -> Iterator[Any]:
    opened: list[Browser] = []

    def open_browser(authorization: str, **words: Any) -> Browser:
        opened.append(Browser(address, served.name, authorization, **words))
        return opened[-1]

    yield open_browser
    for each in opened:
        each.client.disconnect()


def _save(served: TestSite, doctype: str, **values: Any) -> str:
    import frappe

    with served.connected():
        document = frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
        frappe.db.commit()
        return str(document.name)


def test_a_list_hears_of_a_new_document_after_its_commit(browser: Any, served: TestSite) -> None:
    watching = browser(MANAGER)
    watching.tell("doctype_subscribe", "ToDo")
    name = _save(served, "ToDo", description="Ring the carrier")
    event, message = watching.next()
    assert (event, message["doctype"], message["name"]) == ("list_update", "ToDo", name)


def test_a_form_hears_of_changes_to_its_document_alone(browser: Any, served: TestSite) -> None:
    import frappe

    mine, other = (_save(served, "ToDo", description=text) for text in ("mine", "other"))
    watching = browser(MANAGER)
    watching.tell("doc_subscribe", "ToDo", mine)
    with served.connected():
        for name in (other, mine):
            frappe.get_doc("ToDo", name).update({"description": "changed"}).save(ignore_permissions=True)
        frappe.db.commit()
    event, message = watching.next()
    assert (event, message["name"]) == ("doc_update", mine)
    assert watching.hears_nothing()


def test_who_may_not_read_a_document_does_not_hear_of_it(browser: Any, served: TestSite) -> None:
    secret = browser(TESTER)
    secret.tell("doc_subscribe", "User", "Administrator")
    secret.tell("doctype_subscribe", "Server Script")
    with served.connected():
        publish_realtime("doc_update", {"name": "Administrator"}, doctype="User", docname="Administrator")
        publish_realtime("list_update", {"doctype": "Server Script"})
    assert secret.hears_nothing()


def test_a_message_to_a_user_reaches_that_user_alone(browser: Any, served: TestSite) -> None:
    manager, tester = browser(MANAGER), browser(TESTER)
    with served.connected():
        user = realtime_user(served, MANAGER)
        publish_realtime("note", {"text": "hello"}, user=user)
    assert manager.next() == ("note", {"text": "hello"})
    assert tester.hears_nothing()


def test_what_is_undone_is_not_told(browser: Any, served: TestSite) -> None:
    import frappe

    watching = browser(MANAGER)
    with served.connected():
        publish_realtime("note", {"text": "lost"}, after_commit=True)
        frappe.db.rollback()
    assert watching.hears_nothing()


def test_those_who_have_a_document_open_know_of_each_other(browser: Any, served: TestSite) -> None:
    name = _save(served, "ToDo", description="shared")
    first, second = browser(MANAGER), browser(MANAGER)
    first.client.emit("doc_open", ("ToDo", name), namespace=first.namespace)
    assert first.next()[1]["docname"] == name
    second.client.emit("doc_open", ("ToDo", name), namespace=second.namespace)
    event, message = first.next()
    assert (event, message["docname"], len(message["users"])) == ("doc_viewers", name, 1)


@pytest.mark.parametrize(
    ("authorization", "namespace"), [("token no:body", None), ("", None), (MANAGER, "/other.example")]
)
def test_a_stranger_is_refused(browser: Any, authorization: str, namespace: str | None) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        browser(authorization, namespace=namespace)


@pytest.mark.parametrize(
    ("origin", "allowed"), [("http://shop.example:8000", True), ("https://evil.example", False), (None, True)]
)
def test_only_pages_of_the_same_host_may_connect(origin: str | None, allowed: bool) -> None:
    assert realtime.same_host(origin, {"HTTP_HOST": "shop.example:9000"}) is allowed


def realtime_user(served: TestSite, authorization: str) -> str:
    """Give the user of a token."""
    import frappe

    key = authorization.removeprefix("token ").partition(":")[0]
    return str(frappe.db.get_value("User", {"api_key": key}, "name"))
