"""Signing in by other servers (Social Login Key): where a person is sent, and with which keys."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode, urljoin

import frappe
from frappe import _
from frappe.utils import get_url


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
        "state": _state(redirect_to),
        "client_id": key.client_id,
        **(json.loads(key.auth_url_data) if key.auth_url_data else {}),
    }
    return f"{_address(key)}?{urlencode(values)}"


def get_redirect_uri(provider: str) -> str:
    """Give the address of this site to which a provider sends people back."""
    key = frappe.get_doc("Social Login Key", provider)
    own = f"/api/method/frappe.integrations.oauth2_logins.login_via_{provider}"
    return get_url(key.redirect_url or own)


def _address(key: Any) -> str:
    return urljoin(f"{(key.base_url or '').rstrip('/')}/", key.authorize_url or "")


def _state(redirect_to: str | None) -> str:
    """A random token, known to this site for ten minutes, against answers nobody asked for."""
    token = frappe.generate_hash(length=32)
    frappe.cache.set_value(f"oauth-state:{token}", True, expires_in_sec=600)
    state = {"site": get_url(), "token": token, "redirect_to": redirect_to}
    return base64.b64encode(json.dumps(state).encode()).decode()
