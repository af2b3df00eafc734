"""HTML made harmless, under the names that apps import.

Invariant: what comes out of `sanitize_html`, `clean_html` and `clean_email_html` runs no script.
"""

from __future__ import annotations

import re
from typing import Any

from frappe_engine.kit import html
from frappe_engine.kit.html import (
    clean_html,
    clean_script_and_style,
    escape_html,
    sanitize_html,
    unescape_html,
)
from frappe_engine.kit.jsontext import is_json

acceptable_elements = sorted(html.HTML_TAGS)
acceptable_attributes = sorted(html.RICH_ATTRIBUTES)
svg_elements = sorted(html.SVG_TAGS)
svg_attributes = sorted(html.SVG_ATTRIBUTES)
mathml_elements = sorted(html.MATHML_TAGS)
mathml_attributes = sorted(html.MATHML_ATTRIBUTES)
EMOJI_PATTERN = re.compile("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf]")


def clean_email_html(html: Any) -> Any:
    """Make the HTML of a mail harmless: layout and pictures stay, programs and forms go."""
    if not isinstance(html, str):
        return html
    return sanitize_html(clean_script_and_style(html), always_sanitize=True)


def get_icon_html(icon: str, small: bool = False) -> str:
    """Give the HTML of an icon: an emoji, the address of a picture, or the class of an icon font."""
    name = escape_html(icon or "")
    if EMOJI_PATTERN.match(icon or ""):
        return f"<span class='text-muted'>{name}</span>"
    if "/" in name or "." in name:
        size = "style='width: 16px; height: 16px;' " if small else ""
        return f"<img {size}src='{name}'>"
    return f"<i class='{name}'></i>"


__all__ = [
    "EMOJI_PATTERN",
    "acceptable_attributes",
    "acceptable_elements",
    "clean_email_html",
    "clean_html",
    "clean_script_and_style",
    "escape_html",
    "get_icon_html",
    "is_json",
    "mathml_attributes",
    "mathml_elements",
    "sanitize_html",
    "svg_attributes",
    "svg_elements",
    "unescape_html",
]
