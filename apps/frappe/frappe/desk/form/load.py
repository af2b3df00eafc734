"""Loading forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from frappe_engine.desk.docinfo import attachments_of as get_attachments
from frappe_engine.desk.docinfo import docinfo_of as get_docinfo_of
from frappe_engine.desk.docinfo import user_info as get_user_info
from frappe_engine.desk.forms import get_communications, get_docinfo, get_user_info_for_viewers, getdoc
from frappe_engine.desk.metas import bundle, getdoctype
from frappe_engine.desk.scripts import script_for_browser
from werkzeug.wrappers import Response

import frappe

__all__ = [
    "get_attachments",
    "get_communications",
    "get_docinfo",
    "get_docinfo_of",
    "get_document_email",
    "get_meta_bundle",
    "get_user_info",
    "get_user_info_for_viewers",
    "getdoc",
    "getdoctype",
    "run_onload",
    "script",
]


def run_onload(doc: Any) -> None:
    """Let a document make what its form needs besides what is stored."""
    doc.set("__onload", frappe._dict())
    doc.run_method("onload")


def get_meta_bundle(doctype: str) -> list[Any]:
    """Give a DocType and those of its rows as forms draw them."""
    return bundle(frappe.get_meta(doctype))


def get_document_email(doctype: str, name: str) -> str | None:
    """Give the address at which a mail reaches a document; None where no mailbox takes such mails."""
    mailbox = frappe.db.get_value("Email Account", {"enable_automatic_linking": 1}, "email_id")
    if not mailbox:
        return None
    box, _at, host = str(mailbox).partition("@")
    return f"{box}+{quote(doctype)}={quote(str(name))}@{host}"


@frappe.whitelist()
def script(doctype: str, kind: str = "form", v: str | None = None) -> Response:
    """Send the script of a DocType's form or list; with its present hash as `v` it may be kept for ever."""
    text, current_hash = script_for_browser(doctype, kind)
    response = Response(text, content_type="text/javascript; charset=utf-8")
    lasting = "private, max-age=31536000, immutable" if v == current_hash else "private, no-cache"
    response.headers["Cache-Control"] = lasting
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
