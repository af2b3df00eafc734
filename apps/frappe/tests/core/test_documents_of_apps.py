"""Documents and pages as apps that bring their own DocTypes rely on them."""

from __future__ import annotations

from typing import Any

import pytest


def new(frappe: Any, doctype: str, **values: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **values}).insert()


def test_a_field_may_be_called_as_the_engine_calls_its_own(frappe: Any, make_doctype: Any) -> None:
    doctype = make_doctype("Planned", [{"fieldname": "plan", "fieldtype": "Data", "label": "Plan"}]).name
    document = new(frappe, doctype, plan="yearly")
    assert (document.plan, frappe.get_doc(doctype, document.name).plan) == ("yearly", "yearly")
    document.plan = "monthly"
    document.save()
    assert frappe.db.get_value(doctype, document.name, "plan") == "monthly"


def test_customisations_of_a_doctype_are_applied(frappe: Any, make_doctype: Any) -> None:
    from frappe.modules.utils import sync_customizations_for_doctype

    doctype = make_doctype("Customised").name
    field = {"name": "Customised-mood", "fieldname": "mood", "fieldtype": "Data", "label": "Mood", "dt": doctype}
    sync_customizations_for_doctype({"doctype": doctype, "custom_fields": [field]}, folder="", filename="c.json")
    assert frappe.get_meta(doctype).has_field("mood")


def test_rows_added_to_a_stored_document_get_their_defaults(frappe: Any, make_doctype: Any) -> None:
    fields = [("state", "Data", "open"), ("count", "Int", "7"), ("note", "Data", None)]
    row = [{"fieldname": name, "fieldtype": kind, "default": default, "label": name} for name, kind, default in fields]
    make_doctype("Default Row", row, istable=1)
    table = {"fieldname": "lines", "fieldtype": "Table", "options": "Default Row", "label": "Lines"}
    document = new(frappe, make_doctype("Default Parent", [table]).name)
    document.append("lines", {"note": "a"})
    document.append("lines", {"state": "", "count": 0})
    document.save()
    assert [(line.state, line.count) for line in document.lines] == [("open", 7), ("", 0)]
    frappe.db.set_value("Default Row", document.lines[0].name, "state", None)
    document = frappe.get_doc(document.doctype, document.name)
    document.save()
    assert document.lines[0].state is None


# pages


PAGE_FIELDS = [
    {"fieldname": "title", "fieldtype": "Data", "label": "Title"},
    {"fieldname": "route", "fieldtype": "Data", "label": "Route"},
    {"fieldname": "published", "fieldtype": "Check", "label": "Published"},
]


@pytest.fixture
def page(frappe: Any, make_doctype: Any) -> Any:
    """A published document whose route is `a-page`."""
    doctype = make_doctype("Sample Page", PAGE_FIELDS, has_web_view=1, title_field="title")
    return new(frappe, doctype.name, title="A page", route="a-page", published=1)


def test_a_document_is_a_page_at_its_route(frappe: Any, page: Any) -> None:
    assert "<h1>A page</h1>" in frappe.utils.get_html_for_route("/a-page")
    page.db_set("published", 0)
    assert "<h1>A page</h1>" not in frappe.utils.get_html_for_route("/a-page")


def test_a_page_has_the_template_that_its_context_names(
    frappe: Any, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frappe.website.page_renderers.document_page import DocumentPage
    from frappe.website.serve import get_response

    class Renderer(DocumentPage):
        def set_missing_values(self) -> None:
            self.context.update(template="a/template.html", more="more")

    class Template:
        def render(self, context: Any) -> str:
            return f"{context.title}, {context.doc.name == page.name}, {context.more}"

    monkeypatch.setattr(frappe, "get_template", lambda path: {"a/template.html": Template()}[path])
    monkeypatch.setattr("frappe_engine.http.website.hook_function", lambda _path: Renderer)
    answer = get_response("a-page")
    assert answer.get_data(as_text=True) == "A page, True, more"
    assert "'unsafe-inline'" in answer.headers["Content-Security-Policy"]


def test_a_page_may_lead_elsewhere(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.website import serve

    def elsewhere(_path: str, _status: int) -> None:
        frappe.redirect("/there")

    monkeypatch.setattr(serve.website, "render_path", elsewhere)
    assert serve.get_response("here").headers["Location"].endswith("/there")
    with pytest.raises(frappe.Redirect):
        serve.get_response_without_exception_handling("here")


def test_a_page_tells_others_what_it_shows(frappe: Any) -> None:
    tags = {"title": "A & <b>B</b>", "description": "d", "image": "/files/a.png", "og:type": "website", "author": ""}
    html = frappe.get_template("templates/includes/meta_block.html").render({"metatags": tags})
    assert '<meta property="og:title" content="A &amp; B">' in html
    assert '<meta name="description" content="d">' in html
    assert f'<meta property="og:image" content="{frappe.utils.get_url("/files/a.png")}">' in html
    assert '<meta property="og:type" content="website">' in html
    assert "author" not in html
