"""What the framework does in corners where an app that was written for it would notice a difference.

Every expectation was observed on the framework itself; the tests run on SQLite and on MariaDB.
"""

from __future__ import annotations

from typing import Any

import pytest
from doctypes import voucher

ROW = [
    {"fieldname": "sku", "fieldtype": "Data", "label": "SKU"},
    {"fieldname": "note", "fieldtype": "Data", "label": "Note", "allow_on_submit": 1},
]


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The package, connected as Administrator."""
    return frappe_connected


def make(frappe: Any, name: str, fields: list[dict[str, Any]], **values: Any) -> None:
    """Make a DocType for one test."""
    rights = {"role": "System Manager", **dict.fromkeys(["read", "write", "create", "delete"], 1)}
    rights["submit"] = values.get("is_submittable", 0)
    given = {"doctype": "DocType", "module": "Core", "custom": 1, "permissions": [rights], "fields": fields, **values}
    frappe.get_doc({**given, "name": name}).insert()


def two_notes(frappe: Any) -> None:
    """Store two vouchers that differ in the case of what is noted."""
    for note in ("Open", "closed"):
        voucher(frappe, note=note, title=f"case {note}").insert()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (["!=", "open"], ["closed"]),
        (["not in", ["OPEN"]], ["closed"]),
        (["in", ["open", ""]], ["Open"]),
        (["<=", "OPEN"], ["closed", "Open"]),
        (["<", "open"], ["closed"]),
    ],
)
def test_filters_tell_no_case_apart(frappe: Any, condition: list[Any], expected: list[str]) -> None:
    two_notes(frappe)
    found = frappe.get_all(
        "API Voucher", {"note": condition, "title": ["like", "case %"]}, pluck="note", order_by="note asc"
    )
    assert found == expected


@pytest.mark.parametrize(
    "condition",
    [
        "ifnull(note, '') = 'OPEN'",
        "'open' = lower(note)",
        "coalesce(note, '') in ('open')",
        "concat(note, '') like 'oPEN'",
    ],
)
def test_texts_of_functions_tell_no_case_apart(frappe: Any, condition: str) -> None:
    two_notes(frappe)
    assert frappe.db.sql_list(f"select note from `tabAPI Voucher` where title like 'case %' and {condition}") == [
        "Open"
    ]


def test_texts_of_functions_sort_without_case(frappe: Any) -> None:
    two_notes(frappe)
    query = "select note from `tabAPI Voucher` where title like 'case %' order by ifnull(note, '')"
    assert frappe.db.sql_list(query) == ["closed", "Open"]


def test_having_without_groups_filters_rows(frappe: Any) -> None:
    two_notes(frappe)
    query = "select note, length(note) size from `tabAPI Voucher` where title like 'case %' having size > 4 # long ones"
    assert frappe.db.sql(query) == (("closed", 6),)


def test_sql_tells_how_many_rows_changed(frappe: Any) -> None:
    two_notes(frappe)
    frappe.db.sql("update `tabAPI Voucher` set amount = 7 where title like 'case %'")
    assert frappe.db.sql("select row_count()") == ((2,),)


def test_doubled_percent_signs_are_one_where_values_are_given(frappe: Any) -> None:
    assert frappe.db.sql("select 'a%%b'", ())[0][0] == "a%b"
    assert frappe.db.sql("select 'a%%b'")[0][0] == "a%%b"


def test_rows_are_joined_once_however_they_are_named(frappe: Any) -> None:
    name = voucher(frappe, rows=[{"item": "a"}, {"item": "b"}]).insert().name
    found = frappe.get_all(
        "API Voucher",
        [["API Row", "item", "is", "set"], ["name", "=", name]],
        ["rows.item"],
        order_by="`tabAPI Row`.idx desc",
    )
    assert [row["item"] for row in found] == ["b", "a"]


def test_several_names_in_one_text_give_several_values(frappe: Any) -> None:
    name = voucher(frappe, title="T1", kind="A").insert().name
    assert frappe.db.get_value("API Voucher", name, "title, kind") == ("T1", "A")
    assert frappe.db.get_value("API Voucher", name, "*").title == "T1"
    assert frappe.get_list("API Voucher", fields='["title"]', filters={"name": name}) == [{"title": "T1"}]


def test_lists_count_comments_where_asked(frappe: Any) -> None:
    document = voucher(frappe).insert()
    document.add_comment("Comment", "seen")
    (row,) = frappe.get_list("API Voucher", fields=["name"], filters={"name": document.name}, with_comment_count=True)
    assert row["_comment_count"] == 1


def test_queries_by_parts_change_and_remove_rows(frappe: Any) -> None:
    name = voucher(frappe).insert().name
    frappe.qb.get_query("API Voucher", update=True, filters={"name": name}).set("note", "new").run()
    assert frappe.db.get_value("API Voucher", name, "note") == "new"
    frappe.qb.get_query("API Row", delete=True, filters={"parent": name}).run()
    assert frappe.db.count("API Row", {"parent": name}) == 0


def test_a_day_and_a_time_make_a_moment(frappe: Any) -> None:
    from frappe.query_builder.functions import Timestamp

    (row,) = frappe.qb.from_("User").select(Timestamp("2026-01-02", "03:04:05")).limit(1).run()
    assert str(row[0]) == "2026-01-02 03:04:05"


def test_rows_that_stay_after_submit_keep_what_may_not_change(frappe: Any) -> None:
    make(frappe, "Kept Row", ROW, istable=1, permissions=[])
    make(
        frappe,
        "Kept",
        [{"fieldname": "rows", "fieldtype": "Table", "options": "Kept Row", "allow_on_submit": 1}],
        is_submittable=1,
    )
    document = frappe.get_doc(doctype="Kept", rows=[{"sku": "A"}]).insert().submit().reload()
    document.rows[0].note = "allowed"
    document.append("rows", {"sku": "B"})
    document.save()
    document.rows[0].sku = "C"
    with pytest.raises(frappe.UpdateAfterSubmitError):
        document.save()


@pytest.mark.parametrize("change", [{"owner": "Guest"}, {"creation": "2020-01-01 00:00:00"}])
def test_who_made_a_document_and_when_stays(frappe: Any, change: dict[str, str]) -> None:
    document = voucher(frappe).insert().reload()
    with pytest.raises(frappe.CannotChangeConstantError):
        document.update(change).save()


def test_the_field_that_names_a_document_changes_by_renaming_alone(frappe: Any) -> None:
    make(
        frappe,
        "Named",
        [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}],
        autoname="field:title",
        allow_rename=1,
    )
    document = frappe.get_doc(doctype="Named", title="One").insert()
    document.title = "Two"
    assert (document.save().title, frappe.db.get_value("Named", "One", "title")) == ("One", "One")
    frappe.rename_doc("Named", "One", "Three")
    assert frappe.get_doc("Named", "Three").title == "Three"
    assert "Three" in str(frappe.local.message_log[-1])


def test_documents_that_are_not_validated_are_prepared_all_the_same(
    frappe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = voucher(frappe)
    document.flags.ignore_validate = True
    seen: list[str] = []
    monkeypatch.setattr(type(document), "run_method", lambda self, event, *args, **kwargs: seen.append(event))
    document.insert()
    assert ("before_validate" in seen, "validate" in seen) == (True, False)


def test_numbers_of_a_single_that_were_never_set_are_zero(frappe: Any) -> None:
    kinds = {"count": "Int", "share": "Percent", "name_of_it": "Data", "day": "Date"}
    make(
        frappe,
        "Lone",
        [{"fieldname": name, "fieldtype": kind, "label": name} for name, kind in kinds.items()],
        issingle=1,
    )
    assert [frappe.db.get_single_value("Lone", name) for name in kinds] == [0, 0.0, None, None]


def test_a_default_of_user_permissions_is_the_users_default(frappe: Any) -> None:
    limit = {"doctype": "User Permission", "user": "api@example.com", "allow": "Country"}
    frappe.get_doc({**limit, "for_value": "Norway"}).insert()
    frappe.get_doc({**limit, "for_value": "China", "is_default": 1}).insert()
    assert frappe.defaults.get_user_default("Country", "api@example.com") == "China"
    frappe.defaults.set_user_default("country", "Peru", "api@example.com")
    assert frappe.defaults.get_user_default("Country", "api@example.com") is None


def test_limits_for_a_doctype_hold_for_its_rows(frappe: Any) -> None:
    rights = [{"role": "Report Manager", "read": 1}]
    make(
        frappe,
        "Limited Row",
        [{"fieldname": "country", "fieldtype": "Link", "options": "Country"}],
        istable=1,
        permissions=[],
    )
    rows = {"fieldname": "rows", "fieldtype": "Table", "options": "Limited Row"}
    make(frappe, "Limited", [rows], permissions=rights)
    names = [frappe.get_doc(doctype="Limited", rows=[{"country": name}]).insert().name for name in ("Norway", "China")]
    limit = {"allow": "Country", "for_value": "China", "apply_to_all_doctypes": 0, "applicable_for": "Limited"}
    frappe.get_doc(doctype="User Permission", user="api@example.com", **limit).insert()
    frappe.set_user("api@example.com")
    assert frappe.get_list("Limited", pluck="name") == [names[1]]
    assert [frappe.get_doc("Limited", name).has_permission("read") for name in names] == [False, True]


def test_unknown_methods_of_a_definition_are_named(frappe: Any) -> None:
    with pytest.raises(NotImplementedError, match=r"Meta\.get_something_new"):
        frappe.get_meta("API Voucher").get_something_new()
    assert not hasattr(frappe.get_meta("API Voucher"), "get_something_new")


@pytest.mark.parametrize("value", ["12abc", ""])
def test_columns_of_numbers_take_no_other_texts(frappe: Any, value: str) -> None:
    name = voucher(frappe, amount=5).insert().name
    with pytest.raises(frappe.DataError):
        frappe.db.set_value("API Voucher", name, "amount", value)
    frappe.db.set_value("API Voucher", name, "amount", "7.5")
    assert frappe.db.get_value("API Voucher", name, "amount") == 7.5


def test_a_transaction_can_be_ended_by_sql(frappe: Any) -> None:
    told: list[str] = []
    frappe.db.after_rollback.add(lambda: told.append("rolled back"))
    name = voucher(frappe).insert().name
    frappe.db.sql("ROLLBACK;")
    assert (told, frappe.db.exists("API Voucher", name)) == (["rolled back"], None)


def test_files_tell_their_type(frappe: Any) -> None:
    file = frappe.get_doc(doctype="File", file_name="told.txt", content="x").insert()
    assert frappe.db.get_value("File", file.name, "file_type") == "TXT"


@pytest.mark.parametrize("query", ["order by said, title", "order by `said`, title", "order by 1, title"])
def test_texts_of_functions_sort_without_case_by_the_name_they_get(frappe: Any, query: str) -> None:
    two_notes(frappe)
    names = "select ifnull(note, '') as said from `tabAPI Voucher` where title like 'case %'"
    assert frappe.db.sql_list(f"{names} {query}") == ["closed", "Open"]


def test_lists_sort_and_group_what_is_computed_without_case(frappe: Any) -> None:
    for note in ("b", "A", "B", "c"):
        voucher(frappe, note=note, title="computed").insert()
    said = {"filters": {"title": "computed"}, "fields": ["ifnull(note, '') as said", "count(*) as n"]}
    assert frappe.get_all("API Voucher", **said, group_by="said", order_by="said", pluck="n") == [1, 2, 1]
    sorted_by_call = frappe.get_all(
        "API Voucher", {"title": "computed"}, pluck="note", order_by="ifnull(note, '') desc, name"
    )
    assert sorted_by_call == ["c", "b", "B", "A"]


@pytest.mark.parametrize("page", [{"limit": -1}, {"limit_start": -1, "limit_page_length": 2}])
def test_a_page_of_less_than_no_rows_is_refused(frappe: Any, page: dict[str, int]) -> None:
    with pytest.raises(frappe.DataError, match="0 or more"):
        frappe.get_all("API Voucher", **page)


@pytest.mark.parametrize(("field", "value"), [("who_name", "x" * 141), ("from_date", "someday")])
def test_values_set_past_the_controller_fit_their_columns(frappe: Any, field: str, value: str) -> None:
    name = voucher(frappe).insert().name
    before = frappe.db.get_value("API Voucher", name, field)
    for write in (
        lambda: frappe.db.set_value("API Voucher", name, field, value),
        lambda: frappe.db.bulk_update("API Voucher", {name: {field: value}}),
    ):
        with pytest.raises((frappe.DataError, frappe.db.DataError)) as refused:
            write()
        assert frappe.db.is_data_too_long(refused.value) == (field == "who_name")
    assert frappe.db.get_value("API Voucher", name, field) == before


def test_rights_on_own_documents_alone_give_lists_but_nothing_without_a_document(frappe: Any) -> None:
    make(frappe, "API Own Note", [{"fieldname": "note", "fieldtype": "Data", "label": "Note"}])
    rule = frappe.get_doc("DocType", "API Own Note")
    rule.append("permissions", {"role": "All", "if_owner": 1, "read": 1, "write": 1, "delete": 1, "create": 1})
    rule.save()
    user = frappe.get_doc(doctype="User", email="own-note@example.com", first_name="Own").insert().name
    given = {
        right: frappe.has_permission("API Own Note", right, user=user)
        for right in ("read", "create", "write", "delete")
    }
    assert given == {"read": True, "create": True, "write": False, "delete": False}


@pytest.mark.parametrize(("value", "stored"), [(-3313, 1), ("7", 1), (0, 0), ("0", 0), (True, 1)])
def test_a_check_is_one_or_nothing(frappe: Any, value: Any, stored: int) -> None:
    task = frappe.get_doc(doctype="User", email="check@example.com", first_name="C")
    task.thread_notify = value
    assert (task.insert().thread_notify, frappe.db.get_value("User", task.name, "thread_notify")) == (stored, stored)
