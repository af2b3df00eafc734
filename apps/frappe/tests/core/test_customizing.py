"""Custom fields, property setters and the form over both."""

from collections.abc import Callable
from typing import Any

import pytest


def add(frappe: Any, **values: Any) -> Any:
    return frappe.get_doc({"doctype": "Custom Field", "dt": "Note", "fieldtype": "Data", **values}).insert()


@pytest.fixture
def customize(frappe: Any) -> Any:
    """The form over what the site changed in Note."""

    def fetch(doctype: str = "Note") -> Any:
        form = frappe.get_doc("Customize Form")
        form.doc_type = doctype
        form.fetch_to_customize()
        return form

    yield fetch
    if not frappe.db.is_sqlite:  # MariaDB has committed what was changed
        frappe.db.rollback()
        for name in frappe.get_all("Custom Field", {"dt": "Note"}, pluck="name"):
            frappe.delete_doc("Custom Field", name)
        frappe.db.delete("Property Setter", {"doc_type": "Note"})
        frappe.db.commit()
        frappe.clear_cache(doctype="Note")


@pytest.fixture(autouse=True)
def _clean(customize: Any) -> None:
    """Every test here changes Note."""


def row_of(form: Any, fieldname: str) -> Any:
    return next(row for row in form.fields if row.fieldname == fieldname)


# custom fields


def test_a_custom_field_holds_values_at_once(frappe: Any) -> None:
    field = add(frappe, label="Shelf Code", insert_after="title")
    assert (field.name, field.fieldname) == ("Note-custom_shelf_code", "custom_shelf_code")
    note = frappe.get_doc({"doctype": "Note", "title": "a", "custom_shelf_code": "A7"}).insert()
    assert frappe.db.get_value("Note", note.name, "custom_shelf_code") == "A7"
    names = [field.fieldname for field in frappe.get_meta("Note").fields]
    assert names.index("custom_shelf_code") == names.index("title") + 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"fieldname": "title", "label": "Title"}, "ValidationError"),
        ({"fieldname": "modified", "label": "M"}, "ValidationError"),
        ({"label": "L", "fieldtype": "Link", "options": "Nope"}, "ValidationError"),
        ({"label": "L", "fieldtype": "Select", "options": "a\nb", "default": "c"}, "ValidationError"),
        ({}, "ValidationError"),
    ],
)
def test_a_custom_field_keeps_the_rules(frappe: Any, values: dict[str, Any], error: str) -> None:
    with pytest.raises(getattr(frappe, error)):
        add(frappe, **values)


def test_a_deleted_custom_field_comes_back_with_its_values(frappe: Any) -> None:
    field = add(frappe, label="Shelf")
    note = frappe.get_doc({"doctype": "Note", "title": "a", "custom_shelf": "A7"}).insert()
    field.delete()
    assert not frappe.get_meta("Note").has_field("custom_shelf")
    add(frappe, label="Shelf")
    assert frappe.db.get_value("Note", note.name, "custom_shelf") == "A7"


def test_the_type_of_a_custom_field_changes_as_far_as_values_allow(frappe: Any) -> None:
    field = add(frappe, label="Shelf")
    frappe.get_doc({"doctype": "Note", "title": "a", "custom_shelf": "7"}).insert()
    field.fieldtype = "Int"
    assert field.save().fieldtype == "Int"
    field.fieldtype = "Section Break"
    with pytest.raises(frappe.ValidationError):
        field.save()


def test_a_renamed_custom_field_keeps_its_values(frappe: Any) -> None:
    from frappe.custom.doctype.custom_field.custom_field import rename_fieldname

    add(frappe, label="Shelf")
    note = frappe.get_doc({"doctype": "Note", "title": "a", "custom_shelf": "A7"}).insert()
    rename_fieldname("Note-custom_shelf", "rack")
    assert frappe.db.get_value("Note", note.name, "rack") == "A7"


def test_apps_add_fields_to_several_doctypes_in_one_go(frappe: Any) -> None:
    from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

    wanted = {
        ("Note", "Event"): [{"fieldname": "box", "label": "Box", "fieldtype": "Data"}],
        "Note": {"fieldname": "lid", "label": "Lid"},
    }
    create_custom_fields(wanted)
    assert frappe.get_meta("Event").has_field("box")
    assert frappe.get_meta("Note").get_field("lid").fieldtype == "Data"
    create_custom_fields({"Note": [{"fieldname": "lid", "label": "Cover"}]})
    assert frappe.get_meta("Note").get_field("lid").label == "Cover"
    create_custom_fields({"Note": [{"fieldname": "lid", "label": "Other"}]}, update=False)
    assert frappe.get_meta("Note").get_field("lid").label == "Cover"
    frappe.delete_doc("Custom Field", "Event-box")


def test_one_field_of_an_app_is_added_once(frappe: Any) -> None:
    from frappe.custom.doctype.custom_field.custom_field import create_custom_field

    field = create_custom_field("Note", {"label": "Shelf Code"})
    assert (field.fieldname, field.is_system_generated) == ("shelf_code", 1)
    assert create_custom_field("Note", {"fieldname": "shelf_code", "label": "Again"}) is None


def test_undoing_to_a_savepoint_reads_the_doctype_anew(frappe: Any) -> None:
    if not frappe.db.is_sqlite:
        pytest.skip("MariaDB commits when tables change")
    frappe.db.savepoint("here")
    add(frappe, label="Shelf")
    assert frappe.get_meta("Note").has_field("custom_shelf")
    frappe.db.rollback(save_point="here")
    assert not frappe.get_meta("Note").has_field("custom_shelf")


# property setters


def test_a_property_counts_until_it_is_taken_back(frappe: Any) -> None:
    from frappe.custom.doctype.property_setter.property_setter import delete_property_setter, make_property_setter

    assert make_property_setter("Note", "public", "hidden", 1, "Check").name == "Note-public-hidden"
    assert frappe.get_meta("Note").get_field("public").hidden == 1
    make_property_setter("Note", "public", "hidden", 0, "Check")
    assert frappe.get_meta("Note").get_field("public").hidden == 0
    assert frappe.db.count("Property Setter", {"doc_type": "Note"}) == 1
    make_property_setter("Note", None, "title_field", "content", "Data", for_doctype=True)
    assert frappe.get_meta("Note").title_field == "content"
    delete_property_setter("Note", "title_field")
    assert frappe.get_meta("Note").title_field == "title"


@pytest.mark.parametrize(
    ("fieldname", "name"), [("content", "unique"), ("title", "hidden"), ("content", "search_index")]
)
def test_a_property_that_breaks_a_rule_is_refused(frappe: Any, fieldname: str, name: str) -> None:
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    with pytest.raises(frappe.ValidationError):
        make_property_setter("Note", fieldname, name, 1, "Check")


def test_a_longer_text_fits_at_once(frappe: Any) -> None:
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    make_property_setter("Note", "title", "length", 300, "Int")
    assert len(frappe.get_doc({"doctype": "Note", "title": "x" * 250}).insert().title) == 250


# the form


def test_the_form_keeps_differences_alone(frappe: Any, customize: Callable[..., Any]) -> None:
    form = customize()
    form.save_customization()
    assert frappe.db.count("Property Setter", {"doc_type": "Note"}) == 0
    form = customize()
    row_of(form, "title").label = "Heading"
    form.track_changes = 0
    form.save_customization()
    meta = frappe.get_meta("Note")
    assert (meta.get_field("title").label, meta.track_changes) == ("Heading", 0)
    form = customize()
    row_of(form, "title").label = "Title"
    form.track_changes = 1
    form.save_customization()
    assert frappe.db.count("Property Setter", {"doc_type": "Note"}) == 0


def test_the_form_adds_changes_and_removes_custom_fields(frappe: Any, customize: Callable[..., Any]) -> None:
    form = customize()
    form.append("fields", {"label": "Shelf", "fieldtype": "Data", "is_custom_field": 1})
    form.save_customization()
    note = frappe.get_doc({"doctype": "Note", "title": "a", "custom_shelf": "7"}).insert()
    form = customize()
    row_of(form, "custom_shelf").fieldtype = "Int"
    form.save_customization()
    assert frappe.db.get_value("Note", note.name, "custom_shelf") == 7
    form = customize()
    form.remove(row_of(form, "custom_shelf"))
    form.save_customization()
    assert not frappe.db.exists("Custom Field", {"dt": "Note"})


def test_the_form_keeps_the_order_of_fields(frappe: Any, customize: Callable[..., Any]) -> None:
    form = customize()
    form.fields.insert(0, form.fields.pop())
    wanted = [row.fieldname for row in form.fields]
    form.save_customization()
    assert [field.fieldname for field in frappe.get_meta("Note").fields] == wanted
    form = customize()
    form.reset_layout()
    assert not frappe.db.exists("Property Setter", {"doc_type": "Note", "property": "field_order"})


def test_the_form_adds_links_actions_and_states(frappe: Any, customize: Callable[..., Any]) -> None:
    form = customize()
    form.append("links", {"link_doctype": "ToDo", "link_fieldname": "reference_name", "group": "Tasks"})
    form.append("states", {"title": "Open", "color": "Red"})
    form.append("actions", {"label": "Go", "action_type": "Route", "action": "#"})
    form.save_customization()
    meta = frappe.get_meta("Note")
    found = (
        [(row.link_doctype, row.custom) for row in meta.links],
        [row.title for row in meta.states],
        [row.label for row in meta.actions],
    )
    assert found == ([("ToDo", 1)], ["Open"], ["Go"])
    form = customize()
    form.set("links", [])
    form.save_customization()
    assert frappe.get_meta("Note").links == []
    assert [row.title for row in frappe.get_meta("Note").states] == ["Open"]
    form = customize()
    form.reset_to_defaults()
    assert frappe.get_meta("Note").states == []


@pytest.mark.parametrize(
    ("fieldname", "change"),
    [
        ("title", {"reqd": 0}),
        ("title", {"fieldtype": "Int"}),
        ("seen_by", {"options": "Has Role"}),
        ("public", {"fieldtype": "Data"}),
    ],
)
def test_the_form_leaves_what_apps_count_on(
    frappe: Any, customize: Callable[..., Any], fieldname: str, change: dict[str, Any]
) -> None:
    form = customize()
    row_of(form, fieldname).update(change)
    with pytest.raises(frappe.ValidationError):
        form.save_customization()


@pytest.mark.parametrize("doctype", ["DocType", "System Settings", "Has Role"])
def test_some_doctypes_are_never_customized(frappe: Any, customize: Callable[..., Any], doctype: str) -> None:
    with pytest.raises(frappe.ValidationError):
        customize(doctype)


def test_going_back_leaves_what_apps_added(frappe: Any, customize: Callable[..., Any]) -> None:
    from frappe.custom.doctype.custom_field.custom_field import create_custom_field

    create_custom_field("Note", {"fieldname": "of_app", "label": "Of App"})
    add(frappe, label="Of Site")
    form = customize()
    row_of(form, "title").label = "Heading"
    form.save_customization()
    customize().reset_to_defaults()
    assert frappe.get_all("Custom Field", {"dt": "Note"}, pluck="fieldname") == ["of_app"]
    assert frappe.get_meta("Note").get_field("title").label == "Title"


def test_orphaned_columns_are_found_and_dropped(frappe: Any, customize: Callable[..., Any]) -> None:
    add(frappe, label="Shelf").delete()
    form = customize()
    assert "custom_shelf" in form.get_orphaned_columns()
    form.trim_table()
    assert not frappe.db.has_column("Note", "custom_shelf")


def test_the_site_calls_a_doctype_its_own_way(frappe: Any, customize: Callable[..., Any]) -> None:
    frappe.local.lang = "zh"
    form = customize()
    form.label = "便条"
    form.save_customization()
    assert frappe._("Note") == "便条"


# patches


def test_a_patch_renames_a_field_with_its_values(frappe: Any) -> None:
    from frappe.custom.doctype.custom_field.custom_field import create_custom_field
    from frappe.model.utils.rename_field import rename_field

    for name in ("old_code", "new_code"):
        create_custom_field("Note", {"fieldname": name, "label": name})
    note = frappe.get_doc({"doctype": "Note", "title": "a", "old_code": "A7"}).insert()
    rename_field("Note", "old_code", "new_code")
    assert frappe.db.get_value("Note", note.name, "new_code") == "A7"
