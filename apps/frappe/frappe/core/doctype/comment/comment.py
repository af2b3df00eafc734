"""Controller of the DocType Comment."""

from __future__ import annotations

from frappe_engine.kit.html import sanitize_html

import frappe
from frappe.model.document import Document


class Comment(Document):
    """A remark on a document, or a short note of what happened to it."""

    no_feed_on_delete = True

    def validate(self) -> None:
        """Keep who wrote it, and only mark-up that can do no harm."""
        self.comment_email = self.comment_email or frappe.session.user
        self.content = sanitize_html(self.content, always_sanitize=True)


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
