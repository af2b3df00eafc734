"""Addresses: quoting them, adding to them, and making relative ones absolute in mails and prints.

Invariant: an address that is quoted already or belongs to another scheme stays as it is.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_ABSOLUTE: Final = re.compile(r"""((?:href|src)\s*=\s*['"]?)(https?:[^'">]+)""")
_RELATIVE: Final = re.compile(r"""((?:href|src)\s*=\s*['"]?)(?!https?:|data:|cid:|mailto:|tel:|#|\{\{|\{%)([^'" >]+)""")
_RELATIVE_IN_CSS: Final = re.compile(r"""(:\s?url\(['"]?)(?!https?:|data:|#)([^'")>]+)""")


def quoted(url: str) -> str:
    """Quote what an address may not hold (spaces, letters of other scripts)."""
    return quote(url, safe="~@#$&()*!+=:;,.?/'")


def quote_urls(html: str) -> str:
    """Quote the absolute addresses in `href` and `src` attributes."""
    return _ABSOLUTE.sub(lambda match: match.group(1) + quoted(match.group(2)), html)


def expand_relative_urls(html: str, base: str) -> str:
    """Put `base` before the relative addresses in `href`, `src` and style sheets."""
    root = base.rstrip("/") + "/"

    def absolute(match: re.Match[str]) -> str:
        return f"{match.group(1)}{urljoin(root, match.group(2).strip())}"

    return _RELATIVE_IN_CSS.sub(absolute, _RELATIVE.sub(absolute, html))


def add_query(url: str, **values: str) -> str:
    """Give `url` with `values` set in its query; those that were there with other names stay, in their order."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update(values)
    return urlunsplit(parts._replace(query=urlencode(query)))


def has_port(url: str) -> bool:
    """Tell whether an address names a port."""
    return len(url.split(":")) > 2
