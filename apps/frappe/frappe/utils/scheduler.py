"""The scheduler of a site: whether it runs, switching it on and off.

Names of the public API for `frappe_engine.jobs.scheduler`.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current
from frappe_engine.jobs import scheduler

import frappe

DEFAULT_SCHEDULER_TICK = scheduler.TICK_S


def is_scheduler_disabled(verbose: bool = True) -> bool:
    """Tell whether the site's scheduler is switched off."""
    return scheduler.is_disabled()


def is_scheduler_inactive(verbose: bool = True) -> bool:
    """Tell whether the site's scheduler does not run: switched off, paused, or the site in maintenance."""
    reason = scheduler.why_inactive()
    if reason and verbose:
        frappe.logger("scheduler").info(f"{current().site}: {reason}")
    return reason is not None


def toggle_scheduler(enable: Any) -> None:
    """Switch the site's scheduler on or off."""
    scheduler.set_enabled(bool(int(enable or 0)))


def enable_scheduler() -> None:
    """Switch the site's scheduler on."""
    toggle_scheduler(True)


def disable_scheduler() -> None:
    """Switch the site's scheduler off."""
    toggle_scheduler(False)


def enqueue_events(site: str | None = None) -> list[str]:
    """Accept the scheduled jobs of the site that are due; gives their names."""
    return scheduler.enqueue_due()


@frappe.whitelist()
def activate_scheduler() -> None:
    """Switch the site's scheduler on; for System Managers."""
    frappe.only_for("System Manager")
    if current().conf.get("maintenance_mode"):
        frappe.throw(frappe._("Scheduler can not be re-enabled when maintenance mode is active."))
    enable_scheduler()


@frappe.whitelist()
def get_scheduler_status() -> dict[str, str]:
    """Tell whether the scheduler runs: `{"status": "active" | "inactive"}`."""
    return {"status": "inactive" if is_scheduler_inactive(verbose=False) else "active"}
