"""What hangs together: documents that link here, what is cancelled with a document, the next one, a quick view."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from .conftest import TESTER, Desk

LINKED = "frappe.desk.form.linked_with."


@pytest.fixture(scope="module", autouse=True)
def linking(served: Any) -> None:
    """A submittable DocType that links to HP Doc, and a tree."""
    link = {"fieldname": "source", "fieldtype": "Link", "options": "HP Doc", "label": "Source"}
    title = {"fieldname": "title", "fieldtype": "Data", "label": "Title"}
    rights = {"role": "System Manager", **dict.fromkeys(("read", "write", "create"), 1)}
    submitting = {**rights, "submit": 1, "cancel": 1}
    with served.connected() as context:
        for values in (
            {"name": "HP Follower", "is_submittable": 1, "fields": [link], "permissions": [submitting]},
            {"name": "HP Node", "is_tree": 1, "autoname": "field:title", "fields": [title]},
        ):  # fmt: skip
            frappe.get_doc(
                {"doctype": "DocType", "module": "Custom", "custom": 1, "permissions": [rights], **values}
            ).insert()
        context.db.commit()


def chain(desk: Desk) -> tuple[str, str]:
    """A submitted document, and a submitted one that links to it."""
    first = desk.new("HP Doc", title="first", docstatus=1)
    return first, desk.new("HP Follower", source=first, docstatus=1)


def test_the_doctypes_that_link_here(desk: Desk) -> None:
    found = desk.get(f"{LINKED}get_linked_doctypes", doctype="HP Doc")
    assert found["HP Follower"] == {"fieldname": ["source"]}


def test_what_hangs_on_a_document_is_cancelled_with_it(desk: Desk) -> None:
    first, second = chain(desk)
    found = desk.get(f"{LINKED}get_submitted_linked_docs", doctype="HP Doc", name=first)
    assert (found["count"], [(row["doctype"], row["name"]) for row in found["docs"]]) == (1, [("HP Follower", second)])
    desk.post(f"{LINKED}cancel_all_linked_docs", docs=found["docs"])
    assert desk.get("frappe.client.get_value", doctype="HP Follower", fieldname="docstatus", filters=second) == {
        "docstatus": 2
    }


def test_all_or_none_are_cancelled(desk: Desk) -> None:
    _first, second = chain(desk)
    docs = [{"doctype": "HP Follower", "name": second}, {"doctype": "HP Follower", "name": "nope"}]
    assert desk.write(f"{LINKED}cancel_all_linked_docs", docs=docs).status_code >= 400
    assert desk.get("frappe.client.get_value", doctype="HP Follower", fieldname="docstatus", filters=second) == {
        "docstatus": 1
    }


def test_the_next_document_of_the_list(desk: Desk) -> None:
    names = [desk.new("HP Doc", title="step", n=number) for number in range(3)]
    asked = {"doctype": "HP Doc", "filters": [["HP Doc", "title", "=", "step"]], "sort_field": "n", "sort_order": "asc"}
    step = "frappe.desk.form.utils.get_next"
    assert desk.get(step, **asked, value=names[0], prev=0) == names[1]
    assert desk.get(step, **asked, value=names[1], prev=1) == names[0]


def test_a_quick_view_asks_for_rights(desk: Desk) -> None:
    name = desk.new("HP Doc", title="quick")
    view = desk.get("frappe.desk.link_preview.get_preview_data", doctype="HP Doc", docname=name)
    assert view is None or view["name"] == name
    master = desk.new("HP Master", title="hidden")
    refused = desk.as_user(TESTER).read(
        "frappe.desk.link_preview.get_preview_data", doctype="HP Master", docname=master
    )
    assert "hidden" not in refused.text or refused.status_code == 403


def test_a_tree_is_opened_node_by_node(desk: Desk) -> None:
    tree = "frappe.desk.treeview."
    desk.post(f"{tree}add_node", doctype="HP Node", parent="HP Node", is_root="true", title="root", is_group=1)
    desk.post(f"{tree}add_node", doctype="HP Node", parent="root", title="leaf", is_group=0)
    assert desk.get(f"{tree}get_children", doctype="HP Node", parent="", is_root="true") == [
        {"value": "root", "title": "root", "expandable": 1}
    ]
    everything = desk.get(f"{tree}get_all_nodes", doctype="HP Node", label="root", parent="root", tree_method="")
    assert [(level["parent"], [row["value"] for row in level["data"]]) for level in everything] == [("root", ["leaf"])]


@pytest.mark.parametrize("path", ["no.such.function", "os.system", "frappe.delete_doc", "x"])
def test_trees_and_mappings_run_marked_functions_alone(desk: Desk, path: str) -> None:
    for answer in (
        desk.read(
            "frappe.desk.treeview.get_all_nodes", doctype="HP Node", label="root", parent="root", tree_method=path
        ),
        desk.write("frappe.model.mapper.make_mapped_doc", method=path, source_name="x"),
        desk.write("frappe.model.mapper.map_docs", method=path, source_names=["x"], target_doc={}),
    ):
        assert answer.status_code in (403, 417), answer.text
