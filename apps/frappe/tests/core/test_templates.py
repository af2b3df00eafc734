"""Jinja templates: what they show, where their files come from, and what they can't reach."""

from typing import Any

import pytest


def test_a_template_shows_values_formats_and_translations(frappe: Any) -> None:
    text = "{{ doc.title }} {{ frappe.utils.fmt_money(1234.5, currency='CNY') }} {{ _('Yes') }} {{ [1, 2] | len }}"
    note = frappe.get_doc({"doctype": "Note", "title": "hello"})
    assert frappe.render_template(text, {"doc": note}) == "hello ¥ 1,234.50 是 2"


def test_a_template_reads_the_database(frappe: Any) -> None:
    found = frappe.render_template("{{ frappe.db.get_value('User', 'Guest', 'name') }}", {})
    assert found == "Guest"


def test_what_is_not_there_stays_as_it_was_written(frappe: Any) -> None:
    assert frappe.render_template("{{ nobody }}", {}) == "{{ nobody }}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ frappe.get_doc('User', 'Guest').save() }}",
        "{{ frappe.get_doc('User', 'Guest').run_method('save') }}",
        "{{ frappe.get_doc('User', 'Guest').get_password('x') }}",
        "{{ frappe.db.set_value('User', 'Guest', 'first_name', 'x') }}",
        "{{ frappe.db.sql('delete from tabUser') }}",
        "{{ frappe.delete_doc('User', 'Guest') }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ (doc|attr('__class__')) + 1 }}",
        "{{ frappe.get_meta('User').fields.append(1) + 1 }}",
        "{{ frappe.render_template.__globals__ }}",
    ],
)
def test_a_template_neither_writes_nor_reaches_code(frappe: Any, text: str) -> None:
    before = frappe.db.get_value("User", "Guest", ["first_name", "modified"])
    with pytest.raises(Exception, match=r".+"):
        frappe.render_template(text, {"doc": frappe.get_doc("User", "Guest")})
    assert frappe.db.get_value("User", "Guest", ["first_name", "modified"]) == before


def test_a_wrong_template_is_refused_with_its_line(frappe: Any) -> None:
    from frappe.utils.jinja import validate_template

    with pytest.raises(frappe.ValidationError, match=r"(line|第) 2"):
        validate_template("ok\n{% if %}")


def test_apps_lend_functions_by_their_hook(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = {"methods": ["frappe.utils.data.cint:whole"], "filters": ["frappe.utils.data"]}
    from frappe.utils import jinja

    monkeypatch.setattr(frappe, "get_hooks", lambda name=None, *_more: hooks if name == "jinja" else [])
    monkeypatch.setattr(jinja, "_loader", lambda: None)
    assert frappe.render_template("{{ whole('7') + 1 }} {{ '3' | flt }}", {}) == "8 3.0"
