"""Background jobs in the desk: their list and form, and running again what failed."""

from __future__ import annotations

from typing import Any

import pytest
from frappe_engine.testing import TestSite

from .conftest import TESTER

JOBS = "frappe.core.doctype.rq_job.rq_job."


@pytest.fixture
def failed(served: TestSite) -> str:
    """The id of a job that failed."""
    import time

    import frappe
    from frappe.utils.background_jobs import create_job_id
    from frappe_engine.jobs import table

    served.set_config("redis_queue", "")
    with served.connected():
        frappe.enqueue("frappe.utils.now", job_id="desk-job", job_name="Look at the clock")
        frappe.db.commit()
        job = table.by_id(frappe.local.db, create_job_id("desk-job"))
        table.fail(frappe.local.db, job.seq, None, "it broke", time.time())
        frappe.db.commit()
    return str(job.id)


def test_the_list_and_the_form_of_jobs_open(desk: Any, failed: str) -> None:
    filters = [["RQ Job", "status", "=", "failed"]]
    found = desk.get("frappe.desk.reportview.get", doctype="RQ Job", fields=["name", "job_name"], filters=filters)
    rows = [dict(zip(found["keys"], row, strict=True)) for row in found["values"]]
    assert [(row["name"], row["job_name"]) for row in rows] == [(failed, "Look at the clock")]
    answer = desk.read("frappe.desk.form.load.getdoc", doctype="RQ Job", name=failed)
    assert (answer.status_code, answer.json["docs"][0]["exc_info"]) == (200, "it broke")
    assert answer.json["docinfo"]["tags"] == ""


def test_a_failed_job_is_run_again_from_the_desk(desk: Any, failed: str) -> None:
    desk.post(f"{JOBS}retry_job", job_id=failed)
    answer = desk.web.get(f"/api/resource/RQ Job/{failed}", auth=desk.auth)
    assert answer.json["data"]["status"] == "queued"
    assert desk.write(f"{JOBS}retry_job", job_id=failed).status_code == 417
    assert desk.web.delete(f"/api/resource/RQ Job/{failed}", auth=desk.auth).status_code == 202
    gone = desk.web.get(f"/api/resource/RQ Job/{failed}", auth=desk.auth)
    assert gone.status_code == 404, gone.text


def test_jobs_are_the_administrators_matter(desk: Any, failed: str) -> None:
    other = desk.as_user(TESTER)
    assert other.web.get("/api/resource/RQ Job", auth=TESTER).status_code == 403
    assert other.web.get(f"/api/resource/RQ Job/{failed}", auth=TESTER).status_code == 403
    assert other.write(f"{JOBS}retry_job", job_id=failed).status_code == 403
