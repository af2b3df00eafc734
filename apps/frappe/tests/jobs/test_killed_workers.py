"""Workers killed at any moment: no job is lost, none is done twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import frappe
import job_functions
import pytest
from frappe_engine.cli.working import surroundings
from frappe_engine.jobs import processes, table
from frappe_engine.jobs.execute import End, Surroundings
from frappe_engine.jobs.worker import Worker
from frappe_engine.testing import TestSite
from working import wait_until, work, workers

JOBS = int(os.environ.get("EC_KILL_TEST_JOBS", "500"))


@pytest.fixture
def site(own_site: TestSite) -> Iterator[TestSite]:
    """A site of this test's own, in the embedded mode, connected."""
    own_site.set_config("redis_queue", "")
    with own_site.connected():
        yield own_site


def children_of(pid: int) -> list[int]:
    """Give the living children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def open_jobs() -> int:
    frappe.db.rollback()
    return sum(
        number for (_queue, status), number in table.counts(frappe.local.db).items() if status in ("queued", "started")
    )


def retry_those_that_met_every_kill(site: TestSite) -> None:
    """Retry what was set aside because `MOST_ATTEMPTS` workers died on it, as an administrator does; nothing else failed."""
    frappe.db.rollback()
    for job in table.jobs(frappe.local.db, statuses=["failed"]):
        assert str(job.error).startswith(f"{table.MOST_ATTEMPTS} workers died")
        assert table.requeue(frappe.local.db, job.seq, time.time())
    frappe.db.commit()
    work(site)
    frappe.db.rollback()


@pytest.mark.slow
def test_each_effect_happens_exactly_once_while_workers_are_killed(site: TestSite) -> None:
    dice = random.Random(7)
    for number in range(JOBS):
        frappe.enqueue(job_functions.note, text=f"job {number}", pause_s=0.01, enqueue_after_commit=True)
    frappe.db.commit()
    kills = 0
    with workers(site, 3) as parent:
        deadline, left = time.monotonic() + 480, JOBS
        while still_open := open_jobs():
            assert time.monotonic() < deadline, f"{still_open} jobs are still open after {kills} kills"
            time.sleep(dice.uniform(0.2, 0.7))
            if still_open == left:
                continue  # on a busy machine workers are killed no faster than they come to work
            left = still_open
            for child in dice.sample(living := children_of(parent.pid), k=min(len(living), dice.choice([1, 1, 1, 2]))):
                os.kill(child, signal.SIGKILL)
                kills += 1
    retry_those_that_met_every_kill(site)
    effects = Counter(job_functions.notes())
    assert kills >= 10
    assert effects == {f"job {number}": 1 for number in range(JOBS)}
    assert table.counts(frappe.local.db) == {("default", "finished"): JOBS}


def test_the_job_of_a_worker_that_died_is_done_by_another(site: TestSite) -> None:
    frappe.enqueue(job_functions.slow_note, text="rescued", seconds=1.5)
    with workers(site) as parent:
        wait_until(lambda: bool(table.started_jobs(frappe.local.db)) or frappe.db.rollback() is not None)
        for child in children_of(parent.pid):
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: open_jobs() == 0)
    assert job_functions.notes() == ["rescued"]


def test_a_job_that_kills_its_workers_is_given_up(site: TestSite) -> None:
    frappe.enqueue(job_functions.die, text="poison")
    frappe.enqueue(job_functions.note, text="healthy")
    with workers(site):
        wait_until(lambda: open_jobs() == 0, 60)
    assert job_functions.notes() == ["healthy"]
    failed = table.jobs(frappe.local.db, statuses=["failed"])
    assert [(job.method, job.attempts) for job in failed] == [("job_functions.die", table.MOST_ATTEMPTS)]
    assert "workers died" in str(failed[0].error)


def test_who_lost_the_job_commits_nothing(site: TestSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def steal_and_note(text: str) -> None:
        job_functions.note(text)
        frappe.local.db.write("UPDATE `__jobs` SET `token` = 'thief'")

    monkeypatch.setattr(job_functions, "note_user", steal_and_note)
    steal_and_note.__module__, steal_and_note.__qualname__ = "job_functions", "note_user"
    frappe.enqueue("job_functions.note_user", text="stolen")
    worker = work(site)
    assert worker.done[End.LOST] >= 1
    assert job_functions.notes() == []


def test_who_lost_the_job_can_not_commit_by_itself_either(site: TestSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def steal_and_commit(text: str) -> None:
        job_functions.note(text)
        frappe.local.db.write("UPDATE `__jobs` SET `token` = 'thief'")
        frappe.db.commit()

    monkeypatch.setattr(job_functions, "note_user", steal_and_commit)
    frappe.enqueue("job_functions.note_user", text="stolen")
    assert work(site).done[End.LOST] >= 1
    assert job_functions.notes() == []


def test_a_worker_asked_to_stop_gives_a_long_job_back(site: TestSite) -> None:
    site.set_config("worker_stop_grace_s", 0.2)
    Path(site.sites_path, "common_site_config.json").write_text('{"worker_stop_grace_s": 0.2}')
    frappe.enqueue(job_functions.slow_note, text="long", seconds=60)
    with workers(site):
        wait_until(lambda: bool(table.started_jobs(frappe.local.db)) or frappe.db.rollback() is not None)
        began = time.monotonic()
    assert time.monotonic() - began < 40  # it does not wait for the job's 60 s
    frappe.db.rollback()
    assert [(job.status, job.attempts) for job in table.jobs(frappe.local.db)] == [("queued", 0)]
    assert job_functions.notes() == []


def test_a_worker_asked_to_stop_before_its_job_has_begun_gives_it_back_too(site: TestSite) -> None:
    usual = surroundings(site.sites_path)

    @contextmanager
    def slow_enter(name: str, user: str) -> Iterator[Any]:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.3)  # longer than the grace
        with usual.enter(name, user) as context:
            yield context

    frappe.enqueue(job_functions.slow_note, text="long", seconds=60)
    began = time.monotonic()
    slow = Surroundings(enter=slow_enter, log_error=usual.log_error)
    Worker(slow, lambda: [site.name], sites_path=site.sites_path, stop_grace_s=0.1).run()
    assert time.monotonic() - began < 40
    frappe.db.rollback()
    assert [(job.status, job.attempts) for job in table.jobs(frappe.local.db)] == [("queued", 0)]


def test_a_running_process_is_not_gone() -> None:
    assert not processes.is_gone(processes.own_name())


def test_a_process_id_used_again_is_another_process() -> None:
    host, pid, _start = processes.own_name().rsplit(":", 2)
    assert processes.is_gone(f"{host}:{pid}:1")
    assert not processes.is_gone(f"elsewhere:{pid}:1")


def test_an_expired_lease_is_taken_over(site: TestSite) -> None:
    frappe.enqueue(job_functions.note, text="taken over")
    stored: Any = table.jobs(frappe.local.db)[0]
    assert table.take(frappe.local.db, stored, "elsewhere:1:1", time.time() - table.LEASE_S - 1)
    frappe.db.commit()
    work(site)
    work(site)
    assert job_functions.notes() == ["taken over"]


def test_a_job_that_ended_while_its_worker_was_looked_for_stays_done(site: TestSite) -> None:
    frappe.enqueue(job_functions.note, text="done", enqueue_after_commit=True)
    frappe.db.commit()
    database = frappe.local.db
    job = table.next_job(database, ["default"], time.time())
    token = table.take(database, job, "a worker", time.time())
    assert table.finish(database, job.seq, token, time.time())
    assert not table.fail(database, job.seq, token, "its worker died", time.time())
    assert table.counts(database) == {("default", "finished"): 1}
