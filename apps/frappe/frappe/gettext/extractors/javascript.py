"""Texts of scripts: calls of `__`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from frappe_engine.cli.message_extraction import script_places

from frappe.gettext.extractors import Found, as_found, text_of


def extract(fileobj: Any, keywords: Any = None, comment_tags: Any = None, options: Any = None) -> Iterator[Found]:
    """Give the texts of a file, each with its line."""
    return as_found(script_places(text_of(fileobj)))
