"""Jobs in the embedded mode: accepted with or apart from a transaction, run once, as their user, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import job_functions
import pytest
from frappe_engine.context.errors import ValidationError
from frappe_engine.jobs import table
from frappe_engine.jobs.calls import UnfitArgumentsError
from frappe_engine.jobs.execute import End
from frappe_engine.testing import TestSite
from working import work

pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture
def connected(own_site: TestSite) -> Iterator[Any]:
    """A connection to a site of this test's own, in the embedded mode."""
    own_site.set_config("redis_queue", "")
    with own_site.connected() as context:
        yield context


def jobs() -> list[tuple[str, str]]:
    """Give (status, job name) of all jobs, the oldest first."""
    frappe.db.rollback()
    return [(row.status, row.job_name) for row in reversed(table.jobs(frappe.local.db))]


def notes() -> list[str]:
    frappe.db.rollback()
    return job_functions.notes()


def test_a_job_runs_and_is_done(own_site: TestSite) -> None:
    job = frappe.enqueue("job_functions.note", text="one")
    assert (job.get_status(), jobs()) == ("queued", [("queued", "job_functions.note")])
    assert work(own_site).done[End.FINISHED] == 1
    assert (job.is_finished, notes()) == (True, ["one"])


def test_functions_are_taken_as_well_as_paths(own_site: TestSite) -> None:
    frappe.enqueue(job_functions.note, queue="long", text="by function", job_name="My job")
    work(own_site)
    assert (notes(), jobs()) == (["by function"], [("finished", "My job")])


def test_now_calls_at_once_and_gives_the_result() -> None:
    assert frappe.enqueue(job_functions.note, text="now", now=True) in frappe.get_all("ToDo", pluck="name")
    frappe.enqueue(job_functions.note, text="sync", is_async=False)
    assert job_functions.notes() == ["now", "sync"]


def test_a_job_that_waits_for_the_commit_is_part_of_it(own_site: TestSite) -> None:
    frappe.enqueue(job_functions.note, text="undone", enqueue_after_commit=True)
    frappe.db.rollback()
    frappe.enqueue(job_functions.note, text="kept", enqueue_after_commit=True)
    assert jobs() == []
    frappe.enqueue(job_functions.note, text="kept", enqueue_after_commit=True)
    frappe.db.commit()
    assert len(jobs()) == 1


def test_a_job_wanted_at_once_survives_the_rollback(own_site: TestSite) -> None:
    job_functions.note("never committed")
    frappe.enqueue(job_functions.note, text="survivor")
    frappe.db.rollback()
    work(own_site)
    assert notes() == ["survivor"]


def test_a_job_wanted_at_once_is_there_once_after_the_commit(own_site: TestSite) -> None:
    job_functions.note("committed")
    frappe.enqueue(job_functions.note, text="job")
    frappe.db.commit()
    work(own_site)
    assert notes() == ["committed", "job"]


def test_duplicates_are_refused_while_one_waits(own_site: TestSite) -> None:
    assert frappe.enqueue(job_functions.note, text="first", job_id="same", deduplicate=True)
    assert frappe.enqueue(job_functions.note, text="second", job_id="same", deduplicate=True) is None
    assert frappe.utils.background_jobs.is_job_enqueued("same")
    work(own_site)
    assert not frappe.utils.background_jobs.is_job_enqueued("same")
    assert frappe.enqueue(job_functions.note, text="third", job_id="same", deduplicate=True)
    work(own_site)
    assert notes() == ["first", "third"]


def test_duplicates_are_refused_within_one_transaction(own_site: TestSite) -> None:
    job_functions.note("written")
    for after_commit in (False, True, False):
        frappe.enqueue(job_functions.note, text="once", job_id="x", deduplicate=True, enqueue_after_commit=after_commit)
    frappe.db.commit()
    work(own_site)
    assert notes() == ["once", "written"]


def test_deduplication_needs_an_id() -> None:
    with pytest.raises(ValidationError, match="job_id"):
        frappe.enqueue(job_functions.note, text="x", deduplicate=True)


def test_an_unknown_queue_is_refused() -> None:
    with pytest.raises(ValidationError, match="short, default, long"):
        frappe.enqueue(job_functions.note, queue="nosuch", text="x")


def test_a_queue_of_the_configuration_is_known(own_site: TestSite) -> None:
    frappe.local.conf.workers = {"heavy": {"timeout": 77}}
    job = frappe.enqueue(job_functions.note, queue="heavy", text="x")
    assert job.timeout == 77


def test_what_can_not_travel_is_refused_by_name() -> None:
    with pytest.raises(UnfitArgumentsError, match="argument 'text'"):
        frappe.enqueue(job_functions.note, text=lambda: 1)
    with pytest.raises(UnfitArgumentsError, match="the function itself"):
        frappe.enqueue(lambda: 1)


def test_documents_travel(own_site: TestSite) -> None:
    document = frappe.get_doc({"doctype": "ToDo", "description": "before"}).insert()
    frappe.db.commit()
    frappe.enqueue(job_functions.note, text="document", enqueue_after_commit=False)
    frappe.enqueue_doc("ToDo", document.name, "db_set", fieldname="description", value="after")
    work(own_site)
    assert notes() == ["after", "document"]


def test_a_job_runs_as_the_user_who_asked(own_site: TestSite) -> None:
    frappe.set_user("Guest")
    frappe.enqueue(job_functions.note_user, text="asked")
    work(own_site)
    assert notes() == ["asked by Guest"]


def test_queues_come_in_their_order_and_the_front_first(own_site: TestSite) -> None:
    for text, options in (("3", {"queue": "long"}), ("2", {}), ("1", {"at_front": True}), ("0", {"queue": "short"})):
        frappe.enqueue(job_functions.note, text=text, **options)
    work(own_site)
    frappe.db.rollback()
    assert frappe.get_all("ToDo", order_by="creation asc", pluck="description") == ["0", "1", "2", "3"]


def test_a_worker_leaves_other_queues_alone(own_site: TestSite) -> None:
    frappe.enqueue(job_functions.note, queue="long", text="long")
    frappe.enqueue(job_functions.note, queue="short", text="short")
    work(own_site, queues=["short"])
    assert (notes(), jobs()[0][0]) == (["short"], "queued")


def test_a_failed_job_leaves_nothing_but_its_reason(own_site: TestSite) -> None:
    job = frappe.enqueue(job_functions.note_and_fail, text="bad")
    assert work(own_site).done[End.FAILED] == 1
    assert notes() == []
    assert "bad went wrong" in frappe.utils.background_jobs.get_job(job.id).exc_info
    assert frappe.get_all("Error Log", pluck="method") == ["job_functions.note_and_fail"]


def test_callbacks_learn_of_success_and_failure(own_site: TestSite) -> None:
    callbacks = {"on_success": job_functions.report_success, "on_failure": job_functions.report_failure}
    frappe.enqueue(job_functions.note, text="good", **callbacks)
    frappe.enqueue(job_functions.note_and_fail, text="bad", **callbacks)
    work(own_site)
    assert notes() == ["failure of bad: bad went wrong", "good", "success of good"]


def test_a_job_that_takes_too_long_fails(own_site: TestSite) -> None:
    frappe.enqueue(job_functions.slow_note, text="late", seconds=5, timeout=1)
    work(own_site)
    assert (notes(), [status for status, _name in jobs()]) == ([], ["failed"])


def test_a_job_may_ask_to_be_run_again(own_site: TestSite, monkeypatch: pytest.MonkeyPatch) -> None:
    frappe.enqueue(job_functions.ask_for_retry, text="third time", times=2)
    for _attempt in range(3):
        work(own_site)
        frappe.db.sql("update `__jobs` set available = 0")
        frappe.db.commit()
    assert (notes(), [status for status, _name in jobs()]) == (["third time"], ["finished"])


def test_asking_again_for_ever_fails(own_site: TestSite) -> None:
    frappe.enqueue(job_functions.ask_for_retry, text="never", times=99)
    for _attempt in range(8):
        work(own_site)
        frappe.db.sql("update `__jobs` set available = 0")
        frappe.db.commit()
    assert (notes(), [status for status, _name in jobs()]) == ([], ["failed"])


def test_a_job_that_commits_in_steps_keeps_them(own_site: TestSite) -> None:
    frappe.enqueue(job_functions.note_in_steps, text="step", steps=3)
    work(own_site)
    assert notes() == ["step 0", "step 1", "step 2"]


def test_hooks_run_around_each_job(own_site: TestSite, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        "frappe_engine.jobs.execute.call_hooks", lambda hook, **given: seen.append(f"{hook} {given['method']}")
    )
    frappe.enqueue(job_functions.note, text="x")
    work(own_site)
    assert seen == ["before_job job_functions.note", "after_job job_functions.note"]
