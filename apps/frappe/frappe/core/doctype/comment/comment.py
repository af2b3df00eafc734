"""Controller of the DocType Comment.

Invariant: the column `_comments` of a document holds its latest remarks, for lists.
"""

from __future__ import annotations

import json

from frappe_engine.desk.people import tell_mentioned
from frappe_engine.kit.html import sanitize_html, strip_html

import frappe
from frappe.desk.form.document_follow import FOLLOWED_AFTER, follow_by_itself
from frappe.model.document import Document

MOST_KEPT = 100
LONGEST_KEPT = 300


class Comment(Document):
    """A remark on a document, or a short note of what happened to it."""

    no_feed_on_delete = True

    def validate(self) -> None:
        """Keep who wrote it, and only mark-up that can do no harm."""
        self.comment_email = self.comment_email or frappe.session.user
        self.content = sanitize_html(self.content, always_sanitize=True)

    def after_insert(self) -> None:
        """Tell who is mentioned, and let its writer follow the document who wants that."""
        if not self._is_on_document():
            return
        if self.comment_type == "Comment":
            tell_mentioned(frappe.get_doc(self.reference_doctype, self.reference_name), self.content or "")
        if self.comment_type in FOLLOWED_AFTER and self.comment_type in ("Comment", "Like"):
            follow_by_itself(self.reference_doctype, self.reference_name, frappe.session.user, self.comment_type)

    def on_update(self) -> None:
        """Let lists show the remark."""
        self._keep_on_document()

    def on_trash(self) -> None:
        """Let lists forget the remark."""
        self._keep_on_document(without=self.name)

    def _is_on_document(self) -> bool:
        return bool(
            self.reference_doctype
            and self.reference_name
            and frappe.db.exists(self.reference_doctype, self.reference_name)
        )

    def _keep_on_document(self, without: str | None = None) -> None:
        if self.comment_type != "Comment" or not self._is_on_document():
            return
        if "_comments" not in frappe.get_meta(self.reference_doctype).column_types:
            return
        filters = {
            "comment_type": "Comment",
            "reference_doctype": self.reference_doctype,
            "reference_name": self.reference_name,
        }
        rows = frappe.get_all(
            "Comment", filters, ["name", "content", "owner"], order_by="creation desc", limit=MOST_KEPT
        )
        kept = [
            {"comment": strip_html(row.content or "")[:LONGEST_KEPT], "by": row.owner, "name": row.name}
            for row in reversed(rows)
            if row.name != without
        ]
        value = json.dumps(kept, ensure_ascii=False) if kept else None
        frappe.db.set_value(self.reference_doctype, self.reference_name, "_comments", value, update_modified=False)


def has_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see a comment: their own, and those on documents they may read."""
    who = user or frappe.session.user
    if who == "Administrator" or doc.owner == who or doc.is_new():
        return True
    if ptype not in ("read", "select") or not (doc.reference_doctype and doc.reference_name):
        return "System Manager" in frappe.get_roles(who)
    if not frappe.db.exists(doc.reference_doctype, doc.reference_name):
        return False
    return frappe.has_permission(doc.reference_doctype, "read", doc.reference_name, user=who)
