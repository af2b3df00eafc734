"""Paths of the website that apps work out themselves, visits, and files that are removed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from frappe.core.doctype.file.utils import delete_file
from frappe.website.doctype.web_page_view import web_page_view
from frappe.website.path_resolver import PathResolver, evaluate_dynamic_routes
from werkzeug.routing import Rule


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def test_the_first_rule_that_fits_names_the_page_and_the_parameters(frappe: Any) -> None:
    rules = [Rule("/shop/<category>", endpoint="category"), Rule("/shop/<category>/<item>", endpoint="item")]
    assert evaluate_dynamic_routes(rules, "shop/tea/green") == "item"
    assert (frappe.form_dict.category, frappe.form_dict.item) == ("tea", "green")
    assert evaluate_dynamic_routes([Rule("/shop", endpoint="shop")], "elsewhere") is None


def visit(frappe: Any, referer: str, **values: Any) -> None:
    frappe.local.request = SimpleNamespace(host="site.example.com", headers={"Referer": referer, "User-Agent": "Test"})
    try:
        web_page_view.make_view_log(**values)
    finally:
        frappe.local.request = None


def test_visits_are_counted_where_the_site_wants_it(frappe: Any) -> None:
    page = "https://site.example.com/shop/tea?x=1"
    frappe.db.set_single_value("Website Settings", "enable_view_tracking", 0)
    visit(frappe, page)
    assert not web_page_view.is_tracking_enabled()
    assert web_page_view.get_page_view_count("shop/tea") == 0
    frappe.db.set_single_value("Website Settings", "enable_view_tracking", 1)
    visit(frappe, page, visitor_id="v1", browser="B" * 300)
    visit(frappe, page, visitor_id="v1")
    visit(frappe, "https://elsewhere.example.com/shop/tea")
    assert web_page_view.get_page_view_count("shop/tea") == 2
    rows = frappe.get_all("Web Page View", {"path": "shop/tea"}, ["is_unique", "user_agent"], order_by="is_unique")
    assert [row.is_unique for row in rows] == ["0", "1"]
    assert rows[0].user_agent == "Test"


def test_only_files_of_the_site_are_removed(frappe: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("stays")
    inside = Path(frappe.get_site_path("public", "files", "wp-gone.txt"))
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.write_text("goes")
    delete_file("/files/wp-gone.txt")
    assert not inside.exists()
    delete_file("/files/wp-gone.txt")  # nothing is left to remove
    for path in (str(outside), frappe.get_site_path("site_config.json")):
        with pytest.raises(frappe.ValidationError, match="no file"):
            delete_file(path)
    assert outside.exists()


@pytest.mark.parametrize("rule", ["Round Robin", "Load Balancing", "Based on Field"])
def test_a_rule_without_people_assigns_nobody(frappe: Any, rule: str) -> None:
    values = {"document_type": "Note", "description": "x", "assign_condition": "True", "rule": rule}
    days = [{"day": day} for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")]
    made = {"doctype": "Assignment Rule", "name": "WP Nobody", **values, "assignment_days": days}
    document = frappe.get_doc(made).insert()
    note = frappe.get_doc({"doctype": "Note", "title": f"WP {rule}"}).insert()
    assert document.get_user(note) is None
    assert not frappe.db.exists("ToDo", {"reference_type": "Note", "reference_name": note.name})


@pytest.mark.parametrize(
    ("path", "page", "renderer"),
    [
        ("/contact/", "contact", "TemplatePage"),
        ("login", "login", "Shell"),
        ("app/todo/new", "app", "Shell"),
        ("", "home-of-test", "NotFoundPage"),
        ("old", "/contact", "Elsewhere"),
        ("short", "contact", "TemplatePage"),
        ("nothing/here", "nothing/here", "NotFoundPage"),
    ],
)
def test_a_path_is_resolved(frappe: Any, monkeypatch: Any, path: str, page: str, renderer: str) -> None:
    hooks = {
        "website_redirects": [{"source": "/old", "target": "/contact"}],
        "website_route_rules": [{"from_route": "/short", "to_route": "contact"}],
    }
    known = frappe.get_hooks
    monkeypatch.setattr(
        frappe, "get_hooks", lambda name=None, *args, **given: hooks.get(name) or known(name, *args, **given)
    )
    monkeypatch.setattr("frappe.website.renderers.get_home_page", lambda: "home-of-test")
    monkeypatch.setattr(frappe.local, "request", None, raising=False)
    found, made_by = PathResolver(path).resolve()
    assert (found, type(made_by).__name__) == (page, renderer)
    assert PathResolver(path).is_valid_path() == (renderer != "NotFoundPage")


def test_the_page_for_what_is_not_there(frappe: Any) -> None:
    assert PathResolver("nothing/here").resolve()[1].render().status_code == 404
