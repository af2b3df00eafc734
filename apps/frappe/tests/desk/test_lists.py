"""Lists: rows, counts, groups, files, doing the same to many."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import TESTER, Desk

VIEW = "frappe.desk.reportview."


@pytest.fixture(scope="module", autouse=True)
def documents(served: Any) -> None:
    """Thirty documents of two kinds."""
    import frappe

    with served.connected() as context:
        for number in range(30):
            kind = "A" if number % 3 else "B"
            rows = [{"item": f"i{number % 2}"}]
            frappe.get_doc(
                {"doctype": "HP Doc", "title": f"doc {number:02}", "kind": kind, "n": number, "rows": rows}
            ).insert()
        context.db.commit()


def _rows(desk: Desk, **values: Any) -> list[dict[str, Any]]:
    message = desk.get(f"{VIEW}get", **{"doctype": "HP Doc", "fields": ["name", "title", "n"], **values})
    return [dict(zip(message["keys"], row, strict=True)) for row in message["values"]] if message else []


def test_rows_come_as_keys_and_values(desk: Desk) -> None:
    rows = _rows(desk, filters=[["HP Doc", "kind", "=", "B"]], order_by="n desc", start="0", page_length="3")
    assert [row["n"] for row in rows] == [27, 24, 21]


def test_pages(desk: Desk) -> None:
    assert [row["n"] for row in _rows(desk, order_by="n asc", start="20", page_length="5")] == [20, 21, 22, 23, 24]


def test_an_empty_list_is_empty(desk: Desk) -> None:
    assert desk.get(f"{VIEW}get", doctype="HP Doc", fields=["name"], filters=[["HP Doc", "n", ">", 1000]]) == []


def test_columns_of_rows_and_table_names(desk: Desk) -> None:
    fields = ["`tabHP Doc`.`name`", "`tabHP Doc`.`n`", "`tabHP Row`.`item`"]
    rows = _rows(
        desk, fields=fields, filters=[["HP Row", "item", "=", "i1"], ["HP Doc", "n", "<", 4]], order_by="n asc"
    )
    assert [(row["n"], row["item"]) for row in rows] == [(1, "i1"), (3, "i1")]


def test_counts(desk: Desk) -> None:
    filters = [["HP Doc", "kind", "=", "A"]]
    assert desk.get(f"{VIEW}get_count", doctype="HP Doc", filters=filters) == 20
    assert desk.get(f"{VIEW}get_count", doctype="HP Doc", filters=filters, limit="7") == 7


def test_groups_beside_the_list(desk: Desk) -> None:
    found = desk.get("frappe.desk.listview.get_group_by_count", doctype="HP Doc", current_filters=[], field="kind")
    assert found == [{"name": "A", "count": 20}, {"name": "B", "count": 10}]


@pytest.mark.parametrize("field", ["nofield", "name, (select 1)", "sleep(1)", "1; drop table x", "`tabUser`.`email`"])
def test_only_fields_of_the_doctype(desk: Desk, field: str) -> None:
    answer = desk.read(f"{VIEW}get", doctype="HP Doc", fields=[field])
    assert (answer.status_code, answer.json["exc_type"]) == (417, "DataError")


@pytest.mark.parametrize("name", ["order_by", "group_by"])
@pytest.mark.parametrize("text", ["n; drop table x", "sleep(1)", "(select 1)", "n desc, if(1=1,1,0)", "nofield"])
def test_nothing_but_fields_sorts_and_groups(desk: Desk, name: str, text: str) -> None:
    answer = desk.read(f"{VIEW}get", doctype="HP Doc", fields=["kind"], **{name: text})
    assert answer.status_code == 417


def test_aliases_do_not_leave_their_quotes(desk: Desk) -> None:
    field = {"SUM": "n", "as": "x` FROM tabUser -- "}
    answer = desk.read(f"{VIEW}get", doctype="HP Doc", fields=[field])
    assert answer.status_code in (200, 417)
    assert "tabUser" not in answer.text or answer.status_code == 417


def test_lists_follow_rights(desk: Desk) -> None:
    desk.new("HP Master", title="secret master")
    answer = desk.as_user(TESTER).read(f"{VIEW}get", doctype="HP Master", fields=["name"])
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")
    assert desk.as_user(TESTER).read(f"{VIEW}get_count", doctype="HP Master").status_code == 403


def test_a_list_as_a_file(desk: Desk) -> None:
    values = {"doctype": "HP Doc", "fields": ["name", "n"], "filters": [["HP Doc", "n", "<", 2]], "order_by": "n asc"}
    answer = desk.write(f"{VIEW}export_query", **values, file_format_type="CSV", title="Docs")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Docs.csv"'
    assert [line.split(",")[2] for line in answer.text.splitlines()] == ['"N"', "0", "1"]
    xlsx = desk.write(f"{VIEW}export_query", **values, file_format_type="Excel", title="Docs")
    assert xlsx.data[:2] == b"PK"


def test_exports_need_the_right_and_are_noted(desk: Desk) -> None:
    answer = desk.as_user(TESTER).write(f"{VIEW}export_query", doctype="HP Doc", fields=["name"])
    assert (answer.status_code, answer.json["exc_type"]) == (403, "PermissionError")
    desk.write(f"{VIEW}export_query", doctype="HP Doc", fields=["name"])
    assert desk.get("frappe.client.get_count", doctype="Access Log", filters={"export_from": "HP Doc"}) > 0


def test_the_same_done_to_many_names_what_failed(desk: Desk) -> None:
    names = [desk.new("HP Doc", title=f"bulk {number}") for number in range(3)]
    call = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
    answer = desk.write(call, doctype="HP Doc", docnames=[*names, "nope"], action="submit")
    assert answer.json["message"] == ["nope"]
    assert "nope" in answer.json["_server_messages"]
    found = desk.get("frappe.client.get_list", doctype="HP Doc", filters={"name": ["in", names]}, fields=["docstatus"])
    assert [row["docstatus"] for row in found] == [1, 1, 1]
    changed = desk.write(call, doctype="HP Doc", docnames=names, action="update", data={"title": "not after submit"})
    assert changed.json["message"] == names


def test_several_are_deleted_and_those_that_can_not_be_are_told(desk: Desk) -> None:
    free, submitted = desk.new("HP Doc", title="free"), desk.new("HP Doc", title="s", docstatus=1)
    answer = desk.write(f"{VIEW}delete_items", doctype="HP Doc", items=[free, submitted])
    assert answer.status_code == 200
    assert submitted in answer.json["_server_messages"]
    assert desk.get("frappe.client.get_count", doctype="HP Doc", filters={"name": ["in", [free, submitted]]}) == 1


def test_a_list_is_kept_as_a_report_and_run(desk: Desk) -> None:
    settings = {
        "fields": [["name", "HP Doc"], ["n", "HP Doc"]],
        "filters": [["HP Doc", "n", "<", 3], ["HP Doc", "title", "like", "doc %"]],
    }
    desk.post(f"{VIEW}save_report", name="Small ones", doctype="HP Doc", report_settings=settings)
    answer = desk.get("frappe.desk.query_report.run", report_name="Small ones", filters={})
    assert sorted(row["n"] for row in answer["result"]) == [0, 1, 2]
    assert [column["fieldname"] for column in answer["columns"]] == ["name", "n"]


def test_list_settings(desk: Desk) -> None:
    desk.post("frappe.desk.listview.set_list_settings", doctype="HP Doc", values={"disable_count": 1})
    assert desk.get("frappe.desk.listview.get_list_settings", doctype="HP Doc")["disable_count"] == 1


def test_a_page_costs_one_query(desk: Desk, sql_count: Any) -> None:
    from frappe_engine.desk.lists import read
    from frappe_engine.kit.attrdict import _dict

    asked = _dict(doctype="HP Doc", fields=json.dumps(["name", "title"]), page_length=20)
    with desk.web.site.connected():
        read(_dict(asked))
        with sql_count() as seen:
            assert len(read(_dict(asked))) == 20
    assert len(seen) == 1, str(seen)
