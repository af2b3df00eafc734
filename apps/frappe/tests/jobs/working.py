"""Helpers of the tests of jobs: a worker in this process, and workers in processes of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from frappe_engine.cli.working import surroundings
from frappe_engine.jobs.worker import Worker
from frappe_engine.testing import TestSite

PROGRAM = """
import sys
from frappe_engine.cli.working import run_workers, say_now
sys.exit(run_workers([], burst=False, quiet=False, number=int(sys.argv[1]), say=say_now))
"""


def work(site: TestSite, **options: Any) -> Worker:
    """Run the jobs of a site in this process until none waits; gives the worker."""
    worker = Worker(
        surroundings(site.sites_path), lambda: [site.name], sites_path=site.sites_path, burst=True, **options
    )
    worker.run()
    return worker


@contextmanager
def workers(site: TestSite, number: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """Run workers in processes of their own for the length of a block; gives their parent."""
    with open(f"{site.sites_path}/../logs/workers.log", "ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(number)], cwd=site.sites_path, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until a condition holds; raises `AssertionError` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
