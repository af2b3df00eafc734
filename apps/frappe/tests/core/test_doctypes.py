"""DocTypes made and changed on a site: checked, stored at once, nothing lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]


def field(name: str, fieldtype: str = "Data", **values: Any) -> dict[str, Any]:
    return {"fieldname": name, "label": name.title(), "fieldtype": fieldtype, **values}


def test_a_doctype_works_as_soon_as_it_is_saved(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box", [field("title"), field("size", "Int")])
    frappe.get_doc({"doctype": "Box", "title": "big", "size": 7}).insert()
    assert frappe.get_all("Box", filters={"size": [">", 5]}, pluck="title") == ["big"]


def test_a_field_can_be_added_while_there_are_documents(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("title")])
    frappe.get_doc({"doctype": "Box", "title": "big"}).insert()
    box.append("fields", field("size", "Int", default="3"))
    box.save()
    assert frappe.get_all("Box", fields=["title", "size"])[0] == {"title": "big", "size": 3}


def test_fields_get_names_from_labels(make_doctype: Make) -> None:
    labels = [
        {"label": "Net Weight (kg)", "fieldtype": "Float"},
        {"fieldtype": "Section Break"},
        {"label": "产地", "fieldtype": "Data"},
    ]
    box = make_doctype("Box", labels)
    assert [row.fieldname for row in box.fields] == ["net_weight_kg", "section_break_2", "data_3"]


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("two of a name", {"fields": [field("a"), field("a")]}, "UniqueFieldnameError"),
    ("a reserved name", {"fields": [field("modified")]}, "InvalidFieldNameError"),
    ("an illegal name", {"fields": [field("a-b")]}, "InvalidColumnName"),
    ("a link to nothing", {"fields": [field("a", "Link")]}, "DoctypeLinkError"),
    ("a link to what is not there", {"fields": [field("a", "Link", options="Nope")]}, "WrongOptionsDoctypeLinkError"),
    ("a table of documents", {"fields": [field("a", "Table", options="User")]}, "ValidationError"),
    ("a dynamic link to nothing", {"fields": [field("a", "Dynamic Link", options="b")]}, "ValidationError"),
    ("mandatory and hidden", {"fields": [field("a", reqd=1, hidden=1)]}, "HiddenAndMandatoryWithoutDefaultError"),
    ("a mandatory section", {"fields": [field("a", "Section Break", reqd=1)]}, "IllegalMandatoryError"),
    ("a default that is no choice", {"fields": [field("a", "Select", options="x\ny", default="z")]}, "ValidationError"),
    ("a unique text", {"fields": [field("a", "Text", unique=1)]}, "NonUniqueError"),
    ("an indexed text", {"fields": [field("a", "Text", search_index=1)]}, "CannotIndexedError"),
    ("a fetch through nothing", {"fields": [field("a", fetch_from="b.c")]}, "ValidationError"),
    ("more than a row holds", {"fields": [field(f"a{n}", length=1000) for n in range(20)]}, "ValidationError"),
    ("no such title", {"title_field": "zzz"}, "InvalidFieldNameError"),
    ("no such search field", {"search_fields": "zzz"}, "ValidationError"),
    ("a picture that is none", {"image_field": "title"}, "InvalidFieldNameError"),
    ("no such naming field", {"autoname": "field:zzz"}, "ValidationError"),
    ("an illegal name of the doctype", {"name": "1 Box"}, "NameError"),
    (
        "submit without being submittable",
        {"permissions": [{"role": "All", "read": 1, "write": 1, "submit": 1}]},
        "ValidationError",
    ),
    ("a level without a base", {"permissions": [{"role": "All", "read": 1, "permlevel": 1}]}, "ValidationError"),
]


@pytest.mark.parametrize(("values", "error"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_breaks_a_rule_is_refused(frappe: Any, make_doctype: Make, values: dict[str, Any], error: str) -> None:
    from frappe.core.doctype.doctype import doctype as controller

    kind = getattr(controller, error, None) or getattr(frappe, error)
    given = {"name": "Box", **values}
    with pytest.raises(kind):
        make_doctype(given.pop("name"), given.pop("fields", None), **given)
    assert not frappe.db.exists("DocType", "Box")


def test_all_problems_are_said_at_once(frappe: Any, make_doctype: Make) -> None:
    frappe.local.lang = "en"
    with pytest.raises(frappe.ValidationError) as raised:
        make_doctype("Box", [field("a", "Link"), field("b", "Text", unique=1)])
    assert "the field A in row 1 needs the name of a DocType" in str(raised.value)
    assert "the field B of type Text can't be unique" in str(raised.value)


def test_a_tree_gets_its_fields_and_works(frappe: Any, make_doctype: Make) -> None:
    place = make_doctype("Place", [field("title")], is_tree=1, autoname="field:title")
    assert [row.fieldname for row in place.fields] == ["title", "lft", "rgt", "is_group", "old_parent", "parent_place"]
    frappe.get_doc({"doctype": "Place", "title": "World", "is_group": 1}).insert()
    frappe.get_doc({"doctype": "Place", "title": "Asia", "parent_place": "World"}).insert()
    assert frappe.get_all("Place", filters={"name": ["descendants of", "World"]}, pluck="name") == ["Asia"]


def test_a_submittable_doctype_can_be_amended(frappe: Any, make_doctype: Make) -> None:
    rights = {"role": "System Manager", "read": 1, "write": 1, "create": 1, "submit": 1, "cancel": 1, "amend": 1}
    make_doctype("Order Form", [field("title")], is_submittable=1, permissions=[rights], autoname="OF-.####")
    order = frappe.get_doc({"doctype": "Order Form", "title": "A"}).insert().submit().cancel()
    amended = frappe.copy_doc(order)
    amended.amended_from = order.name
    assert amended.insert().name == "OF-0001-1"


def test_naming_rule_and_autoname_agree(make_doctype: Make) -> None:
    assert make_doctype("Box A", autoname="BX-.####").naming_rule == "Expression (old style)"
    assert make_doctype("Box B", naming_rule="Autoincrement").autoname == "autoincrement"
    named = make_doctype("Box C", autoname="field:title")
    assert (named.naming_rule, named.fields[0].unique) == ("By fieldname", 1)


def test_naming_by_numbers_begins_on_an_empty_table_alone(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box")
    box.autoname = "autoincrement"
    box.save()
    assert frappe.get_doc({"doctype": "Box", "title": "a"}).insert().name == 1
    box.autoname = "hash"
    with pytest.raises(frappe.ValidationError):
        box.save()


def test_the_first_mandatory_fields_are_listed(make_doctype: Make) -> None:
    box = make_doctype("Box", [field("a"), field("b", reqd=1), field("c", "Text", reqd=1)])
    assert [row.fieldname for row in box.fields if row.in_list_view] == ["b"]


def test_two_doctypes_never_share_a_series(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box A", autoname="BX-.####")
    with pytest.raises(frappe.ValidationError):
        make_doctype("Box B", autoname="BX-.#####")


# changes


def test_a_value_that_would_be_lost_stops_a_change_of_type(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("size")])
    frappe.get_doc({"doctype": "Box", "size": "large"}).insert()
    box.fields[0].fieldtype = "Int"
    with pytest.raises(frappe.ValidationError, match="large"):
        box.save()
    assert frappe.get_all("Box", pluck="size") == ["large"]


def test_values_that_fit_follow_a_change_of_type(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("size")])
    for size in ("12", ""):
        frappe.get_doc({"doctype": "Box", "size": size}).insert()
    box.fields[0].fieldtype = "Int"
    box.save()
    assert sorted(frappe.get_all("Box", pluck="size")) == [0, 12]


def test_values_of_a_renamed_field_come_along(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("size", "Int")])
    frappe.get_doc({"doctype": "Box", "size": 12}).insert()
    box.fields[0].fieldname = "volume"
    box.save()
    assert frappe.get_all("Box", pluck="volume") == [12]


def test_a_removed_field_keeps_its_values_for_its_return(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("title"), field("size", "Int")])
    frappe.get_doc({"doctype": "Box", "title": "a", "size": 12}).insert()
    box.remove(box.fields[1])
    box.save()
    assert not frappe.get_meta("Box").has_field("size")
    box.append("fields", field("size", "Int"))
    box.save()
    assert frappe.get_all("Box", pluck="size") == [12]


def test_shared_values_stop_a_field_from_being_unique(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("code")])
    for _copy in range(2):
        frappe.get_doc({"doctype": "Box", "code": "x"}).insert()
    box.fields[0].unique = 1
    with pytest.raises(frappe.ValidationError):
        box.save()


@pytest.mark.parametrize("change", [{"issingle": 1}, {"istable": 1}])
def test_documents_stop_a_change_of_kind(frappe: Any, make_doctype: Make, change: dict[str, int]) -> None:
    box = make_doctype("Box")
    frappe.get_doc({"doctype": "Box", "title": "a"}).insert()
    box.update(change)
    with pytest.raises(frappe.ValidationError):
        box.save()


def test_a_doctype_without_documents_changes_its_kind(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", issingle=1)
    box.issingle = 0
    box.save()
    assert frappe.get_doc({"doctype": "Box", "title": "a"}).insert().title == "a"


def test_submitted_documents_keep_their_doctype_submittable(frappe: Any, make_doctype: Make) -> None:
    rights = {"role": "System Manager", "read": 1, "write": 1, "submit": 1}
    form = make_doctype("Order Form", [field("title")], is_submittable=1, permissions=[rights])
    frappe.get_doc({"doctype": "Order Form", "title": "A"}).insert().submit()
    form.is_submittable = 0
    form.permissions[0].submit = 0
    with pytest.raises(frappe.ValidationError):
        form.save()


# renaming and deleting


def test_a_renamed_doctype_keeps_documents_rows_and_links(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box Line", [field("item")], istable=1)
    make_doctype("Box", [field("title"), field("lines", "Table", options="Box Line")], autoname="field:title")
    make_doctype("Shelf", [field("box", "Link", options="Box")])
    frappe.get_doc({"doctype": "Box", "title": "a", "lines": [{"item": "x"}]}).insert()
    shelf = frappe.get_doc({"doctype": "Shelf", "box": "a"}).insert()
    frappe.rename_doc("DocType", "Box", "Crate", force=True)
    crate = frappe.get_doc("Crate", "a")
    assert [(row.item, row.parenttype) for row in crate.lines] == [("x", "Crate")]
    assert frappe.get_meta("Shelf").get_field("box").options == "Crate"
    frappe.get_doc("Shelf", shelf.name).save()
    frappe.rename_doc("DocType", "Crate", "Box", force=True)


def test_a_renamed_single_keeps_its_values(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box Settings", [field("title")], issingle=1)
    frappe.db.set_single_value("Box Settings", "title", "kept")
    frappe.rename_doc("DocType", "Box Settings", "Crate Settings", force=True)
    assert frappe.db.get_single_value("Crate Settings", "title") == "kept"
    frappe.rename_doc("DocType", "Crate Settings", "Box Settings", force=True)


def test_a_doctype_that_fields_point_at_stays(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box")
    make_doctype("Shelf", [field("box", "Link", options="Box")])
    with pytest.raises(frappe.LinkExistsError):
        frappe.delete_doc("DocType", "Box")


def test_a_deleted_doctype_is_gone_with_its_table(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box")
    frappe.delete_doc("DocType", "Box")
    assert not frappe.db.exists("DocType", "Box")
    if frappe.db.is_sqlite:  # MariaDB drops the table when the transaction commits
        assert not frappe.db.table_exists("Box", cached=False)


# DocTypes of apps


@pytest.mark.parametrize("change", ["save", "delete", "rename", "take"])
def test_doctypes_of_apps_change_in_developer_mode_alone(frappe: Any, change: str) -> None:
    from frappe.core.doctype.doctype.doctype import CannotCreateStandardDoctypeError

    todo = frappe.get_doc("DocType", "ToDo")
    if change == "take":
        todo.custom = 1
    attempt = {"delete": todo.delete, "rename": lambda: frappe.rename_doc("DocType", "ToDo", "Task", force=True)}
    with pytest.raises(CannotCreateStandardDoctypeError):
        attempt.get(change, todo.save)()


def test_a_doctype_of_the_site_touches_no_file(frappe: Any, make_doctype: Make) -> None:
    frappe.conf.developer_mode = 1
    make_doctype("Box")
    frappe.conf.developer_mode = 0
    assert not Path(frappe.get_app_path("frappe", "custom", "doctype", "box")).exists()


def test_a_doctype_of_an_app_is_written_as_a_file(frappe: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe_engine.documents import exporting

    monkeypatch.setattr(exporting, "get_app_path", lambda _app, *parts: str(tmp_path.joinpath(*parts)))
    document = frappe.get_doc("DocType", "Gender")
    path = exporting.export_document(document)
    exporting.make_boilerplate(document)
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    folder = tmp_path / "contacts" / "doctype" / "gender"
    assert path == str(folder / "gender.json")
    assert content["field_order"] == ["gender"]
    assert content["fields"] == [{k: v for k, v in content["fields"][0].items() if v}]
    assert "class Gender(Document):" in (folder / "gender.py").read_text(encoding="utf-8")
    assert (folder / "__init__.py").exists()


def test_a_written_file_compiles_to_the_same_doctype(frappe: Any) -> None:
    from frappe_engine.documents.exporting import as_file
    from frappe_engine.documents.metas import meta_of_file

    stored = frappe.get_meta("ToDo")
    written = meta_of_file(as_file(frappe.get_doc("DocType", "ToDo")))
    assert [(f.fieldname, f.fieldtype, f.options) for f in written.fields] == [
        (f.fieldname, f.fieldtype, f.options) for f in stored.fields
    ]
    assert [rule.role for rule in written.permissions] == [rule.role for rule in stored.permissions]


def test_rows_are_numbered_where_their_doctype_says_so(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box Part", [field("title")], istable=1, autoname="autoincrement")
    make_doctype("Box", [field("parts", "Table", options="Box Part")])
    box = frappe.get_doc({"doctype": "Box", "parts": [{"title": "lid"}, {"title": "base"}]}).insert()
    first = box.parts[0].name
    assert [row.name for row in frappe.get_doc("Box", box.name).parts] == [first, first + 1]
    box.append("parts", {"title": "key"})
    box.save()
    assert box.parts[2].name == first + 2


def chain(frappe: Any, make_doctype: Make) -> Any:
    """Orders fetch their template's account, a link itself, and the region of that account."""
    make_doctype("Box Account", [field("region")], autoname="prompt")
    make_doctype("Box Template", [field("account", "Link", options="Box Account")], autoname="prompt")
    fetched = field("account", "Link", options="Box Account", fetch_from="template.account")
    region = field("region", fetch_from="account.region")
    for order in ("before", "after"):
        template = field("template", "Link", options="Box Template")
        fields = [fetched, template, region] if order == "before" else [template, fetched, region]
        make_doctype(f"Box {order}", fields)
    frappe.get_doc({"doctype": "Box Account", "name": "A", "region": "East"}).insert()
    return frappe.get_doc({"doctype": "Box Template", "name": "T", "account": "A"}).insert()


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_link_may_be_fetched_and_fetch_in_turn(frappe: Any, make_doctype: Make, place: str) -> None:
    chain(frappe, make_doctype)
    made = frappe.get_doc({"doctype": f"Box {place}", "template": "T"}).insert()
    assert (made.account, made.region) == ("A", "East")


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_fetched_link_to_nothing_is_refused(frappe: Any, make_doctype: Make, place: str) -> None:
    chain(frappe, make_doctype).db_set("account", "Gone")
    with pytest.raises(frappe.LinkValidationError, match="Gone"):
        frappe.get_doc({"doctype": f"Box {place}", "template": "T"}).insert()


def test_a_prompted_name_may_come_from_a_form(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box", [field("title")], autoname="prompt")
    assert frappe.get_doc({"doctype": "Box", "__newname": "first box"}).insert().name == "first box"


def test_only_the_site_itself_has_users_for_addresses(frappe: Any, make_doctype: Make) -> None:
    make_doctype("Box", [field("mail", options="Email")])
    assert frappe.get_doc({"doctype": "Box", "mail": "Administrator"}).insert().mail == "Administrator"
    with pytest.raises(frappe.InvalidEmailAddressError):
        frappe.get_doc({"doctype": "Box", "mail": "Nobody"}).insert()


def test_documents_that_were_there_get_the_default_of_a_new_field(frappe: Any, make_doctype: Make) -> None:
    box = make_doctype("Box", [field("title")])
    old = frappe.get_doc({"doctype": "Box", "title": "a"}).insert()
    box.append("fields", field("state", "Select", options="new\nold", default="old"))
    box.append("fields", field("count", "Int", default="3"))
    box.append("fields", field("maker", "Link", options="User", default="__user"))
    box.save()
    assert frappe.db.get_value("Box", old.name, ["state", "count", "maker"]) == ("old", 3, None)
    assert frappe.get_doc({"doctype": "Box", "state": ""}).insert().state == ""
