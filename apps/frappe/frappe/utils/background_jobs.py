"""Background jobs: `enqueue` and the questions about jobs, queues and workers.

Names of the public API for `frappe_engine.jobs`; what is promised is in `docs/concepts/jobs.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.jobs import queries, queues
from frappe_engine.jobs.backends import uses_redis
from frappe_engine.jobs.calls import full_id
from frappe_engine.jobs.enqueue import enqueue, enqueue_doc, is_job_enqueued
from frappe_engine.jobs.views import JobView

import frappe

RQ_JOB_FAILURE_TTL = 7 * 24 * 60 * 60
RQ_FAILED_JOBS_LIMIT = 1000
RQ_RESULTS_TTL = 10 * 60


def create_job_id(job_id: str | None = None) -> str:
    """Give the id by which a job is known in the whole bench; a random one when none is given."""
    return full_id(str(frappe.local.site), job_id or frappe.generate_hash(length=36))


def task(**task_kwargs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a function, which it decorates, the method `enqueue`: it runs as a job with these options of `enqueue`."""

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        function.enqueue = lambda **given: enqueue(function, **task_kwargs, **given)  # type: ignore[attr-defined]
        return function

    return decorated


def run_doc_method(doctype: str, name: str, doc_method: str, **kwargs: Any) -> Any:
    """Load a document and call one of its methods; what `enqueue_doc` runs."""
    return getattr(frappe.get_doc(doctype, name), doc_method)(**kwargs)


def execute_job(
    site: str,
    method: str | Callable[..., Any],
    event: str | None,
    job_name: str | None,
    kwargs: dict[str, Any],
    user: str | None = None,
    is_async: bool = True,
    retry: int = 0,
    on_success: Any = None,
    on_failure: Any = None,
) -> Any:
    """Run a job on a site, in a context of its own; what RQ's workers call. Raises what the job raised."""
    from frappe_engine.cli.working import run_redis_job

    return run_redis_job(site, method, event, job_name, kwargs, user, on_success=on_success, on_failure=on_failure)


def get_jobs(
    site: str | None = None, queue: str | list[str] | None = None, key: str = "method"
) -> dict[str, list[Any]]:
    """Give the jobs that wait or run, by site: their methods, or what `key` names of their arguments."""
    wanted = [queue] if isinstance(queue, str) else queue
    own = str(frappe.local.site)
    if site and site != own:
        return {}
    found = [view for view in queries.active_jobs() if not wanted or view.queue in wanted]
    values = [view.kwargs.get(key) if key in view.kwargs else getattr(view, key, view.method) for view in found]
    return {own: values} if values else {}


def get_job(job_id: str) -> JobView | None:
    """Give a job of this site by its id, None when there is none."""
    return queries.find_job(create_job_id(job_id))


def get_job_status(job_id: str) -> str | None:
    """Give where a job stands (`queued`, `started`, `finished`, `failed`), None when there is none."""
    view = get_job(job_id)
    return None if view is None else view.status


def get_queues_timeout() -> dict[str, int]:
    """Give the seconds a job of each queue may take."""
    return queues.timeouts()


def get_queue_list(queue_list: str | list[str] | None = None, build_queue_name: bool = False) -> list[str]:
    """Give names of queues: the given ones, checked, or all."""
    given = [queue_list] if isinstance(queue_list, str) else queue_list
    names = [queues.check(name) for name in given] if given else queues.names()
    return [generate_qname(name) for name in names] if build_queue_name else names


def validate_queue(queue: str, default_queue_list: list[str] | None = None) -> None:
    """Raise when there is no such queue."""
    if queue not in (default_queue_list or queues.names()):
        frappe.throw(f"Queue should be one of {', '.join(default_queue_list or queues.names())}")


def generate_qname(qtype: str) -> str:
    """Give the name of a queue on a Redis that several benches share."""
    return f"{queues.bench_id(frappe.local.conf, frappe.local.sites_path)}:{qtype}"


def get_running_jobs_in_queue(queue: Any) -> list[JobView]:
    """Give the jobs of a queue that are being done."""
    name = str(getattr(queue, "name", queue)).rsplit(":", 1)[-1]
    return [view for view in queries.active_jobs() if view.queue == name and view.status == "started"]


def get_workers(queue: Any = None) -> list[Any]:
    """Give the workers of the bench that are at work."""
    return queries.workers()


def get_redis_conn(username: str | None = None, password: str | None = None) -> Any:
    """Give a connection to the Redis of the queues. Raises `NotImplementedError` in the embedded mode, which has none."""
    _needs_redis("get_redis_conn")
    from frappe_engine.jobs.redis_backend import redis_connection

    return redis_connection(frappe.local.conf)


def get_queue(qtype: str, is_async: bool = True) -> Any:
    """Give RQ's queue. Raises `NotImplementedError` in the embedded mode, which has none."""
    _needs_redis("get_queue")
    from frappe_engine.jobs.redis_backend import rq_queue

    return rq_queue(frappe.local.conf, frappe.local.sites_path, queues.check(qtype))


def get_queues(connection: Any = None) -> list[Any]:
    """Give all of RQ's queues of this bench. Raises `NotImplementedError` in the embedded mode."""
    return [get_queue(name) for name in queues.names()]


def _needs_redis(name: str) -> None:
    if not uses_redis(current().conf):
        raise NotImplementedError(
            f"frappe.utils.background_jobs.{name} needs Redis (redis_queue); without it, jobs are kept in the site's database"
        )


__all__ = [
    "create_job_id",
    "enqueue",
    "enqueue_doc",
    "execute_job",
    "generate_qname",
    "get_job",
    "get_job_status",
    "get_jobs",
    "get_queue",
    "get_queue_list",
    "get_queues",
    "get_queues_timeout",
    "get_redis_conn",
    "get_running_jobs_in_queue",
    "get_workers",
    "is_job_enqueued",
    "run_doc_method",
    "validate_queue",
]
