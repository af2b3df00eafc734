"""Controller of the DocType Scheduled Job Type."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from frappe_engine.jobs import scheduler
from frappe_engine.jobs.schedule import ALL, CRON, ScheduleError, check, queue_for

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime
from frappe.utils.background_jobs import is_job_enqueued


class ScheduledJobType(Document):
    """A method that runs at set times."""

    def autoname(self) -> None:
        """Name a job by the last two parts of its method, such as `tasks.daily`."""
        self.name = ".".join(self.method.split(".")[-2:])

    def validate(self) -> None:
        """Refuse times that can't be understood; changed times are looked at anew."""
        if self.frequency == CRON:
            if not self.cron_format:
                frappe.throw(_("Cron format is required for job types with Cron frequency."))
            try:
                check(self.cron_format, self.method or "")
            except ScheduleError:
                frappe.throw(_("{0} is not a valid Cron expression.").format(f"<code>{self.cron_format}</code>"))
        if self.frequency != ALL:  # what runs all the time would fill the log; everything else is logged
            self.create_log = 1
        if any(self.has_value_changed(name) for name in ("frequency", "cron_format", "last_execution")):
            self.next_execution = None

    def get_next_execution(self) -> datetime:
        """Give the moment at which the job is due after it last ran (before it ever did: after it was made)."""
        return scheduler.following_moment(
            self.as_dict(), get_datetime(self.last_execution or self.creation or now_datetime())
        )

    def is_event_due(self, current_time: datetime | None = None) -> bool:
        """Tell whether the job's moment has come at `current_time` (the site's time; now)."""
        return bool(self.get_next_execution() <= (current_time or now_datetime()))

    @property
    def rq_job_id(self) -> str:
        """The id by which a run of this job is known on its site; jobs of one method are not run side by side."""
        return scheduler.job_id_of(self.as_dict())

    def is_job_in_queue(self) -> bool:
        """Tell whether a run of this job waits or is being done."""
        return is_job_enqueued(self.rq_job_id)

    def get_queue_name(self) -> str:
        """Give the queue whose workers run this job: `long` for the long frequencies, else `default`."""
        return queue_for(str(self.frequency))

    def execute(self) -> None:
        """Run the job now, in this process; a failure is in its log (`Scheduled Job Log`), and what it did is undone."""
        with suppress(Exception):  # written down with its traceback where it was caught first
            scheduler.run_scheduled_job(self.name)

    def enqueue(self, force: bool = False) -> bool:
        """Let a worker run the job after the commit; False when it is stopped (without `force`), or already waits or runs."""
        if (self.stopped and not force) or self.is_job_in_queue():
            return False
        scheduler.start(self.as_dict())
        return True


@frappe.whitelist()
def execute_event(doc: dict[str, Any]) -> Any:
    """Let a worker run a scheduled job now. System Managers alone may; raises `PermissionError` for others."""
    frappe.only_for("System Manager")
    given = frappe.parse_json(doc)
    frappe.get_doc("Scheduled Job Type", given.get("name") or "").enqueue(force=True)
    return given
