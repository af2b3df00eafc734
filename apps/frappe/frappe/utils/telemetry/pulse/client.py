"""What version 16 tells about usage: nothing from here.

Invariant: nothing leaves the machine.
"""

from __future__ import annotations

from typing import Any

import frappe


@frappe.whitelist(allow_guest=True)
def is_enabled() -> bool:
    """Tell whether usage is reported: it never is."""
    return False


def boot_config() -> dict[str, Any]:
    """Tell a front end that nothing is to be reported."""
    return {"enabled": False}


def capture(event_name: str, **_details: Any) -> None:
    """Take an app's report of an event, and keep it to ourselves."""
