"""What the scheduler calls."""

import frappe
from frappe.utils import add_days, nowdate


def remind_of_open_loans():
    """Make a to-do for each submitted loan that is due; returns how many were made."""
    due = frappe.get_all(
        "Book Loan", filters={"docstatus": 1, "status": "Open", "due_on": ["<", nowdate()]}, pluck="name"
    )
    made = 0
    for name in due:
        if frappe.db.exists("ToDo", {"reference_type": "Book Loan", "reference_name": name}):
            continue
        frappe.get_doc(
            {
                "doctype": "ToDo",
                "description": f"Loan {name} is due",
                "reference_type": "Book Loan",
                "reference_name": name,
            }
        ).insert(ignore_permissions=True)
        made += 1
    return made


def weekly_summary():
    """Keep how many loans the week had."""
    since = add_days(nowdate(), -7)
    frappe.cache.set_value("book_club:week", frappe.db.count("Book Loan", {"lent_on": [">=", since]}))
