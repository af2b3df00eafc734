"""Controller of the DocType RQ Worker: the processes that do background jobs, as documents.

Invariant: nothing is stored by this DocType; a worker that ended is not listed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from frappe_engine.jobs import queries
from frappe_engine.jobs.views import JobView, site_time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, evaluate_filters


class RQWorker(Document):
    """A process that does background jobs of the bench."""

    def load_from_db(self) -> Any:
        """Read what the worker does. Raises `DoesNotExistError`."""
        found = next((row for row in _workers() if row.name == str(self.name)), None)
        if found is None:
            frappe.throw(_("{0} {1} not found").format(_(self.doctype), self.name), frappe.DoesNotExistError)
        self.update(found)
        return self

    def db_insert(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: workers are processes."""
        frappe.throw(_("Workers are started by bench"))

    def db_update(self) -> None:
        """Refuse: workers are processes."""
        frappe.throw(_("Workers are started by bench"))

    def delete(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: workers are processes."""
        frappe.throw(_("Workers are started by bench"))

    @staticmethod
    def get_list(args: Any) -> list[Any]:
        """Give the workers at work."""
        found = _matching(args.get("filters"))
        start = cint(args.get("start"))
        return found[start : start + (cint(args.get("page_length")) or len(found))]

    @staticmethod
    def get_count(args: Any) -> int:
        """Give the number of workers at work."""
        return len(_matching(args.get("filters")))

    @staticmethod
    def get_stats(args: Any) -> dict[str, Any]:
        """Give nothing: workers have no tags and are nobody's."""
        return {}


def _matching(filters: Any) -> list[Any]:
    frappe.has_permission("RQ Worker", throw=True)
    rows = _workers()
    return [row for row in rows if evaluate_filters(row, filters)] if filters else rows


def _workers() -> list[Any]:
    on_redis = queries.on_redis()
    running = [] if on_redis else queries.list_jobs(("started",))
    return [_of_rq(worker) if on_redis else _of_process(worker, running) for worker in queries.workers()]


def _of_rq(worker: Any) -> Any:
    names = [name.rsplit(":", 1)[-1] for name in worker.queue_names()]
    job_id = worker.get_current_job_id()
    born = worker.birth_date and worker.birth_date.replace(tzinfo=UTC)
    return _row(
        worker.name,
        pid=worker.pid,
        status=str(worker.get_state()),
        current_job_id=_own_id(job_id),
        queues=names,
        born=born,
        last_heartbeat=site_time(
            worker.last_heartbeat.replace(tzinfo=UTC).timestamp() if worker.last_heartbeat else None
        ),
        total_working_time=worker.total_working_time,
        successful_job_count=worker.successful_job_count,
        failed_job_count=worker.failed_job_count,
    )


def _own_id(job_id: str | None) -> str | None:
    from frappe_engine.jobs.redis_backend import own_id  # RQ is an extra, wanted by sites on Redis alone

    return own_id(job_id) if job_id else None


def _of_process(worker: Any, running: list[JobView]) -> Any:
    job = next((view for view in running if str(view.worker or "").startswith(worker.name)), None)
    return _row(
        worker.name,
        pid=worker.pid,
        status="busy" if job else worker.state,
        current_job_id=job.id if job else None,
        queues=[job.queue] if job else [],
        born=worker.born,
    )


def _row(name: str, *, queues: list[str], born: datetime | None, **values: Any) -> Any:
    started = site_time(born.timestamp()) if born else None
    worked = float(values.get("total_working_time") or 0)
    lived = (datetime.now(UTC) - born).total_seconds() if born else 0.0
    return frappe._dict(
        name=name,
        worker_name=name,
        queue=", ".join(queues),
        queue_type=queues[0] if len(queues) == 1 else None,
        birth_date=started,
        creation=started,
        modified=started,
        owner="Administrator",
        modified_by="Administrator",
        docstatus=0,
        idx=0,
        utilization_percent=100 * worked / lived if lived else 0,
        **values,
    )
