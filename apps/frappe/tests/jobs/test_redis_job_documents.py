"""Jobs and workers on Redis as documents: the same as in the embedded mode."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.core.doctype.rq_job.rq_job import remove_failed_jobs, retry_job
from frappe.utils.background_jobs import create_job_id, get_job, is_job_enqueued
from frappe_engine.testing import TestSite
from test_killed_redis_workers import redis_workers
from working import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not os.environ.get("EC_TEST_REDIS"), reason="needs a Redis (make test-services)"),
]


@pytest.fixture
def connected(own_site: TestSite) -> Iterator[Any]:
    """A connection to a site of this test's own, whose jobs are on Redis."""
    with own_site.connected() as context:
        assert context.conf.get("redis_queue")
        yield context


def test_a_job_on_redis_is_a_document(connected: Any) -> None:
    frappe.enqueue("job_functions.note", job_id="told", job_name="Tell", text="hello")
    document = frappe.get_doc("RQ Job", create_job_id("told"))
    assert (document.job_name, document.status, document.queue) == ("Tell", "queued", "default")
    assert [row.name for row in frappe.get_list("RQ Job", {"status": "queued"})] == [document.name]
    document.delete()
    assert (get_job("told"), is_job_enqueued("told")) == (None, False)


def test_a_failed_job_on_redis_is_run_again_and_removed(connected: Any, own_site: TestSite) -> None:
    frappe.enqueue("job_functions.fail", job_id="bad")
    name = create_job_id("bad")
    with redis_workers(own_site, 1):
        wait_until(lambda: frappe.get_doc("RQ Job", name).status == "failed", 60)
        (worker,) = frappe.get_list("RQ Worker")
        assert frappe.get_doc("RQ Worker", worker.name).failed_job_count >= 1
        ended = frappe.get_doc("RQ Job", name).ended_at
        retry_job(name)
        wait_until(lambda: get_job("bad").status == "failed" and get_job("bad").ended_at > ended, 60)
    assert "it went wrong" in str(frappe.get_doc("RQ Job", name).exc_info)
    remove_failed_jobs()
    assert frappe.get_list("RQ Job", {"status": "failed"}) == []
