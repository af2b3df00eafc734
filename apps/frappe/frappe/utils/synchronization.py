"""Locks between the processes of a site.

Invariant: who holds a lock is known to the operating system, so that a process that dies lets go of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from frappe_engine.context.local import current

from frappe.utils import get_site_path

LOCKS_DIR = "locks"


class LockTimeoutError(Exception):
    """Somebody else holds the lock for too long."""


@contextmanager
def filelock(lock_name: str, *, timeout: float = 30, is_global: bool = False) -> Iterator[None]:
    """Hold the lock `lock_name` of the site (of the bench with `is_global`) while a block runs.

    Waits up to `timeout` seconds, then raises `LockTimeoutError`.
    """
    from filelock import FileLock, Timeout  # wanted by few calls

    context = current()
    folder = get_site_path() if context.get("site") and not is_global else context.get("sites_path") or "."
    path = os.path.abspath(os.path.join(folder, LOCKS_DIR, f"{lock_name}.lock"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with FileLock(path, timeout=timeout):
            yield
    except Timeout as error:
        raise LockTimeoutError(f"Failed to acquire lock: {lock_name}. It is held at {path}") from error
