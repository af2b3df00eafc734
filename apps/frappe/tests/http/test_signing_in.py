"""Signing in and out: sessions, cookies, tokens, CSRF."""

from __future__ import annotations

from base64 import b64encode

import pytest
from frappe_engine.testing import TestSite

from .conftest import PASSWORD, TESTER, Web

WHO = "/api/method/frappe.auth.get_logged_user"


def test_the_answer_to_a_sign_in(web: Web) -> None:
    answer = web.login("tester@example.com")
    assert answer.json == {"message": "Logged In", "home_page": "/app", "full_name": "tester"}


def test_the_cookies_of_a_sign_in(web: Web) -> None:
    cookies = web.login("tester@example.com").headers.getlist("Set-Cookie")
    sid = next(cookie for cookie in cookies if cookie.startswith("sid="))
    assert "HttpOnly" in sid
    assert "SameSite=Lax" in sid
    assert "Max-Age=612000" in sid
    for cookie in ("system_user=yes", "full_name=tester", "user_id=tester%40example.com"):
        assert f"{cookie}; Path=/; SameSite=Lax" in cookies


@pytest.mark.parametrize("body", [{"data": {}}, {"json": {}}], ids=["form", "JSON"])
def test_the_session_is_resumed_by_its_cookie(web: Web, body: dict[str, dict[str, str]]) -> None:
    (kind,) = body
    web.post("/api/method/login", **{kind: {"usr": "tester@example.com", "pwd": PASSWORD}})
    assert web.get(WHO).json == {"message": "tester@example.com"}


@pytest.mark.parametrize("path", ["/api/v2/method/login", "/api/v1/method/login", "/?cmd=login"])
def test_other_paths_to_sign_in(web: Web, path: str) -> None:
    web.post(path, data={"usr": "tester@example.com", "pwd": PASSWORD})
    assert web.get(WHO).json == {"message": "tester@example.com"}


@pytest.mark.parametrize(
    "given",
    [
        {"usr": "tester@example.com", "pwd": "wrong"},
        {"usr": "nobody@example.com", "pwd": "wrong"},
        {"usr": "off@example.com", "pwd": PASSWORD},
        {"usr": "tester@example.com"},
        {"usr": "Guest", "pwd": ""},
    ],
)
def test_a_refused_sign_in(web: Web, given: dict[str, str]) -> None:
    answer = web.post("/api/method/login", data=given)
    assert (answer.status_code, answer.json["exc_type"]) == (401, "AuthenticationError")
    assert answer.json["message"]
    assert web.get(WHO).status_code == 403


def test_nobody_learns_whether_a_user_exists(web: Web) -> None:
    known = web.post("/api/method/login", data={"usr": "manager@example.com", "pwd": "wrong"})
    unknown = web.post("/api/method/login", data={"usr": "nobody@example.com", "pwd": "wrong"})
    assert known.json["message"] == unknown.json["message"]


def test_too_many_failures_lock_the_user(web: Web) -> None:
    for _attempt in range(5):
        web.post(
            "/api/method/login",
            data={"usr": "plain@example.com", "pwd": "wrong"},
            environ_base={"REMOTE_ADDR": "10.9.8.7"},
        )
    answer = web.post(
        "/api/method/login",
        data={"usr": "plain@example.com", "pwd": PASSWORD},
        environ_base={"REMOTE_ADDR": "10.1.1.1"},
    )
    assert (answer.status_code, answer.json["exc_type"]) == (417, "SecurityException")


def test_signing_out_ends_the_session(web: Web) -> None:
    web.login("tester@example.com")
    sid = web.client.get_cookie("sid").value
    assert web.post("/api/method/logout").json == {"message": "No App", "home_page": "/login", "full_name": "Guest"}
    web.client.set_cookie("sid", sid)
    answer = web.get(WHO)
    assert (answer.status_code, answer.json["session_expired"]) == (403, 1)


def test_an_unknown_session_is_told(web: Web) -> None:
    web.client.set_cookie("sid", "deadbeef")
    answer = web.get("/api/method/ping")
    assert answer.json == {"message": "pong", "session_expired": 1}
    assert "sid=;" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("header", [TESTER, "Basic " + b64encode(b"testerkey:testersecret").decode()])
def test_api_keys(web: Web, header: str) -> None:
    answer = web.get(WHO, auth=header)
    assert answer.json == {"message": "tester@example.com"}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "header", ["token testerkey:bad", "token nokey:bad", "token abc", "Foo abc", "Bearer abc", "token offkey:offsecret"]
)
def test_wrong_headers_are_refused(web: Web, header: str) -> None:
    answer = web.get(WHO, auth=header)
    assert (answer.status_code, answer.json["exc_type"]) == (401, "AuthenticationError")


def test_broken_base64_is_told(web: Web) -> None:
    answer = web.get(WHO, auth="Basic ???")
    assert (answer.status_code, answer.json["exc_type"]) == (400, "InvalidAuthorizationToken")


def test_sessions_without_a_token_need_none(web: Web) -> None:
    web.login("tester@example.com")
    assert web.post("/api/resource/HP Doc", json={"title": "no token yet"}).status_code == 200


def test_sessions_with_a_token_must_send_it(web: Web) -> None:
    web.login("tester@example.com")
    token = _ask_for_token(web)
    body = {"title": "csrf"}
    refused = web.post("/api/resource/HP Doc", json=body)
    assert (refused.status_code, refused.json["exc_type"]) == (400, "CSRFTokenError")
    assert web.post("/api/resource/HP Doc", json=body, headers={"X-Frappe-CSRF-Token": "bad"}).status_code == 400
    assert web.post("/api/resource/HP Doc", json=body, headers={"X-Frappe-CSRF-Token": token}).status_code == 200
    assert web.post("/api/resource/HP Doc", data={**body, "csrf_token": token}).status_code == 200
    assert web.get("/api/resource/HP Doc").status_code == 200


def _ask_for_token(web: Web) -> str:
    """What the desk's page does when it is loaded."""
    from frappe_engine.context.local import current
    from frappe_engine.http import sessions

    with web.site.connected():
        current().session = sessions.resume(web.client.get_cookie("sid").value)
        return sessions.csrf_token()


def test_a_secret_that_is_withdrawn_counts_no_more_in_any_process(served: TestSite) -> None:
    import requests
    from frappe_engine.documents.passwords import set_encrypted_password
    from frappe_engine.testing.serving import served as serving

    def withdraw(secret: str) -> None:
        with served.connected() as context:
            set_encrypted_password("User", "tester@example.com", secret, "api_secret")
            context.db.commit()

    with serving(served) as address:

        def answers() -> list[int]:
            headers = {"Authorization": "token testerkey:testersecret"}
            ask = f"{address}/api/method/frappe.auth.get_logged_user"
            return [requests.get(ask, headers=headers, timeout=20).status_code for _time in range(2)]

        assert answers() == [200, 200]
        withdraw("another")
        assert answers() == [401, 401]
        withdraw("testersecret")
        assert answers() == [200, 200]
