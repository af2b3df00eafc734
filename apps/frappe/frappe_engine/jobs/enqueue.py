"""`frappe.enqueue`: have a function called in the background.

Invariant: what is asked for directly (`now`) is called before `enqueue` returns; everything else is accepted as a job or
refused with an error.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.hooks import get_attr
from frappe_engine.context.local import current
from frappe_engine.jobs import queues
from frappe_engine.jobs.backends import backend
from frappe_engine.jobs.calls import DEFAULT, JobCall, full_id
from frappe_engine.jobs.views import JobView


def enqueue(
    method: str | Callable[..., Any],
    queue: str = DEFAULT,
    timeout: int | None = None,
    event: str | None = None,
    is_async: bool = True,
    job_name: str | None = None,
    now: bool = False,
    enqueue_after_commit: bool = False,
    *,
    on_success: Callable[..., Any] | None = None,
    on_failure: Callable[..., Any] | None = None,
    at_front: bool = False,
    job_id: str | None = None,
    deduplicate: bool = False,
    **kwargs: Any,
) -> Any:
    """Have `method` called in the background with `kwargs`, by a worker of `queue`, as the present user.

    With `enqueue_after_commit` when this transaction commits, and not at all when it is undone; else whatever becomes
    of it. `now` (or `is_async=False`) calls it directly and gives its result. `deduplicate` (with `job_id`) accepts no
    job while one of that id waits or runs, and gives None. `timeout` is in seconds. Gives the job, None when it waits
    for the commit. Raises `UnfitArgumentsError` when function or arguments can't travel.
    """
    is_async = bool(kwargs.pop("async", is_async))
    if deduplicate and not job_id:
        raise ValidationError("`job_id` parameter is required for deduplication.")
    if now or not is_async:
        return call_directly(method, kwargs)
    site = str(current().site)
    queues.check(queue)
    call = JobCall(
        id=full_id(site, job_id or str(uuid4())),
        method=method,
        arguments=kwargs,
        queue=queue,
        user=str(current().session.user),
        timeout_s=int(timeout or queues.timeouts()[queue]),
        job_name=job_name or "",
        event=event,
        at_front=bool(at_front),
        deduplicate=bool(deduplicate),
        has_own_id=bool(job_id),
        on_success=on_success,
        on_failure=on_failure,
    )
    added = backend().add(call, after_commit=bool(enqueue_after_commit))
    return JobView.of_call(call) if added and not enqueue_after_commit else None


def call_directly(method: str | Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Call a function with those of the arguments that it takes."""
    function = get_attr(method) if isinstance(method, str) else method
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
        return function(**arguments)
    taken = {parameter.name for parameter in parameters}
    return function(**{name: value for name, value in arguments.items() if name in taken})


def enqueue_doc(
    doctype: str,
    name: str | None = None,
    method: str | None = None,
    queue: str = DEFAULT,
    timeout: int | None = 300,
    now: bool = False,
    **kwargs: Any,
) -> Any:
    """Have a method of a document called in the background; see `enqueue`."""
    return enqueue(
        "frappe.utils.background_jobs.run_doc_method",
        queue=queue,
        timeout=timeout,
        now=now,
        job_name=kwargs.pop("job_name", None) or f"{doctype}.{method}",
        doctype=doctype,
        name=name,
        doc_method=method,
        **kwargs,
    )


def is_job_enqueued(job_id: str) -> bool:
    """Tell whether a job of that id waits or runs on this site."""
    return bool(backend().is_active(full_id(str(current().site), job_id)))
