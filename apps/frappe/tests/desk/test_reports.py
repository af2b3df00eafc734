"""Reports as the desk runs, exports and keeps them."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from .conftest import TESTER, Desk

RUN = "frappe.desk.query_report.run"
ANSWER = {
    "result", "columns", "message", "chart", "report_summary", "skip_total_row", "status", "execution_time", "add_total_row",
    "prepared_report",
}  # fmt: skip
QUERY = (
    "select title as `Title:Data:150`, n as `Number:Int:80`, amount as `Amount:Currency:120` from `tabHP Doc`"
    " where title like %(like)s order by n"
)


@pytest.fixture(scope="module")
def report(served: Any) -> str:
    """A report of three documents, by a query; people with the Oracle Role may run it."""
    with served.connected() as context:
        for number in (1, 2, 3):
            values = {"title": f"row {number}", "n": number, "amount": number * 1.5}
            frappe.get_doc({"doctype": "HP Doc", **values}).insert()
        values = {"report_type": "Query Report", "is_standard": "No", "ref_doctype": "HP Doc", "query": QUERY}
        roles = [{"role": "Oracle Role"}, {"role": "System Manager"}]
        made = frappe.get_doc(
            {"doctype": "Report", "report_name": "Rows", **values, "roles": roles, "add_total_row": 1}
        ).insert()
        context.db.commit()
        return str(made.name)


def test_a_report_comes_with_columns_rows_and_their_total(desk: Desk, report: str) -> None:
    answer = desk.get(RUN, report_name=report, filters={"like": "row %"})
    assert set(answer) == ANSWER
    assert [(column["label"], column["fieldtype"]) for column in answer["columns"]] == [
        ("Title", "Data"), ("Number", "Int"), ("Amount", "Currency"),
    ]  # fmt: skip
    keys = [column["fieldname"] for column in answer["columns"]]
    assert [row[keys[0]] for row in answer["result"][:-1]] == ["row 1", "row 2", "row 3"]
    assert answer["result"][-1] == ["Total", 6, 9.0]


def test_filters_are_values_never_sql(desk: Desk, report: str) -> None:
    assert desk.get(RUN, report_name=report, filters={"like": "' or 1=1 -- "})["result"] == []


def test_a_report_asks_for_roles_and_rights(desk: Desk, report: str) -> None:
    assert desk.as_user(TESTER).read(RUN, report_name=report, filters={"like": "%"}).status_code == 200
    assert desk.as_user("token plainkey:plainsecret").read(RUN, report_name=report).status_code == 403


def test_a_report_that_is_not_there(desk: Desk) -> None:
    answer = desk.read(RUN, report_name="No such report")
    assert (answer.status_code, answer.json["exc_type"]) == (404, "DoesNotExistError")


def test_a_report_as_a_file(desk: Desk, report: str) -> None:
    answer = desk.read(
        "frappe.desk.query_report.export_query",
        report_name=report,
        filters={"like": "row %"},
        file_format_type="CSV",
    )
    assert answer.content_type.startswith("text/csv")
    assert answer.text.splitlines()[:2] == ['"Title","Number","Amount"', '"row 1",1,1.5']


def test_who_may_not_export_gets_no_file(desk: Desk, report: str) -> None:
    refused = desk.as_user(TESTER).read(
        "frappe.desk.query_report.export_query", report_name=report, file_format_type="CSV"
    )
    assert refused.status_code == 403


def test_a_report_with_columns_of_ones_own_is_kept_and_run(desk: Desk, report: str) -> None:
    answer = desk.get(RUN, report_name=report, filters={"like": "row %"})
    name = desk.post(
        "frappe.desk.query_report.save_report",
        reference_report=report,
        report_name="My rows",
        columns=answer["columns"][:2],
        filters={"like": "row 2"},
    )
    own = desk.get(RUN, report_name=name)
    assert (len(own["columns"]), next(row for row in own["result"] if isinstance(row, dict))["number"]) == (2, 2)


def test_the_filters_and_the_script_have_their_places(desk: Desk, report: str) -> None:
    found = desk.get("frappe.desk.query_report.get_script", report_name=report)
    assert set(found) == {"script", "script_url", "html_format", "execution_time", "filters", "custom_report_name"}
    assert (found["script"], found["filters"]) == (None, [])
