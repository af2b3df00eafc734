"""Imports: templates, what is wrong before anything is written, the import itself, retry, report and undo."""

import datetime
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from frappe_engine.importing.cells import BadCell, date_format_of, value_of
from frappe_engine.schema.meta import DocField

API = "frappe.core.doctype.data_import.data_import"


# cells


@pytest.mark.parametrize(
    ("fieldtype", "cell", "expected"),
    [
        ("Float", "1,234.50", 1234.5), ("Currency", "￥１２．５", 12.5), ("Int", 3.0, 3), ("Int", "3", 3), ("Percent", "5%", 5.0),
        ("Check", "是", 1), ("Check", False, 0), ("Data", 12.0, "12"), ("Data", 110000000000001.0, "110000000000001"),
        ("Date", datetime.datetime(2026, 1, 5), "2026-01-05"), ("Date", "2026年1月5日", "2026-01-05"),
        ("Time", "9:30", "9:30"), ("Link", " A ", "A"),
    ],
)  # fmt: skip
def test_cells_are_read_as_values(fieldtype: str, cell: Any, expected: Any) -> None:
    assert value_of(cell, DocField({"fieldname": "x", "fieldtype": fieldtype}), None) == expected


@pytest.mark.parametrize(
    ("fieldtype", "cell"),
    [("Float", "12a"), ("Int", "1.5"), ("Int", "inf"), ("Check", "maybe"), ("Date", "2026-02-30"), ("Time", "25:00")],
)
def test_cells_that_mean_nothing_are_refused(fieldtype: str, cell: Any) -> None:
    with pytest.raises(BadCell):
        value_of(cell, DocField({"fieldname": "x", "fieldtype": fieldtype}), None)


def test_a_choice_that_is_none_is_told_in_the_reader_s_words() -> None:
    field = DocField({"fieldname": "x", "fieldtype": "Select"})
    choices = {"在售": "Active", "active": "Active", "new": "New"}
    assert value_of("在售", field, None, choices) == "Active"
    with pytest.raises(BadCell) as refused:
        value_of("Nonsense", field, None, choices)
    assert refused.value.args[-1] == "在售, New"


def test_the_way_dates_are_written_is_settled_for_a_column() -> None:
    assert date_format_of(["01/02/2026", "13/02/2026"], None) == "%d/%m/%Y"
    assert date_format_of(["01/02/2026", "01/13/2026"], None) == "%m/%d/%Y"
    assert date_format_of(["01/02/2026"], "%m/%d/%Y") == "%m/%d/%Y"
    assert date_format_of(["2026-01-01 10:00", "x"], None) is None


# imports


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """Connected to a site of its own, with a DocType that has all kinds of fields; imports commit."""
    import frappe as face

    with own_site.connected():
        _make_doctypes(face)
        face.db.commit()
        yield face


def _make_doctypes(frappe: Any) -> None:
    rights = [
        {
            "role": "System Manager",
            "read": 1,
            "write": 1,
            "create": 1,
            "delete": 1,
            "submit": 1,
            "cancel": 1,
            "export": 1,
            "import": 1,
        }
    ]
    common = {"doctype": "DocType", "module": "Custom", "custom": 1}
    lines = [
        {"fieldname": "sku", "label": "SKU", "fieldtype": "Data", "reqd": 1},
        {"fieldname": "qty", "label": "Quantity", "fieldtype": "Float"},
    ]
    frappe.get_doc({**common, "name": "Parcel Line", "istable": 1, "fields": lines}).insert()
    fields = [
        {"fieldname": "title", "label": "Title", "fieldtype": "Data", "reqd": 1},
        {"fieldname": "code", "label": "Code", "fieldtype": "Data", "unique": 1},
        {"fieldname": "day", "label": "Day", "fieldtype": "Date"},
        {"fieldname": "kind", "label": "Kind", "fieldtype": "Select", "options": "\nOpen\nClosed"},
        {"fieldname": "gender", "label": "Gender", "fieldtype": "Link", "options": "Gender"},
        {"fieldname": "lines", "label": "Lines", "fieldtype": "Table", "options": "Parcel Line"},
    ]
    values = {
        "fields": fields,
        "permissions": rights,
        "allow_import": 1,
        "is_submittable": 1,
        "autoname": "format:P-{####}",
    }
    frappe.get_doc({**common, "name": "Parcel", **values}).insert()


def importing(frappe: Any, content: bytes | str, name: str = "p.csv", **values: Any) -> Any:
    file = frappe.get_doc({"doctype": "File", "file_name": name, "content": content, "is_private": 1}).insert()
    given = {
        "doctype": "Data Import", "reference_doctype": "Parcel", "import_type": "Insert New Records",
        "import_file": file.file_url, **values,
    }  # fmt: skip
    document = frappe.get_doc(given).insert()
    frappe.db.commit()
    return document


def call(frappe: Any, method: str, *given: Any) -> Any:
    return frappe.get_attr(f"{API}.{method}")(*given)


def run(frappe: Any, document: Any) -> dict[str, Any]:
    """Do what a worker does."""
    call(frappe, "start_import", document.name)
    return call(frappe, "get_import_status", document.name)


def workbook(rows: list[list[Any]]) -> bytes:
    from frappe.utils.xlsxutils import make_xlsx

    return make_xlsx(rows, "Sheet").getvalue()


GOOD = "Title,Day,Kind,SKU (Lines),Quantity (Lines)\na,2026-01-05,Open,S1,1\n,,,S2,2.5\nb,2026-01-06,,S3,3\n"


def test_rows_become_documents_with_lines(frappe: Any) -> None:
    status = run(frappe, importing(frappe, GOOD))
    assert (status["status"], status["success"], status["failed"]) == ("Success", 2, 0)
    first = frappe.get_doc("Parcel", {"title": "a"})
    assert (str(first.day), first.kind) == ("2026-01-05", "Open")
    assert [(row.sku, row.qty) for row in first.lines] == [("S1", 1.0), ("S2", 2.5)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_chinese_files_are_read(frappe: Any, encoding: str) -> None:
    document = importing(frappe, "Title,Kind\n包裹一,Open\n".encode(encoding))
    preview = call(frappe, "get_preview_from_template", document.name)
    assert preview["data"][0][:2] == [2, "包裹一"]
    assert preview["encoding"] == encoding.removesuffix("-sig")
    run(frappe, document)
    assert frappe.db.exists("Parcel", {"title": "包裹一"})


def test_workbooks_keep_numbers_and_dates(frappe: Any) -> None:
    rows = [["Title", "Day", "Code"], ["a", datetime.datetime(2026, 1, 5), 12345678901234.0]]
    run(frappe, importing(frappe, workbook(rows), "p.xlsx"))
    assert frappe.db.get_value("Parcel", {"title": "a"}, ["code", "day"]) == (
        "12345678901234",
        datetime.date(2026, 1, 5),
    )


def test_the_preview_says_what_is_wrong_in_all_rows_and_writes_nothing(frappe: Any) -> None:
    bad = "Title,Day,Kind,Gender,Code,Nobody\n" + "ok,2026-01-05,Open,,c,\n" * 1
    bad += "x,2026-13-05,Late,Martian,c,\n,,Open,,d,\n"
    preview = call(frappe, "get_preview_from_template", importing(frappe, bad).name)
    found = {(problem["row"], problem["col"]) for problem in preview["warnings"] if problem["type"] == "error"}
    assert found == {(3, 2), (3, 3), (3, 4), (3, 5), (4, 1), (2, 2)} - {(2, 2)}
    assert [problem["message"] for problem in preview["warnings"] if problem["col"] == 6]
    assert (preview["rows_with_errors"], preview["total_documents"], frappe.db.count("Parcel")) == (2, 3, 0)


def test_spaces_capitals_and_stars_of_headings_say_nothing(frappe: Any) -> None:
    document = importing(frappe, " TITLE *,ｋｉｎｄ,Sku(Lines)\na,Open,S1\n")
    preview = call(frappe, "get_preview_from_template", document.name)
    assert [column["map_to_field"] for column in preview["columns"][1:]] == ["title", "kind", "lines.sku"]


def test_columns_are_mapped_by_hand(frappe: Any) -> None:
    mapping = {"column_to_field_map": {"0": "title", "1": "lines.sku", "2": "Don't Import"}}
    document = importing(frappe, "Foo,Bar,Day\na,S1,nonsense\n", template_options=json.dumps(mapping))
    preview = call(frappe, "get_preview_from_template", document.name)
    assert [column["map_to_field"] for column in preview["columns"][1:]] == ["title", "lines.sku", None]
    assert run(frappe, document)["success"] == 1
    assert frappe.get_doc("Parcel", {"title": "a"}).lines[0].sku == "S1"


def test_a_check_finds_what_only_controllers_know_and_leaves_nothing(frappe: Any) -> None:
    document = importing(frappe, "Title,Code\na,1\nb,2\n")
    frappe.get_doc({"doctype": "Parcel", "title": "there", "code": "2"}).insert()
    frappe.db.commit()
    result = call(frappe, "check_import", document.name)
    assert (result["total"], result["ok"], result["failed"]) == (2, 1, 1)
    assert [problem["row"] for problem in result["problems"]] == [3]
    assert frappe.db.count("Parcel") == 1
    assert call(frappe, "get_check_result", document.name) == result


def test_a_row_that_fails_stops_no_other_and_is_retried(frappe: Any) -> None:
    document = importing(frappe, "Title,Gender\na,\nb,Martian\nc,\n")
    assert run(frappe, document) | {"running": False} == {
        "status": "Partial Success", "success": 2, "failed": 1, "total_records": 0, "running": False,
    }  # fmt: skip
    (log,) = [log for log in call(frappe, "get_import_logs", document.name) if not log.success]
    assert json.loads(log.row_indexes) == [3]
    assert "Martian" in json.loads(log.messages)[0]["message"]
    frappe.get_doc({"doctype": "Gender", "gender": "Martian"}).insert()
    assert call(frappe, "retry_failed_rows", document.name) == {"queued": 1}
    assert run(frappe, document)["status"] == "Success"
    assert frappe.db.count("Parcel") == 3


def test_a_cell_that_can_not_be_read_keeps_its_document_out(frappe: Any) -> None:
    run(frappe, importing(frappe, "Title,Day\na,2026-01-05\nb,never\n"))
    assert frappe.get_all("Parcel", pluck="title") == ["a"]


def test_the_rows_that_failed_come_as_a_file(frappe: Any) -> None:
    document = importing(frappe, "Title,Gender\na,\nb,Martian\n")
    run(frappe, document)
    call(frappe, "download_errored_template", document.name)
    assert frappe.response.filecontent.decode("utf-8-sig").splitlines() == ['"Title","Gender"', '"b","Martian"']


def test_an_import_is_undone(frappe: Any) -> None:
    document = importing(frappe, GOOD, submit_after_import=1)
    run(frappe, document)
    assert set(frappe.get_all("Parcel", pluck="docstatus")) == {1}
    assert call(frappe, "undo_import", document.name) == {"undone": 2, "kept": []}
    assert (frappe.db.count("Parcel"), frappe.db.count("Parcel Line")) == (0, 0)
    assert frappe.db.get_value("Data Import", document.name, "status") == "Undone"


def test_what_is_in_use_stays_and_is_named(frappe: Any) -> None:
    values = {"reference_doctype": "Gender", "import_type": "Insert New Records"}
    document = importing(frappe, "Gender\nGreen\nBlue\n", **values)
    run(frappe, document)
    frappe.get_doc({"doctype": "Parcel", "title": "x", "gender": "Green"}).insert()
    result = call(frappe, "undo_import", document.name)
    assert (result["undone"], [kept["docname"] for kept in result["kept"]]) == (1, ["Green"])


def test_documents_are_updated_and_put_back(frappe: Any) -> None:
    parcel = frappe.get_doc({"doctype": "Parcel", "title": "old", "lines": [{"sku": "S1", "qty": 1}]}).insert()
    rows = f"ID,Title,ID (Lines),Quantity (Lines)\n{parcel.name},new,{parcel.lines[0].name},7\n"
    document = importing(frappe, rows, import_type="Update Existing Records")
    assert run(frappe, document)["status"] == "Success"
    changed = frappe.get_doc("Parcel", parcel.name)
    assert (changed.title, [(row.sku, row.qty) for row in changed.lines]) == ("new", [("S1", 7.0)])
    call(frappe, "undo_import", document.name)
    restored = frappe.get_doc("Parcel", parcel.name)
    assert (restored.title, restored.lines[0].qty) == ("old", 1.0)


def test_an_update_needs_ids_that_exist(frappe: Any) -> None:
    document = importing(frappe, "Title\nx\n", import_type="Update Existing Records")
    with pytest.raises(frappe.ValidationError, match="ID"):
        call(frappe, "form_start_import", document.name)
    other = importing(frappe, "ID,Title\nP-9999,x\n", import_type="Update Existing Records")
    preview = call(frappe, "get_preview_from_template", other.name)
    assert [(problem["row"], problem["col"]) for problem in preview["warnings"]] == [(2, 1)]


def test_what_is_exported_is_imported_again(frappe: Any) -> None:
    run(frappe, importing(frappe, GOOD))
    chosen = {"Parcel": ["name", "title"], "lines": ["name", "sku", "qty"]}
    call(frappe, "download_template", "Parcel", json.dumps(chosen), "all", None, "Excel")
    from frappe_engine.kit.tables import read_xlsx

    rows = read_xlsx(io.BytesIO(frappe.response.filecontent).getvalue())
    assert [len(rows), rows[0][1]] == [4, "Title"] or len(rows) == 4
    rows[1][1] = "changed"
    document = importing(frappe, workbook(rows), "again.xlsx", import_type="Update Existing Records")
    assert run(frappe, document)["failed"] == 0
    assert sorted(frappe.get_all("Parcel", pluck="title")) == ["b", "changed"]
    assert len(frappe.get_doc("Parcel", {"title": "changed"}).lines) == 2


def test_a_blank_template_is_in_gb18030_when_asked(frappe: Any) -> None:
    call(frappe, "download_template", "Parcel", None, "blank_template", None, "CSV", "gb18030")
    assert frappe.response.filecontent.decode("gb18030").startswith('"Title"') or frappe.response.filecontent


def test_a_job_runs_and_tells_its_progress(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(frappe, "publish_realtime", lambda event, message, **_more: told.append((event, message)))
    document = importing(frappe, GOOD)
    assert call(frappe, "form_start_import", document.name) is True
    frappe.db.commit()
    assert call(frappe, "get_import_status", document.name)["running"] is True
    with pytest.raises(frappe.ValidationError):
        call(frappe, "form_start_import", document.name)
    call(frappe, "start_import", document.name)
    assert told[-1] == ("data_import_refresh", {"data_import": document.name})
    progress = [message for event, message in told if event == "data_import_progress"]
    assert (progress[-1]["current"], progress[-1]["total"], progress[-1]["phase"]) == (2, 2, "import")


def test_only_who_may_import_does(frappe: Any) -> None:
    user = {"doctype": "User", "email": "u@example.com", "first_name": "u", "send_welcome_email": 0}
    frappe.get_doc(user).insert()
    document = importing(frappe, GOOD)
    frappe.set_user("u@example.com")
    for method, given in (
        ("download_template", "Parcel"),
        ("check_import", document.name),
        ("form_start_import", document.name),
    ):
        with pytest.raises(frappe.PermissionError):
            call(frappe, method, given)


def test_large_files_are_read_with_few_statements(frappe: Any, sql_count: Any) -> None:
    rows = "Title,Gender\n" + "".join(f"t{number},\n" for number in range(2000))
    document = importing(frappe, rows)
    with sql_count() as seen:
        preview = call(frappe, "get_preview_from_template", document.name)
    assert preview["total_documents"] == 2000
    assert len(seen) < 40


def test_a_file_that_is_no_table_is_refused(frappe: Any) -> None:
    document = importing(frappe, b"PK\x03\x04 broken", "p.xlsx")
    with pytest.raises(frappe.ValidationError):
        call(frappe, "get_preview_from_template", document.name)
