"""The page `/printview` and the calls by which the desk shows prints.

Invariant: a document is printed only for who may read and print it; the page runs no script of a template.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.kit.numbers import cint
from frappe_engine.printing import choice
from frappe_engine.printing.page import Wanted, load_for_print, print_document, whole_page

import frappe
from frappe import _

no_cache = 1
strict_csp = True
standard_format = "templates/print_formats/standard.html"


def get_context(context: Any) -> dict[str, Any]:
    """Give the whole print of the document that the address names (`doctype`, `name`, `format`, `letterhead` …)."""
    form = frappe.form_dict
    if not form.get("doctype") or not form.get("name"):
        frappe.throw(_("Name the document to print"))
    names = _names(form.get("name"))
    prints = [print_document(load_for_print(form.doctype, name), wanted_from(form)) for name in names]
    return {"page": whole_page(prints, trigger=bool(cint(form.get("trigger_print"))))}


def _names(given: Any) -> list[str]:
    """Several documents are printed in one go when `name` is a JSON list."""
    text = str(given)
    names = json.loads(text) if text.startswith("[") else [text]
    return [str(name) for name in names][:500] or [text]


def wanted_from(given: Any) -> Wanted:
    """Read how a print shall look from the parameters of a request, upstream's names."""
    settings = given.get("settings")
    settings = frappe.parse_json(settings) if settings else {}
    letterhead = str(given.get("letterhead") or "")
    none = bool(cint(given.get("no_letterhead"))) or letterhead == "No Letterhead" or not _with_letterhead(given)
    return Wanted(
        print_format=str(given.get("format") or given.get("print_format") or ""),
        letterhead=letterhead,
        no_letterhead=none,
        style=str(given.get("style") or given.get("print_style") or ""),
        language=str(given.get("_lang") or given.get("language") or given.get("lang") or ""),
        landscape=str(given.get("orientation") or settings.get("orientation") or "").lower() == "landscape",
    )


def _with_letterhead(given: Any) -> bool:
    """What the request leaves open, the site's Print Settings say."""
    if given.get("no_letterhead") not in (None, "") or given.get("letterhead"):
        return True
    return bool(cint(choice.print_settings().get("with_letterhead")))


@frappe.whitelist()
def get_html_and_style(
    doc: Any,
    name: str | None = None,
    print_format: str | None = None,
    no_letterhead: Any = None,
    letterhead: str | None = None,
    trigger_print: Any = False,
    style: str | None = None,
    settings: Any = None,
    _lang: str | None = None,
) -> dict[str, Any]:
    """Give the HTML and the CSS of a print; `doc` is a DocType with `name`, or a document as JSON (an unsaved one too)."""
    given = frappe._dict(print_format=print_format, no_letterhead=no_letterhead, letterhead=letterhead, style=style)
    given.update(settings=settings, _lang=_lang)
    printed = print_document(document_of(doc, name), wanted_from(given))
    return {"html": printed.body, "style": printed.style}


def document_of(doc: Any, name: str | None = None) -> Any:
    """Give the document that a call means: by DocType and name, or as it stands in the browser."""
    if isinstance(doc, str) and name:
        return load_for_print(doc, name)
    values = frappe.parse_json(doc)
    if not isinstance(values, dict):
        return values
    return frappe.get_doc(values)


@frappe.whitelist()
def get_print_choices(doctype: str) -> dict[str, Any]:
    """Give what can be chosen for prints of a DocType: formats, letter heads, languages, and the settings that hold."""
    if not frappe.has_permission(doctype, "print"):
        frappe.throw(_("No permission to print {0}").format(_(doctype)), frappe.PermissionError)
    settings = choice.print_settings()
    heads = frappe.get_all("Letter Head", filters={"disabled": 0}, fields=["name", "is_default"], order_by="name")
    languages = frappe.get_all("Language", filters={"enabled": 1}, fields=["name", "language_name"], order_by="name")
    return {
        "formats": choice.formats_for(frappe.get_meta(doctype)),
        "letterheads": heads,
        "languages": languages,
        "with_letterhead": cint(settings.get("with_letterhead")),
        "allow_print_for_draft": cint(settings.get("allow_print_for_draft")),
        "allow_print_for_cancelled": cint(settings.get("allow_print_for_cancelled")),
        "can_build": cint(frappe.has_permission("Print Format", "create")),
    }


@frappe.whitelist()
def get_rendered_raw_commands(doc: Any, name: str | None = None, print_format: str | None = None) -> dict[str, str]:
    """Give the commands of a raw print format (ZPL, ESC/P …) for a document."""
    document = document_of(doc, name)
    choice.check_may_print(document)
    found = choice.chosen_format(document.meta, print_format)
    if found is None or not cint(found.raw_printing):
        frappe.throw(_("{0} is not a raw printing format.").format(frappe.utils.escape_html(print_format or "")))
    return {"raw_commands": str(frappe.render_template(found.raw_commands or "", {"doc": document}))}


def get_print_format_doc(print_format_name: str | None, meta: Any) -> Any:
    """Give the print format to use, None for the standard one."""
    return choice.chosen_format(meta, print_format_name)


def get_letter_head(doc: Any, no_letterhead: Any = False, letterhead: str | None = None) -> Any:
    """Give the letter head of a document: `content` and `footer` as HTML."""
    return frappe._dict(choice.letter_head_for(doc, letterhead, without=bool(cint(no_letterhead))))


def get_print_style(style: str | None = None, print_format: Any = None, for_legacy: bool = False) -> str:
    """Give the CSS of a print."""
    from frappe_engine.printing.paper import page_css, standard_css

    found = frappe.get_cached_doc("Print Format", print_format) if isinstance(print_format, str) else print_format
    parts = (standard_css(), page_css(choice.paper_for(found)), choice.style_css(style, found))
    return "\n".join(parts)


def validate_print_permission(doc: Any) -> None:
    """Raise `frappe.PermissionError` unless the user may print a document."""
    choice.check_may_print(doc)
