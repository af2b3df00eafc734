"""The page the desk runs in, and its start-up data."""

from __future__ import annotations

import gzip
import json
import re
from html import escape
from typing import Any

import frappe
import pytest
from frappe_engine.desk import shell
from frappe_engine.testing import TestSite

from .conftest import ADMIN, Web

MANIFEST = {
    "src/main.ts": {"file": "assets/main-AB12CD34.js", "css": ["assets/main-AB12CD34.css"], "imports": ["_base.js"]},
    "_base.js": {"file": "assets/base-EF56AB78.js", "css": ["assets/base.css"]},
    "src/app/start.ts": {"file": "assets/start-11112222.js", "imports": ["_base.js"]},
    "src/app/LoginPage.vue": {"file": "assets/LoginPage-33334444.js"},
}


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """A front end as if it were built."""
    monkeypatch.setattr(shell, "read_manifest", lambda: {"chunks": MANIFEST, "file": MANIFEST["src/main.ts"]["file"]})


def _page(web: Web, path: str = "/app") -> Any:
    return web.get(path, headers={"Accept": "text/html"})


def _boot(web: Web, path: str = "/app") -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', _page(web, path).text, re.S)
    assert found
    return dict(json.loads(found.group(1)))


@pytest.mark.parametrize("path", ["/app", "/app/hp-doc/HP-0001", "/desk", "/desk/todo"])
def test_guests_are_sent_to_the_login(web: Web, path: str) -> None:
    answer = _page(web, path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?redirect-to=" + path.replace("/", "%2F"))


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/app/todo", "/app/todo"),
        ("//evil.example", "/app"),
        ("https://evil.example", "/app"),
        ("/\\evil", "/app"),
        ("", "/app"),
    ],
)
def test_who_is_there_leaves_the_login(web: Web, wanted: str, target: str) -> None:
    web.login("tester@example.com")
    answer = web.get("/login", params={"redirect-to": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, target)


def test_people_of_the_website_do_not_get_in(web: Web, served: TestSite) -> None:
    import frappe

    with served.connected() as context:
        if not frappe.db.exists("User", "visitor@example.com"):
            values = {"doctype": "User", "email": "visitor@example.com", "first_name": "V", "user_type": "Website User"}
            frappe.get_doc({**values, "send_welcome_email": 0}).insert()
            from frappe.utils.password import update_password

            update_password("visitor@example.com", "Test-Pass-123")
        context.db.commit()
    assert web.login("visitor@example.com").json["message"] == "No App"
    assert _page(web).status_code == 403


def test_the_page_loads_what_it_needs(web: Web) -> None:
    web.login("tester@example.com")
    page = _page(web).text
    assert '<script type="module" src="/assets/frappe/desk/assets/main-AB12CD34.js"></script>' in page
    for name in ("base-EF56AB78.js", "start-11112222.js"):
        assert f'<link rel="modulepreload" href="/assets/frappe/desk/assets/{name}">' in page
    assert '<link rel="stylesheet" href="/assets/frappe/desk/assets/base.css">' in page
    assert "LoginPage" not in page


def test_the_page_runs_no_script_of_its_own(web: Web) -> None:
    web.login("tester@example.com")
    answer = _page(web)
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", answer.text) == []
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_start_up_data(web: Web) -> None:
    web.login("tester@example.com")
    boot = _boot(web)
    assert boot["user"]["name"] == "tester@example.com"
    assert "HP Doc" in boot["user"]["can_create"]
    assert "HP Master" not in boot["user"]["can_read"]
    names = {doctype["name"]: doctype for doctype in boot["doctypes"]}
    assert names["HP Doc"]["is_submittable"] == 1
    assert not {"HP Row", "HP Master"} & set(names)
    assert boot["sysdefaults"]["date_format"] == "yyyy-mm-dd"
    assert boot["assets_version"] == "assets/main-AB12CD34.js"
    assert {"currencies", "modules", "workspaces", "versions", "messages", "lang", "sitename"} <= set(boot)


def test_the_token_of_the_page_is_the_sessions(web: Web) -> None:
    web.login("tester@example.com")
    token = _boot(web)["csrf_token"]
    assert web.post("/api/resource/HP Doc", json={"title": "x"}).status_code == 400
    assert (
        web.post("/api/resource/HP Doc", json={"title": "x"}, headers={"X-Frappe-CSRF-Token": token}).status_code == 200
    )
    assert _boot(web)["csrf_token"] == token


def test_guests_learn_little(web: Web) -> None:
    boot = _boot(web, "/login")
    assert boot["user"] == {"name": "Guest"}
    assert not {"doctypes", "sysdefaults", "workspaces", "csrf_token"} & set(boot)


def test_data_can_not_end_its_element(web: Web, served: TestSite) -> None:
    with served.connected() as context:
        context.db.set_value("User", "manager@example.com", "full_name", "</script><script>alert(1)</script>")
        context.db.commit()
    web.login("manager@example.com")
    page = _page(web).text
    assert "<script>alert" not in page
    assert _boot(web)["user"]["full_name"] == "</script><script>alert(1)</script>"


def test_users_may_choose_language_and_theme(web: Web) -> None:
    web.login("tester@example.com")
    values = {"doctype": "User", "name": "tester@example.com"}
    for field, value in (("language", "zh"), ("desk_theme", "Dark")):
        answer = web.post("/api/method/frappe.client.set_value", data={**values, "fieldname": field, "value": value})
        assert answer.status_code == 200, answer.text
    page = _page(web).text
    assert '<html lang="zh" data-theme="dark">' in page


def test_users_give_themselves_neither_roles_nor_a_profile(web: Web, served: TestSite) -> None:
    with served.connected() as context:
        rows = [{"role": "System Manager"}]
        frappe.get_doc({"doctype": "Role Profile", "role_profile": "Wish", "roles": rows}).insert()
        context.db.commit()
    web.login("tester@example.com")
    url = "/api/resource/User/tester@example.com"
    for wish in ({"roles": rows}, {"role_profile_name": "Wish"}, {"role_profiles": [{"role_profile": "Wish"}]}):
        assert web.put(url, json={**wish, "csrf_token": _boot(web)["csrf_token"]}).status_code == 200
    with served.connected():
        user = frappe.get_doc("User", "tester@example.com")
        assert [row.role for row in user.roles] == ["Oracle Role"]
        assert not user.role_profiles


def test_people_do_not_read_the_record_of_another_user(web: Web) -> None:
    web.login("tester@example.com")
    assert web.get("/api/resource/User/manager@example.com").status_code == 403


def _speak(served: TestSite, language: str) -> None:
    with served.connected() as context:
        frappe.db.set_value("User", "tester@example.com", "language", language)
        context.db.commit()


def test_translations_lie_at_an_address_that_may_be_kept(web: Web, served: TestSite) -> None:
    _speak(served, "zh")
    web.login("tester@example.com")
    boot = _boot(web)
    assert boot["messages"] == {}
    assert f'<link rel="preload" as="fetch" crossorigin href="{escape(boot["messages_url"])}">' in _page(web).text
    answer = web.get(boot["messages_url"])
    assert answer.json["message"]["Not permitted"] not in ("", "Not permitted")
    assert "immutable" in answer.headers["Cache-Control"]


def test_other_translations_have_another_address(web: Web, served: TestSite) -> None:
    _speak(served, "zh")
    web.login("tester@example.com")
    before = _boot(web)["messages_url"]
    with served.connected() as context:
        values = {"language": "zh", "source_text": "HP Doc", "translated_text": "单子"}
        frappe.get_doc({"doctype": "Translation", **values}).insert(ignore_permissions=True)
        context.db.commit()
    after = _boot(web)["messages_url"]
    assert after != before
    assert web.get(after).json["message"]["HP Doc"] == "单子"
    assert "immutable" not in web.get(before).headers.get("Cache-Control", "")


def test_english_needs_no_translations(web: Web, served: TestSite) -> None:
    _speak(served, "en")
    web.login("tester@example.com")
    assert _boot(web)["messages_url"] is None
    assert 'as="fetch"' not in _page(web).text


def test_the_page_comes_compressed_to_who_takes_that(web: Web) -> None:
    web.login("tester@example.com")
    answer = web.get("/app", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b'id="boot"' in gzip.decompress(answer.data)
    assert "Content-Encoding" not in _page(web).headers


def test_guests_learn_how_to_sign_in_and_nothing_else(web: Web) -> None:
    boot = _boot(web, "/login")
    assert set(boot) == {
        "user", "lang", "sitename", "messages", "app_name", "developer_mode", "docs", "login_with_email_link",
        "disable_user_pass_login", "can_reset_password", "social_logins", "assets_version",
    }  # fmt: skip


def test_workspaces_name_the_doctypes_they_lead_to(web: Web, served: TestSite) -> None:
    with served.connected() as context:
        links = [{"type": "Link", "label": name, "link_type": "DocType", "link_to": name} for name in ("ToDo", "User")]
        shortcuts = [{"type": "DocType", "label": "Notes", "link_to": "Note"}]
        values = {"label": "HP Wall", "title": "HP Wall", "public": 1, "module": "Desk", "content": "[]"}
        frappe.get_doc({"doctype": "Workspace", **values, "links": links, "shortcuts": shortcuts}).insert()
        context.db.commit()
    pages = {page["name"]: page for page in frappe_pages(web)}
    assert pages["HP Wall"]["doctypes"] == ["ToDo", "User", "Note"]


def frappe_pages(web: Web) -> list[dict[str, Any]]:
    return list(
        web.get("/api/method/frappe.desk.desktop.get_workspace_sidebar_items", auth=ADMIN).json["message"]["pages"]
    )
