"""PDF of print formats made by the builder (upstream's names); every PDF here is WeasyPrint's."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils.print_format import download_pdf as _download
from frappe.utils.print_format import get_print


@frappe.whitelist()
def download_pdf(doctype: str, name: str, print_format: str | None = None, letterhead: str | None = None) -> None:
    """Answer with the PDF of a document."""
    _download(doctype, name, print_format, letterhead=letterhead)


def get_html(doctype: str, name: str, print_format: str | None = None, letterhead: str | None = None) -> Any:
    """Give the page of a print."""
    return get_print(doctype, name, print_format, letterhead=letterhead)
