"""Controller of the DocType Note.

Invariant: a note that is not public is its writer's alone, and of those it is shared with.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document


class Note(Document):
    """A page of text for oneself or for everybody."""


def has_permission(doc: Any, user: str | None = None) -> bool:
    """Tell whether a user may meet a note: public ones and their own (what else they may do with it, roles say)."""
    who = user or frappe.session.user
    return who == "Administrator" or bool(doc.public) or doc.owner == who


def get_permission_query_conditions(user: str | None = None) -> str:
    """Give the SQL condition of the notes that a user sees in lists."""
    who = user or frappe.session.user
    return "" if who == "Administrator" else f"(`tabNote`.`public` = 1 or `tabNote`.`owner` = {frappe.db.escape(who)})"
