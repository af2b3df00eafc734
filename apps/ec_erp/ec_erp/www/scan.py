"""The page of scans, for phones and hand-held scanners: receive, pick, check, weigh, hand over, count, move, put back.

Invariant: no script in the page itself; everything it says comes translated from here.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _

no_cache = 1
strict_csp = True


def get_context(context: Any) -> Any:
    """Give texts and the token for calls; who is not signed in is sent to the login first."""
    if frappe.session.user == "Guest":
        frappe.local.flags.redirect_location = "/login?redirect-to=/scan"
        raise frappe.Redirect
    context.csrf_token = frappe.sessions.get_csrf_token()
    context.language = str(frappe.local.lang or "en")
    context.texts = json.dumps(_texts(), ensure_ascii=False).replace("<", "\\u003c")
    context.heading = _("Scan")
    context.to_desk = _("To the desk")
    return context


def _texts() -> dict[str, Any]:
    """Return what the page says, by key."""
    return {
        "tasks": {
            "receive": [_("Receive"), _("Scan a purchase order or a delivery appointment")],
            "pick": [_("Pick"), _("Scan a pick task or a wave")],
            "check": [_("Check", context="Scan Log"), _("Scan a delivery, an order or a waybill")],
            "count": [_("Count"), _("Scan a count")],
            "move": [_("Move"), _("Scan the bin that goods leave")],
            "weigh": [_("Weigh"), _("Scan a waybill")],
            "putback": [_("Put Back"), _("Scan a put-back task, a delivery or an order")],
            "ship": [_("Hand Over"), _("Scan a waybill")],
        },
        "actions": {
            "finish": _("Finish"),
            "short": _("The rest is not here"),
            "restart": _("Scan from the beginning"),
            "pack": _("Pack and Label"),
            "missing": _("The rest is missing"),
            "accept": _("Accept the weight"),
        },
        "scan": _("Scan or type a code"),
        "send": _("Enter"),
        "back": _("Back"),
        "quantity": _("Quantity"),
        "offline": _("No connection: the scan is kept and sent again"),
        "waiting": _("Not sent yet: {0}"),
        "signed_out": _("You are signed out: the scan is kept until you sign in again"),
        "sign_in": _("Sign in"),
        "failed": _("This did not work: {0}"),
        "again": _("Sent twice, counted once"),
    }
