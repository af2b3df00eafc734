"""Documents: what each call of theirs does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import doctypes
import pytest
from doctypes import voucher


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The package, connected as Administrator."""
    return frappe_connected


# a call on a stored voucher, and what it gives or leaves behind
CALLS: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("Document.doctype", lambda doc: doc.doctype, "API Voucher"),
    ("Document.name", lambda doc: doc.name[:4], "APV-"),
    ("Document.naming_series", lambda doc: doc.naming_series, "APV-.####"),
    ("Document.owner", lambda doc: doc.owner, "Administrator"),
    ("Document.modified_by", lambda doc: doc.modified_by, "Administrator"),
    ("Document.docstatus", lambda doc: (int(doc.docstatus), doc.docstatus.is_draft()), (0, True)),
    ("Document.idx", lambda doc: (doc.idx, doc.rows[0].idx), (0, 1)),
    ("Document.parent", lambda doc: doc.rows[0].parent == doc.name, True),
    ("Document.parenttype", lambda doc: doc.rows[0].parenttype, "API Voucher"),
    ("Document.parentfield", lambda doc: doc.rows[0].parentfield, "rows"),
    ("Document.meta", lambda doc: doc.meta.name, "API Voucher"),
    (
        "Document.get",
        lambda doc: (doc.get("title"), doc.get("nosuch", 7), len(doc.get("rows", {"item": "x"}))),
        ("T", 7, 1),
    ),
    ("Document.set", lambda doc: (doc.set("title", "U"), doc.title)[1], "U"),
    ("Document.update", lambda doc: doc.update({"title": "V", "kind": "A"}).kind, "A"),
    ("Document.append", lambda doc: doc.append("rows", {"item": "y"}).idx, 2),
    ("Document.extend", lambda doc: (doc.extend("rows", [{"item": "y"}, {"item": "z"}]), len(doc.rows))[1], 3),
    ("Document.remove", lambda doc: (doc.remove(doc.rows[0]), doc.rows)[1], []),
    ("Document.is_new", lambda doc: bool(doc.is_new()), False),
    ("Document.precision", lambda doc: doc.precision("amount", "rows"), 2),
    ("Document.get_title", lambda doc: doc.get_title(), "T"),
    ("Document.get_url", lambda doc: doc.get_url().endswith(f"/app/api-voucher/{doc.name}"), True),
    ("Document.get_all_children", lambda doc: [row.item for row in doc.get_all_children()], ["x"]),
    (
        "Document.get_valid_dict",
        lambda doc: (doc.get_valid_dict()["title"], "rows" in doc.get_valid_dict()),
        ("T", False),
    ),
    ("Document.as_dict", lambda doc: doc.as_dict()["rows"][0]["item"], "x"),
    ("Document.has_permission", lambda doc: bool(doc.has_permission("write")), True),
    ("Document.get_assigned_users", lambda doc: doc.get_assigned_users(), set()),
    ("Document._assign", lambda doc: doc.get("_assign"), None),
    ("Document.flags", lambda doc: (setattr(doc.flags, "mine", 1), doc.flags.mine, doc.flags.other)[1:], (1, None)),
    ("Document.set_onload", lambda doc: (doc.set_onload("k", 1), doc.get("__onload")["k"])[1], 1),
]


@pytest.mark.parametrize(("name", "call", "expected"), CALLS, ids=[case[0] for case in CALLS])
def test_a_call_of_a_document(frappe: Any, name: str, call: Callable[[Any], Any], expected: Any) -> None:
    stored = frappe.get_doc("API Voucher", voucher(frappe).insert().name)
    assert call(stored) == expected


@pytest.mark.api(
    "Document.creation",
    "Document.modified",
    "Document.insert",
    "Document.save",
    "Document.reload",
    "Document.load_from_db",
)
def test_a_document_is_stored_and_read(frappe: Any) -> None:
    doc = voucher(frappe).insert()
    first = doc.modified
    doc.title = "U"
    doc.save()
    again = frappe.get_doc("API Voucher", doc.name)
    assert again.title == "U"
    assert isinstance(again.creation, datetime)
    assert str(again.modified) > str(first)
    frappe.db.set_value("API Voucher", doc.name, "title", "W")
    assert again.reload().title == "W"
    again.load_from_db()
    assert again.title == "W"


@pytest.mark.api("Document.__init__")
def test_a_document_is_made_of_values(frappe: Any) -> None:
    from frappe.model.document import BaseDocument, Document, get_controller

    doc = get_controller("API Voucher")({"doctype": "API Voucher", "title": "T", "__islocal": 1})
    assert isinstance(doc, Document)
    assert isinstance(doc, BaseDocument)
    assert isinstance(frappe.new_doc("API Voucher", title="T"), Document)
    assert doc.title == "T"
    assert doc.is_new()


@pytest.mark.api(
    "Document.db_set", "Document.db_update", "Document.db_update_all", "Document.db_insert", "Document.notify_update"
)
def test_the_table_is_written_past_the_checks(frappe: Any) -> None:
    doc = voucher(frappe).insert()
    doc.db_set("title", "U")
    doc.db_set({"kind": "B", "note": "n"}, update_modified=False, notify=True)
    assert frappe.db.get_value("API Voucher", doc.name, ["title", "kind"]) == ("U", "B")
    doc.amount, doc.rows[0].qty = 5, 9
    doc.db_update()
    assert frappe.db.get_value("API Voucher", doc.name, "amount") == 5
    doc.db_update_all()
    assert frappe.db.get_value("API Row", doc.rows[0].name, "qty") == 9
    raw = frappe.get_doc({"doctype": "API Voucher", "name": "raw", "title": "R"})
    raw.db_insert()
    raw.notify_update()
    assert frappe.db.exists("API Voucher", "raw")


@pytest.mark.api("Document.submit", "Document.cancel", "Document._cancel", "Document.amended_from")
def test_a_document_is_submitted_cancelled_and_amended(frappe: Any) -> None:
    changed = voucher(frappe).insert().submit()
    with pytest.raises(frappe.UpdateAfterSubmitError):
        changed.update({"title": "other"}).save()
    doc = voucher(frappe).insert()
    doc.submit()
    assert doc.docstatus.is_submitted()
    doc.cancel()
    copy = frappe.copy_doc(doc)
    copy.update({"amended_from": doc.name, "docstatus": 0})
    copy.insert()
    assert (copy.name, copy.amended_from) == (f"{doc.name}-1", doc.name)
    with pytest.raises(frappe.DocstatusTransitionError):
        voucher(frappe).insert().update({"docstatus": 2}).save()
    other = voucher(frappe).insert().submit()
    other._cancel()
    assert frappe.db.get_value("API Voucher", other.name, "docstatus") == 2


@pytest.mark.api(
    "Document.has_value_changed", "Document.get_doc_before_save", "Document._doc_before_save", "Document._action"
)
@pytest.mark.api("Document.run_method", "Document.validate", "Document.on_update", "Document.set_missing_values")
def test_what_changed_is_known_while_saving(frappe: Any) -> None:
    from frappe.tests.utils import patch_hooks

    doctypes.SEEN.clear()
    events = {
        "validate": ["doctypes.note_validate"],
        "on_update": ["doctypes.note_event"],
        "set_missing_values": ["doctypes.note_event"],
    }
    with patch_hooks({"doc_events": {"API Voucher": events}}):
        doc = voucher(frappe).insert()
        doc.title = "U"
        doc.save()
    first, second = doctypes.SEEN[:3], doctypes.SEEN[3:]
    assert first == ["set_missing_values", (True, None, True, "save"), "on_update"]
    assert second == ["set_missing_values", (True, "T", True, "save"), "on_update"]


# marks on a document that let something pass
FLAGS: list[tuple[str, str, dict[str, Any], str]] = [
    ("Document.flags.ignore_mandatory", "ignore_mandatory", {"title": None}, "MandatoryError"),
    ("Document.flags.ignore_links", "ignore_links", {"country": "Nowhere"}, "LinkValidationError"),
    ("Document.flags.ignore_permissions", "ignore_permissions", {}, "PermissionError"),
]


@pytest.mark.parametrize(("name", "flag", "values", "error"), FLAGS, ids=[case[0] for case in FLAGS])
def test_a_flag_lets_it_pass(frappe: Any, name: str, flag: str, values: dict[str, Any], error: str) -> None:
    if flag == "ignore_permissions":
        frappe.set_user("api@example.com")
    with pytest.raises(getattr(frappe, error)):
        voucher(frappe, **values).insert()
    doc = voucher(frappe, **values)
    doc.flags[flag] = True
    doc.insert()
    assert frappe.db.exists("API Voucher", doc.name)


@pytest.mark.api("Document.flags.ignore_validate", "Document.flags.ignore_validate_update_after_submit")
def test_checks_are_left_out_where_flags_say_so(frappe: Any) -> None:
    from frappe.tests.utils import patch_hooks

    with patch_hooks({"doc_events": {"API Voucher": {"validate": ["doctypes.refuse"]}}}):
        with pytest.raises(ValueError, match="refused"):
            voucher(frappe).insert()
        doc = voucher(frappe)
        doc.flags.ignore_validate = True
        doc.insert()
    doc.submit()
    doc.flags.ignore_validate_update_after_submit = True
    doc.title = "after"
    doc.save()
    assert frappe.db.get_value("API Voucher", doc.name, "title") == "after"


@pytest.mark.api("Document.flags.ignore_password_policy", "Document.flags.ignore_email_validation", "Document.website")
def test_flags_that_apps_set_stay_with_the_document(frappe: Any) -> None:
    user = frappe.get_doc("User", "api@example.com")
    user.flags.ignore_password_policy = user.flags.ignore_email_validation = True
    user.new_password = "abc"
    user.save()
    assert frappe.utils.password.check_password("api@example.com", "abc") == "api@example.com"


@pytest.mark.api("Document.get_password")
def test_passwords_are_kept_apart(frappe: Any) -> None:
    doc = voucher(frappe, secret="s3cret").insert()
    assert frappe.db.get_value("API Voucher", doc.name, "secret") == "******"
    assert frappe.get_doc("API Voucher", doc.name).get_password("secret") == "s3cret"
    assert frappe.utils.password.get_decrypted_password("API Voucher", doc.name, "secret") == "s3cret"


@pytest.mark.api("Document.check_permission", "Document.apply_fieldlevel_read_permissions")
def test_rights_are_asked_of_the_document(frappe: Any) -> None:
    doc = voucher(frappe, hidden_cost=5).insert()
    frappe.set_user("api@example.com")
    with pytest.raises(frappe.PermissionError):
        doc.check_permission("read")
    doc.apply_fieldlevel_read_permissions()
    assert doc.get("hidden_cost") is None


@pytest.mark.api("Document.delete", "Document.on_trash")
def test_a_document_is_deleted(frappe: Any) -> None:
    from frappe.tests.utils import patch_hooks

    doctypes.SEEN.clear()
    doc = voucher(frappe).insert()
    with patch_hooks({"doc_events": {"API Voucher": {"on_trash": ["doctypes.note_event"]}}}):
        doc.delete()
    assert doctypes.SEEN == ["on_trash"]
    assert not frappe.db.exists("API Voucher", doc.name)
    frappe.delete_doc_if_exists("API Voucher", doc.name)
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_doc("API Voucher", doc.name)


@pytest.mark.api("Document.rename")
def test_a_document_is_renamed_with_its_links(frappe: Any) -> None:
    from frappe.model.rename_doc import rename_doc

    doc = voucher(frappe).insert()
    frappe.db.set_value("DocType", "API Voucher", "allow_rename", 1)
    frappe.clear_cache(doctype="API Voucher")
    copy = voucher(frappe, amended_from=None).insert()
    copy.db_set("amended_from", doc.name)
    assert rename_doc("API Voucher", doc.name, "first", force=True) == "first"
    assert frappe.db.get_value("API Voucher", copy.name, "amended_from") == "first"
    frappe.get_doc("API Voucher", "first").rename("second", force=True)
    assert frappe.db.exists("API Voucher", "second")


@pytest.mark.api("Document.add_comment", "Document.add_viewed", "Document.save_version", "Document.log_error")
def test_what_happens_to_a_document_is_kept(frappe: Any) -> None:
    doc = voucher(frappe).insert()
    assert doc.add_comment("Comment", text="hello").reference_name == doc.name
    doc.add_viewed(user="Administrator", force=True)
    assert frappe.db.count("View Log", {"reference_name": doc.name}) == 1
    doc.title = "U"
    doc.save(ignore_version=False)
    doc.save_version()
    assert frappe.db.count("Version", {"docname": doc.name}) >= 1
    log = doc.log_error("Broken", "why")
    assert (log.reference_doctype, log.reference_name, log.method, log.error) == (
        "API Voucher",
        doc.name,
        "Broken",
        "why",
    )


@pytest.mark.api("Document.validate_from_to_dates", "Document.round_floats_in", "Document.set_new_name")
def test_small_helpers_of_documents(frappe: Any) -> None:
    doc = voucher(frappe, from_date="2024-03-01", to_date="2024-02-01", amount=1.23456)
    doc.round_floats_in(doc)
    assert doc.amount == 1.23
    with pytest.raises(frappe.exceptions.InvalidDates):
        doc.validate_from_to_dates("from_date", "to_date")
    doc.set_new_name()
    assert doc.name.startswith("APV-")


@pytest.mark.api("Document.onload")
def test_forms_load_more_than_is_stored(frappe: Any) -> None:
    from frappe.desk.form.load import getdoc
    from frappe.tests.utils import patch_hooks

    doctypes.SEEN.clear()
    doc = voucher(frappe).insert()
    with patch_hooks({"doc_events": {"API Voucher": {"onload": ["doctypes.note_event"]}}}):
        getdoc("API Voucher", doc.name)
    assert "onload" in doctypes.SEEN


@pytest.mark.api("Document.is_child_table_same")
def test_a_table_that_changed_is_told_from_one_that_did_not(frappe: Any) -> None:
    doc = frappe.get_doc("API Voucher", voucher(frappe).insert().name)
    doc.load_doc_before_save()
    assert doc.is_child_table_same("rows")
    doc.rows[0].qty = 3
    assert not doc.is_child_table_same("rows")


@pytest.mark.api("Document.queue_action")
def test_an_action_waits_in_the_queue(frappe: Any) -> None:
    from frappe.model.document import Document

    waiting = voucher(frappe).insert()
    waiting.queue_action("submit")
    with pytest.raises(frappe.DocumentLockedError):
        waiting.submit()
    waiting.unlock()
    Document.queue_action(doc := voucher(frappe).insert(), "submit", now=True)
    assert frappe.db.get_value("API Voucher", doc.name, "docstatus") == 1


# metas


META: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("Meta.get_field", lambda meta: meta.get_field("title").label, "Title"),
    ("Meta.has_field", lambda meta: (meta.has_field("title"), meta.has_field("nosuch")), (True, False)),
    ("Meta.get_label", lambda meta: meta.get_label("from_date"), "From"),
    ("Meta.get_options", lambda meta: meta.get_options("who"), "User"),
    ("Meta.fields", lambda meta: [field.fieldname for field in meta.fields][:2], ["naming_series", "title"]),
    ("Meta.get", lambda meta: [field.fieldname for field in meta.get("fields", {"fieldtype": "Table"})], ["rows"]),
    ("Meta.get_search_fields", lambda meta: set(meta.get_search_fields()) >= {"kind", "who"}, True),
    ("Meta.istable", lambda meta: meta.istable, 0),
    ("Meta.issingle", lambda meta: meta.issingle, 0),
    ("Meta.autoname", lambda meta: meta.autoname, "naming_series:"),
    ("Meta.module", lambda meta: meta.module, "Core"),
    ("Meta.default_print_format", lambda meta: meta.default_print_format, None),
    ("Meta.permissions", lambda meta: [(row.role, row.submit) for row in meta.permissions], [("System Manager", 1)]),
    ("DocField.options", lambda meta: meta.get_field("rows").options, "API Row"),
    ("DocField.fieldtype", lambda meta: meta.get_field("amount").fieldtype, "Currency"),
    ("DocField.label", lambda meta: meta.get_field("to_date").label, "To"),
    ("DocField.reqd", lambda meta: meta.get_field("title").reqd, 1),
    ("DocField.get", lambda meta: meta.get_field("title").get("permlevel"), 0),
]


@pytest.mark.parametrize(("name", "call", "expected"), META, ids=[case[0] for case in META])
def test_a_definition_tells(frappe: Any, name: str, call: Callable[[Any], Any], expected: Any) -> None:
    assert call(frappe.get_meta("API Voucher")) == expected


def test_kinds_of_fields_are_named(frappe: Any) -> None:
    assert {"Table", "Section Break", "Button"} <= set(frappe.model.no_value_fields)
    assert set(frappe.model.table_fields) == {"Table", "Table MultiSelect"}
    assert {"name", "owner", "creation", "docstatus", "idx"} <= set(frappe.model.default_fields)


# names


def test_names_come_from_series_and_rules(frappe: Any) -> None:
    from frappe.model.naming import (
        append_number_if_name_exists,
        make_autoname,
        revert_series_if_last,
        set_name_by_naming_series,
        set_name_from_naming_options,
    )

    first = make_autoname("APT-.###")
    assert first == "APT-001"
    revert_series_if_last("APT-.###", first)
    assert make_autoname("APT-.###") == first
    doc = voucher(frappe)
    set_name_by_naming_series(doc)
    assert doc.name.startswith("APV-")
    set_name_from_naming_options("format:F-{title}", doc)
    assert doc.name == "F-T"
    with pytest.raises(frappe.ValidationError):
        set_name_from_naming_options("Prompt", voucher(frappe))
    assert append_number_if_name_exists("User", "Guest") == "Guest-1"
    with pytest.raises(frappe.NameError):
        frappe.get_doc({"doctype": "API Tree", "title": "New API Tree 1"}).insert()


# trees


@pytest.mark.api("Document.validate_one_root")
def test_trees_know_roots_and_descendants(frappe: Any) -> None:
    from frappe.utils.nestedset import NestedSet, get_descendants_of, get_root_of

    def node(title: str, parent: str | None = None, group: int = 1) -> Any:
        values = {"doctype": "API Tree", "title": title, "parent_api_tree": parent, "is_group": group}
        return frappe.get_doc(values).insert()

    root, branch = node("root"), node("branch", "root")
    leaf = node("leaf", "branch", 0)
    assert isinstance(root, NestedSet)
    assert get_root_of("API Tree") == "root"
    assert set(get_descendants_of("API Tree", "root")) == {"branch", "leaf"}
    leaf.parent_api_tree = "root"
    leaf.save()
    assert NestedSet.on_update.__name__ == "on_update"
    assert get_descendants_of("API Tree", "branch") == []
    frappe.get_doc("API Tree", "branch").delete()
    assert NestedSet.on_trash.__name__ == "on_trash"
    assert get_descendants_of("API Tree", "root") == ["leaf"]
    assert branch.name == "branch"


# mapping and copying


def test_a_document_is_mapped_to_another(frappe: Any) -> None:
    from frappe.model.mapper import get_mapped_doc

    source = voucher(frappe, note="n").insert()
    tables = {
        "API Voucher": {"doctype": "ToDo", "field_map": {"note": "description"}, "validation": {"docstatus": ["=", 0]}}
    }
    target = get_mapped_doc("API Voucher", source.name, tables, None, lambda given, made: made.set("priority", "High"))
    assert (target.doctype, target.description, target.priority) == ("ToDo", "n", "High")


def test_values_are_fetched_by_links(frappe: Any) -> None:
    from frappe.model.utils import get_fetch_values

    assert get_fetch_values("API Voucher", "who", "api@example.com") == {"who_name": "Ann"}
    assert voucher(frappe, who="api@example.com").insert().who_name == "Ann"
    assert (
        date(2024, 1, 1)
        == frappe.get_doc("API Voucher", voucher(frappe, from_date="2024-01-01").insert().name).from_date
    )
