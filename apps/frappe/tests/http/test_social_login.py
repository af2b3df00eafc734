"""Signing in by another server: the answer counts once, in the browser that set out, for people the site lets in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe_engine.desk.boot import login_ways

from .conftest import Web

LOGINS = "/api/method/frappe.integrations.oauth2_logins"
WHO, WHOM = "/api/method/frappe.auth.get_logged_user", "tester@example.com"


class Provider:
    """A server that knows people: what it tells, and what it was asked."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "17", "email": WHOM}
        self.asked: list[tuple[str, str, Any]] = []
        self.status = 200

    def request(self, method: str, address: str, **options: Any) -> Provider:
        self.asked.append((method, address, options.get("data") or options["headers"]["Authorization"]))
        self.answer = {"access_token": "T"} if method == "POST" else self.claims
        return self

    def raise_for_status(self) -> None:
        if self.status != 200:
            from requests import HTTPError

            raise HTTPError(str(self.status))

    def json(self) -> Any:
        return dict(self.answer)


@pytest.fixture
def provider(served: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the site signs people in by; who was made is gone after the test."""
    known = Provider()
    monkeypatch.setattr("frappe.utils.oauth.get_request_session", lambda **_options: known)
    with served.connected() as context:
        values = {
            "provider_name": "Works", "enable_social_login": 1, "client_id": "id", "client_secret": "shh", "sign_ups": "Deny",
            "base_url": "https://id.example.com", "authorize_url": "/authorize", "access_token_url": "/token",
            "api_endpoint": "/me", "auth_url_data": json.dumps({"response_type": "code"}), "user_id_property": "sub",
        }  # fmt: skip
        frappe.get_doc({"doctype": "Social Login Key", "social_login_provider": "Custom", **values}).insert()
        context.db.commit()
    yield known
    with served.connected() as context:
        frappe.delete_doc("Social Login Key", "works", force=True)
        frappe.db.delete("User Social Login", {"provider": "works"})
        context.db.commit()


def change_key(served: Any, **values: Any) -> None:
    with served.connected() as context:
        frappe.get_doc("Social Login Key", "works").update(values).save()
        context.db.commit()


def begin(web: Web, target: str = "/app/sku") -> dict[str, str]:
    """Set out; what the provider is asked."""
    answer = web.get(f"{LOGINS}.begin?provider=works&redirect_to={target}")
    assert answer.status_code == 302, answer.text
    return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def come_back(web: Web, state: str, code: str = "C") -> Any:
    return web.get(f"{LOGINS}.custom", params={"code": code, "state": state}, headers={"Accept": "text/html"})


def test_somebody_known_is_signed_in_once(web: Web, provider: Provider) -> None:
    asked = begin(web)
    answer = come_back(web, asked["state"])
    assert (answer.status_code, answer.headers["Location"].endswith("/app/sku")) == (302, True)
    assert web.get(WHO).json == {"message": WHOM}
    sent = {"grant_type": "authorization_code", "code": "C", "client_id": "id", "client_secret": "shh"}
    method, address, data = provider.asked[0]
    assert (method, address) == ("POST", "https://id.example.com/token")
    assert data == {**sent, "redirect_uri": asked["redirect_uri"]}
    assert provider.asked[1] == ("GET", "https://id.example.com/me", "Bearer T")
    assert come_back(web, asked["state"]).status_code == 403  # a state counts once


def test_an_answer_counts_in_the_browser_that_set_out(web: Web, other_web: Web, provider: Provider) -> None:
    asked = begin(web)
    assert come_back(other_web, asked["state"]).status_code == 403
    assert other_web.get(WHO).status_code == 403
    forged = base64.b64encode(json.dumps({"token": "x"}).encode()).decode()
    assert [come_back(web, state).status_code for state in (forged, "nonsense")] == [403, 403]
    assert provider.asked == []


def test_nobody_is_led_to_another_site(web: Web, provider: Provider) -> None:
    for target in ("//evil.example", "https://evil.example", "/%5Cevil.example"):
        assert urlsplit(come_back(web, begin(web, target)["state"]).headers["Location"]).netloc in ("", "localhost")


def test_a_person_stays_known_by_the_id_of_the_provider(web: Web, provider: Provider) -> None:
    come_back(web, begin(web)["state"])
    provider.claims = {"sub": "17", "email": "moved@example.com"}
    assert come_back(web, begin(web)["state"]).status_code == 302
    assert web.get(WHO).json == {"message": WHOM}


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "9", "email": WHOM, "email_verified": False},
        {"sub": "9"},
        {"sub": "9", "email": "off@example.com"},
        {"sub": "9", "email": "new@example.com"},
    ],
)
def test_who_is_not_let_in(web: Web, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    answer = come_back(web, begin(web)["state"])
    assert answer.status_code == 403
    assert "/login" in answer.text
    assert web.get(WHO).status_code == 403


def test_people_sign_up_where_the_key_allows_it(web: Web, served: Any, provider: Provider) -> None:
    change_key(served, sign_ups="Allow")
    provider.claims = {"sub": "21", "email": "New@Example.com", "given_name": "Lin", "family_name": "<b>Wu"}
    assert come_back(web, begin(web)["state"]).status_code == 302
    assert web.get(WHO).json == {"message": "new@example.com"}
    with served.connected() as context:
        user = frappe.get_doc("User", "new@example.com")
        assert (user.user_type, user.first_name, [row.userid for row in user.social_logins]) == (
            "Website User",
            "Lin",
            ["21"],
        )
        frappe.delete_doc("User", "new@example.com", force=True)
        context.db.commit()


def test_a_provider_that_fails_is_told_so(web: Web, provider: Provider) -> None:
    provider.status = 500
    answer = come_back(web, begin(web)["state"])
    assert answer.status_code == 403
    assert "does not answer" in answer.text


def test_a_provider_that_is_switched_off_signs_in_nobody(web: Web, served: Any, provider: Provider) -> None:
    with served.connected():
        assert login_ways()["social_logins"] == [{"name": "works", "label": "Works"}]
    change_key(served, enable_social_login=0)
    with served.connected():
        assert login_ways()["social_logins"] == []
    assert web.get(f"{LOGINS}.begin?provider=works").status_code == 417
