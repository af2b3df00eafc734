"""Functions that the tests run as background jobs; each leaves a ToDo behind by which it can be told what ran."""

from __future__ import annotations

import time
from typing import Any

import frappe


def note(text: str, pause_s: float = 0.0) -> str:
    """Leave a ToDo with a text."""
    made = frappe.get_doc({"doctype": "ToDo", "description": text}).insert(ignore_permissions=True)
    time.sleep(pause_s)
    return str(made.name)


def note_and_fail(text: str) -> None:
    """Leave a ToDo and fail."""
    note(text)
    raise ValueError(f"{text} went wrong")


def fail() -> None:
    """Fail."""
    raise ValueError("it went wrong")


def note_user(text: str) -> None:
    """Leave a ToDo that says who ran the job."""
    note(f"{text} by {frappe.session.user}")


def note_in_steps(text: str, steps: int) -> None:
    """Leave ToDos, each committed by itself."""
    for number in range(steps):
        note(f"{text} {number}")
        frappe.db.commit()


def sleep(seconds: float) -> None:
    """Take time."""
    time.sleep(seconds)


def slow_note(text: str, seconds: float) -> None:
    """Take time, then leave a ToDo."""
    time.sleep(seconds)
    note(text)


def ask_for_retry(text: str, times: int) -> None:
    """Ask to be run again a number of times, then leave a ToDo."""
    key = f"retries|{text}"
    seen = int(frappe.cache.get_value(key) or 0)
    frappe.cache.set_value(key, seen + 1)
    if seen < times:
        note(f"{text} too early")
        raise frappe.RetryBackgroundJobError
    note(text)


def die(text: str) -> None:
    """Kill the worker."""
    import os
    import signal

    note(text)
    os.kill(os.getpid(), signal.SIGKILL)


def report_success(job: Any, connection: Any, result: Any) -> None:
    """Leave a ToDo that a job succeeded."""
    note(f"success of {job.kwargs['text']}")


def report_failure(job: Any, connection: Any, kind: Any, value: Any, trace: Any) -> None:
    """Leave a ToDo that a job failed."""
    note(f"failure of {job.kwargs['text']}: {value}")


def notes() -> list[str]:
    """Give the texts of all ToDos."""
    return sorted(row[0] for row in frappe.db.sql("select description from tabToDo"))


def ring() -> None:
    """Leave a ToDo, as a job without arguments."""
    note("rung")


def ring_and_fail() -> None:
    """Leave a ToDo and fail, as a job without arguments."""
    note_and_fail("ring")
