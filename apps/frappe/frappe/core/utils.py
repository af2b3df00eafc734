"""Small helpers that apps import from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import frappe
from frappe.utils import to_markdown


def html2text(html: str, strip_links: bool = False, wrap: bool = True) -> str:
    """Give HTML as plain text with Markdown's signs; with `strip_links` only the words of links stay."""
    if strip_links:
        from bs4 import BeautifulSoup  # slow to load

        tree = BeautifulSoup(html or "", "html.parser")
        for link in tree.find_all("a"):
            link.unwrap()
        html = str(tree)
    return str(to_markdown(html) or "")


def find(items: Iterable[Any], matches: Callable[[Any], bool]) -> Any:
    """Give the first item that matches, None when none does."""
    return next((item for item in items if matches(item)), None)


def find_all(items: Iterable[Any], matches: Callable[[Any], bool]) -> list[Any]:
    """Give all items that match."""
    return [item for item in items if matches(item)]


def get_parent_doc(doc: Any) -> Any:
    """Give the document that a comment or mail is about, None when there is none."""
    if not getattr(doc, "_parent_doc", None):
        there = doc.get("reference_doctype") and doc.get("reference_name")
        doc._parent_doc = frappe.get_doc(doc.reference_doctype, doc.reference_name) if there else None
    return doc._parent_doc
