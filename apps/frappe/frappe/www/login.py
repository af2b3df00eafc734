"""Signing in by a link that is sent by mail.

Invariant: a link works once, for some minutes; nobody learns from the answer whether a user exists.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.http.users import find_user

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, get_url
from frappe.website.utils import respond_as_web_page

LASTS_MINUTES = 10
DEFAULT_PER_HOUR = 5


def get_login_with_email_link_ratelimit() -> int:
    """Give how many links an address may ask for in an hour."""
    return cint(frappe.get_system_settings("rate_limit_email_link_login")) or DEFAULT_PER_HOUR


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=get_login_with_email_link_ratelimit, seconds=60 * 60)
def send_login_link(email: str) -> None:
    """Send a link by which its reader signs in. Raises `ValidationError` where the site does not allow it."""
    if not cint(frappe.get_system_settings("login_with_email_link")):
        frappe.throw(_("Signing in by a link in a mail is not enabled."))
    facts = find_user(str(email))
    if facts is None or not facts.enabled or facts.name in ("Administrator", "Guest"):
        return
    minutes = cint(frappe.get_system_settings("login_with_email_link_expiry")) or LASTS_MINUTES
    link = _link_for(facts.name, minutes)
    frappe.sendmail(
        recipients=[frappe.db.get_value("User", facts.name, "email") or facts.name],
        subject=_("Sign in to {0}").format(frappe.db.get_single_value("System Settings", "app_name") or "EC ERP"),
        message=f'<p><a href="{link}">{_("Sign in")}</a></p><p>{_("The link works once, for {0} minutes.").format(minutes)}</p>',
        add_unsubscribe_link=0,
        now=True,
    )


def _link_for(user: str, minutes: int) -> str:
    key = frappe.generate_hash(length=32)
    frappe.cache.set_value(f"one_time_login_key:{key}", user, expires_in_sec=minutes * 60)
    return get_url(f"/api/method/frappe.www.login.login_via_key?key={key}")


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=get_login_with_email_link_ratelimit, seconds=60 * 60)
def login_via_key(key: str) -> None:
    """Sign in the reader of a mail and lead to the desk; a link that counts no longer gets a page that says so."""
    cache_key = f"one_time_login_key:{key}"
    user = frappe.cache.get_value(cache_key)
    if not user:
        respond_as_web_page(
            _("Not Permitted"), _("The link you trying to login is invalid or expired."), http_status_code=403
        )
        return
    frappe.cache.delete_value(cache_key)
    manager: Any = frappe.local.login_manager
    manager.login_as(user)
    target = frappe.local.response.get("redirect_to") or frappe.local.response.get("home_page") or "/"
    frappe.local.response.clear()
    frappe.local.response.update(type="redirect", location=target)
