"""Which print format, letter head, style and paper a print has, and who may have it.

Invariant: nobody prints what they may not read; a format that is switched off or of another DocType is never used.
"""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.access.decisions import accessible_levels, has_permission
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DoesNotExistError, PermissionError, ValidationError
from frappe_engine.context.hooks import get_app_path
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.controllers import module_app
from frappe_engine.documents.document import get_cached_doc, get_single
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.html import escape_html
from frappe_engine.kit.numbers import cint, flt
from frappe_engine.kit.text import scrub
from frappe_engine.printing.layout import Layout, default_layout, drawn_layout
from frappe_engine.printing.paper import Paper
from frappe_engine.schema.meta import DocField, Meta

STANDARD = "Standard"


def check_may_print(document: Any) -> None:
    """Raise `PermissionError` unless the user may print the document in its present state."""
    if document.get("flags") and document.flags.ignore_print_permissions:
        return
    if _holds_key(document):
        return
    if not (has_permission(document.doctype, "read", document) and has_permission(document.doctype, "print", document)):
        throw(_("No permission to print {0}").format(_(document.doctype)), PermissionError)
    if document.meta.is_submittable:
        _check_state(cint(document.docstatus))


def _check_state(docstatus: int) -> None:
    settings = print_settings()
    if docstatus == 0 and not cint(settings.get("allow_print_for_draft")):
        throw(_("Drafts are not printed here (Print Settings)."), PermissionError)
    if docstatus == 2 and not cint(settings.get("allow_print_for_cancelled")):
        throw(_("Cancelled documents are not printed here (Print Settings)."), PermissionError)


def _holds_key(document: Any) -> bool:
    """Tell whether the request holds a key by which this document was shared."""
    key = (current().get("form_dict") or {}).get("key")
    if not key or not isinstance(key, str):
        return False
    filters = {"key": key, "reference_doctype": document.doctype, "reference_docname": document.name}
    expires = current().db.get_value("Document Share Key", filters, "expires_on")
    found = current().db.exists("Document Share Key", filters)
    return bool(found) and (expires is None or str(expires) >= now_datetime().date().isoformat())


def print_settings() -> Any:
    """Give the site's settings of prints."""
    return get_single("Print Settings")


def chosen_format(meta: Meta, name: Any = None) -> Any:
    """Give the print format to use: the named one, else the DocType's default; None for the standard look.

    Raises `DoesNotExistError` for a format that is not there, and `ValidationError` for one of another DocType.
    """
    wanted = str(name or meta.get("default_print_format") or STANDARD)
    if wanted == STANDARD:
        return None
    try:
        found = get_cached_doc("Print Format", wanted)
    except DoesNotExistError:
        if name:
            raise
        return None
    if found.disabled and not name:
        return None
    if found.doc_type and found.doc_type != meta.name:
        throw(_("Print Format {0} is for {1}").format(escape_html(wanted), _(found.doc_type)), ValidationError)
    return found


def template_of(print_format: Any) -> str:
    """Give the Jinja text of a format that has one: the app's file, else the text kept in the format."""
    if print_format.get("standard") == "Yes" and print_format.get("module"):
        path = _file_of(print_format)
        if path is not None:
            with open(path, encoding="utf-8") as file:
                return file.read()
    return str(print_format.get("html") or "")


def _file_of(print_format: Any) -> str | None:
    name, module = scrub(print_format.name), str(print_format.module)
    path = get_app_path(str(module_app(module)), scrub(module), "print_format", name, f"{name}.html")
    return path if os.path.isfile(path) else None


def formats_for(meta: Meta) -> list[dict[str, Any]]:
    """Give the formats of a DocType that can be chosen, the standard one first."""
    rows = current().db.get_all(
        "Print Format",
        filters={"doc_type": meta.name, "disabled": 0},
        fields=[
            "name",
            "standard",
            "custom_format",
            "print_format_builder_beta",
            "default_print_language",
            "raw_printing",
        ],
        order_by="name",
    )
    default = str(meta.get("default_print_format") or STANDARD)
    found = [{"name": STANDARD, "label": _(STANDARD), "editable": 0}]
    for row in rows:
        if not row.raw_printing:
            editable = int(row.standard != "Yes" and not row.custom_format)
            found.append(
                {"name": row.name, "label": _(row.name), "editable": editable, "language": row.default_print_language}
            )
    return [{**entry, "default": int(entry["name"] == default)} for entry in found]


def layout_for(meta: Meta, print_format: Any) -> tuple[Layout, bool]:
    """Give a layout and whether somebody drew it."""
    allowed = field_rule(meta)
    if print_format is not None and print_format.get("format_data"):
        try:
            drawn = drawn_layout(print_format.format_data, meta, get_meta, allowed)
        except ValueError:
            throw(
                _("The layout of Print Format {0} can't be read").format(escape_html(print_format.name)),
                ValidationError,
            )
        if drawn is not None:
            return drawn, True
    return default_layout(
        meta, get_meta, lambda owner, field: not field.get("permlevel") and allowed(owner, field)
    ), False


def field_rule(meta: Meta) -> Any:
    """Give the rule by which the user may see a field of the DocType or of its rows: its level is granted on the DocType."""
    user = current().session.user
    levels = None if user == "Administrator" else set(accessible_levels(meta, "read", user))

    def allowed(_owner: Meta, field: DocField) -> bool:
        return levels is None or cint(field.get("permlevel")) in levels | {0}

    return allowed


def letter_head_for(document: Any, name: Any = None, *, without: bool = False) -> dict[str, str]:
    """Give the letter head and the foot of a print as HTML: the named one, the document's own, or the site's default."""
    if without:
        return {"content": "", "footer": ""}
    wanted = name if name and name != "No Letterhead" else document.get("letter_head") or _default_letter_head()
    if not wanted or not current().db.exists("Letter Head", wanted):
        return {"content": "", "footer": ""}
    head = get_cached_doc("Letter Head", wanted)
    context = {"doc": document}
    return {
        "content": _part(head, "source", "content", "image", context),
        "footer": _part(head, "footer_source", "footer", "footer_image", context),
    }


def _part(head: Any, source: str, html: str, image: str, context: dict[str, Any]) -> str:
    if head.get(source) == "Image" and head.get(image) and not head.get(html):
        height = flt(head.get(f"{image}_height"))
        style = f' style="height: {height}px"' if height else ""
        align = {"Right": "right", "Center": "center"}.get(
            str(head.get("align" if image == "image" else "footer_align")), "left"
        )
        return f'<div style="text-align: {align}"><img src="{escape_html(head.get(image))}" alt=""{style}></div>'
    text = str(head.get(html) or "")
    return str(providers("render_template", text, context)) if text else ""


def _default_letter_head() -> str | None:
    found: str | None = current().db.get_value("Letter Head", {"is_default": 1, "disabled": 0}, "name")
    return found


def paper_for(print_format: Any, *, landscape: bool = False) -> Paper:
    """Give the sheet: the settings' size and letters, the format's own margins and letters."""
    settings = print_settings()
    own = print_format if print_format is not None else {}
    margins = tuple(
        flt(own.get(f"margin_{side}")) if own.get(f"margin_{side}") is not None else 15.0
        for side in ("top", "right", "bottom", "left")
    )
    is_drawn = print_format is not None and bool(own.get("format_data"))
    font_pt = (
        flt(own.get("font_size")) * 0.75 if is_drawn and own.get("font_size") else flt(settings.get("font_size")) or 9.0
    )
    number = str(own.get("page_number") or "") if print_format is not None else "Bottom Center"
    return Paper(
        size=str(settings.get("pdf_page_size") or "A4"),
        width_mm=flt(settings.get("pdf_page_width")),
        height_mm=flt(settings.get("pdf_page_height")),
        landscape=landscape,
        margins_mm=(margins[0], margins[1], margins[2], margins[3]),
        font_pt=font_pt,
        font=str(own.get("font") or settings.get("font") or ""),
        page_number=number,
    )


def style_css(name: Any, print_format: Any) -> str:
    """Give the CSS of the print style and of the format; what would end a style element is taken out."""
    wanted = name or print_settings().get("print_style")
    style = current().db.get_value("Print Style", wanted, "css") if wanted and wanted != "Classic" else ""
    own = print_format.get("css") if print_format is not None else ""
    return f"{style or ''}\n{own or ''}".replace("<", "\\3c ")
