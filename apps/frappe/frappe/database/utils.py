"""Helpers around the connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

__all__ = ["commit_after_response"]


def commit_after_response(func: Callable[[], Any]) -> None:
    """Call a function once the answer to the present request was sent, and commit what it wrote; outside requests now.

    What it raises is logged, and what it wrote then is undone.
    """

    def run() -> None:
        func()
        frappe.db.commit()

    request = frappe.local.get("request")
    if request is None:
        func()
    else:
        request.after_response.add(run)
