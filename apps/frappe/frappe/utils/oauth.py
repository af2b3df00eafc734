"""Signing in by other servers (Social Login Key): where a person is sent, and who comes back.

Invariant: an answer counts once, for ten minutes, for the provider that was asked, and in the browser that set out; a person is
known by the id the provider gave before, else by an address that the provider does not call unverified.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any
from urllib.parse import urlencode, urljoin

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_request_session, get_url

LASTS_S = 600
TIMEOUT_S = 20
BROWSER_COOKIE = "oauth_browser"
NAMED = ("facebook", "fairlogin", "frappe", "github", "google", "keycloak", "office365", "salesforce")


class SignInRefused(frappe.PermissionError):
    """Somebody who was signed in elsewhere is not let in here; the message says why."""


def get_oauth_keys(provider: str) -> dict[str, str]:
    """Give `client_id` and `client_secret` of a provider. Raises `DoesNotExistError` when it is not known."""
    key = frappe.get_doc("Social Login Key", provider)
    secret = key.get_password("client_secret", raise_exception=False)
    return {"client_id": key.client_id, "client_secret": secret or ""}


def get_oauth2_authorize_url(provider: str, redirect_to: str | None) -> str:
    """Give the address at the provider where a person signs in, who then comes back and goes on to `redirect_to`.

    Raises `ValidationError` where the provider is switched off.
    """
    key = frappe.get_doc("Social Login Key", provider)
    if not key.enable_social_login:
        frappe.throw(_("Signing in by {0} is switched off").format(key.provider_name))
    values: dict[str, Any] = {
        "redirect_uri": get_redirect_uri(provider),
        "state": _state(provider, redirect_to),
        "client_id": key.client_id,
        **(json.loads(key.auth_url_data) if key.auth_url_data else {}),
    }
    return f"{_address(key)}?{urlencode(values)}"


def get_redirect_uri(provider: str) -> str:
    """Give the address of this site to which a provider sends people back."""
    key = frappe.get_doc("Social Login Key", provider)
    own = f"login_via_{provider}" if provider in NAMED else "custom"
    return get_url(key.redirect_url or f"/api/method/frappe.integrations.oauth2_logins.{own}")


def login_via_oauth2(provider: str | None, code: str, state: str) -> None:
    """Sign in whom a provider sends back, and lead to where the person wanted to go.

    Without `provider` it is the one that the state was made for. Raises `SignInRefused` where the answer belongs to no question
    of this browser, the provider does not say who it is, or the person is not let in; `requests.RequestException` where the
    provider does not answer.
    """
    asked = _take_state(state, provider)
    info = get_info_via_oauth(asked["provider"], code)
    user = _user_of(frappe.get_doc("Social Login Key", asked["provider"]), info)
    frappe.local.login_manager.login_as(user)
    frappe.db.commit()
    target = _own_path(asked.get("redirect_to")) or frappe.local.response.get("home_page") or "/app"
    frappe.local.response.clear()
    frappe.local.response.update(type="redirect", location=target)


def get_info_via_oauth(provider: str, code: str) -> dict[str, Any]:
    """Exchange a code for what the provider tells about a person: claims, with `email` where it is known."""
    key = frappe.get_doc("Social Login Key", provider)
    keys = get_oauth_keys(provider)
    token = _asked(
        "POST",
        urljoin(_base(key), key.access_token_url or ""),
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": get_redirect_uri(provider), **keys},
    )
    if not key.api_endpoint:
        return _claims(str(token.get("id_token") or ""))
    headers = {"Authorization": f"Bearer {token.get('access_token')}"}
    values = json.loads(key.api_endpoint_args) if key.api_endpoint_args else None
    address = urljoin(_base(key), key.api_endpoint)
    info = _asked("GET", address, params=values, headers=headers)
    if provider == "github" and not info.get("email"):
        mails = _asked("GET", f"{address.rstrip('/')}/emails", headers=headers)
        info["email"] = next((mail["email"] for mail in mails if mail.get("primary") and mail.get("verified")), None)
    return dict(info)


def _asked(method: str, address: str, headers: dict[str, str] | None = None, **values: Any) -> Any:
    wanted = {"Accept": "application/json", **(headers or {})}
    answer = get_request_session(max_retries=1).request(method, address, headers=wanted, timeout=TIMEOUT_S, **values)
    answer.raise_for_status()
    return answer.json()


def _claims(token: str) -> dict[str, Any]:
    """What an id token says. It came from the provider itself over a connection of our own, which is its proof."""
    parts = token.split(".")
    if len(parts) != 3:
        raise SignInRefused(_("The provider did not say who you are"))
    padded = parts[1] + "=" * (-len(parts[1]) % 4)
    return dict(json.loads(base64.urlsafe_b64decode(padded)))


def _user_of(key: Any, info: dict[str, Any]) -> str:
    """Give the user of a person, made where the site lets people sign up by the provider."""
    userid = _id_of(key, info)
    known = userid and frappe.db.get_value("User Social Login", {"provider": key.name, "userid": userid}, "parent")
    user = frappe.get_doc("User", known) if known else _user_by_address(key, info)
    if not user.enabled or user.name in ("Administrator", "Guest"):
        raise SignInRefused(_("User {0} is disabled").format(escape_html(user.email or user.name)))
    if userid and user.get_social_login_userid(key.name) != userid:
        user.set_social_login_userid(key.name, userid, str(info.get("preferred_username") or info.get("login") or ""))
        user.flags.ignore_permissions = True
        user.save()
    return str(user.name)


def _id_of(key: Any, info: dict[str, Any]) -> str:
    names = (key.user_id_property, "sub", "id")
    return next((str(info[name]) for name in names if name and info.get(name)), "")


def _user_by_address(key: Any, info: dict[str, Any]) -> Any:
    """The user with the person's address, which must not be one that the provider calls unverified; else a new one."""
    email = str(info.get("email") or "").strip().lower()
    if not email or str(info.get("email_verified", True)).lower() in ("false", "0"):
        raise SignInRefused(_("{0} does not tell an address of yours that it has verified").format(key.provider_name))
    found = frappe.db.get_value("User", {"email": email}, "name")
    return frappe.get_doc("User", found) if found else _new_user(key, email, info)


def _new_user(key: Any, email: str, info: dict[str, Any]) -> Any:
    closed = cint(frappe.db.get_single_value("Website Settings", "disable_signup"))
    if key.sign_ups == "Deny" or (closed and key.sign_ups != "Allow"):
        raise SignInRefused(
            _("Nobody here has the address {0}. Ask an administrator for access.").format(escape_html(email))
        )
    name = str(info.get("given_name") or info.get("first_name") or info.get("name") or email.partition("@")[0])
    values = {"email": email, "first_name": name[:140], "last_name": info.get("family_name") or info.get("last_name")}
    user = frappe.get_doc({"doctype": "User", "user_type": "Website User", "send_welcome_email": 0, **values})
    user.flags.ignore_permissions = True
    return user.insert()


def _base(key: Any) -> str:
    return f"{(key.base_url or '').rstrip('/')}/"


def _address(key: Any) -> str:
    return str(urljoin(_base(key), key.authorize_url or ""))


def _own_path(address: Any) -> str | None:
    """A path of this site; None for addresses of others, however they are written."""
    text = str(address or "")
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() else None


def _state(provider: str, redirect_to: str | None) -> str:
    """A random token, known to this site for ten minutes, against answers nobody asked for."""
    token = secrets.token_urlsafe(32)
    asked = {"provider": provider, "redirect_to": redirect_to, "browser": frappe.local.flags.oauth_browser}
    frappe.cache.set_value(f"oauth-state:{token}", asked, expires_in_sec=LASTS_S)
    state = {"site": get_url(), "token": token, "redirect_to": redirect_to}
    return base64.b64encode(json.dumps(state).encode()).decode()


def _take_state(state: str, provider: str | None) -> dict[str, Any]:
    """What was asked with a state, which counts once."""
    try:
        token = str(json.loads(base64.b64decode(state))["token"])
    except (ValueError, KeyError, TypeError):
        token = ""
    asked = frappe.cache.get_value(f"oauth-state:{token}") if token else None
    frappe.cache.delete_value(f"oauth-state:{token}")
    browser = frappe.request.cookies.get(BROWSER_COOKIE) if frappe.request else None
    if not asked or (provider and asked["provider"] != provider) or (asked["browser"] and asked["browser"] != browser):
        raise SignInRefused(_("This answer belongs to no sign-in that was begun here. Please begin again."))
    return dict(asked)
