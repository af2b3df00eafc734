"""The scheduler: jobs of hooks and documents run when they are due, once, and their end is logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
import job_functions
import pytest
from frappe.utils import background_jobs
from frappe_engine.cli.working import surroundings
from frappe_engine.context import hooks as hooks_module
from frappe_engine.context.clock import now_datetime
from frappe_engine.jobs import scheduler
from frappe_engine.testing import TestSite
from working import work

pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture
def connected(own_site: TestSite) -> Iterator[Any]:
    """A connection to a site of this test's own, in the embedded mode, with no other scheduled job."""
    own_site.set_config("redis_queue", "")
    with own_site.connected() as context:
        frappe.local.lang = "en"
        frappe.db.delete("Scheduled Job Type")
        frappe.db.commit()
        yield context


def job_type(method: str = "job_functions.ring", frequency: str = "Hourly", **values: Any) -> Any:
    job = frappe.get_doc({"doctype": "Scheduled Job Type", "method": method, "frequency": frequency, **values})
    job.insert()
    frappe.db.commit()
    return job


def make_due(job: Any) -> datetime:
    due = now_datetime().replace(microsecond=0) - timedelta(hours=3)
    frappe.db.set_value("Scheduled Job Type", job.name, "next_execution", due)
    frappe.db.commit()
    return due


def logs(job: Any) -> list[str]:
    frappe.db.rollback()
    return [row.status for row in frappe.get_all("Scheduled Job Log", {"scheduled_job_type": job.name}, ["status"])]


def test_a_job_that_is_due_runs_once_however_often_it_was_missed(own_site: TestSite) -> None:
    job = job_type(create_log=1)
    make_due(job)
    assert scheduler.enqueue_due() == [job.name]
    assert scheduler.enqueue_due() == []
    work(own_site)
    assert logs(job) == ["Complete"]
    assert job_functions.notes() == ["rung"]
    job.reload()
    assert job.next_execution > now_datetime()
    assert job.last_execution is not None


def test_a_new_job_waits_for_its_time() -> None:
    job = job_type()
    assert scheduler.enqueue_due() == []
    assert frappe.db.get_value("Scheduled Job Type", job.name, "next_execution") == job.get_next_execution()


def test_a_job_that_fails_is_logged_and_undone(own_site: TestSite) -> None:
    job = job_type("job_functions.ring_and_fail")
    make_due(job)
    scheduler.enqueue_due()
    work(own_site)
    assert logs(job) == ["Failed"]
    assert job_functions.notes() == []
    assert "went wrong" in frappe.get_last_doc("Scheduled Job Log").details


def test_a_stopped_job_does_not_run_until_somebody_wants_it(own_site: TestSite) -> None:
    from frappe.core.doctype.scheduled_job_type.scheduled_job_type import execute_event

    job = job_type(stopped=1, create_log=1)
    make_due(job)
    assert scheduler.enqueue_due() == []
    execute_event(job.as_json())
    frappe.db.commit()
    work(own_site)
    assert logs(job) == ["Complete"]


def test_changed_times_are_looked_at_anew() -> None:
    job = job_type("job_functions.ring", "Cron", cron_format="0 3 * * *")
    scheduler.enqueue_due()
    frappe.db.commit()
    job.reload()
    job.update({"cron_format": "30 4 * * *"}).save()
    scheduler.enqueue_due()
    moment = frappe.db.get_value("Scheduled Job Type", job.name, "next_execution")
    assert (moment.hour, moment.minute) == (4, 30)


def test_times_that_nobody_understands_are_refused() -> None:
    with pytest.raises(frappe.ValidationError, match="never"):
        job_type(frequency="Cron", cron_format="never")


def test_jobs_of_hooks_become_documents_and_go_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    _hooks(monkeypatch, {"daily": ["job_functions.ring"], "cron": {"*/5 * * * *": ["job_functions.ring"]}})
    assert scheduler.sync_jobs() == {"added": 2, "changed": 0, "removed": 0}
    assert scheduler.sync_jobs() == {"added": 0, "changed": 0, "removed": 0}
    _hooks(monkeypatch, {"cron": {"*/7 * * * *": ["job_functions.ring"]}})
    assert scheduler.sync_jobs() == {"added": 0, "changed": 1, "removed": 1}
    assert frappe.get_all("Scheduled Job Type", pluck="cron_format") == ["*/7 * * * *"]


def _hooks(monkeypatch: pytest.MonkeyPatch, events: dict[str, Any]) -> None:
    monkeypatch.setattr(scheduler, "get_hooks", lambda *_names: events)
    hooks_module.merged_hooks.cache_clear()


@pytest.mark.parametrize("setting", ["pause_scheduler", "maintenance_mode"])
def test_a_site_that_is_paused_is_left_alone(own_site: TestSite, setting: str) -> None:
    make_due(job_type())
    process = scheduler.Scheduler(
        surroundings(own_site.sites_path), lambda: [own_site.name], sites_path=own_site.sites_path
    )
    own_site.set_config(setting, 1)
    assert process.tick() == {}
    own_site.set_config(setting, 0)
    assert list(process.tick()) == [own_site.name]


def test_one_scheduler_of_a_bench_is_at_work(own_site: TestSite) -> None:
    first, second = (
        scheduler.Scheduler(surroundings(own_site.sites_path), list, sites_path=own_site.sites_path) for _ in range(2)
    )
    assert first.holds_lock()
    assert not second.holds_lock()
    first.release()
    assert second.holds_lock()
    second.release()


def test_a_scheduled_job_tells_when_where_and_whether_it_runs() -> None:
    job = job_type("job_functions.ring", "Daily Long")
    due = job.get_next_execution()
    assert (job.is_event_due(), job.is_event_due(due), job.get_queue_name(), job.create_log) == (False, True, "long", 1)
    assert (job_type("job_functions.fail", "All").create_log, job.is_job_in_queue()) == (0, False)
    assert job.enqueue()
    frappe.db.commit()
    assert (job.is_job_in_queue(), job.enqueue()) == (True, False)
    assert job.rq_job_id == "scheduled_job::job_functions.ring"


@pytest.mark.parametrize(
    ("frequency", "due"),
    [
        ("All", "2026-03-04 05:08:00"),
        ("Hourly", "2026-03-04 06:00:00"),
        ("Daily Long", "2026-03-05 00:00:00"),
        ("Weekly", "2026-03-08 00:00:00"),
        ("Monthly", "2026-04-01 00:00:00"),
        ("Yearly", "2027-01-01 00:00:00"),
    ],
)
def test_a_job_is_due_after_it_last_ran(frequency: str, due: str) -> None:
    job = job_type(frequency=frequency)
    job.last_execution = datetime(2026, 3, 4, 5, 6, 7)
    moment = job.get_next_execution()
    assert str(moment) == due
    assert [job.is_event_due(moment - timedelta(seconds=1)), job.is_event_due(moment)] == [False, True]


def test_a_cron_job_needs_its_times() -> None:
    with pytest.raises(frappe.ValidationError, match="Cron format is required"):
        job_type(frequency="Cron")


def test_a_job_run_by_hand_keeps_its_failure_in_the_log() -> None:
    job = job_type("job_functions.fail", create_log=1)
    job.execute()
    assert logs(job) == ["Failed"]


def test_a_job_accepted_in_this_transaction_has_a_status_at_once() -> None:
    frappe.enqueue("job_functions.ring", job_id="at-once")
    assert background_jobs.get_job_status("at-once") == "queued"
    assert background_jobs.get_job_status("never") is None
    assert background_jobs.get_jobs(site="another.site") == {}
