"""Telling the areas above what has happened to orders, as sets.

Invariant: listeners are called inside the same transaction; orders know none of them by name.
"""

from __future__ import annotations

from collections.abc import Sequence

import frappe


def announce(event: str, names: Sequence[str], code: str = "", note: str = "") -> None:
    """Call the functions that apps name for an event in their hooks, once for all orders: ``f(names, code, note)``."""
    if names:
        for path in frappe.get_hooks(event) or []:
            frappe.get_attr(path)(list(names), code, note)
