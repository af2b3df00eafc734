"""Gives books without a shelf the shelf of their first letter."""

import frappe


def execute():
    """Fill the field, in one statement per shelf."""
    frappe.reload_doc("book_club", "doctype", "book")
    book = frappe.qb.DocType("Book")
    rows = (
        frappe.qb.from_(book)
        .select(book.name, book.title)
        .where(book.shelf.isnull() | (book.shelf == ""))
        .run(as_dict=True)
    )
    for row in rows:
        frappe.db.set_value("Book", row.name, "shelf", (row.title or "?")[:1].upper(), update_modified=False)
    frappe.db.set_default("book_club_shelves", str(len(rows)))
