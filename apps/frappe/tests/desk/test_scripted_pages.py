"""Pages that scripts draw: who may open them, and what the desk gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe_engine.desk import scripted_pages
from frappe_engine.testing import TestSite

from .conftest import TESTER, Desk

GET = "frappe.desk.desk_page.getpage"
FILES = {
    "stock_wall.js": "frappe.pages['stock-wall'].on_page_load = () => 1;\n{% include \"frappe/public/js/told.js\" %}",
    "stock_wall.css": ".wall { color: red; }",
    "stock_wall_row.html": "<b>{{ name }}</b>",
}


@pytest.fixture
def page(served: TestSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page of System Managers with a script, a style and a template."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(scripted_pages, "_folder", lambda page: str(tmp_path))
    with served.connected() as context:
        if not frappe.db.exists("Page", "stock-wall"):
            values = {"page_name": "stock-wall", "title": "Stock Wall", "module": "Desk", "standard": "No"}
            frappe.get_doc({"doctype": "Page", **values, "roles": [{"role": "System Manager"}]}).insert()
        context.db.commit()
    return "stock-wall"


def _opened(desk: Desk, page: str) -> dict[str, Any]:
    answer = desk.read(GET, name=page)
    assert answer.status_code == 200, answer.text
    return dict(answer.json["docs"][0])


def test_a_page_brings_its_style_and_the_address_of_its_script(desk: Desk, page: str) -> None:
    found = _opened(desk, page)
    assert (found["title"], found["style"]) == ("Stock Wall", FILES["stock_wall.css"])
    script = desk.web.get(found["__js_url"], auth=desk.auth)
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in script.headers["Cache-Control"]
    assert script.text.startswith("(function () {")
    assert "frappe.pages['stock-wall'].on_page_load" in script.text
    assert 'frappe.templates["stock_wall_row"] = "<b>{{ name }}</b>";' in script.text


def test_another_script_has_another_address(desk: Desk, page: str, tmp_path: Path) -> None:
    before = _opened(desk, page)["__js_url"]
    (tmp_path / "stock_wall.js").write_text("frappe.pages['stock-wall'].on_page_load = () => 22222;")
    assert _opened(desk, page)["__js_url"] != before
    assert "immutable" not in desk.web.get(before, auth=desk.auth).headers["Cache-Control"]


def test_a_template_may_be_filled_by_the_server(desk: Desk, page: str, tmp_path: Path) -> None:
    (tmp_path / "stock_wall_head.html").write_text("<!-- jinja --><i>{{ 1 + 1 }}</i>")
    (tmp_path / "__init__.py").write_text("")
    text = desk.web.get(_opened(desk, page)["__js_url"], auth=desk.auth).text
    assert "<i>2</i>" in text


def test_who_has_none_of_its_roles_gets_nothing_of_it(desk: Desk, page: str) -> None:
    other = desk.as_user(TESTER)
    assert other.read(GET, name=page).status_code == 403
    assert other.read("frappe.desk.desk_page.script", name=page).status_code == 403
    assert desk.read(GET, name="no-such-page").status_code == 404


def test_files_outside_of_an_app_are_not_included() -> None:
    assert scripted_pages.with_includes('a {% include "frappe/../../../../etc/hostname" %} b') == "a  b"
