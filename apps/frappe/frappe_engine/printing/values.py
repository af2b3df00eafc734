"""Values of a document as they stand on paper: text, cleaned rich text, pictures, codes.

Invariant: what comes back is either plain text, which the template escapes, or `Markup` whose content was cleaned here.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from frappe_engine.access.masks import is_masked
from frappe_engine.context.local import providers
from frappe_engine.context.translate import _
from frappe_engine.kit.html import sanitize_html
from frappe_engine.kit.numbers import cint, flt
from frappe_engine.printing.codes import code_svg
from frappe_engine.printing.layout import NUMBERS
from frappe_engine.schema.meta import DocField

RICH = frozenset({"Text Editor", "HTML Editor", "Markdown Editor"})
LINES = frozenset({"Small Text", "Text", "Long Text"})
PICTURES = frozenset({"Attach Image", "Signature"})
STARS = 5


def is_empty(value: Any) -> bool:
    """Tell whether a value has nothing to show; numbers always have."""
    return value is None or value == "" or value == []


def shows_nothing(field: DocField, value: Any) -> bool:
    """Tell whether a field is left out of a print that nobody drew: empty, not ticked, or a zero."""
    if field.get("mask") and is_masked(value):
        return False
    return is_empty(value) or (field.fieldtype in (*NUMBERS, "Check", "Rating") and flt(value) == 0)


def printed_value(
    field: DocField, document: Any, titles: dict[str, str], *, parent: Any = None, in_table: bool = False
) -> Any:
    """Give a field's value for a template that escapes: text, or `Markup`.

    `titles` are the titles of linked documents by "DocType::name"; `parent` is the document of a row. In a table, amounts
    come without their currency's sign, which stands in the column's head.
    """
    value = document.get(field.fieldname)
    if is_empty(value):
        return ""
    if field.get("mask") and is_masked(value):
        return str(value)
    special = _SPECIAL.get(field.fieldtype)
    if special is not None:
        return special(value, field)
    if field.fieldtype in ("Link", "Dynamic Link"):
        return _linked(value, field, document, titles)
    if in_table and field.fieldtype == "Currency":
        return _amount(value, field)
    return str(providers("format_value", value, field, doc=parent or document))


def _amount(value: Any, field: DocField) -> str:
    plain = {"fieldtype": "Currency", "precision": field.get("precision")}
    text = str(providers("format_value", value, plain, doc=None, currency=None))
    return "".join(sign for sign in text if sign.isdigit() or sign in ",.-' ").strip()


def _linked(value: Any, field: DocField, document: Any, titles: dict[str, str]) -> str:
    doctype = field.options if field.fieldtype == "Link" else document.get(field.options)
    title = titles.get(f"{doctype}::{value}")
    return title or _(str(value))


def _check(value: Any, _field: DocField) -> Any:
    return Markup("&#10003;") if cint(value) else "–"


def _rich(value: Any, field: DocField) -> Markup:
    html = str(providers("format_value", value, field)) if field.fieldtype == "Markdown Editor" else str(value)
    return Markup(sanitize_html(html, always_sanitize=True))


def _lines(value: Any, _field: DocField) -> Markup:
    return Markup("<br>").join(escape(line) for line in str(value).splitlines())


def _picture(value: Any, field: DocField) -> Any:
    address = str(value)
    if not address.startswith(("/files/", "/private/files/", "/assets/", "data:image/")):
        return address
    height = 22 if field.fieldtype == "Signature" else 30
    return Markup('<img src="{}" alt="" style="max-height: {}mm">').format(address, height)


def _code(value: Any, _field: DocField) -> Markup:
    return Markup("<pre>{}</pre>").format(str(value))


def _rating(value: Any, field: DocField) -> str:
    full = round(flt(value) * (cint(field.options) or STARS))
    return "★" * full + "☆" * max(0, (cint(field.options) or STARS) - full)


def _barcode(value: Any, field: DocField) -> Markup:
    return Markup(code_svg(value, "qr" if "qr" in str(field.options or "").lower() else "code128"))


_SPECIAL: dict[str, Any] = {
    "Check": _check,
    "Code": _code,
    "JSON": _code,
    "Rating": _rating,
    "Barcode": _barcode,
    **dict.fromkeys(RICH, _rich),
    **dict.fromkeys(LINES, _lines),
    **dict.fromkeys(PICTURES, _picture),
}
