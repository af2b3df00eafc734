"""Names of amended documents and of empty parts, what submitted documents fetch, Singles that point at documents."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
SENT = {"role": "System Manager", **dict.fromkeys(("read", "write", "create", "delete", "submit", "cancel"), 1)}


def field(name: str, fieldtype: str = "Data", **more: Any) -> dict[str, Any]:
    return {"fieldname": name, "fieldtype": fieldtype, "label": name.title(), **more}


def new(frappe: Any, doctype: str, **values: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **values}).insert()


def test_the_field_that_names_an_amendment_holds_its_name(frappe: Any, make_doctype: Make) -> None:
    make_doctype(
        "NL Sheet", [field("title", unique=1)], autoname="field:title", is_submittable=1, permissions=[SENT]
    )  # two documents of one title could not be stored
    first = new(frappe, "NL Sheet", title="May", docstatus=1)
    first.cancel()
    amended = frappe.copy_doc(first)
    amended.amended_from = first.name
    assert (amended.insert().name, amended.title) == ("May-1", "May-1")


def test_an_empty_field_adds_nothing_to_a_name(frappe: Any, make_doctype: Make) -> None:
    make_doctype("NL Pattern", [field("title"), field("size", "Int")], autoname="format:P-{title}-{size}-{##}")
    make_doctype("NL Series", [field("title")], autoname="S-.title.-.###")
    assert new(frappe, "NL Pattern", title="a").name == "P-a--01"
    assert new(frappe, "NL Series").name == "S--001"


def test_counted_documents_keep_their_numbers(frappe: Any, make_doctype: Make) -> None:
    make_doctype("NL Counted", [field("title")], autoname="autoincrement", allow_rename=1)
    made = new(frappe, "NL Counted", title="a")
    with pytest.raises(frappe.ValidationError):
        frappe.rename_doc("NL Counted", made.name, "7")
    assert frappe.db.exists("NL Counted", made.name)


def test_signs_that_no_series_has_are_refused(frappe: Any) -> None:
    from frappe.model.naming import InvalidNamingSeriesError, make_autoname

    with pytest.raises(InvalidNamingSeriesError):
        make_autoname("naming_series:")
    assert make_autoname("中_a/b-.##") == "中_a/b-01"


def test_a_submitted_document_keeps_what_it_fetched(frappe: Any, make_doctype: Make) -> None:
    make_doctype("NL Source", [field("rate")], autoname="prompt")
    make_doctype(
        "NL Order",
        [
            field("source", "Link", options="NL Source"),
            field("rate", fetch_from="source.rate"),
            field("shown", fetch_from="source.rate", allow_on_submit=1),
            field("remark", allow_on_submit=1),
        ],
        is_submittable=1,
        permissions=[SENT],
    )
    new(frappe, "NL Source", name="s", rate="old")
    order = new(frappe, "NL Order", source="s", docstatus=1)
    frappe.get_doc("NL Source", "s").update({"rate": "new"}).save()
    order.remark = "after submit"
    order.save()
    assert (order.rate, order.shown, order.remark) == ("old", "new", "after submit")


@pytest.fixture
def pointing_single(frappe: Any, make_doctype: Make) -> Any:
    make_doctype("NL Target", [field("title")], autoname="prompt", allow_rename=1)
    fields = [field("kind", "Link", options="DocType"), field("what", "Dynamic Link", options="kind")]
    make_doctype("NL Settings", fields, issingle=1)
    new(frappe, "NL Target", name="a")
    settings = frappe.get_doc("NL Settings")
    settings.update({"kind": "NL Target", "what": "a"}).save()
    return settings


def test_what_settings_point_at_by_a_dynamic_link_is_not_deleted(frappe: Any, pointing_single: Any) -> None:
    with pytest.raises(frappe.LinkExistsError):
        frappe.delete_doc("NL Target", "a")
    pointing_single.update({"kind": "User", "what": "Administrator"}).save()
    frappe.delete_doc("NL Target", "a")
    assert not frappe.db.exists("NL Target", "a")


def test_dynamic_links_of_settings_follow_a_rename(frappe: Any, pointing_single: Any) -> None:
    frappe.rename_doc("NL Target", "a", "b")
    assert frappe.get_doc("NL Settings").what == "b"
    pointing_single.reload().update({"kind": "Role", "what": "System Manager"}).save()
    new(frappe, "NL Target", name="System Manager")
    frappe.rename_doc("NL Target", "System Manager", "c")
    assert frappe.get_doc("NL Settings").what == "System Manager"


def test_links_offer_what_the_linking_doctype_may_hold(
    frappe: Any, make_doctype: Make, make_user: Make, acting_as: Make
) -> None:
    from frappe.desk.search import search_link

    make_doctype("NL Shop", [field("title")], autoname="prompt")
    make_doctype("NL Sale", [field("shop", "Link", options="NL Shop")])
    make_user("links@example.com", "System Manager")
    for name in ("a", "b"):
        new(frappe, "NL Shop", name=name)
    rule = {"user": "links@example.com", "allow": "NL Shop", "for_value": "a", "apply_to_all_doctypes": 0}
    new(frappe, "User Permission", applicable_for="NL Sale", **rule)
    with acting_as("links@example.com"):
        offered = [row["value"] for row in search_link("NL Shop", "", reference_doctype="NL Sale")]
        elsewhere = {row["value"] for row in search_link("NL Shop", "", reference_doctype="ToDo")}
    assert (offered, elsewhere) == (["a"], {"a", "b"})


def test_texts_keep_what_stands_in_angle_brackets(frappe: Any, make_doctype: Make) -> None:
    make_doctype("NL Text", [field("line"), field("text", "Small Text")])
    made = new(frappe, "NL Text", line="if a<b then", text="from Bob <bob@example.com> <b onclick='x'>now</b>")
    assert made.line == "if a<b then"
    assert made.text == "from Bob &lt;bob@example.com&gt; <b>now</b>"
