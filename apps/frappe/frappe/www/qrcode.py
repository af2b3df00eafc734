"""The page that shows a user the QR code for an authentication app; its link is sent by mail.

Invariant: without a key that still counts it shows nothing of anybody.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.printing.codes import code_svg

import frappe
from frappe import _, twofactor

no_cache = 1


def get_context(context: Any) -> dict[str, Any]:
    """Give the code of the user whose key the address carries. Raises `PermissionError` when its time is over."""
    user = twofactor.user_of_qr_page(frappe.form_dict.get("k"))
    if not user:
        frappe.throw(_("This page is not there any more. Sign in again to get a new link."), frappe.PermissionError)
    return {
        "title": _("Set up your authentication app"),
        "svg": code_svg(twofactor.provisioning_uri(user), "qr", height_mm=60.0),
        "secret": twofactor.get_otpsecret_for_(user),
        "user": user,
    }
