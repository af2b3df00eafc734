"""Calls about files."""

from __future__ import annotations

from frappe_engine.documents.files import max_file_size_bytes

import frappe


@frappe.whitelist()
def get_max_file_size() -> int:
    """Give how large a file may be, in bytes."""
    return max_file_size_bytes()
