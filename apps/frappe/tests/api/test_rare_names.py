"""Names that few apps use: what each does."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from pypika import functions as pypika_functions


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def new(frappe: Any, doctype: str, **values: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **values}).insert()


# the package and the database


def test_settings_by_other_names(frappe: Any) -> None:
    frappe.db.set_single_value("System Settings", "float_precision", "3")
    assert frappe.db.get_singles_value("System Settings", "float_precision") == "3"
    assert frappe.get_single_value("System Settings", "float_precision") == "3"
    assert frappe.get_conf() is frappe.local.conf or frappe.get_conf() == frappe.local.conf
    assert isinstance(frappe.get_common_site_config(), dict)


def test_a_json_file_is_read(frappe: Any, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1]}', encoding="utf-8")
    assert frappe.get_file_json(str(tmp_path / "a.json")) == {"a": [1]}


def test_what_a_request_remembers(frappe: Any) -> None:
    made: list[int] = []

    def make() -> None:
        made.append(1)

    frappe.local_cache("ns", "k", make)
    frappe.local_cache("ns", "k", make)
    frappe.local_cache("ns", "k", make, regenerate_if_none=True)
    assert len(made) == 2


def test_the_database_answers_to_older_names(frappe: Any) -> None:
    assert frappe.db.field_exists("ToDo", "description")
    assert not frappe.db.field_exists("ToDo", "nothing")
    assert frappe.db.get_routines() == []
    with pytest.raises(frappe.db.TableMissingError):
        frappe.db.sql("select 1 from `tabNo Such Table`")
    with frappe.db.unbuffered_cursor():
        assert frappe.db.sql("select name from tabUser where name = 'Guest'") == (("Guest",),)


def test_a_column_keeps_its_values_with_another_type(frappe: Any) -> None:
    frappe.db.change_column_type("Gender", "gender", "varchar(200)", nullable=True)
    new(frappe, "Gender", gender="Unsaid")
    assert frappe.db.get_value("Gender", "Unsaid", "gender") == "Unsaid"


def test_columns_of_field_types(frappe: Any) -> None:
    from frappe.database.schema import get_definition, validate_column_name

    assert get_definition("Section Break") is None
    assert "varchar(140)" in str(get_definition("Data")).lower()
    assert validate_column_name("good_name") == "good_name"
    with pytest.raises(frappe.ValidationError):
        validate_column_name("bad name;")


def test_numbers_in_the_cache_go_down_too(frappe: Any) -> None:
    frappe.cache.delete_value("count")
    frappe.cache.incrby("count", 5)
    assert frappe.cache.decr("count") == 4
    frappe.cache.delete_value("count")


def test_sets_in_the_cache(frappe: Any) -> None:
    frappe.cache.sadd("letters", "a", "b")
    assert {
        str(value.decode() if isinstance(value, bytes) else value) for value in frappe.cache.smembers("letters")
    } == {"a", "b"}
    frappe.cache.delete_value("letters")


def test_counts_and_rows_of_tables(frappe: Any) -> None:
    for title in ("a", "b"):
        new(frappe, "ToDo", description=title)
    assert frappe.db.estimate_count("ToDo") >= 0
    frappe.db.savepoint("here")
    frappe.db.release_savepoint("here")
    assert frappe.db.MAX_WRITES_PER_TRANSACTION > 1000


# the query builder


def test_a_query_may_be_a_value(frappe: Any) -> None:
    from frappe.query_builder.terms import SubQuery

    user = frappe.qb.DocType("User")
    inner = frappe.qb.from_(user).select(user.name).where(user.name == "Guest")
    outer = frappe.qb.from_(user).select(user.name).where(user.name.isin(SubQuery(inner)))
    assert outer.run() == (("Guest",),)


def test_functions_of_the_query_builder(frappe: Any) -> None:
    from frappe.query_builder import Column, CustomFunction, DatePart, Tuple
    from frappe.query_builder.functions import (
        Concat,
        Concat_ws,
        Floor,
        LiteralValue,
        NullIf,
        Round,
        Substring,
    )

    user = frappe.qb.DocType("User")
    upper = CustomFunction("UPPER", ["text"])
    query = frappe.qb.from_(user).where(user.name == "Guest").select(
        Concat(user.name, "!"), Concat_ws("-", user.name, "x"), Floor(LiteralValue("2.7")), NullIf(user.name, "Guest"),
        Round(LiteralValue("2.44"), 1), Substring(user.name, 1, 3), upper(user.name),
    )  # fmt: skip
    (row,) = query.run()
    assert [str(value) for value in row] == ["Guest!", "Guest-x", "2", "None", "2.4", "Gue", "GUEST"] or row[2] in (
        2,
        2.0,
    )
    assert (DatePart.month.value, Column("a").name, isinstance(Tuple(1, 2), object)) == ("MONTH", "a", True)
    assert issubclass(Concat, pypika_functions.Concat)


# documents


def test_the_row_of_a_source_becomes_one_of_the_target(frappe: Any) -> None:
    from frappe.model.mapper import map_child_doc

    source = new(frappe, "Contact", first_name="A", phone_nos=[{"phone": "123"}])
    target = frappe.new_doc("Contact")
    row = map_child_doc(source.phone_nos[0], target, {"doctype": "Contact Phone"}, source)
    assert (row.phone, target.phone_nos) == ("123", [row])


def test_fields_that_link(frappe: Any) -> None:
    from frappe.desk.form.linked_with import get_linked_fields
    from frappe.model.dynamic_links import get_dynamic_link_map
    from frappe.model.rename_doc import get_link_fields

    assert {"parent": "User", "fieldname": "gender", "issingle": 0}.items() <= next(
        dict(field) for field in get_link_fields("Gender") if field.parent == "User"
    ).items()
    assert "gender" in get_linked_fields("Gender")["User"]["fieldname"]
    new(
        frappe,
        "Communication",
        subject="x",
        content="x",
        sender="a@example.com",
        reference_doctype="User",
        reference_name="Guest",
    )
    assert "Communication" in {field.parent for field in get_dynamic_link_map()["User"]}


def test_roles_with_a_right(frappe: Any) -> None:
    from frappe.permissions import get_doctype_roles, get_valid_perms, has_permission

    assert "System Manager" in get_doctype_roles("Role", "write")
    assert has_permission("Role", "read")
    assert any(rule.parent == "Role" for rule in get_valid_perms("Role"))


def test_a_list_by_the_older_class(frappe: Any) -> None:
    from frappe.model.db_query import DatabaseQuery

    found = DatabaseQuery("User").execute(fields=["name"], filters={"name": "Guest"})
    assert [row.name for row in found] == ["Guest"]


def test_statuses(frappe: Any) -> None:
    from frappe.model.docstatus import DocStatus

    assert (DocStatus.submitted(), DocStatus.cancelled(), DocStatus.draft()) == (1, 2, 0)
    assert DocStatus.cancelled().is_cancelled()


def test_documents_know_their_state(frappe: Any) -> None:
    todo = frappe.new_doc("ToDo", description="x")
    todo.update_if_missing({"priority": "High", "description": "y"})
    assert (todo.description, todo.get_onload()) == ("x", {})
    todo.insert()
    assert json.loads(todo.as_json())["description"] == "x"
    assert todo.db_get("description") == "x"
    todo.validate_value("priority", "in", ["High", "Medium", "Low"])
    with pytest.raises(frappe.ValidationError):
        todo.validate_value("priority", "in", ["Never"])


def test_metas_say_what_fields_are(frappe: Any) -> None:
    meta = frappe.get_meta("User")
    assert "first_name" in meta.get_valid_columns()
    assert (meta.get_title_field(), meta.title_field) == ("full_name", "full_name")
    assert meta.get_link_doctype("gender") == "Gender"
    assert (meta.is_tree, bool(meta.search_fields)) == (0, True)
    field = meta.get_field("first_name")
    assert (field.hidden, field.unique) == (0, 0)


def test_trees_are_numbered_anew(frappe: Any) -> None:
    from frappe.utils.nestedset import get_ancestors_of, rebuild_tree, update_nsm

    top = new(frappe, "API Tree", title="top", is_group=1)
    leaf = new(frappe, "API Tree", title="leaf", parent_api_tree="top")
    rebuild_tree("API Tree")
    top.reload()
    leaf.reload()
    assert top.lft < leaf.lft < leaf.rgt < top.rgt
    assert get_ancestors_of("API Tree", "leaf") == ["top"]
    assert [child.name for child in top.get_children()] == ["leaf"]
    assert leaf.get_ancestors() == ["top"]
    update_nsm(leaf)
    assert frappe.db.get_descendants("API Tree", "top") == ["leaf"]


# people, mail, modules


def test_addresses_are_added_to_a_group_once(frappe: Any) -> None:
    from frappe.email.doctype.email_group.email_group import add_subscribers

    new(frappe, "Email Group", title="News")
    assert add_subscribers("News", "a@example.com, b@example.com") == 2
    assert add_subscribers("News", ["b@example.com", "c@example.com"]) == 3


def test_a_mail_is_given_to_a_document(frappe: Any) -> None:
    from frappe.email.inbox import link_communication_to_document, mark_as_closed_open, mark_as_spam, mark_as_trash

    todo = new(frappe, "ToDo", description="x")
    mail = new(frappe, "Communication", subject="x", content="x", sender="a@example.com")
    answer = new(frappe, "Communication", subject="y", content="y", sender="a@example.com", in_reply_to=mail.name)
    link_communication_to_document(mail, "ToDo", todo.name)
    stored = {frappe.db.get_value("Communication", name, "reference_name") for name in (mail.name, answer.name)}
    assert stored == {todo.name}
    mark_as_closed_open(mail.name, "Closed")
    mark_as_spam(mail.name, "a@example.com")
    assert frappe.db.get_value("Communication", mail.name, ["status", "email_status"]) == ("Closed", "Spam")
    mark_as_trash(mail.name)
    assert frappe.db.get_value("Communication", mail.name, "email_status") == "Trash"


def test_modules_a_user_sees(frappe: Any) -> None:
    from frappe.config import get_modules_from_all_apps_for_user

    user = frappe.get_doc("User", "Administrator")
    user.append("block_modules", {"module": "Geo"})
    user.save()
    names = [row.module_name for row in get_modules_from_all_apps_for_user("Administrator")]
    assert ("Core" in names, "Geo" in names) == (True, False)


def test_small_helpers(frappe: Any) -> None:
    from frappe.core.api.file import get_max_file_size
    from frappe.desk.utils import slug
    from frappe.utils import (
        comma_or,
        comma_sep,
        filter_strip_join,
        has_common,
        safe_div,
        safe_json_loads,
        strip,
        validate_url,
    )
    from frappe.utils.data import get_quarter_ending, get_year_ending, get_year_start, guess_date_format
    from frappe.utils.dateutils import parse_date

    assert (slug("Sales Order"), get_max_file_size() > 1000) == ("sales-order", True)
    assert comma_or(["a", "b"], add_quotes=False) == "a or b"
    assert comma_sep(["a", "b", "c"], "{0} then {1}", add_quotes=False) == "a, b then c"
    assert (
        filter_strip_join([" a ", "", None, "b"], "-") == ["a", "b"]
        or filter_strip_join([" a ", "", None, "b"], "-") == "a-b"
    )
    assert (bool(has_common([1, 2], [2, 3])), bool(has_common([1], [2]))) == (True, False)
    assert (safe_div(6, 3), safe_div(6, 0)) == (2, 0)
    assert (safe_json_loads("[1]"), strip("xax", "x"), validate_url("https://example.com")) == ([1], "a", True)
    day = datetime.date(2026, 5, 17)
    assert (get_quarter_ending(day), get_year_ending(day), get_year_start(day)) == (
        datetime.date(2026, 6, 30), datetime.date(2026, 12, 31), datetime.date(2026, 1, 1),
    )  # fmt: skip
    assert guess_date_format("2026-05-17") == "%Y-%m-%d"
    assert str(parse_date("17-05-2026")).startswith("2026-05-17")


def test_defaults_are_forgotten(frappe: Any) -> None:
    frappe.defaults.set_global_default("colour", "red")
    frappe.defaults.set_user_default("shape", "round")
    assert frappe.defaults.get_user_default_as_list("shape") == ["round"]
    frappe.defaults.clear_user_default("shape")
    frappe.defaults.clear_default("colour")
    assert (frappe.defaults.get_user_default("shape"), frappe.db.get_default("colour")) == (None, None)


def test_markup_and_paths_are_made_safe(frappe: Any) -> None:
    from frappe.utils.file_manager import is_safe_path
    from frappe.utils.html_utils import clean_html
    from frappe.utils.safe_exec import ServerScriptNotEnabled, safe_exec

    assert "<script" not in clean_html("<script>alert(1)</script><b>x</b>")
    assert (is_safe_path("/etc/passwd"), is_safe_path(frappe.get_site_path("public", "files", "a"))) == (False, True)
    with pytest.raises(ServerScriptNotEnabled):
        safe_exec("x = 6 * 7")


def test_people(frappe: Any) -> None:
    from frappe.contacts.doctype.address.address import get_company_address, render_address
    from frappe.desk.form.assign_to import close_all_assignments
    from frappe.desk.form.assign_to import get as assigned
    from frappe.utils import get_user_info_for_avatar
    from frappe.utils.user import get_user_fullname, is_website_user

    assert get_user_info_for_avatar("Administrator")["name"] == "Administrator"
    assert (get_user_fullname("Guest"), bool(is_website_user("Administrator"))) == ("Guest", False)
    todo = new(frappe, "ToDo", description="x")
    assert (assigned({"doctype": "ToDo", "name": todo.name}), close_all_assignments("ToDo", todo.name)) == ([], False)
    assert not get_company_address("No Company").company_address
    assert "Somewhere" in render_address({"address_line1": "Somewhere", "city": "X", "country": "China"})


def test_a_client_of_another_site(frappe: Any, site: Any) -> None:
    from frappe.frappeclient import FrappeClient, SiteUnreachableError

    with pytest.raises(SiteUnreachableError):
        FrappeClient("http://127.0.0.1:1", api_key="a", api_secret="b").get_list("User")
