"""Who sees which loans: librarians all, members their own."""

import frappe


def own_loans(user):
    """Limit lists of loans."""
    user = user or frappe.session.user
    if user == "Administrator" or "Librarian" in frappe.get_roles(user):
        return ""
    return f"(`tabBook Loan`.member = {frappe.db.escape(user)})"


def may_see_loan(doc, user=None, permission_type=None):
    """Decide for one loan as the list does."""
    user = user or frappe.session.user
    return user == "Administrator" or "Librarian" in frappe.get_roles(user) or doc.member == user
