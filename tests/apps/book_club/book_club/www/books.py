"""The page with the books."""

import frappe

no_cache = 1


def get_context(context):
    """Give the books, of one shelf when the address names it."""
    filters = {"shelf": frappe.form_dict.shelf} if frappe.form_dict.get("shelf") else {}
    context.title = "Books"
    context.books = frappe.get_all("Book", filters=filters, fields=["name", "title"], order_by="title")
