"""What code sees of a request, asked over the WSGI application."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from types import ModuleType
from typing import Any

import pytest
from frappe_engine.http.app import Application
from frappe_engine.testing import TestSite
from werkzeug.test import Client

PASSWORD = "Test-Pass-123"


def seen() -> dict[str, Any]:
    """Give what `frappe` says of the running request."""
    frappe = import_module("frappe")
    request = frappe.request
    return {
        "path": request.path,
        "args": dict(request.args),
        "url": request.url,
        "data": request.data.decode(),
        "files": sorted(request.files),
        "header": request.headers.get("X-Mine"),
        "same header": frappe.get_request_header("X-Mine"),
        "ip": frappe.local.request_ip,
        "user": frappe.session.user,
        "form": frappe.form_dict.get("a"),
    }


def become() -> str:
    """Sign in as another user."""
    frappe = import_module("frappe")
    frappe.local.login_manager.login_as("api@example.com")
    return str(frappe.session.user)


def limited() -> str:
    """Answer twice an hour."""
    return "ok"


def take_upload() -> dict[str, Any]:
    """Take an upload over; gives its size."""
    frappe = import_module("frappe")
    return {"size": len(frappe.local.uploaded_file), "name": frappe.local.uploaded_filename}


@pytest.fixture
def web(own_site: TestSite) -> Iterator[Client]:
    """A client of a site that has the functions above as methods."""
    frappe = import_module("frappe")
    import doctypes

    module = ModuleType("api_request_methods")
    with own_site.connected() as context:
        doctypes.make(frappe)
        frappe.db.set_single_value("System Settings", {"setup_complete": 1, "language": "en"})
        from frappe.rate_limiter import rate_limit
        from frappe.utils.password import update_password

        update_password("api@example.com", PASSWORD)
        update_password("Administrator", PASSWORD)
        for function in (seen, become, take_upload):
            setattr(module, function.__name__, frappe.whitelist(allow_guest=True)(function))
        module.limited = frappe.whitelist(allow_guest=True)(rate_limit(limit=2, seconds=3600)(limited))  # type: ignore[attr-defined]
        context.db.commit()
    sys.modules[module.__name__] = module
    yield Client(Application(own_site.sites_path, own_site.name))
    del sys.modules[module.__name__]


def ask(web: Client, method: str, **options: Any) -> Any:
    options["environ_base"] = {"REMOTE_ADDR": "127.0.0.1"}
    answer = web.open(f"/api/method/api_request_methods.{method}", method="POST", **options)
    assert answer.status_code == 200, answer.text
    return answer.json["message"]


@pytest.mark.api("frappe.request", "frappe.request.path", "frappe.request.args", "frappe.request.url")
@pytest.mark.api(
    "frappe.request.data", "frappe.request.headers", "frappe.get_request_header", "frappe.local.request_ip"
)
@pytest.mark.api("frappe.form_dict", "frappe.request.files")
def test_a_method_sees_its_request(web: Client) -> None:
    found = ask(web, "seen", query_string={"q": "1"}, json={"a": 2}, headers={"X-Mine": "h"})
    assert found["path"] == "/api/method/api_request_methods.seen"
    assert (found["args"], found["data"], found["form"]) == ({"q": "1"}, '{"a": 2}', 2)
    assert found["url"].endswith("seen?q=1")
    assert found["header"] == found["same header"] == "h"
    assert (found["ip"], found["user"]) == ("127.0.0.1", "Guest")
    assert ask(web, "seen", data={"f": (BytesIO(b"x"), "x.txt")})["files"] == ["f"]


@pytest.mark.api("frappe.local.login_manager.login_as")
def test_a_method_signs_somebody_in(web: Client) -> None:
    assert ask(web, "become") == "api@example.com"
    assert web.get("/api/method/frappe.auth.get_logged_user").json["message"] == "api@example.com"


@pytest.mark.api("frappe.rate_limiter.rate_limit")
def test_a_method_answers_so_often(web: Client) -> None:
    assert [ask(web, "limited") for _time in range(2)] == ["ok", "ok"]
    third = web.post("/api/method/api_request_methods.limited", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert third.status_code == 429


@pytest.mark.api("frappe.handler.upload_file", "frappe.local.uploaded_file", "frappe.sessions.get_csrf_token")
def test_a_file_is_uploaded(web: Client) -> None:
    web.post("/api/method/login", data={"usr": "Administrator", "pwd": PASSWORD})
    token = web.get("/api/method/frappe.sessions.get_csrf_token")
    headers = {"X-Frappe-CSRF-Token": token.json["message"]} if token.status_code == 200 else {}
    kept = web.post(
        "/api/method/upload_file", data={"file": (BytesIO(b"abc"), "a.txt"), "is_private": "1"}, headers=headers
    )
    assert kept.json["message"]["file_name"].startswith("a")
    own = {"method": "api_request_methods.take_upload", "file": (BytesIO(b"abc"), "b.txt")}
    assert web.post("/api/method/upload_file", data=own, headers=headers).json["message"] == {
        "size": 3,
        "name": "b.txt",
    }
