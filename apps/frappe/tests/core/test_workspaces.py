"""Pages of the desk: who sees and changes them, their layout and parts, order and copies."""

import json
from typing import Any

import pytest

PAGES = "frappe.desk.doctype.workspace.workspace"


def call(frappe: Any, name: str, *given: Any) -> Any:
    return frappe.get_attr(f"{PAGES}.{name}")(*given)


def names(frappe: Any) -> list[str]:
    found = frappe.get_attr("frappe.desk.desktop.get_workspace_sidebar_items")()
    return [page.name for page in found["pages"]]


@pytest.fixture
def worker(make_user: Any) -> str:
    make_user("w@example.com", "Report Manager", send_welcome_email=0)
    return "w@example.com"


def test_a_page_of_ones_own_is_seen_by_oneself(frappe: Any, worker: str, acting_as: Any) -> None:
    with acting_as(worker):
        page = call(frappe, "new_page", json.dumps({"title": "Mine", "public": 0}))
        assert (page.name, page.for_user) == (f"Mine-{worker}", worker)
        assert page.name in names(frappe)
    assert page.name not in names(frappe)


def test_pages_for_everybody_are_for_managers_to_change(frappe: Any, worker: str, acting_as: Any) -> None:
    page = call(frappe, "new_page", {"title": "Ours", "public": 1})
    with acting_as(worker):
        assert page.name in names(frappe)
        for attempt in (
            lambda: call(frappe, "new_page", {"title": "Theirs", "public": 1}),
            lambda: call(frappe, "save_page", "Ours", 1, {}, "[]"),
            lambda: call(frappe, "delete_page", {"name": "Ours"}),
            lambda: call(frappe, "hide_page", "Ours"),
        ):
            with pytest.raises(frappe.PermissionError):
                attempt()


def test_a_page_keeps_its_layout_and_parts(frappe: Any) -> None:
    call(frappe, "new_page", {"title": "Work", "public": 1})
    blocks = json.dumps([{"type": "shortcut", "data": {"shortcut_name": "Notes", "col": 3}}])
    links = [{"label": "Users", "link_type": "DocType", "link_to": "User"}]
    parts = {
        "shortcut": [{"label": "Notes", "type": "DocType", "link_to": "Note", "name": "new-1", "__islocal": 1}],
        "card": [{"label": "People", "links": json.dumps(links)}],
    }
    saved = call(frappe, "save_page", "Work", True, json.dumps(parts), blocks)
    assert saved == {"name": "Work", "public": 1, "label": "Work"}
    shown = frappe.get_attr("frappe.desk.desktop.get_desktop_page")(json.dumps({"name": "Work", "title": "Work"}))
    assert [row["link_to"] for row in shown["shortcuts"]["items"]] == ["Note"]
    assert [(card["label"], [link["link_to"] for link in card["links"]]) for card in shown["cards"]["items"]] == [
        ("People", ["User"])
    ]
    call(frappe, "save_page", "Work", 1, json.dumps({"card": parts["card"]}), blocks)
    assert [row.type for row in frappe.get_doc("Workspace", "Work").links] == ["Card Break", "Link"]


def test_a_page_is_renamed_hidden_copied_sorted_and_deleted(frappe: Any) -> None:
    for title in ("One", "Two"):
        call(frappe, "new_page", {"title": title, "public": 1})
    assert call(frappe, "update_page", "One", "First", "box", "green", "", 1)["label"] == "First"
    copy = call(frappe, "duplicate_page", "First", {"title": "Copy", "is_public": 1})
    assert copy.name == "Copy"
    call(frappe, "sort_pages", json.dumps([{"name": name} for name in ("Copy", "Two", "First")]), "[]")
    assert [name for name in names(frappe) if name in ("Copy", "Two", "First")] == ["Copy", "Two", "First"]
    call(frappe, "hide_page", "Two")
    call(frappe, "delete_page", {"name": "Copy"})
    assert not {"Two", "Copy"} & set(names(frappe))
    call(frappe, "unhide_page", "Two")
    assert "Two" in names(frappe)


def test_what_is_no_layout_is_refused(frappe: Any) -> None:
    with pytest.raises(frappe.ValidationError):
        call(frappe, "new_page", {"title": "Odd", "public": 1, "content": "{not json"})


def test_links_to_what_one_may_not_read_are_left_out(frappe: Any, worker: str, acting_as: Any) -> None:
    call(frappe, "new_page", {"title": "Both", "public": 1})
    parts = {"shortcut": [{"label": name, "type": "DocType", "link_to": name} for name in ("Error Log", "Note")]}
    call(frappe, "save_page", "Both", 1, parts, "[]")
    with acting_as(worker):
        shown = frappe.get_attr("frappe.desk.desktop.get_desktop_page")({"name": "Both"})
    assert [row["label"] for row in shown["shortcuts"]["items"]] == ["Note"]


def test_links_to_reports_that_one_may_not_run_are_left_out(frappe: Any, worker: str, acting_as: Any) -> None:
    for name, role in (("Theirs", "System Manager"), ("Ours", "Report Manager")):
        fields = {"report_name": name, "ref_doctype": "Note", "report_type": "Report Builder", "is_standard": "No"}
        frappe.get_doc({"doctype": "Report", **fields, "roles": [{"role": role}]}).insert()
    call(frappe, "new_page", {"title": "Reports", "public": 1})
    links = [{"label": name, "link_type": "Report", "link_to": name} for name in ("Theirs", "Ours")]
    call(frappe, "save_page", "Reports", 1, {"card": [{"label": "All", "links": json.dumps(links)}]}, "[]")
    with acting_as(worker):
        shown = frappe.get_attr("frappe.desk.desktop.get_desktop_page")({"name": "Reports"})
    assert [link["label"] for card in shown["cards"]["items"] for link in card["links"]] == ["Ours"]
