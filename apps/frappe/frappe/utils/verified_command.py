"""Addresses that carry a signature: who opens them got them from this site.

Invariant: the signature covers every parameter; one that is changed, added or left out makes the address worthless.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

from frappe_engine.documents.passwords import get_encryption_key

import frappe
from frappe import _

SIGNATURE = "_signature"


def get_signed_params(params: Any) -> str:
    """Give parameters (a dict, or a query string) as a query string with a signature."""
    text = params if isinstance(params, str) else urlencode({k: "" if v is None else v for k, v in params.items()})
    return f"{text}&{SIGNATURE}={_signature(text)}"


def _signature(text: str) -> str:
    return hmac.new(get_secret().encode(), text.encode(), hashlib.sha256).hexdigest()


def get_secret() -> str:
    """Give the secret of this site that addresses are signed with."""
    return str(frappe.conf.get("secret") or get_encryption_key())


def verify_request() -> bool:
    """Tell whether the present request came by a signed address; answer with a page that says so when not."""
    raw = frappe.request.query_string
    query = raw.decode() if isinstance(raw, bytes) else str(raw)
    text, mark, given = query.partition(f"&{SIGNATURE}=")
    valid = bool(mark) and hmac.compare_digest(_signature(text).encode(), given.split("&", 1)[0].encode())
    if not valid or "&" in given:
        frappe.respond_as_web_page(
            _("Invalid Link"),
            _("This link is invalid or expired. Please make sure you have pasted correctly."),
            http_status_code=403,
        )
        return False
    return True
