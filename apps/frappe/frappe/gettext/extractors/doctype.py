"""Texts of documents that apps ship as JSON: names, labels, descriptions, options of selections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from frappe_engine.cli.message_extraction import document_messages

from frappe.gettext.extractors import Found, as_found, text_of


def extract(fileobj: Any, *args: Any, **kwargs: Any) -> Iterator[Found]:
    """Give the texts of a file; documents have no lines."""
    return as_found((None, message) for message in document_messages(text_of(fileobj)))
