"""Where a person sets out to sign in by another server, and where the server sends the person back (Social Login Key).

Invariant: whatever goes wrong ends on a page that says so and leads back to the login; what was wrong stays in the Error Log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import requests

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import oauth
from frappe.website.utils import respond_as_web_page


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=60, seconds=60 * 60)
def begin(provider: str, redirect_to: str | None = None) -> None:
    """Send the browser to a provider; what comes back counts in this browser alone."""
    browser = secrets.token_urlsafe(24)
    frappe.local.flags.oauth_browser = browser
    address = oauth.get_oauth2_authorize_url(provider, redirect_to)
    frappe.local.cookie_manager.set_cookie(
        oauth.BROWSER_COOKIE, browser, max_age=oauth.LASTS_S, httponly=True, samesite="Lax"
    )
    frappe.local.response.update(type="redirect", location=address)


def _come_back(provider: str | None, code: str | None, state: str | None) -> None:
    try:
        if not code or not state:
            raise oauth.SignInRefused(_("The provider did not say who you are"))
        oauth.login_via_oauth2(provider, code, state)
    except (oauth.SignInRefused, frappe.AuthenticationError) as refused:
        _refuse(str(refused) or _("Not Permitted"))
    except (requests.RequestException, ValueError):
        frappe.log_error(f"Signing in by {provider or 'a provider'} failed")
        _refuse(_("The provider does not answer as it should. Try again, or sign in another way."))


def _refuse(reason: str) -> None:
    respond_as_web_page(
        _("Not Permitted"), reason, http_status_code=403, primary_action="/login", primary_label=_("Log In")
    )


@frappe.whitelist(allow_guest=True, methods=["GET"])
def custom(code: str | None = None, state: str | None = None) -> None:
    """Sign in whom a provider of an administrator's own making sends back; the state tells which one."""
    _come_back(None, code, state)


def _named(provider: str) -> Callable[..., None]:
    def come_back(code: str | None = None, state: str | None = None) -> None:
        _come_back(provider, code, state)

    come_back.__name__ = come_back.__qualname__ = f"login_via_{provider}"
    come_back.__doc__ = f"Sign in whom {provider} sends back."
    return frappe.whitelist(allow_guest=True, methods=["GET"])(come_back)


login_via_facebook = _named("facebook")
login_via_fairlogin = _named("fairlogin")
login_via_frappe = _named("frappe")
login_via_github = _named("github")
login_via_google = _named("google")
login_via_keycloak = _named("keycloak")
login_via_office365 = _named("office365")
login_via_salesforce = _named("salesforce")
