"""Prints as other code asks for them; newer apps import the function from here."""

from __future__ import annotations

from frappe import get_print

__all__ = ["get_print"]
