"""Workers on Redis killed at any moment: no job is lost, none is done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import frappe
import job_functions
import pytest
from frappe_engine.testing import TestSite

JOBS = int(os.environ.get("EC_KILL_TEST_REDIS_JOBS", "40"))
LONGEST_S = 240
PROGRAM = """
import sys
from frappe_engine.cli.working import run_redis_workers, say_now
sys.exit(run_redis_workers([], burst=False, quiet=True, number=int(sys.argv[1]), say=say_now))
"""
pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("EC_TEST_REDIS"), reason="needs a Redis (make test-services)"),
]


@contextmanager
def redis_workers(site: TestSite, number: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run workers on Redis in processes of their own for the length of a block; gives their parent."""
    with open(f"{site.sites_path}/../logs/workers.log", "ab") as log:
        command = [sys.executable, "-c", PROGRAM, str(number)]
        running = subprocess.Popen(command, cwd=site.sites_path, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def children_of(pid: int) -> list[int]:
    """Give the living children of a process and theirs."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in path.read_text().split()] if path.exists() else []
    return own + [grandchild for child in own for grandchild in children_of(child)]


def test_each_effect_happens_exactly_once_while_workers_on_redis_are_killed(own_site: TestSite) -> None:
    dice = random.Random(11)
    with own_site.connected():
        for number in range(JOBS):
            frappe.enqueue(job_functions.note, text=f"job {number}", pause_s=0.05, enqueue_after_commit=True)
        frappe.db.commit()
        kills = 0
        with redis_workers(own_site, 2) as parent:
            deadline = time.monotonic() + LONGEST_S
            while len(set(job_functions.notes())) < JOBS:
                assert time.monotonic() < deadline, f"{len(set(job_functions.notes()))} of {JOBS} after {kills} kills"
                time.sleep(dice.uniform(1.0, 2.5))
                living = children_of(parent.pid)
                if living and kills < 8:
                    os.kill(dice.choice(living), signal.SIGKILL)
                    kills += 1
                frappe.db.rollback()
            time.sleep(2)  # a job that is done twice would show by now
            frappe.db.rollback()
        assert kills >= 3
        assert Counter(job_functions.notes()) == {f"job {number}": 1 for number in range(JOBS)}


def test_the_round_of_a_worker_that_died_keeps_nobody_from_the_next(own_site: TestSite) -> None:
    from frappe_engine.jobs import redis_backend

    with own_site.connected() as context:
        queues = redis_backend.all_queues(context.conf, own_site.sites_path)
        connection = redis_backend.redis_connection(context.conf)
        assert queues[0].acquire_maintenance_lock()
        worker = redis_backend.QuickWorker(queues, connection=connection, name=redis_backend.worker_name())
        worker.clean_registries()
        assert 0 < connection.ttl(queues[0].registry_cleaning_key) <= redis_backend.LONGEST_ROUND_S
        queues[0].release_maintenance_lock()


def test_a_job_whose_worker_died_right_after_taking_it_is_done(own_site: TestSite) -> None:
    from frappe_engine.jobs import redis_backend
    from frappe_engine.jobs.redis_taking import TakingQueue
    from rq.intermediate_queue import IntermediateQueue

    with own_site.connected() as context:
        frappe.enqueue(job_functions.note, text="taken", enqueue_after_commit=True)
        frappe.db.commit()
        queues = redis_backend.all_queues(context.conf, own_site.sites_path)
        connection = redis_backend.redis_connection(context.conf)
        key, job_id = TakingQueue.lpop([queue.key for queue in queues], 1, connection=connection)
        just_taken = IntermediateQueue(key.decode(), connection)
        assert just_taken.get_job_ids() == [job_id.decode()]
        connection.set(just_taken.get_first_seen_key(job_id.decode()), time.time() - 61)  # its worker died a minute ago
        with redis_workers(own_site, 1):
            deadline = time.monotonic() + 60
            while not job_functions.notes():
                assert time.monotonic() < deadline
                time.sleep(0.1)
                frappe.db.rollback()
        assert job_functions.notes() == ["taken"]
        assert just_taken.get_job_ids() == []
