"""Documents on paper, over HTTP: pages, PDFs, formats, letter heads, rights."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from pypdf import PdfReader

from .conftest import TESTER, Desk

PLAIN = "token plainkey:plainsecret"
TWO_PAGES = 2


def page(desk: Desk, name: str, **wanted: Any) -> str:
    answer = desk.web.get("/printview", params={"doctype": "HP Doc", "name": name, **wanted}, auth=desk.auth)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def pdf_text(answer: Any) -> list[str]:
    assert answer.content_type == "application/pdf", answer.text
    return [each.extract_text() for each in PdfReader(io.BytesIO(answer.data)).pages]


def new_format(desk: Desk, name: str, **values: Any) -> str:
    return desk.new("Print Format", name=name, doc_type="HP Doc", **values)


def test_the_usual_print_shows_the_document_and_escapes_it(desk: Desk) -> None:
    name = desk.new("HP Doc", title="Tea & cups < 5")
    html = page(desk, name)
    assert "Tea &amp; cups &lt; 5" in html
    assert "<script" not in html
    assert name in html


def test_a_print_runs_no_script_but_the_one_that_prints(desk: Desk) -> None:
    name = desk.new("HP Doc", title="now")
    answer = desk.web.get(
        "/printview", params={"doctype": "HP Doc", "name": name, "trigger_print": "1"}, auth=desk.auth
    )
    assert answer.text.count("<script") == 1
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert desk.web.get("/assets/frappe/js/print_now.js").status_code == 200


def test_a_pdf_holds_the_document_in_its_language(desk: Desk) -> None:
    name = desk.new("HP Doc", title="竹砧板")
    answer = desk.read("frappe.utils.print_format.download_pdf", doctype="HP Doc", name=name)
    assert "竹砧板" in pdf_text(answer)[0]
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_several_documents_begin_on_sheets_of_their_own(desk: Desk) -> None:
    names = [desk.new("HP Doc", title=title) for title in ("first one", "second one")]
    pages = pdf_text(
        desk.read("frappe.utils.print_format.download_multi_pdf", doctype="HP Doc", name=json.dumps(names))
    )
    assert len(pages) == TWO_PAGES
    assert "first one" in pages[0]
    assert "second one" in pages[1]


def test_a_template_is_rendered_in_the_sandbox(desk: Desk) -> None:
    new_format(desk, "HP Jinja", custom_format=1, html="<h1>{{ doc.title|upper }}</h1>{{ barcode(doc.name) }}")
    html = page(desk, desk.new("HP Doc", title="cup"), format="HP Jinja")
    assert "<h1>CUP</h1>" in html
    assert 'class="barcode"' in html


def test_a_template_can_change_nothing(desk: Desk) -> None:
    new_format(desk, "HP Evil", custom_format=1, html="{{ doc.db_set('title', 'stolen') }}")
    name = desk.new("HP Doc", title="mine")
    answer = desk.web.get("/printview", params={"doctype": "HP Doc", "name": name, "format": "HP Evil"}, auth=desk.auth)
    assert answer.status_code >= 400
    assert desk.get("frappe.client.get_value", doctype="HP Doc", filters=name, fieldname="title") == {"title": "mine"}


def test_a_template_that_can_not_be_read_is_refused(desk: Desk) -> None:
    answer = desk.web.post(
        "/api/resource/Print Format",
        json={"name": "HP Bad", "doc_type": "HP Doc", "custom_format": 1, "html": "{% if %}"},
        auth=desk.auth,
    )
    assert answer.status_code == 417


def test_a_drawn_format_shows_what_was_drawn(desk: Desk) -> None:
    drawn = {"sections": [{"label": "Only this", "columns": [{"fields": [{"fieldname": "title", "label": "Called"}]}]}]}
    new_format(desk, "HP Drawn", print_format_builder_beta=1, format_data=json.dumps(drawn))
    html = page(desk, desk.new("HP Doc", title="plate"), format="HP Drawn")
    assert "Called" in html
    assert "Only this" in html
    layout = desk.get("frappe.printing.doctype.print_format.print_format.get_layout", doctype="HP Doc", name="HP Drawn")
    assert layout["sections"][0]["columns"][0]["fields"][0] == {
        "fieldname": "title",
        "label": "Called",
        "fieldtype": "Data",
    }


def test_the_default_format_is_used_where_none_is_named(desk: Desk) -> None:
    new_format(desk, "HP Default", custom_format=1, html="<p>default look of {{ doc.title }}</p>")
    desk.post("frappe.printing.doctype.print_format.print_format.make_default", name="HP Default")
    name = desk.new("HP Doc", title="bowl")
    assert "default look of bowl" in page(desk, name)
    assert "default look" not in page(desk, name, format="Standard")


def test_a_format_of_another_doctype_is_refused(desk: Desk) -> None:
    desk.new("Print Format", name="ToDo look", doc_type="ToDo", custom_format=1, html="x")
    answer = desk.web.get(
        "/printview",
        params={"doctype": "HP Doc", "name": desk.new("HP Doc", title="a"), "format": "ToDo look"},
        auth=desk.auth,
    )
    assert answer.status_code == 417


def test_the_letter_head_stands_above_unless_it_is_not_wanted(desk: Desk) -> None:
    desk.new(
        "Letter Head",
        letter_head_name="HP House",
        source="HTML",
        content="<b>House of {{ doc.title }}</b>",
        is_default=1,
        footer="Bank 123",
    )
    name = desk.new("HP Doc", title="tea")
    assert "House of tea" in page(desk, name, letterhead="HP House")
    assert "Bank 123" in page(desk, name, letterhead="HP House")
    assert "House of tea" not in page(desk, name, no_letterhead=1)


@pytest.mark.parametrize("repeated", [1, 0])
def test_the_letter_head_stands_on_each_page_where_the_settings_say_so(desk: Desk, repeated: int) -> None:
    values = {"source": "HTML", "content": "<b>Long House</b>", "footer": "Bank 456"}
    desk.new("Letter Head", letter_head_name=f"HP Long {repeated}", **values)
    desk.post(
        "frappe.client.set_value",
        doctype="Print Settings",
        name="Print Settings",
        fieldname="repeat_header_footer",
        value=str(repeated),
    )
    name = desk.new("HP Doc", title="long", rows=[{"item": f"item {number}"} for number in range(120)])
    call = "frappe.utils.print_format.download_pdf"
    pages = pdf_text(desk.read(call, doctype="HP Doc", name=name, letterhead=f"HP Long {repeated}", format="Standard"))
    assert len(pages) > TWO_PAGES
    assert ["Long House" in text for text in pages] == [True] + [bool(repeated)] * (len(pages) - 1)
    assert all("Bank 456" in text for text in pages)


@pytest.mark.parametrize(
    "method", ["frappe.utils.print_format.download_pdf", "frappe.utils.print_format.download_multi_pdf"]
)
def test_nobody_prints_what_they_may_not_read(desk: Desk, method: str) -> None:
    name = desk.new("HP Doc", title="not yours")
    for auth in (PLAIN, ""):
        answer = desk.as_user(auth).read(
            method, doctype="HP Doc", name=json.dumps([name]) if "multi" in method else name
        )
        assert answer.status_code in (401, 403), answer.text
        assert "not yours" not in answer.text


@pytest.mark.usefixtures("frappe_connected")
def test_a_print_asks_no_other_host_and_opens_no_file_of_the_machine() -> None:
    from frappe_engine.printing.pdf import site_content

    for address in (
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "site:///assets/frappe/../../../etc/passwd",
        "//evil.example/x.png",
    ):
        with pytest.raises(ValueError, match=r"\w"):
            site_content(address)


def test_a_print_as_it_stands_in_the_browser(desk: Desk) -> None:
    doc = {"doctype": "HP Doc", "name": "new-hp-doc-1", "title": "not saved yet", "__islocal": 1}
    answer = desk.post("frappe.www.printview.get_html_and_style", doc=json.dumps(doc))
    assert "not saved yet" in answer["html"]
    assert "@page" in answer["style"]


def test_choices_for_the_desk(desk: Desk) -> None:
    found = desk.as_user(TESTER).get("frappe.www.printview.get_print_choices", doctype="HP Doc")
    assert found["formats"][0]["name"] == "Standard"
    assert {"letterheads", "languages", "with_letterhead"} <= found.keys()
