"""OAuth 2 and OpenID Connect as a client's program and a user's browser see them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import frappe
import pytest

from .conftest import ADMIN, Web

PATH = "/api/method/frappe.integrations.oauth2"
BACK = "https://shop.example/back?x=1"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-of-rfc-7636"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Program:
    """A client, with the user's browser and a connection of its own."""

    browser: Web
    web: Web
    id: str
    secret: str

    def authorize(self, **changes: str | None) -> Any:
        """Send the browser to the consent."""
        asked = {
            "client_id": self.id, "response_type": "code", "scope": "all openid", "redirect_uri": BACK, "state": "s&1",
            "nonce": "n1", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **changes,
        }  # fmt: skip
        params = {key: value for key, value in asked.items() if value is not None}
        return self.browser.get(f"{PATH}.authorize", params=params, headers={"Accept": "text/html"})

    def agree(self, page: Any, **changes: str) -> Any:
        """Press the button of the consent's page."""
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
        values = {name: html.unescape(value) for name, value in fields}
        return self.browser.post(f"{PATH}.approve", data={**values, **changes})

    def code(self, **changes: str | None) -> str:
        """Go through the consent and give the code."""
        return str(query_of(self.agree(self.authorize(**changes)))["code"])

    def buy(self, given_code: str, **changes: str | None) -> Any:
        """Turn a code into a token."""
        given = {
            "grant_type": "authorization_code", "code": given_code, "client_id": self.id, "client_secret": self.secret,
            "redirect_uri": BACK, "code_verifier": VERIFIER, **changes,
        }  # fmt: skip
        data = {key: value for key, value in given.items() if value is not None}
        return self.web.post(f"{PATH}.get_token", data=data)

    def refresh(self, token: str) -> Any:
        """Turn a refresh token into a token."""
        secret = base64.b64encode(f"{self.id}:{self.secret}".encode()).decode()
        data = {"grant_type": "refresh_token", "refresh_token": token}
        return self.web.post(f"{PATH}.get_token", data=data, auth=f"Basic {secret}")

    def user_of(self, token: str) -> tuple[int, Any]:
        """Ask the site who the token stands for."""
        answer = self.web.get("/api/method/frappe.auth.get_logged_user", auth=f"Bearer {token}")
        return answer.status_code, answer.json.get("message")


def query_of(answer: Any) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def make_client(web: Web, **values: Any) -> tuple[str, str]:
    with web.site.connected() as context:
        fields = {"app_name": "Shop <b>", "default_redirect_uri": BACK, "scopes": "all openid", **values}
        client = frappe.get_doc({"doctype": "OAuth Client", **fields}).insert()
        context.db.commit()
        return client.client_id, client.client_secret


@pytest.fixture
def program(web: Web, other_web: Web) -> Program:
    """A confidential client; its user `tester` is signed in."""
    other_web.login("tester@example.com")
    return Program(other_web, web, *make_client(web))


@pytest.fixture
def public(program: Program) -> Program:
    """A client without a secret."""
    name, _secret = make_client(program.web, token_endpoint_auth_method="None")
    return Program(program.browser, program.web, name, "")


def test_consent_code_and_token(program: Program) -> None:
    page = program.authorize()
    assert (page.status_code, "Shop &lt;b&gt;" in page.text, "<b>" in page.text) == (200, True, False)
    back = program.agree(page)
    assert back.headers["Location"].startswith("https://shop.example/back?x=1&")
    assert query_of(back)["state"] == "s&1"
    token = program.buy(query_of(back)["code"])
    assert (token.status_code, token.headers["Cache-Control"]) == (200, "no-store")
    assert {key: token.json[key] for key in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer", "expires_in": 3600, "scope": "all openid",
    }  # fmt: skip
    assert program.user_of(token.json["access_token"]) == (200, "tester@example.com")


def test_a_stranger_signs_in_first(program: Program, web: Web) -> None:
    stranger = Program(web, web, program.id, program.secret)
    target = query_of(stranger.authorize())["redirect-to"]
    assert target.startswith(f"{PATH}.authorize?")
    assert parse_qs(urlsplit(target).query)["state"] == ["s&1"]


def test_consent_needs_the_csrf_token(program: Program) -> None:
    page = program.authorize()
    assert program.agree(page, csrf_token="guess").status_code == 400
    assert program.browser.get(f"{PATH}.approve").status_code == 403


def test_the_page_can_not_be_framed_and_leads_to_the_client_alone(program: Program) -> None:
    policy = program.authorize().headers["Content-Security-Policy"]
    assert "form-action 'self' https://shop.example;" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_code_is_good_once(program: Program) -> None:
    code = program.code()
    first = program.buy(code)
    assert first.status_code == 200
    assert program.buy(code).json["error"] == "invalid_grant"
    assert program.user_of(first.json["access_token"])[0] == 401, "a code that was copied ends what it brought"


def test_a_code_is_good_for_one_try(program: Program) -> None:
    code = program.code()
    assert program.buy(code, code_verifier="x" * 50).json["error"] == "invalid_grant"
    assert program.buy(code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "x" * 50}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, ""),
        ({"grant_type": "client_credentials"}, 400, ""),
        ({"code": "guess"}, 400, "invalid_grant"),
    ],
)
def test_who_can_not_prove_it_gets_no_token(program: Program, changes: Any, status: int, error: str) -> None:
    answer = program.buy(program.code(), **changes)
    assert (answer.status_code, answer.json["error"]) == (status, error or answer.json["error"])
    assert "access_token" not in answer.json


def test_a_code_of_another_client_is_no_good(program: Program, web: Web) -> None:
    other = Program(program.browser, web, *make_client(web))
    assert other.buy(program.code()).json["error"] == "invalid_grant"


def test_a_public_client_needs_pkce(public: Program) -> None:
    assert public.buy(public.code(), client_secret=None).status_code == 200
    assert query_of(public.authorize(code_challenge=None, code_challenge_method=None))["error"] == "invalid_request"


@pytest.mark.parametrize("uri", ["https://evil.example/", "https://shop.example/back", "javascript:alert(1)"])
def test_browsers_go_to_registered_addresses_alone(program: Program, uri: str) -> None:
    answer = program.authorize(redirect_uri=uri)
    assert (answer.status_code, answer.headers.get("Location")) == (400, None)


def test_refusals_go_back_to_the_client(program: Program) -> None:
    assert query_of(program.authorize(scope="all root"))["error"] == "invalid_scope"
    assert query_of(program.authorize(response_type="token"))["error"] == "unauthorized_client"
    denied = re.search(r'<a rel="noreferrer" href="([^"]+)"', program.authorize().text)
    assert denied
    assert html.unescape(denied[1]).endswith("x=1&error=access_denied&state=s%261")


def test_refresh_tokens_rotate(program: Program) -> None:
    first = program.buy(program.code()).json
    second = program.refresh(first["refresh_token"])
    assert second.status_code == 200
    assert program.user_of(second.json["access_token"]) == (200, "tester@example.com")
    assert program.user_of(first["access_token"])[0] == 401
    assert program.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    assert program.user_of(second.json["access_token"])[0] == 401, "a copied refresh token ends all of them"


def test_revoking_and_looking(program: Program) -> None:
    token = program.buy(program.code()).json
    seen = program.web.post(f"{PATH}.introspect_token", data={"token": token["access_token"]}).json
    assert (seen["active"], seen["client_id"], seen["username"]) == (True, program.id, "tester@example.com")
    revoked = program.web.post(f"{PATH}.revoke_token", data={"token": token["access_token"]})
    assert (revoked.status_code, revoked.json) == (200, {})
    assert program.web.post(f"{PATH}.introspect_token", data={"token": token["access_token"]}).json == {"active": False}
    assert program.refresh(token["refresh_token"]).json["error"] == "invalid_grant"
    assert program.user_of(token["access_token"])[0] == 401


def test_the_id_token_is_signed_with_the_clients_secret(program: Program) -> None:
    parts = program.buy(program.code()).json["id_token"].split(".")
    expected = hmac.digest(program.secret.encode(), ".".join(parts[:2]).encode(), hashlib.sha256)
    assert base64.urlsafe_b64decode(parts[2] + "==") == expected
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    assert (claims["aud"], claims["nonce"], claims["email"]) == (program.id, "n1", "tester@example.com")
    assert claims["exp"] - claims["iat"] == 3600


def test_the_profile(program: Program) -> None:
    token = program.buy(program.code(scope="openid")).json["access_token"]
    profile = program.web.get(f"{PATH}.openid_profile", auth=f"Bearer {token}").json
    assert (profile["email"], profile["given_name"]) == ("tester@example.com", "tester")
    assert "Oracle Role" in profile["roles"]
    assert program.user_of(token)[0] == 403, "a token for the profile reaches no further"


@pytest.mark.parametrize(
    ("end", "undo"),
    [
        ("UPDATE `tabOAuth Bearer Token` SET `expiration_time` = '2020-01-01 00:00:00'", None),
        ("DELETE FROM `tabOAuth Client`", None),
        (
            "UPDATE `tabUser` SET `enabled` = 0 WHERE `name` = 'tester@example.com'",
            "UPDATE `tabUser` SET `enabled` = 1",
        ),
    ],
    ids=["time is over", "client is gone", "user is disabled"],
)
def test_a_token_ends_with_its_time_client_and_user(program: Program, end: str, undo: str | None) -> None:
    token = program.buy(program.code()).json["access_token"]
    _run(program.web, end)
    assert program.user_of(token)[0] == 401
    if undo:
        _run(program.web, f"{undo} WHERE `name` = 'tester@example.com'")


def _run(web: Web, statement: str) -> None:
    with web.site.connected() as context:
        context.db.write(statement)
        context.db.commit()
        frappe.clear_cache()


def test_secrets_are_stored_as_digests(program: Program) -> None:
    code = program.code()
    token = program.buy(code).json
    with program.web.site.connected() as context:
        codes = context.db.rows("SELECT * FROM `tabOAuth Authorization Code`")
        rows = context.db.rows("SELECT * FROM `tabOAuth Bearer Token`")
    stored = repr((codes, rows))
    assert [secret for secret in (code, token["access_token"], token["refresh_token"]) if secret in stored] == []


def test_trusted_clients_are_not_asked_for(program: Program) -> None:
    trusted = Program(program.browser, program.web, *make_client(program.web, skip_authorization=1))
    assert trusted.buy(query_of(trusted.authorize())["code"]).status_code == 200


def test_clients_for_some_roles(program: Program) -> None:
    limited = make_client(program.web, allowed_roles=[{"role": "System Manager"}])
    assert Program(program.browser, program.web, *limited).authorize().status_code == 403


@pytest.mark.parametrize("path", [f"{PATH}.openid_configuration", "/.well-known/openid-configuration"])
def test_discovery(web: Web, path: str) -> None:
    found = web.get(path).json
    assert found["token_endpoint"] == f"{found['issuer']}{PATH}.get_token"
    assert (found["response_types_supported"], "S256" in found["code_challenge_methods_supported"]) == (["code"], True)


@pytest.mark.parametrize(
    "values",
    [
        {"default_redirect_uri": "http://shop.example/back"},
        {"default_redirect_uri": "javascript:alert(1)"},
        {"default_redirect_uri": "https://shop.example/#x"},
        {"redirect_uris": "https://shop.example/ /relative"},
        {"response_type": "Token"},
    ],
)
def test_a_client_has_safe_addresses_and_grants(web: Web, values: dict[str, str]) -> None:
    fields = {"app_name": "Bad", "default_redirect_uri": BACK, **values}
    assert web.post("/api/resource/OAuth Client", json=fields, auth=ADMIN).status_code == 417
