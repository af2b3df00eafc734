"""A whole print: the page with its style, letter head and foot, in the language that was asked for.

Invariant: the page holds no script; the user's own language is back when a print is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

from frappe_engine.access.masks import mask_document
from frappe_engine.context.local import current, providers
from frappe_engine.context.translate import _
from frappe_engine.documents.document import get_doc
from frappe_engine.kit.numbers import cint
from frappe_engine.printing import choice
from frappe_engine.printing.paper import page_css, standard_css
from frappe_engine.printing.standard import Sheet, standard_html


@dataclass(frozen=True)
class Wanted:
    """How a print shall look; empty values mean "as set up"."""

    print_format: str = ""
    letterhead: str = ""
    no_letterhead: bool = False
    style: str = ""
    language: str = ""
    landscape: bool = False


@dataclass(frozen=True)
class Printed:
    """A print: `body` and `style` belong into a page; `language` is what it is written in."""

    body: str
    style: str
    language: str
    title: str


def print_document(document: Any, wanted: Wanted = Wanted()) -> Printed:
    """Print a document the user may print. Raises `PermissionError`, `DoesNotExistError`, `ValidationError`."""
    choice.check_may_print(document)
    print_format = choice.chosen_format(document.meta, wanted.print_format)
    with in_language(_language(document, print_format, wanted)) as language:
        document.run_method("before_print", choice.print_settings())
        head = choice.letter_head_for(document, wanted.letterhead, without=wanted.no_letterhead)
        body = _body(document, print_format, wanted, head)
        paper = choice.paper_for(print_format, landscape=wanted.landscape)
        style = "\n".join(
            (standard_css(), page_css(paper, footer=bool(head["footer"])), choice.style_css(wanted.style, print_format))
        )
        return Printed(body, style, language, f"{_(document.doctype)} {document.name or ''}".strip())


def _language(document: Any, print_format: Any, wanted: Wanted) -> str:
    own = print_format.get("default_print_language") if print_format is not None else None
    return str(wanted.language or own or document.get("language") or current().lang or "en")


@contextmanager
def in_language(language: str) -> Iterator[str]:
    """Run a block in a language."""
    context = current()
    before, environment = context.lang, context.get("jenv")
    if language != before:
        context.lang, context.jenv = language, None
    try:
        yield language
    finally:
        context.lang = before
        context.jenv = environment


def _body(document: Any, print_format: Any, wanted: Wanted, head: dict[str, str]) -> str:
    """Give what lies on the sheet. A format with a template of its own places the letter head itself, when it wants to."""
    template = choice.template_of(print_format) if print_format is not None and _has_template(print_format) else ""
    footer = f'<div class="letter-head-footer running-footer">{head["footer"]}</div>' if head["footer"] else ""
    if not template:
        return _sheet(head["content"], footer + _drawn(document, print_format))
    text = str(providers("render_template", template, _context(document, print_format, wanted, head)))
    return _sheet(
        head["content"] if "letter_head" not in template else "", ("" if "footer" in template else footer) + text
    )


def _sheet(letter_head: str, rest: str) -> str:
    """Give the sheet of one document; the letter head stands on each of its pages, unless the settings say otherwise."""
    if not letter_head:
        return f'<div class="print-format sheet">{rest}</div>'
    css = "print-format sheet repeats" if _repeats() else "print-format sheet"
    head = f'<div class="sheet-head"><div class="letter-head">{letter_head}</div></div>'
    return f'<div class="{css}">{head}<div class="sheet-body">{rest}</div></div>'


def _repeats() -> bool:
    chosen = choice.print_settings().get("repeat_header_footer")
    return chosen is None or bool(cint(chosen))


def _has_template(print_format: Any) -> bool:
    return bool(
        cint(print_format.get("custom_format")) or print_format.get("standard") == "Yes"
    ) and not print_format.get("format_data")


def _drawn(document: Any, print_format: Any) -> str:
    layout, is_drawn = choice.layout_for(document.meta, print_format)
    marks = bool(cint(choice.print_settings().get("add_draft_heading")))
    heading = str(document.get("select_print_heading") or "")
    return standard_html(Sheet(document, layout, is_drawn, _(heading) if heading else "", marks))


def _context(document: Any, print_format: Any, wanted: Wanted, head: dict[str, str]) -> dict[str, Any]:
    return {
        "doc": document,
        "meta": document.meta,
        "print_format": print_format.name,
        "letter_head": head["content"],
        "footer": head["footer"],
        "no_letterhead": int(wanted.no_letterhead),
        "print_settings": choice.print_settings(),
        "lang": current().lang,
        "layout": [],
        "trigger_print": 0,
    }


def whole_page(prints: list[Printed], *, trigger: bool = False) -> str:
    """Give a page with one or several prints, each beginning on a sheet of its own; with `trigger` it prints itself."""
    first = prints[0]
    styles = "\n".join(dict.fromkeys(each.style for each in prints))
    script = '<script src="/assets/frappe/js/print_now.js" defer></script>' if trigger else ""
    return (
        f'<!doctype html>\n<html lang="{escape(first.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(first.title)}</title>'
        f"<style>{styles}</style>{script}</head>"
        f'<body class="print-page">{"".join(each.body for each in prints)}</body></html>'
    )


def load_for_print(doctype: Any, name: Any) -> Any:
    """Give a stored document to print, masked as the user sees it. Raises `DoesNotExistError`, `ValidationError`."""
    from frappe_engine.documents.incoming import check_doctype  # names from requests

    document = get_doc(check_doctype(doctype).name, name)
    mask_document(document)
    return document
