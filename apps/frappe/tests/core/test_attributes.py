"""What attributes of DocTypes, fields, rights and links do; `attributes.py` names a test for each that apps use."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .attributes import DESK_WITHOUT_TEST, TESTED, WITHOUT_EFFECT

PLAIN = {"role": "System Manager", **dict.fromkeys(("read", "write", "create", "delete"), 1)}
SENT = {**PLAIN, "submit": 1, "cancel": 1}


def data(name: str, **values: Any) -> dict[str, Any]:
    return {"fieldname": name, "fieldtype": "Data", "label": name.title(), **values}


def new(frappe: Any, doctype: str, **values: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **values}).insert()


# DocTypes


def test_copies_by_schedule_only_where_allowed(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe.automation.doctype.auto_repeat.auto_repeat import get_auto_repeat_doctypes

    make_doctype("AT Repeat", allow_auto_repeat=1)
    make_doctype("AT Once")
    found = [row[0] for row in get_auto_repeat_doctypes("DocType", "AT", "name", 0, 20, [])]
    assert found == ["AT Repeat"]


def test_files_on_a_document_are_limited(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Files", max_attachments=1)
    target = new(frappe, "AT Files", title="x")
    attach = {"attached_to_doctype": "AT Files", "attached_to_name": target.name, "content": "x"}
    new(frappe, "File", file_name="a.txt", **attach)
    with pytest.raises(frappe.AttachmentLimitReached):
        new(frappe, "File", file_name="b.txt", **attach)


def test_rights_to_import_count_only_where_imports_are_allowed(
    frappe: Any, make_doctype: Callable[..., Any], make_user: Callable[..., Any]
) -> None:
    make_user("import@example.com", "System Manager")
    made = make_doctype("AT Import", allow_import=1, permissions=[{**PLAIN, "import": 1}])
    assert frappe.has_permission("AT Import", "import", user="import@example.com")
    made.permissions[0].set("import", 0)
    made.save()
    assert not frappe.has_permission("AT Import", "import", user="import@example.com")
    made.permissions[0].set("import", 1)
    made.allow_import = 0
    with pytest.raises(frappe.ValidationError):
        made.save()


def test_what_is_made_in_other_ways_is_not_offered_as_new(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Made", in_create=1)
    make_doctype("AT Plain")
    user = frappe.get_user("Administrator")
    user.build_permissions()
    assert ("AT Made" in user.can_create, "AT Plain" in user.can_create) == (False, True)
    assert "AT Made" in user.in_create


def test_doctypes_of_a_sleeping_domain_are_hidden(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    new(frappe, "Domain", domain="Farming")
    make_doctype("AT Farm", restrict_to_domain="Farming")
    user = frappe.get_user("Administrator")
    user.build_permissions()
    assert "AT Farm" not in user.can_read


def test_names_are_searched_and_shown_where_that_is_wanted(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe.utils.global_search import rebuild_for_doctype, search

    make_doctype("AT Named", show_name_in_global_search=1, autoname="field:title")
    new(frappe, "AT Named", title="quetzal-7")
    assert rebuild_for_doctype("AT Named") == 1
    assert [row.name for row in search("quetzal")] == ["quetzal-7"]


def test_links_show_titles_where_that_is_wanted(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe.desk.search import get_link_title

    make_doctype("AT Titled", title_field="title", show_title_field_in_link=1)
    make_doctype("AT Bare", title_field="title")
    titled, bare = new(frappe, "AT Titled", title="Shown"), new(frappe, "AT Bare", title="Hidden")
    assert get_link_title("AT Titled", titled.name) == "Shown"
    assert get_link_title("AT Bare", bare.name) == bare.name


def test_a_preview_shows_the_fields_marked_for_it(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe.desk.link_preview import get_preview_data

    fields = [data("title"), data("shown", in_preview=1), data("other"), data("pic", fieldtype="Attach Image")]
    make_doctype("AT Preview", fields, show_preview_popup=1, image_field="pic", title_field="title")
    made = new(frappe, "AT Preview", title="T", shown="S", other="O", pic="https://example.com/p.png")
    found = get_preview_data("AT Preview", made.name)
    assert (found["Shown"], found["preview_title"], found["preview_image"]) == ("S", "T", "https://example.com/p.png")
    assert "Other" not in found
    make_doctype("AT Silent", fields)
    assert get_preview_data("AT Silent", new(frappe, "AT Silent", title="T").name) is None


def test_search_fields_are_searched_and_described(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe.desk.search import search_link

    make_doctype("AT Search", [data("title"), data("phone")], search_fields="phone", autoname="field:title")
    new(frappe, "AT Search", title="one", phone="555-777")
    assert search_link("AT Search", "555") == [{"value": "one", "description": "555-777"}]


def test_lists_are_sorted_as_the_doctype_says(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Sorted", sort_field="title", sort_order="DESC", autoname="field:title")
    for title in ("b", "c", "a"):
        new(frappe, "AT Sorted", title=title)
    assert frappe.get_list("AT Sorted", pluck="name") == ["c", "b", "a"]


def test_a_mail_is_on_the_timeline_of_whom_the_document_is_about(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe_engine.desk.docinfo import communications_of

    fields = [data("title"), data("person", fieldtype="Link", options="Contact")]
    make_doctype("AT Case", fields, timeline_field="person")
    contact = new(frappe, "Contact", first_name="C")
    case = new(frappe, "AT Case", title="x", person=contact.name)
    about = {"reference_doctype": "AT Case", "reference_name": case.name}
    mail = new(frappe, "Communication", subject="Hi", content="x", sender="a@example.com", **about)
    assert [row.name for row in communications_of("Contact", contact.name)] == [mail.name]


def test_who_saw_and_viewed_a_document_is_noted(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Watched", track_seen=1, track_views=1)
    made = new(frappe, "AT Watched", title="x")
    made.add_seen("Guest")
    made.add_viewed()
    assert "Guest" in json.loads(frappe.db.get_value("AT Watched", made.name, "_seen"))
    assert frappe.db.exists("View Log", {"reference_doctype": "AT Watched", "reference_name": made.name})
    make_doctype("AT Unwatched")
    other = new(frappe, "AT Unwatched", title="x")
    assert (other.add_seen("Guest"), other.add_viewed()) == (None, None)


def test_only_what_may_be_renamed_is_renamed(
    frappe: Any, make_doctype: Callable[..., Any], make_user: Callable[..., Any], acting_as: Any
) -> None:
    make_user("rename@example.com", "System Manager")
    make_doctype("AT Fixed", autoname="field:title", allow_rename=0)
    make_doctype("AT Loose", autoname="field:title", allow_rename=1)
    fixed, loose = new(frappe, "AT Fixed", title="a"), new(frappe, "AT Loose", title="a")
    with acting_as("rename@example.com"):
        with pytest.raises(frappe.ValidationError):
            frappe.rename_doc("AT Fixed", fixed.name, "b")
        assert frappe.rename_doc("AT Loose", loose.name, "b") == "b"


def test_a_virtual_doctype_has_no_table(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Virtual", is_virtual=1)
    assert not frappe.db.table_exists("AT Virtual")


# fields


def test_fields_change_after_submit_only_where_allowed(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    fields = [data("fixed"), data("later", allow_on_submit=1)]
    make_doctype("AT Sent", fields, is_submittable=1, permissions=[SENT])
    made = new(frappe, "AT Sent", fixed="a", later="a")
    made.submit()
    made.later = "b"
    made.save()
    made.fixed = "b"
    with pytest.raises(frappe.UpdateAfterSubmitError):
        made.save()


def test_a_choice_that_nobody_made_is_the_first_even_where_that_is_empty(
    frappe: Any, make_doctype: Callable[..., Any]
) -> None:
    fields = [
        data("level", fieldtype="Select", options="Low\nHigh"),
        data("state", fieldtype="Select", options="\nDone"),
    ]
    make_doctype("AT Choice", fields)
    made = new(frappe, "AT Choice")
    assert (made.level, made.state) == ("Low", "")
    assert frappe.db.sql("select name from `tabAT Choice` where state != 'Done'") == ((made.name,),)


def test_defaults_of_every_kind_are_filled_in(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    fields = [
        data("word", default="w"), data("number", fieldtype="Int", default="7"), data("today", fieldtype="Date", default="Today"),
        data("now", fieldtype="Datetime", default="Now"), data("who", fieldtype="Link", options="User", default="__user"),
    ]  # fmt: skip
    make_doctype("AT Default", fields)
    made = frappe.new_doc("AT Default")
    assert (made.word, made.number, str(made.today), made.who) == ("w", 7, frappe.utils.nowdate(), "Administrator")
    assert str(made.now).startswith(frappe.utils.nowdate())


def test_values_are_fetched_through_links(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Source", [data("title"), data("note")], autoname="field:title")
    fields = [
        data("source", fieldtype="Link", options="AT Source"), data("always", fetch_from="source.note"),
        data("once", fetch_from="source.note", fetch_if_empty=1),
    ]  # fmt: skip
    make_doctype("AT Taker", fields)
    new(frappe, "AT Source", title="s", note="fetched")
    made = new(frappe, "AT Taker", source="s", always="own", once="own")
    assert (made.always, made.once) == ("fetched", "own")
    assert new(frappe, "AT Taker", source="s").once == "fetched"


def test_what_was_fetched_stays_where_the_link_is_taken_away(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Origin", [data("title"), data("note")], autoname="field:title")
    source = data("source", fieldtype="Link", options="AT Origin")
    make_doctype("AT Keeper", [source, data("note", fetch_from="source.note", read_only=1)])
    new(frappe, "AT Origin", title="s", note="fetched")
    assert new(frappe, "AT Keeper", note="own").note == "own"
    made = new(frappe, "AT Keeper", source="s")
    made.source = None
    made.save()
    assert made.note == "fetched"


def test_markup_is_cleaned_unless_a_field_says_not_to(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Markup", [data("clean"), data("raw", ignore_xss_filter=1)])
    text = "<script>alert(1)</script>hello"
    made = new(frappe, "AT Markup", clean=text, raw=text)
    assert ("<script" in made.clean, made.raw) == (False, text)


def test_values_that_break_a_rule_of_their_field_are_refused(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    fields = [
        data("title", reqd=1), data("short", length=4), data("much", fieldtype="Int", non_negative=1), data("once", set_only_once=1),
        data("alone", unique=1),
    ]  # fmt: skip
    make_doctype("AT Rules", fields)
    made = new(frappe, "AT Rules", title="x", once="a", alone="one")
    for values, error in (
        ({"title": ""}, frappe.MandatoryError), ({"short": "12345"}, frappe.CharacterLengthExceededError),
        ({"much": -1}, frappe.NonNegativeError), ({"alone": "one"}, frappe.UniqueValidationError),
    ):  # fmt: skip
        with pytest.raises(error):
            new(frappe, "AT Rules", **{"title": "y", **values})
    made.once = "b"
    with pytest.raises(frappe.CannotChangeConstantError):
        made.save()


def test_what_forms_ask_for_under_a_condition_programs_may_leave_out(
    frappe: Any, make_doctype: Callable[..., Any]
) -> None:
    make_doctype("AT Asked", [data("title"), data("must", mandatory_depends_on="eval:doc.title == 'must'")])
    made = new(frappe, "AT Asked", title="must")
    assert made.must is None


def test_copies_leave_out_what_says_so(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Copied", [data("title"), data("own", no_copy=1)])
    made = new(frappe, "AT Copied", title="t", own="o")
    copy = frappe.copy_doc(made, ignore_no_copy=False)
    assert (copy.title, copy.own) == ("t", None)


def test_numbers_are_rounded_to_the_precision_of_their_field(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Precise", [data("amount", fieldtype="Float", precision="2")])
    made = new(frappe, "AT Precise", amount=1.23456)
    assert (made.precision("amount"), made.get_formatted("amount")) == (2, "1.23")


def test_indexes_are_made(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Indexed", [data("code", search_index=1), data("free")])
    assert frappe.db.has_index("tabAT Indexed", "code") or frappe.db.get_column_index("tabAT Indexed", "code")
    assert not frappe.db.get_column_index("tabAT Indexed", "free")


def test_levels_hide_and_protect_fields(
    frappe: Any, make_doctype: Callable[..., Any], make_user: Callable[..., Any], acting_as: Any
) -> None:
    make_user("level@example.com", "Report Manager")
    rules = [PLAIN, {"role": "System Manager", "permlevel": 1, "read": 1, "write": 1}]
    rules.append({"role": "Report Manager", "read": 1, "write": 1})
    make_doctype("AT Level", [data("title"), data("secret", permlevel=1)], permissions=rules)
    made = new(frappe, "AT Level", title="t", secret="s")
    with acting_as("level@example.com"):
        seen = frappe.get_doc("AT Level", made.name)
        seen.secret = "changed"
        seen.save()
        seen.apply_fieldlevel_read_permissions()
        assert seen.secret is None
    assert frappe.db.get_value("AT Level", made.name, "secret") == "s"


def test_limits_of_users_can_be_left_aside_by_a_field(
    frappe: Any, make_doctype: Callable[..., Any], make_user: Callable[..., Any], acting_as: Any
) -> None:
    make_user("limited@example.com", "Report Manager")
    link = {"fieldtype": "Link", "options": "Gender"}
    rules = [PLAIN, {"role": "Report Manager", "read": 1}]
    make_doctype("AT Strict", [data("kind", **link)], permissions=rules)
    make_doctype("AT Lenient", [data("kind", **link, ignore_user_permissions=1)], permissions=rules)
    new(frappe, "User Permission", user="limited@example.com", allow="Gender", for_value="Male")
    for doctype in ("AT Strict", "AT Lenient"):
        new(frappe, doctype, kind="Female")
    with acting_as("limited@example.com"):
        assert (len(frappe.get_list("AT Strict")), len(frappe.get_list("AT Lenient"))) == (0, 1)


def test_a_virtual_field_has_no_column(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("AT Thin", [data("stored"), data("made", is_virtual=1)])
    assert [name for name in ("stored", "made") if frappe.db.has_column("AT Thin", name)] == ["stored"]


# rights and links


def test_rights_of_a_role_are_what_its_rule_says(
    frappe: Any, make_doctype: Callable[..., Any], make_user: Callable[..., Any]
) -> None:
    make_user("some@example.com", "Report Manager")
    given = ("read", "report", "select", "print")
    kept = ("write", "create", "delete", "export", "share", "email", "submit", "cancel", "amend")
    rule = {"role": "Report Manager", **dict.fromkeys(kept, 0), **dict.fromkeys(given, 1)}
    make_doctype("AT Rights", is_submittable=1, permissions=[SENT, rule])
    assert all(frappe.has_permission("AT Rights", right, user="some@example.com") for right in given)
    assert not any(frappe.has_permission("AT Rights", right, user="some@example.com") for right in kept)


def test_some_rights_count_for_ones_own_documents(
    frappe: Any, make_doctype: Callable[..., Any], make_user: Callable[..., Any], acting_as: Any
) -> None:
    make_user("owner@example.com", "Report Manager")
    rule = {"role": "Report Manager", "read": 1, "create": 1, "if_owner": 1}
    make_doctype("AT Owned", permissions=[PLAIN, rule])
    other = new(frappe, "AT Owned", title="x")
    with acting_as("owner@example.com"):
        own = new(frappe, "AT Owned", title="y")
        assert frappe.get_list("AT Owned", pluck="name") == [own.name]
        assert not frappe.has_permission("AT Owned", "read", other.name)


def test_links_of_the_doctype_are_what_is_connected(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe.desk.notifications import get_open_count

    make_doctype("AT Person", autoname="field:title")
    make_doctype("AT Visit", [data("person", fieldtype="Link", options="AT Person")])
    make_doctype("AT Row", [data("visit", fieldtype="Link", options="AT Visit")], istable=1)
    links = [
        {"link_doctype": "AT Visit", "link_fieldname": "person", "group": "Visits"},
        {"link_doctype": "AT Row", "is_child_table": 1, "parent_doctype": "Contact", "table_fieldname": "rows",
         "link_fieldname": "visit"},
    ]  # fmt: skip
    rows = data("rows", fieldtype="Table", options="AT Row")
    made = make_doctype("AT Hub", [data("title"), rows], autoname="field:title", links=links[1:])
    person = frappe.get_doc("DocType", "AT Person")
    person.append("links", links[0])
    person.save()
    new(frappe, "AT Person", title="p")
    visit = new(frappe, "AT Visit", person="p")
    found = get_open_count("AT Person", "p")["count"]["external_links_found"]
    assert [(row["doctype"], row["count"]) for row in found] == [("AT Visit", 1)]
    hub = new(frappe, made.name, title="h", rows=[{"visit": visit.name}])
    inner = get_open_count("AT Hub", hub.name)["count"]["internal_links_found"]
    assert [(row["doctype"], row["names"]) for row in inner] == [("Contact", [visit.name])]


def test_states_have_titles_and_colours(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    states = [{"title": "Open", "color": "Red"}, {"title": "Done", "color": "Green"}]
    make_doctype("AT State", states=states)
    assert [(row.title, row.color) for row in frappe.get_meta("AT State").states] == [
        ("Open", "Red"),
        ("Done", "Green"),
    ]


def test_prints_leave_out_nothing_where_that_is_wanted(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    from frappe_engine.printing.page import Wanted, print_document

    number = {"fieldtype": "Int", "bold": 1}
    make_doctype("AT Print", [data("title"), data("gone", **number, print_hide_if_no_value=1), data("kept", **number)])

    def printed(**values: Any) -> list[str]:
        html = print_document(new(frappe, "AT Print", title="x", **values), Wanted()).body
        return [name for name in ("gone", "kept") if f'data-fieldname="{name}"' in html]

    assert (printed(), printed(gone=3)) == (["kept"], ["gone", "kept"])


# every attribute that apps use

ROOT = Path(__file__).resolve().parents[4]


def used_attributes() -> set[str]:
    """Give the attributes that apps use five times or more; skips where the list is not there."""
    file = Path(os.environ.get("EC_FRAPPE_API") or ROOT.parent / "shared/frappe-api") / "doctype_json.csv"
    if not file.is_file():
        pytest.skip(f"{file.name} is not there")
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            f"{row['level']}.{row['attribute']}"
            for row in csv.DictReader(lines)
            if row["level"] in ("doctype", "field", "permission", "link", "state")
            and int(row["count"]) >= 5
            and not row["attribute"].startswith("(")
        }


def test_every_used_attribute_has_a_test() -> None:
    assert used_attributes() - set(TESTED) - set(WITHOUT_EFFECT) - DESK_WITHOUT_TEST == set()


@pytest.mark.parametrize("attribute", sorted(TESTED))
def test_the_named_test_is_there(attribute: str) -> None:
    file, _separator, name = TESTED[attribute].partition("::")
    text = (ROOT / "apps/frappe" / file).read_text(encoding="utf-8")
    assert (f"def {name}(" if file.endswith(".py") and name else name) in text
