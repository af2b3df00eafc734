"""Controller of the DocType Scheduled Job Type."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from frappe_engine.jobs import scheduler
from frappe_engine.jobs.schedule import CRON, ScheduleError, check

import frappe
from frappe import _
from frappe.model.document import Document


class ScheduledJobType(Document):
    """A method that runs at set times."""

    def autoname(self) -> None:
        """Name a job by the last two parts of its method, such as `tasks.daily`."""
        self.name = ".".join(self.method.split(".")[-2:])

    def validate(self) -> None:
        """Refuse times that can't be understood; changed times are looked at anew."""
        if self.frequency == CRON:
            try:
                check(self.cron_format or "", self.method or "")
            except ScheduleError:
                frappe.throw(_("{0} is not a valid Cron expression.").format(f"<code>{self.cron_format or ''}</code>"))
        if self.has_value_changed("frequency") or self.has_value_changed("cron_format"):
            self.next_execution = None

    def get_next_execution(self) -> datetime:
        """Give the next moment at which the job is due."""
        return scheduler.following_moment(self.as_dict())

    def execute(self) -> None:
        """Run the job now, in this process, and log how it went. Raises what the job raises."""
        scheduler.run_scheduled_job(self.name)

    def enqueue(self, force: bool = False) -> bool:
        """Let a worker run the job after the commit; False when the job is stopped and `force` is not given."""
        if self.stopped and not force:
            return False
        return scheduler.start(self.as_dict()) is not None


@frappe.whitelist()
def execute_event(doc: dict[str, Any]) -> Any:
    """Let a worker run a scheduled job now. System Managers alone may; raises `PermissionError` for others."""
    frappe.only_for("System Manager")
    given = frappe.parse_json(doc)
    frappe.get_doc("Scheduled Job Type", given.get("name") or "").enqueue(force=True)
    return given
