"""Runs before the models are brought up to date."""

import frappe


def execute():
    """Keep that it ran."""
    frappe.db.set_default("book_club_before_models", "1")
