"""Reports that run in the background: what is asked, what a worker keeps, who sees it, and until when."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from .conftest import TESTER, Desk

AREA = "frappe.core.doctype.prepared_report.prepared_report"
RUN, MAKE = "frappe.desk.query_report.run", f"{AREA}.make_prepared_report"
QUERY = (
    "select title as `Title:Data:150`, creation as `Made:Datetime:120`, n as `Number:Int:80` from `tabHP Doc`"
    " where title like %(like)s order by n"
)
LIKE = {"like": "prep %"}


@pytest.fixture(scope="module", autouse=True)
def embedded(served: Any) -> None:
    """Jobs in the site's own table, taken from there by the worker below."""
    served.set_config("redis_queue", "")


@pytest.fixture(scope="module")
def report(served: Any) -> str:
    """A report of two documents that is prepared in the background."""
    with served.connected() as context:
        for number in (1, 2):
            frappe.get_doc({"doctype": "HP Doc", "title": f"prep {number}", "n": number}).insert()
        values = {"report_type": "Query Report", "is_standard": "No", "ref_doctype": "HP Doc", "query": QUERY}
        roles = [{"role": "Oracle Role"}, {"role": "System Manager"}]
        made = {"doctype": "Report", "report_name": "Slow Rows", **values, "roles": roles, "add_total_row": 1}
        name = frappe.get_doc({**made, "prepared_report": 1}).insert().name
        context.db.commit()
        return str(name)


@pytest.fixture
def connected(served: Any) -> Iterator[Any]:
    """The site's database; what a test commits stays."""
    with served.connected() as context:
        yield context


def generate(served: Any, name: str) -> Any:
    """Do what a worker does with one that was asked for, as who asked."""
    from frappe.core.doctype.prepared_report.prepared_report import generate_report

    with served.connected():
        frappe.set_user(frappe.db.get_value("Prepared Report", name, "owner"))
        generate_report(name)
        frappe.set_user("Administrator")
        return frappe.get_doc("Prepared Report", name)


def prepared(desk: Desk, served: Any, report: str, filters: Any = LIKE) -> str:
    name = desk.post(MAKE, report_name=report, filters=filters)["name"]
    assert generate(served, name).status == "Completed"
    return str(name)


def test_nothing_is_shown_before_it_was_asked_for(desk: Desk, report: str) -> None:
    answer = desk.get(RUN, report_name=report, filters={"like": "never %"})
    assert answer == {"prepared_report": True, "doc": None, "add_total_row": 1}


def test_what_is_asked_for_waits_until_a_worker_made_it(desk: Desk, served: Any, report: str) -> None:
    filters = {"like": "prep 1", "b": 2}
    name = desk.post(MAKE, report_name=report, filters=filters)["name"]
    waiting = f"{AREA}.get_reports_in_queued_state"
    other_order = {"b": 2, "like": "prep 1"}
    assert [row["name"] for row in desk.get(waiting, report_name=report, filters=other_order)] == [name]
    generate(served, name)
    assert desk.get(waiting, report_name=report, filters=other_order) == []


def test_a_result_is_the_report_with_its_document(desk: Desk, served: Any, report: str) -> None:
    name = prepared(desk, served, report)
    answer = desk.get(RUN, report_name=report, filters=LIKE)
    assert (answer["prepared_report"], answer["doc"]["name"], answer["doc"]["queued_by"]) == (
        True,
        name,
        "Administrator",
    )
    assert [row["title"] for row in answer["result"][:-1]] == ["prep 1", "prep 2"]
    assert answer["result"][-1][2] == 3
    live = desk.get(RUN, report_name=report, filters=LIKE, ignore_prepared_report=True)
    assert (live["result"], live["columns"]) == (answer["result"], answer["columns"])


def test_a_result_stays_as_it_was_until_made_anew(desk: Desk, served: Any, report: str, connected: Any) -> None:
    first = prepared(desk, served, report, {"like": "late %"})
    frappe.get_doc({"doctype": "HP Doc", "title": "late 1", "n": 1}).insert()
    connected.db.commit()
    assert desk.get(RUN, report_name=report, filters={"like": "late %"})["result"] == []
    prepared(desk, served, report, {"like": "late %"})
    assert len(desk.get(RUN, report_name=report, filters={"like": "late %"})["result"]) == 2
    named = desk.get(RUN, report_name=report, filters={"like": "late %", "prepared_report_name": first})
    assert named["result"] == []


def test_a_worker_does_it(desk: Desk, served: Any, report: str) -> None:
    from frappe_engine.cli.working import surroundings
    from frappe_engine.jobs.worker import Worker

    made = desk.post("frappe.desk.query_report.background_enqueue_run", report_name=report, filters={"like": "prep 2"})
    assert made["redirect_url"].endswith(f"/app/prepared-report/{made['name']}")
    Worker(surroundings(served.sites_path), lambda: [served.name], sites_path=served.sites_path, burst=True).run()
    answer = desk.get(RUN, report_name=report, filters={"like": "prep 2"})
    assert (answer["doc"]["name"], answer["doc"]["status"], len(answer["result"])) == (made["name"], "Completed", 2)


def test_others_do_not_see_it(desk: Desk, served: Any, report: str) -> None:
    name = prepared(desk, served, report)
    tester = desk.as_user(TESTER)
    assert tester.get(RUN, report_name=report, filters={"like": "prep %", "x": "y"})["doc"] is None
    assert tester.read(RUN, report_name=report, filters={"prepared_report_name": name}).status_code == 403
    assert tester.read(f"{AREA}.download_attachment", dn=name).status_code == 403
    assert tester.write(f"{AREA}.delete_prepared_reports", reports=[name]).status_code == 403


def test_who_may_not_run_it_can_not_have_it_made(desk: Desk, report: str) -> None:
    assert desk.as_user("token plainkey:plainsecret").write(MAKE, report_name=report).status_code == 403


def test_a_report_that_fails_says_why(desk: Desk, served: Any, report: str) -> None:
    name = desk.post(MAKE, report_name=report, filters={"wrong": 1})["name"]
    made = generate(served, name)
    assert made.status == "Error"
    assert "like" in made.error_message
    assert desk.get(RUN, report_name=report, filters={"wrong": 1})["doc"] is None


def test_a_result_is_downloaded_and_exported(desk: Desk, served: Any, report: str) -> None:
    name = prepared(desk, served, report)
    packed = desk.read(f"{AREA}.download_attachment", dn=name)
    assert [
        row["n" if "n" in row else "number"] for row in json.loads(gzip.decompress(packed.data))["result"][:-1]
    ] == [1, 2]
    csv = desk.read("frappe.desk.query_report.export_query", report_name=report, filters=LIKE, file_format_type="CSV")
    assert csv.text.splitlines()[1].startswith('"prep 1"')


def test_a_result_as_csv_beside_it(desk: Desk, served: Any, report: str, connected: Any) -> None:
    from frappe.core.doctype.prepared_report.prepared_report import convert_json_to_csv

    name = prepared(desk, served, report)
    desk.post(f"{AREA}.enqueue_json_to_csv_conversion", prepared_report_name=name)
    convert_json_to_csv(name)
    file = frappe.get_doc("File", {"attached_to_name": name, "file_name": ["like", "%.csv"]})
    assert '"prep 2"' in file.get_content()


def test_a_result_goes_with_its_file(desk: Desk, served: Any, report: str, connected: Any) -> None:
    name = prepared(desk, served, report, {"like": "prep %", "go": 1})
    desk.post(f"{AREA}.delete_prepared_reports", reports=[{"name": name}])
    connected.db.rollback()
    assert not frappe.db.exists("Prepared Report", name)
    assert not frappe.db.exists("File", {"attached_to_name": name})


def test_old_results_expire_with_their_files(desk: Desk, served: Any, report: str, connected: Any) -> None:
    from frappe.core.doctype.log_settings.log_settings import clear_log_table

    name = prepared(desk, served, report, {"like": "prep %", "old": 1})
    connected.db.rollback()
    long_ago = frappe.utils.add_days(frappe.utils.now_datetime(), -40)
    frappe.db.set_value("Prepared Report", name, "creation", long_ago, update_modified=False)
    assert clear_log_table("Prepared Report", 30) == 1
    assert not frappe.db.exists("File", {"attached_to_name": name})


def test_a_run_whose_worker_vanished_failed(desk: Desk, report: str, connected: Any) -> None:
    from frappe.core.doctype.prepared_report.prepared_report import expire_stalled_report

    name = desk.post(MAKE, report_name=report, filters={"like": "stalled"})["name"]
    connected.db.rollback()
    long_ago = frappe.utils.add_days(frappe.utils.now_datetime(), -1)
    frappe.db.set_value("Prepared Report", name, {"status": "Started", "modified": long_ago}, update_modified=False)
    expire_stalled_report()
    assert frappe.db.get_value("Prepared Report", name, "status") == "Error"
