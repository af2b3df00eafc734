"""Background jobs and workers as documents: found, listed, run again, stopped and removed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import frappe
import job_functions
import pytest
from frappe.core.doctype.rq_job.rq_job import get_all_queued_jobs, remove_failed_jobs, retry_job, stop_job
from frappe.utils.background_jobs import create_job_id, get_job, get_jobs, is_job_enqueued
from frappe_engine.jobs import table
from frappe_engine.testing import TestSite
from working import work

pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture
def connected(own_site: TestSite) -> Iterator[Any]:
    """A connection to a site of this test's own, in the embedded mode."""
    own_site.set_config("redis_queue", "")
    with own_site.connected() as context:
        frappe.local.lang = "en"
        yield context


def test_a_job_accepted_in_an_open_transaction_is_found() -> None:
    frappe.db.set_value("User", "Guest", "first_name", "Visitor")  # the transaction writes
    job = frappe.enqueue("job_functions.ring", job_id="mine", queue="short")
    assert (job.id, get_job("mine").id, get_job("mine").get_status()) == (create_job_id("mine"), job.id, "queued")
    assert frappe.get_doc("RQ Job", job.id).queue == "short"
    assert (get_job("other"), is_job_enqueued("other")) == (None, False)


def test_a_job_that_waits_for_the_commit_is_not_there_before() -> None:
    frappe.enqueue("job_functions.ring", job_id="later", enqueue_after_commit=True)
    assert (is_job_enqueued("later"), get_job("later")) == (False, None)
    frappe.db.commit()
    assert (is_job_enqueued("later"), get_job("later").status) == (True, "queued")


def test_a_job_is_a_document_by_its_full_id() -> None:
    frappe.enqueue("job_functions.note", job_id="told", job_name="Tell", text="hello", timeout=77)
    document = frappe.get_doc("RQ Job", create_job_id("told"))
    seen = (document.job_name, document.status, document.timeout, document.owner, document.started_at)
    assert seen == ("Tell", "queued", 77, "Administrator", None)
    assert '"text": "hello"' in document.arguments
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_doc("RQ Job", "told")


def test_jobs_are_listed_by_their_state(own_site: TestSite) -> None:
    frappe.enqueue("job_functions.fail", job_id="bad")
    frappe.db.commit()
    work(own_site)
    frappe.enqueue("job_functions.ring", job_id="good")
    frappe.db.commit()
    failed = frappe.get_list("RQ Job", {"status": "failed"})
    assert [row.name for row in failed] == [create_job_id("bad")]
    assert failed[0].exc_info
    assert [job.id for job in get_all_queued_jobs()] == [create_job_id("good")]
    assert len(frappe.get_list("RQ Job", {"queue": "default"})) == 2


def test_a_failed_job_is_run_again(own_site: TestSite, monkeypatch: pytest.MonkeyPatch) -> None:
    frappe.enqueue("job_functions.fail", job_id="again")
    frappe.db.commit()
    work(own_site)
    frappe.db.rollback()
    retry_job(create_job_id("again"))
    frappe.db.commit()
    assert get_job("again").status == "queued"
    monkeypatch.setattr(job_functions, "fail", lambda: None)
    work(own_site)
    frappe.db.rollback()
    assert get_job("again").status == "finished"
    with pytest.raises(frappe.ValidationError, match="failed"):
        retry_job(create_job_id("again"))


def test_a_job_that_is_stopped_fails_and_can_not_end_well() -> None:
    frappe.enqueue("job_functions.ring", job_id="long")
    frappe.db.commit()
    row = table.by_id(frappe.local.db, create_job_id("long"))
    token = table.take(frappe.local.db, row, "a-worker", time.time())
    frappe.get_doc("RQ Job", row.id).stop_job()
    assert (get_job("long").status, get_job("long").exc_info) == ("failed", "Stopped by a user")
    assert not table.finish(frappe.local.db, row.seq, token, time.time())
    stop_job(row.id)
    assert "not running" in frappe.message_log[-1]["message"]


def test_jobs_are_removed_one_by_one_or_all_that_failed(own_site: TestSite) -> None:
    for name in ("one", "two"):
        frappe.enqueue("job_functions.fail", job_id=name)
    frappe.db.commit()
    work(own_site)
    frappe.db.rollback()
    frappe.delete_doc("RQ Job", create_job_id("one"))
    assert [row.name for row in frappe.get_list("RQ Job")] == [create_job_id("two")]
    remove_failed_jobs()
    assert frappe.get_list("RQ Job") == []


def test_only_system_managers_see_jobs_and_nobody_makes_them() -> None:
    frappe.enqueue("job_functions.ring", job_id="secret")
    frappe.db.commit()
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc({"doctype": "RQ Job", "name": "x"}).insert()
    frappe.set_user("Guest")
    for refused in (lambda: frappe.get_list("RQ Job"), remove_failed_jobs, get_all_queued_jobs):
        with pytest.raises(frappe.PermissionError):
            refused()


def test_a_worker_that_listens_is_a_document(own_site: TestSite) -> None:
    from frappe_engine.jobs import bus
    from frappe_engine.jobs.backends import BUS_KIND

    assert frappe.get_list("RQ Worker") == []
    with bus.Listener(own_site.sites_path, BUS_KIND):
        (worker,) = frappe.get_list("RQ Worker")
        assert frappe.get_doc("RQ Worker", worker.name).status == "idle"
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_doc("RQ Worker", worker.name)


def test_values_of_waiting_jobs_are_told_by_site() -> None:
    frappe.enqueue("job_functions.note", text="a")
    frappe.db.commit()
    assert get_jobs(site=frappe.local.site, key="text") == {frappe.local.site: ["a"]}
