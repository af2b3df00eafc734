"""PDF from HTML (upstream's names)."""

from __future__ import annotations

from html import escape
from typing import Any

from frappe_engine.kit.numbers import flt
from frappe_engine.printing import choice
from frappe_engine.printing.paper import Paper, page_css, standard_css
from frappe_engine.printing.pdf import merged, pdf_of, protected

import frappe

PDF_CONTENT_ERRORS = ["ContentNotFoundError", "ContentOperationNotPermittedError", "UnknownContentError"]
_MM_OF = {"mm": 1.0, "cm": 10.0, "in": 25.4, "px": 25.4 / 96, "": 1.0}


def get_pdf(html: str, options: dict[str, Any] | None = None, output: Any = None) -> Any:
    """Give the PDF of HTML. `options` are upstream's: page-size, page-width, page-height, orientation, margin-top …, password.

    With `output` (a `pypdf.PdfWriter`) the pages are added to it, and it is given back.
    """
    wanted = dict(options or {})
    content = pdf_of(as_page(html, wanted))
    if output is not None:
        import io

        output.append(io.BytesIO(content))
        return output
    return protected(content, str(wanted["password"])) if wanted.get("password") else content


def as_page(html: str, options: dict[str, Any]) -> str:
    """Give HTML as a page: a whole page stays, with the paper that the options ask for; a part gets the usual look."""
    text = str(html or "")
    css = page_css(paper_of(options)) if _names_paper(options) or "@page" not in text else ""
    if "<html" in text[:2000].lower():
        return (
            text.replace("</head>", f"<style>{css}</style></head>", 1)
            if "</head>" in text
            else f"<style>{css}</style>{text}"
        )
    language = escape(str(frappe.local.lang or "en"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><style>{standard_css()}{css}</style></head>'
        f'<body><div class="print-format">{text}</div></body></html>'
    )


def _names_paper(options: dict[str, Any]) -> bool:
    return any(key in options for key in ("page-size", "page-width", "page-height", "orientation"))


def paper_of(options: dict[str, Any]) -> Paper:
    """Give the sheet that options describe; what they leave open is as the site's settings say."""
    settings = choice.print_settings()
    width, height = length_mm(options.get("page-width")), length_mm(options.get("page-height"))
    custom = width > 0 and height > 0
    margins = [length_mm(options.get(f"margin-{side}", "15mm")) for side in ("top", "right", "bottom", "left")]
    return Paper(
        size="Custom" if custom else str(options.get("page-size") or settings.get("pdf_page_size") or "A4"),
        width_mm=width or flt(settings.get("pdf_page_width")),
        height_mm=height or flt(settings.get("pdf_page_height")),
        landscape=str(options.get("orientation") or "").lower() == "landscape",
        margins_mm=(margins[0], margins[1], margins[2], margins[3]),
        font_pt=flt(settings.get("font_size")) or 9.0,
    )


def length_mm(value: Any) -> float:
    """Read a length such as "15mm", "0.5in" or 20 (mm); what is none is 0."""
    text = str(value if value is not None else "").strip().lower()
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz% ")
    try:
        return float(number or 0) * _MM_OF.get(text[len(number) :].strip(), 0.0)
    except ValueError:
        return 0.0


def get_file_data_from_writer(writer_obj: Any) -> bytes:
    """Give the bytes of a `pypdf.PdfWriter`."""
    import io

    out = io.BytesIO()
    writer_obj.write(out)
    return out.getvalue()


__all__ = ["PDF_CONTENT_ERRORS", "as_page", "get_file_data_from_writer", "get_pdf", "length_mm", "merged", "paper_of"]
