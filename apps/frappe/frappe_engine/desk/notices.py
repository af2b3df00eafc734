"""Notices in the desk: somebody was assigned, mentioned, shared with, liked.

Invariant: nobody is told of what they did themselves; a notice is written in the transaction of what it tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.docinfo import user_info
from frappe_engine.documents.document import get_doc
from frappe_engine.kit.html import escape_html
from frappe_engine.kit.numbers import cint

MOST_SHOWN = 100
LOG_COLUMNS = (
    "name", "subject", "type", "document_type", "document_name", "from_user", "read", "creation", "link",
    "email_content", "seen",
)  # fmt: skip


def notify(users: Iterable[str], kind: str, document: Any, words: str, text: str = "") -> None:
    """Tell users about a document; `words` has places for who acts, its DocType and its title."""
    session = current().session
    names = {str(user) for user in users if user and user != session.user}
    if not names:
        return
    actor = (session.get("data") or {}).get("full_name") or session.user
    title = f"<b>{escape_html(document.get_title())}</b>"
    subject = words.format(f"<b>{escape_html(actor)}</b>", escape_html(document.doctype), title)
    for user in sorted(names):
        make_notice(user, kind, subject, document.doctype, str(document.name), text)


def make_notice(user: str, kind: str, subject: str, doctype: str | None, name: str | None, text: str = "") -> None:
    """Write one notice, unless its reader has switched notices off."""
    row = current().db.row("SELECT `enabled` FROM `tabNotification Settings` WHERE `name` = ?", (user,))
    if row is not None and not row[0]:
        return
    notice = get_doc(
        {
            "doctype": "Notification Log",
            "for_user": user,
            "from_user": current().session.user,
            "type": kind,
            "subject": subject,
            "email_content": text,
            "document_type": doctype,
            "document_name": name,
        }
    )
    notice.insert(ignore_permissions=True, ignore_links=True)
    providers("publish_realtime", "notification", {}, user=user, after_commit=True)


@whitelist()
def get_notification_logs(limit: Any = 20) -> dict[str, Any]:
    """Give the newest notices of the one who asks, and who caused them."""
    user = current().session.user
    columns = (
        "name",
        "subject",
        "type",
        "document_type",
        "document_name",
        "from_user",
        "read",
        "creation",
        "link",
        "email_content",
        "seen",
    )
    quoted = ", ".join(f"`{column}`" for column in columns)
    rows = current().db.rows(
        f"SELECT {quoted} FROM `tabNotification Log` WHERE `for_user` = ? ORDER BY `creation` DESC LIMIT {_size(limit)}",
        (user,),
    )
    logs = [dict(zip(columns, row, strict=True)) for row in rows]
    return {"notification_logs": logs, "user_info": user_info(log["from_user"] for log in logs)}


def _size(limit: Any) -> int:
    return min(max(cint(limit) or 20, 1), MOST_SHOWN)


@whitelist()
def mark_as_read(docname: Any) -> None:
    """Note that the one who asks has read a notice."""
    database = current().db
    database.write(
        "UPDATE `tabNotification Log` SET `read` = 1 WHERE `name` = ? AND `for_user` = ?",
        (docname, current().session.user),
    )
    current().flags.commit = True


@whitelist()
def mark_all_as_read() -> None:
    """Note that the one who asks has read all notices."""
    current().db.write(
        "UPDATE `tabNotification Log` SET `read` = 1 WHERE `for_user` = ? AND `read` = 0", (current().session.user,)
    )
    current().flags.commit = True


@whitelist()
def trigger_indicator_hide() -> None:
    """Note that the one who asks has seen that there are notices, and let their other windows know."""
    user = current().session.user
    current().db.write("UPDATE `tabNotification Log` SET `seen` = 1 WHERE `for_user` = ? AND `seen` = 0", (user,))
    current().flags.commit = True
    providers("publish_realtime", "indicator_hide", {}, user=user)


def unseen_count(user: str) -> int:
    """Give the number of notices a user has not seen."""
    row = current().db.row("SELECT count(*) FROM `tabNotification Log` WHERE `for_user` = ? AND `seen` = 0", (user,))
    return int(row[0]) if row else 0
