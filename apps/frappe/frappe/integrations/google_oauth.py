"""This site's access to Google on behalf of users: consent, tokens, calls.

Invariant: nothing is sent unless Google Settings are enabled and complete; secrets stay in encrypted fields.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _

AUTHORIZE_URL = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URL = "https://oauth2.googleapis.com/token"
SCOPES = {
    "mail": "https://mail.google.com/",
    "contacts": "https://www.googleapis.com/auth/contacts",
    "calendar": "https://www.googleapis.com/auth/calendar",
    "drive": "https://www.googleapis.com/auth/drive",
    "indexing": "https://www.googleapis.com/auth/indexing",
}
CALLBACK = "/api/method/frappe.integrations.google_oauth.callback"
SECONDS = 20


class GoogleAuthenticationError(Exception):
    """Google refused."""


class GoogleOAuth:
    """Consent and tokens for one of Google's services: mail, contacts, calendar, drive or indexing."""

    def __init__(self, domain: str, validate: bool = True) -> None:
        self.domain = domain
        self.scopes = SCOPES[domain]
        self.google_settings = frappe.get_single("Google Settings")
        if validate:
            self.validate_google_settings()

    def validate_google_settings(self) -> None:
        """Raise `ValidationError` unless the settings are enabled and complete."""
        settings = self.google_settings
        if not settings.enable:
            frappe.throw(_("Please enable {0} before continuing.").format(_("Google Settings")))
        if not (settings.client_id and settings.client_secret):
            frappe.throw(_("Enter Client Id and Client Secret in Google Settings."))

    def get_authentication_url(self, state: dict[str, Any]) -> dict[str, str]:
        """Give, under `url`, the address where a user consents; `state` comes back with the answer."""
        query = {
            "access_type": "offline",
            "response_type": "code",
            "prompt": "consent",
            "include_granted_scopes": "true",
            "client_id": self.google_settings.client_id,
            "scope": self.scopes,
            "redirect_uri": frappe.utils.get_url(CALLBACK),
            "state": json.dumps({"domain": self.domain, **state}),
        }
        return {"url": f"{AUTHORIZE_URL}?{urlencode(query)}"}

    def authorize(self, oauth_code: str) -> dict[str, Any]:
        """Change the code of a consent into tokens. Raises `ValidationError` where Google refuses."""
        return self._ask(
            {"grant_type": "authorization_code", "code": oauth_code, "redirect_uri": frappe.utils.get_url(CALLBACK)}
        )

    def refresh_access_token(self, refresh_token: str) -> dict[str, Any]:
        """Give a fresh access token. Raises `ValidationError` where Google refuses."""
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _ask(self, values: dict[str, Any]) -> dict[str, Any]:
        import requests  # few sites talk to Google

        settings = self.google_settings
        secret = settings.get_password("client_secret", raise_exception=False)
        answer = requests.post(
            TOKEN_URL, data={"client_id": settings.client_id, "client_secret": secret, **values}, timeout=SECONDS
        ).json()
        if answer.get("error"):
            reason = str(answer.get("error_description") or answer["error"])
            frappe.log_error(title="Google: no token", message=reason)
            frappe.throw(_("Google gave no access: {0}").format(reason))
        return dict(answer)


@frappe.whitelist(methods=["GET"])
def callback(state: str, code: str | None = None, error: str | None = None) -> None:
    """Take a user back from Google's consent: hand the code over to what asked for it, then show its form."""
    wanted = frappe.parse_json(state)
    wanted = wanted if isinstance(wanted, dict) else {}
    takers = frappe.get_hooks("google_oauth_callbacks") or {}
    taker = (takers.get(str(wanted.get("domain"))) or [None])[-1]
    if taker is None:
        frappe.throw(_("Not permitted"), frappe.PermissionError)
    target = frappe.get_attr(taker)(wanted, code, error)
    frappe.local.response["type"] = "redirect"
    frappe.local.response["location"] = str(target)
