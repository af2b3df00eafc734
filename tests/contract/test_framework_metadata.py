"""The framework's own DocTypes hold every attribute that ordinary apps write into their metadata files."""

import ast
import csv
import re

import pytest
from doctype_files import package_of, read_bench, read_lines, read_translations
from doctype_rules import NO_VALUE_FIELDS, message_of

BENCH = read_bench()
PACKAGES = (package_of("frappe"), package_of("frappe").parent / "frappe_engine")

# Attributes that several public apps write; a DocType saved from the desk must keep them.
DOCTYPE_ATTRIBUTES = """
    allow_auto_repeat allow_bulk_edit allow_copy allow_events_in_timeline allow_guest_to_view allow_import allow_rename
    autoname beta child_table custom default_print_format default_view description document_type documentation
    editable_grid email_append_to engine grid_page_length has_web_view hide_heading hide_toolbar icon image_field
    in_create index_web_pages_for_search is_published_field is_submittable is_tree is_virtual issingle istable
    make_attachments_public max_attachments module name_case naming_rule nsm_parent_field quick_entry read_only
    restrict_to_domain route row_format rows_threshold_for_grid_search search_fields sender_field
    show_name_in_global_search show_preview_popup show_title_field_in_link sort_field sort_order subject_field
    timeline_field title_field track_changes track_seen track_views translated_doctype
"""
FIELD_ATTRIBUTES = """
    allow_bulk_edit allow_in_quick_entry allow_on_submit bold collapsible collapsible_depends_on columns default
    depends_on description documentation_url fetch_from fetch_if_empty fieldname fieldtype hidden hide_border hide_days
    hide_seconds ignore_user_permissions ignore_xss_filter in_filter in_global_search in_list_view in_preview
    in_standard_filter is_virtual label length link_filters make_attachment_public mandatory_depends_on max_height
    no_copy non_negative not_nullable options permlevel placeholder precision print_hide print_hide_if_no_value
    print_width read_only read_only_depends_on remember_last_selected_value report_hide reqd search_index set_only_once
    show_dashboard sort_options translatable unique width
"""
PERMISSION_ATTRIBUTES = """
    amend cancel create delete email export if_owner import permlevel print read report role select
    set_user_permissions share submit write
"""
ATTRIBUTES = {
    "DocType": DOCTYPE_ATTRIBUTES,
    "DocField": FIELD_ATTRIBUTES,
    "Custom Field": FIELD_ATTRIBUTES + " dt insert_after is_system_generated module",
    "Customize Form Field": FIELD_ATTRIBUTES + " is_custom_field",
    "DocPerm": PERMISSION_ATTRIBUTES,
    "Custom DocPerm": PERMISSION_ATTRIBUTES + " parent",
    "DocType Link": "group is_child_table link_doctype link_fieldname parent_doctype table_fieldname hidden custom",
    "DocType State": "color title custom",
    "DocType Action": "action action_type group hidden label custom",
}


@pytest.mark.parametrize("doctype", ATTRIBUTES)
def test_metadata_has_a_column_for_every_attribute(doctype: str) -> None:
    """No attribute of an app's file is lost when it is stored."""
    assert set(ATTRIBUTES[doctype].split()) - set(BENCH.doctypes[doctype].fields) == set()


@pytest.mark.parametrize("part", ["fields", "permissions", "actions", "links", "states"])
def test_doctype_holds_its_parts_as_tables(part: str) -> None:
    """The parts of a DocType file are child tables of the same name."""
    assert BENCH.doctypes["DocType"].fields[part]["fieldtype"] == "Table"


def test_custom_and_own_fields_have_the_same_attributes() -> None:
    """What can be set on an app's field can be set on a site's."""
    own, custom = (value_fields(name) for name in ("DocField", "Custom Field"))
    assert own - custom <= {"oldfieldname", "oldfieldtype"}


def value_fields(doctype: str) -> set[str]:
    """Return the fields of a DocType that have a column."""
    fields = BENCH.doctypes[doctype].fields
    return {name for name, row in fields.items() if row["fieldtype"] not in NO_VALUE_FIELDS}


def test_customize_form_changes_only_what_a_doctype_has() -> None:
    """Every property on the form is one of DocType, or tells which DocType it is about."""
    own = {"doc_type", "label", "fields_section_help", "link_filters"}
    assert value_fields("Customize Form") - value_fields("DocType") - own == set()


@pytest.mark.parametrize("app", ["frappe", "ec_erp"])
def test_translations_are_well_formed(app: str) -> None:
    """A row has source, translation and perhaps a context, and no source stands twice in one context."""
    rows = read_translations(app)
    assert [row for row in rows if len(row) not in (2, 3) or not row[0] or not row[1]] == []
    keys = [(row[0], row[2] if len(row) > 2 else "") for row in rows]
    assert [key for key in set(keys) if keys.count(key) > 1] == []


def test_translations_of_the_framework_are_in_order() -> None:
    """Rows are sorted by source, so that two people who add some rarely touch the same line."""
    path = package_of("frappe") / "translations" / "zh.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        keys = [(row[0].lower(), row[0], row[2] if len(row) > 2 else "") for row in csv.reader(lines)]
    assert keys == sorted(keys)


def test_messages_of_the_framework_are_translated() -> None:
    """Whatever the framework says to a person, in code or in a page, it says in Chinese, too."""
    code = [file for package in PACKAGES for file in package.rglob("*.py")]
    said = {message_of(node) for file in code for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))}
    pages = [file for package in PACKAGES for ending in ("html", "xml") for file in package.rglob(f"*.{ending}")]
    said |= {
        text
        for page in pages
        for _mark, text in re.findall(r"\b_\(\s*([\"'])(.*?)\1", page.read_text(encoding="utf-8"))
    }
    assert len(said) > 500
    contexts = {row[0] for row in read_translations("frappe")}
    assert sorted(said - contexts - {""}) == []


def test_translations_keep_placeholders() -> None:
    """A translation has the placeholders of its source, in whatever order."""
    rows = [row for app in ("frappe", "ec_erp") for row in read_translations(app)]
    assert [row for row in rows if placeholders(row[0]) != placeholders(row[1])] == []


def placeholders(text: str) -> list[str]:
    """Return what is filled in when a text is shown."""
    return sorted(re.findall(r"(?<!\{)\{\d*\}(?!\})", text))


def test_modules_have_doctypes() -> None:
    """A module in modules.txt is one that something belongs to."""
    used = {file.doctype["module"] for file in BENCH.doctypes.values() if file.app == "frappe"}
    assert set(read_lines(package_of("frappe") / "modules.txt")) == used
