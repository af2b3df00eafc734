"""Sequences of DocTypes, as functions."""

from __future__ import annotations

from typing import Any

import frappe


def create_sequence(doctype_name: str, *, slug: str = "_id_seq", **options: Any) -> str:
    """Make a sequence for a DocType; same as `frappe.db.create_sequence`."""
    return frappe.db.create_sequence(doctype_name, slug=slug, **options)


def get_next_val(doctype_name: str, slug: str = "_id_seq") -> int:
    """Take the next number of a DocType's sequence."""
    return frappe.db.get_next_sequence_val(doctype_name, slug)


def set_next_val(doctype_name: str, next_val: int, *, slug: str = "_id_seq", is_val_used: bool = False) -> None:
    """Let a DocType's sequence go on with a number."""
    frappe.db.set_next_sequence_val(doctype_name, next_val, slug=slug, is_val_used=is_val_used)
