"""Following documents: hearing of changes to them, at once in the desk's lists and now and then by mail.

Invariant: a mail tells of what its reader may (still) read, and of each change once.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from frappe_engine.desk.people import follow_document, get_follow_users, unfollow_document, update_follow

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_fullname, get_url_to_form, now_datetime, strip_html

PERIODS = {"Hourly": timedelta(hours=1), "Daily": timedelta(days=1), "Weekly": timedelta(weeks=1)}

__all__ = [
    "follow_document",
    "get_document_followed_by_user",
    "get_follow_users",
    "is_document_followed",
    "send_daily_updates",
    "send_hourly_updates",
    "send_weekly_updates",
    "unfollow_document",
    "update_follow",
]


def is_document_followed(doctype: str, doc_name: Any, user: str) -> str | None:
    """Give the name of the record that a user follows a document, None when they don't."""
    return frappe.db.exists("Document Follow", {"ref_doctype": doctype, "ref_docname": str(doc_name), "user": user})


@frappe.whitelist()
def get_document_followed_by_user(user: str | None = None) -> list[Any]:
    """Give the documents that a user follows, the newest first."""
    who = user if user and frappe.session.user == "Administrator" else frappe.session.user
    return frappe.get_all(
        "Document Follow", {"user": who}, ["ref_doctype", "ref_docname"], order_by="creation desc", limit=20
    )


def send_hourly_updates() -> None:
    """Write to those who want to hear every hour."""
    send_document_follow_mails("Hourly")


def send_daily_updates() -> None:
    """Write to those who want to hear every day."""
    send_document_follow_mails("Daily")


def send_weekly_updates() -> None:
    """Write to those who want to hear every week."""
    send_document_follow_mails("Weekly")


def send_document_follow_mails(frequency: str) -> None:
    """Queue a mail for each user with this frequency who follows a document that changed since the last one."""
    since = now_datetime() - PERIODS[frequency]
    filters = {"document_follow_notify": 1, "document_follow_frequency": frequency, "enabled": 1}
    for user in frappe.get_all("User", filters, ["name", "email"]):
        news = [entry for document in _followed(user.name) for entry in _news(document, user.name, since)]
        if news and "@" in (user.email or ""):
            frappe.sendmail(
                recipients=[user.email],
                subject=_("Document Follow Notification"),
                message="<ul>" + "".join(f"<li>{entry}</li>" for entry in news) + "</ul>",
                add_unsubscribe_link=0,
            )


def _followed(user: str) -> list[Any]:
    return frappe.get_all("Document Follow", {"user": user}, ["ref_doctype", "ref_docname"], order_by="creation")


def _news(document: Any, user: str, since: Any) -> list[str]:
    """What others did to a document since a moment, in words."""
    doctype, name = document.ref_doctype, document.ref_docname
    if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "read", name, user=user):
        return []
    link = f'<a href="{get_url_to_form(doctype, name)}">{escape_html(name)}</a>'
    found = [f"{_(doctype)} {link}: {words}" for words in _changes(doctype, name, user, since)]
    about = {"reference_doctype": doctype, "reference_name": name, "comment_type": "Comment"}
    for comment in frappe.get_all(
        "Comment", {**about, "creation": [">", since], "owner": ["!=", user]}, ["owner", "content"]
    ):
        words = _("{0} commented: {1}").format(get_fullname(comment.owner), strip_html(comment.content or "")[:200])
        found.append(f"{_(doctype)} {link}: {escape_html(words)}")
    return found


def _changes(doctype: str, name: str, user: str, since: Any) -> list[str]:
    filters = {"ref_doctype": doctype, "docname": name, "creation": [">", since], "owner": ["!=", user]}
    readable = {field.fieldname: field for field in frappe.get_meta(doctype).fields if not cint(field.permlevel)}
    found = []
    for version in frappe.get_all("Version", filters, ["owner", "data"], order_by="creation"):
        for fieldname, before, after in json.loads(version.data or "{}").get("changed") or []:
            if fieldname in readable:
                label = _(readable[fieldname].label or fieldname)
                words = _("{0} changed {1} from {2} to {3}").format(get_fullname(version.owner), label, before, after)
                found.append(escape_html(strip_html(words)))
    return found


# following by itself


FOLLOWED_AFTER = {
    "Comment": "follow_commented_documents",
    "Like": "follow_liked_documents",
    "Created": "follow_created_documents",
    "Assigned": "follow_assigned_documents",
    "Shared": "follow_shared_documents",
}


def follow_by_itself(doctype: str, name: Any, user: str, why: str) -> None:
    """Let a user follow a document because of what happened with it, where the user wants that."""
    if user in ("Administrator", "Guest") or not frappe.get_meta(doctype).track_changes:
        return
    wanted = frappe.db.get_value("User", user, ["document_follow_notify", FOLLOWED_AFTER[why]])
    if wanted and all(wanted) and not is_document_followed(doctype, name, user):
        values = {"doctype": "Document Follow", "ref_doctype": doctype, "ref_docname": str(name), "user": user}
        frappe.get_doc(values).insert(ignore_permissions=True)
