"""What happens when documents of the framework change."""

import frappe


def note_todo(doc, method=None):
    """Mark to-dos about loans."""
    if "loan" in (doc.description or "").lower():
        doc.db_set("color", "#29CD42", update_modified=False)


def count_deleted(doc, method=None):
    """Count what is deleted, of any DocType."""
    frappe.flags.club_deleted = (frappe.flags.club_deleted or 0) + 1
