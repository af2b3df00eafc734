"""Usage statistics, which this runtime does not send.

Invariant: nothing leaves the machine. Apps may call these functions; their reports end here.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current

POSTHOG_PROJECT_FIELD = "posthog_project_id"
POSTHOG_HOST_FIELD = "posthog_host"


def add_bootinfo(bootinfo: Any) -> None:
    """Tell the desk that nothing is reported."""
    bootinfo.enable_telemetry = False


def is_enabled() -> bool:
    """Tell whether usage is reported: it never is."""
    return False


def is_pulse_enabled() -> bool:
    """Tell whether usage is reported the newer way: it never is."""
    return False


def init_telemetry() -> None:
    """Take note that nobody is to be told anything."""
    current().posthog = None


def capture(event: str, app: str, **kwargs: Any) -> None:
    """Take an app's report of an event, and keep it to ourselves."""


def capture_doc(doc: Any, action: str) -> None:
    """Take the framework's report of a document, and keep it to ourselves."""


def site_age() -> int | None:
    """Give the days since the site was made; None when that can't be told."""
    database = current().get("db")
    made = database.get_value("User", "Administrator", "creation") if database is not None else None
    if not made:
        return None
    from frappe.utils.data import getdate, now_datetime

    day = getdate(made)
    return (now_datetime().date() - day).days if day else None
