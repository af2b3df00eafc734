"""Controller of the DocType RQ Job: the background jobs of this site as documents, and what is done with those that failed.

Invariant: nothing is stored by this DocType; a job of another site is not found.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.jobs import handling, queries
from frappe_engine.jobs.views import JobView

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, evaluate_filters
from frappe.utils.background_jobs import create_job_id


class RQJob(Document):
    """A background job of this site, waiting, running, done or failed; its name is its id in the whole bench."""

    def load_from_db(self) -> Any:
        """Read the job. Raises `DoesNotExistError`."""
        name = str(self.name)
        view = queries.find_job(name) if create_job_id(name) == name else None
        if view is None:
            frappe.throw(_("{0} {1} not found").format(_(self.doctype), name), frappe.DoesNotExistError)
        self.update(serialize_job(view))
        return self

    def db_insert(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: jobs are made by `frappe.enqueue`."""
        frappe.throw(_("Background jobs are not made by hand"))

    def db_update(self) -> None:
        """Refuse: a job is what was asked for."""
        frappe.throw(_("Background jobs can't be changed"))

    def delete(self, *args: Any, **kwargs: Any) -> None:
        """Remove the job; nothing happens to one that is being done."""
        self.check_permission("delete")
        handling.remove(str(self.name))

    @frappe.whitelist()
    def stop_job(self) -> None:
        """End the job that is being done; it counts as failed, and what it did is undone."""
        stop_job(str(self.name))

    @frappe.whitelist()
    def retry_job(self) -> None:
        """Let the failed job wait again."""
        retry_job(str(self.name))

    @staticmethod
    def get_list(args: Any) -> list[Any]:
        """Give jobs, the newest first (the oldest where the order asked for is ascending): `serialize_job` of each."""
        found = _matching(args.get("filters"))
        if " asc" in str(args.get("order_by") or "").lower():
            found.reverse()
        start = cint(args.get("start"))
        length = cint(args.get("page_length")) or len(found)
        return found[start : start + length]

    @staticmethod
    def get_count(args: Any) -> int:
        """Give the number of jobs."""
        return len(_matching(args.get("filters")))

    @staticmethod
    def get_stats(args: Any) -> dict[str, Any]:
        """Give nothing: jobs have no tags and are nobody's."""
        return {}


def _matching(filters: Any) -> list[Any]:
    frappe.has_permission("RQ Job", throw=True)
    newest = {view.id: view for view in reversed(queries.list_jobs())}  # an id may be given again once its job is done
    rows = [serialize_job(view) for view in reversed(newest.values())]
    return [row for row in rows if evaluate_filters(row, filters)] if filters else rows


def serialize_job(job: JobView) -> Any:
    """Give a job as the values of a document; times are the site's, `time_taken` in seconds."""
    return frappe._dict(
        name=job.id,
        job_id=job.id,
        queue=job.queue,
        job_name=job.job_name,
        status=job.status,
        timeout=job.timeout,
        arguments=job.arguments,
        started_at=job.started_at,
        ended_at=job.ended_at,
        time_taken=job.time_taken,
        exc_info=job.exc_info,
        creation=job.created_at,
        modified=job.ended_at or job.started_at or job.created_at,
        owner=job.user,
        modified_by=job.user,
        docstatus=0,
        idx=0,
    )


@frappe.whitelist()
def stop_job(job_id: str) -> None:
    """End a job that is being done. System Managers alone may; one that is not being done is left alone, and that is said."""
    frappe.only_for("System Manager")
    if not handling.stop(job_id):
        frappe.msgprint(_("Job is not running."), title=_("Invalid Operation"))


@frappe.whitelist()
def retry_job(job_id: str) -> None:
    """Let a failed job wait again. System Managers alone may. Raises `ValidationError` when it did not fail."""
    frappe.only_for("System Manager")
    if not handling.retry(job_id):
        frappe.throw(_("Only jobs that failed can be run again"))


@frappe.whitelist()
def remove_failed_jobs() -> None:
    """Remove all jobs that failed. System Managers alone may."""
    frappe.only_for("System Manager")
    handling.remove_failed()


@frappe.whitelist()
def get_all_queued_jobs() -> list[JobView]:
    """Give the jobs that wait. System Managers alone may."""
    frappe.only_for("System Manager")
    return queries.list_jobs(("queued",))
