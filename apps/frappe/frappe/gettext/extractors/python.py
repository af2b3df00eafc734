"""Texts of Python files: calls of `_`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from frappe_engine.cli.message_extraction import python_places

from frappe.gettext.extractors import Found, as_found, text_of


def extract(fileobj: Any, keywords: Any = None, comment_tags: Any = None, options: Any = None) -> Iterator[Found]:
    """Give the texts of a file, in the order of their lines."""
    return as_found(sorted(python_places(text_of(fileobj))))
