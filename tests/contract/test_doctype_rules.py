"""Each rule finds the breach that it is there for, and says where; a sound DocType breaks none."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doctype_files import Bench, DocTypeFile, read_bench
from doctype_rules import RULES, needs_words

FRAMEWORK = read_bench()

SOUND: dict[str, Any] = {
    "autoname": "field:code",
    "doctype": "DocType",
    "field_order": ["code", "kind", "rows", "owner_user", "user_mail", "amended_from"],
    "fields": [
        {"fieldname": "code", "fieldtype": "Data", "in_list_view": 1, "label": "Code", "reqd": 1, "unique": 1},
        {"default": "A", "fieldname": "kind", "fieldtype": "Select", "label": "Kind", "options": "A\nB"},
        {"fieldname": "rows", "fieldtype": "Table", "label": "Rows", "options": "Crate Row"},
        {"fieldname": "owner_user", "fieldtype": "Link", "label": "User", "options": "User"},
        {"fetch_from": "owner_user.email", "fieldname": "user_mail", "fieldtype": "Data", "label": "Email"},
        {"fieldname": "amended_from", "fieldtype": "Link", "label": "Source", "no_copy": 1, "options": "Crate"}
        | {"read_only": 1},
    ],
    "is_submittable": 1,
    "links": [{"link_doctype": "Crate", "link_fieldname": "amended_from"}],
    "module": "Stores",
    "name": "Crate",
    "naming_rule": "By fieldname",
    "permissions": [{"create": 1, "read": 1, "role": "System Manager", "submit": 1, "write": 1}],
    "states": [{"color": "Green", "title": "A"}],
    "title_field": "code",
}
ROW: dict[str, Any] = {
    "doctype": "DocType",
    "field_order": ["qty"],
    "fields": [{"depends_on": "eval:parent.kind=='A'", "fieldname": "qty", "fieldtype": "Float", "in_list_view": 1}],
    "istable": 1,
    "module": "Stores",
    "name": "Crate Row",
    "permissions": [],
}
CONTROLLER = "class {name}:\n    pass\n"


def write_doctype(root: Path, doctype: dict[str, Any], controller: str = CONTROLLER) -> DocTypeFile:
    """Write a DocType as an app has it, and return it as read."""
    stem = doctype["name"].replace(" ", "_").lower()
    folder = root / "apps" / "shop" / "shop" / "stores" / "doctype" / stem
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / f"{stem}.py").write_text(controller.format(name=doctype["name"].replace(" ", "")))
    return DocTypeFile("shop", folder / f"{stem}.json", doctype)


def bench_of(*files: DocTypeFile) -> Bench:
    """Return the framework's bench with more DocTypes, whose texts are translated."""
    words = {
        (word, "") for word in ("Code", "Kind", "Rows", "Stores", "Crate", "Crate Row", "System Manager", "Source")
    }
    return Bench(
        doctypes=FRAMEWORK.doctypes | {file.name: file for file in files},
        modules={"shop": ["Stores"]},
        roles={"System Manager"},
        translations=FRAMEWORK.translations | words,
    )


def field(crate: dict[str, Any], fieldname: str) -> dict[str, Any]:
    """Return one field of a DocType."""
    return next(row for row in crate["fields"] if row["fieldname"] == fieldname)


def add(crate: dict[str, Any], **row: Any) -> None:
    """Add a field to a DocType, keys in order."""
    crate["fields"].append(dict(sorted(({"label": "Code"} | row).items())))
    crate["field_order"].append(row["fieldname"])


Change = Callable[[dict[str, Any]], Any]
BREACHES: list[tuple[str, Change, str]] = [
    ("identity_is_consistent", lambda c: c.update(doctype="Doctype"), 'says "DocType"'),
    ("identity_is_consistent", lambda c: c.update(module="Yard"), "not in modules.txt of shop"),
    ("keys_are_sorted", lambda c: field(c, "code").update(bold=1), "field code"),
    ("field_order_matches", lambda c: c["field_order"].remove("kind"), "'kind'"),
    ("fieldnames_are_legal", lambda c: add(c, fieldname="code", fieldtype="Data"), "occurs twice"),
    ("fieldnames_are_legal", lambda c: add(c, fieldname="Net Weight", fieldtype="Data"), "lower case"),
    ("fieldnames_are_legal", lambda c: add(c, fieldname="modified_by", fieldtype="Data"), "framework's own"),
    ("attributes_are_known", lambda c: field(c, "code").update(requird=1), "'code' has an unknown attribute 'requird'"),
    ("attributes_are_known", lambda c: c.update(track_change=1), "unknown attribute 'track_change'"),
    ("fieldtypes_are_known", lambda c: field(c, "code").update(fieldtype="Textt"), "'Textt'"),
    ("fieldtypes_are_known", lambda c: field(c, "code").pop("label"), "no label"),
    ("link_targets_exist", lambda c: field(c, "owner_user").update(options="Usr"), "'Usr', which does not exist"),
    ("link_targets_exist", lambda c: field(c, "rows").update(options="User"), "no child table"),
    ("link_targets_exist", lambda c: field(c, "owner_user").update(options="Has Role"), "points to the child table"),
    (
        "link_targets_exist",
        lambda c: field(c, "rows").update(fieldtype="Table MultiSelect"),
        "no Link field to choose from",
    ),
    (
        "link_targets_exist",
        lambda c: add(c, fieldname="party", fieldtype="Dynamic Link", options="party_type"),
        "field named 'party_type'",
    ),
    ("select_options_are_unique", lambda c: field(c, "kind").update(options="A\nB\nA"), "'A' twice"),
    ("select_options_are_unique", lambda c: field(c, "kind").update(default="C"), "'C' is not among"),
    ("expressions_parse", lambda c: field(c, "kind").update(depends_on="knd"), "no field 'knd'"),
    ("expressions_parse", lambda c: field(c, "kind").update(depends_on="eval:doc.knd"), "doc.knd is no field"),
    ("expressions_parse", lambda c: field(c, "kind").update(depends_on="eval:(doc.code"), "(doc.code"),
    ("expressions_parse", lambda c: field(c, "kind").update(depends_on="eval:doc.code == 'A"), "doc.code == 'A"),
    ("fetch_paths_resolve", lambda c: field(c, "user_mail").update(fetch_from="kind.email"), "'kind' is no Link"),
    ("fetch_paths_resolve", lambda c: field(c, "user_mail").update(fetch_from="owner_user.mail"), "no field 'mail'"),
    ("permissions_are_complete", lambda c: c.update(permissions=[]), "no role reads it"),
    ("permissions_are_complete", lambda c: c["permissions"][0].update(role="Clerk"), "'Clerk' is not among"),
    ("permissions_are_complete", lambda c: c.update(is_submittable=0), "may submit what can't be submitted"),
    ("permissions_are_complete", lambda c: c["permissions"][0].update({"import": 1}), "allow_import is not set"),
    ("permissions_are_complete", lambda c: c["permissions"][0].update(read=0), "may create what it may not read"),
    ("permissions_are_complete", lambda c: c.update(istable=1), "has none itself"),
    ("field_levels_have_a_role", lambda c: field(c, "kind").update(permlevel=2), "level 2, which no role reads"),
    ("submittable_ones_can_be_amended", lambda c: c["fields"].pop(), "no field amended_from"),
    ("submittable_ones_can_be_amended", lambda c: field(c, "amended_from").update(options="User"), "no Link to Crate"),
    ("submittable_ones_can_be_amended", lambda c: field(c, "amended_from").pop("no_copy"), "is not no_copy"),
    ("naming_is_consistent", lambda c: c.update(naming_rule="Random"), "does not go with autoname 'field:code'"),
    ("naming_is_consistent", lambda c: c.pop("naming_rule"), "naming_rule is None"),
    ("naming_is_consistent", lambda c: c.update(autoname="field:sku"), "'sku', which does not exist"),
    ("naming_is_consistent", lambda c: field(c, "code").pop("reqd"), "which is not mandatory"),
    ("naming_is_consistent", lambda c: c.update(autoname="naming_series:"), "no Select field naming_series"),
    ("naming_is_consistent", lambda c: c.update(autoname="format:{size}-{##}"), "{size}"),
    ("naming_is_consistent", lambda c: c.update(autoname="", naming_rule="By script"), "no autoname method"),
    ("named_fields_exist", lambda c: c.update(title_field="heading"), "'heading', which is no field"),
    ("named_fields_exist", lambda c: c.update(search_fields="code, heading"), "search_fields names 'heading'"),
    ("named_fields_exist", lambda c: c.update(sort_field="weight"), "sort_field names 'weight'"),
    (
        "list_has_columns",
        lambda c: (c.pop("title_field"), field(c, "code").pop("in_list_view")),
        "the name says nothing",
    ),
    ("list_has_columns", lambda c: field(c, "rows").update(in_list_view=1), "can't be shown in a list"),
    (
        "indexes_are_possible",
        lambda c: add(c, fieldname="notes", fieldtype="Text", search_index=1),
        "'notes' of type Text can't have an index",
    ),
    (
        "row_fits_the_database",
        lambda c: [add(c, fieldname=f"text_{n}", fieldtype="Data", length=1000) for n in range(17)],
        "MariaDB holds 65535",
    ),
    ("child_tables_are_used", lambda c: c.update(istable=1), "no DocType has a Table field with it"),
    ("links_rows_resolve", lambda c: c["links"][0].update(link_doctype="Pallet"), "'Pallet' does not exist"),
    ("links_rows_resolve", lambda c: c["links"][0].update(link_fieldname="owner_user"), "no link to Crate"),
    ("states_are_choices", lambda c: c["states"][0].update(title="Lost"), "'Lost' is no choice"),
    ("english_is_the_source", lambda c: field(c, "code").update(label="编码"), "'编码' is not English"),
    ("texts_are_translated", lambda c: field(c, "code").update(label="Crate Code"), "'Crate Code' has no row"),
    ("texts_are_translated", lambda c: field(c, "code").update(description="Seen nowhere."), "'Seen nowhere.'"),
]


@pytest.mark.parametrize(("rule", "change", "message"), BREACHES, ids=[f"{row[0]}-{row[2]}" for row in BREACHES])
def test_rule_finds_its_breach(rule: str, change: Change, message: str, tmp_path: Path) -> None:
    """A DocType with one fault is reported with words that lead to it."""
    crate = copy.deepcopy(SOUND)
    change(crate)
    file = write_doctype(tmp_path, crate)
    found = list(RULES[rule](file, bench_of(file, write_doctype(tmp_path, ROW))))
    assert any(message in breach for breach in found), found


@pytest.mark.parametrize("rule", RULES)
def test_sound_doctype_breaks_no_rule(rule: str, tmp_path: Path) -> None:
    """Neither the sample nor its child table is reported."""
    files = [write_doctype(tmp_path, doctype) for doctype in (SOUND, with_labels(ROW))]
    assert [list(RULES[rule](file, bench_of(*files))) for file in files] == [[], []]


def with_labels(doctype: dict[str, Any]) -> dict[str, Any]:
    """Return a DocType whose fields have labels."""
    fields = [dict(sorted((row | {"label": "Rows"}).items())) for row in doctype["fields"]]
    return doctype | {"fields": fields}


@pytest.mark.parametrize(
    ("controller", "rule", "message"),
    [
        ("class Box:\n    pass\n", "controller_has_its_class", "crate.py has no class Crate"),
        (
            "@frappe.whitelist()\ndef weigh():\n    pass\n",
            "whitelisted_methods_are_documented",
            "weigh is whitelisted and has no docstring",
        ),
        (
            "frappe.throw(_('No crate like this'))\n",
            "messages_are_translated",
            "the message 'No crate like this' has no row in zh.csv",
        ),
    ],
)
def test_rule_on_controllers_finds_its_breach(controller: str, rule: str, message: str, tmp_path: Path) -> None:
    """A controller with one fault is reported."""
    file = write_doctype(tmp_path, SOUND, controller)
    assert list(RULES[rule](file, bench_of(file))) == [message]


def test_parent_condition_needs_a_field_of_a_parent(tmp_path: Path) -> None:
    """A child table's condition on `parent` is checked against the DocTypes that hold it."""
    row = copy.deepcopy(ROW)
    row["fields"][0]["depends_on"] = "eval:parent.colour"
    files = write_doctype(tmp_path, SOUND), write_doctype(tmp_path, row)
    assert "parent.colour is no field" in "".join(RULES["expressions_parse"](files[1], bench_of(*files)))


def test_every_rule_has_a_counterexample() -> None:
    """No rule stands that nobody has seen fail."""
    of_controllers = {"controller_has_its_class", "whitelisted_methods_are_documented", "messages_are_translated"}
    assert {row[0] for row in BREACHES} | of_controllers == set(RULES)


@pytest.mark.parametrize("text", ["POST", "yyyy-mm-dd", "#,###.##", "HH:mm", "wkhtmltopdf", "A4"])
def test_codes_need_no_translation(text: str) -> None:
    """What reads the same in every language is left alone."""
    assert not needs_words(text)


@pytest.mark.parametrize("text", ["Open", "Half Yearly", "SMS Settings", "Days after, or before"])
def test_words_need_a_translation(text: str) -> None:
    """What a person reads as words is not."""
    assert needs_words(text)
