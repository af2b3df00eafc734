"""Text: reading it from anything, names in code and in words, lists as prose, hashes.

Invariant: words that a person reads ("and", quotes) come from the caller, who knows the language.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SPACES = re.compile(r"\s+")
_NO_SLUG = re.compile(r"[^\w]+")


def cstr(s: Any, encoding: str = "utf-8") -> str:
    """Read `s` as text: None is "", bytes are decoded."""
    if type(s) is str:
        return s
    if s is None:
        return ""
    if isinstance(s, bytes):
        return s.decode(encoding)
    return str(s)


def encode(obj: Any, encoding: str = "utf-8") -> Any:
    """Give text, or the texts in a list or dict, as bytes; other values unchanged."""
    if isinstance(obj, str):
        return obj.encode(encoding)
    if isinstance(obj, list):
        return [encode(item, encoding) for item in obj]
    if isinstance(obj, dict):
        return {encode(key, encoding): encode(item, encoding) for key, item in obj.items()}
    return obj


def scrub(txt: str) -> str:
    """Give a label as a name in code: "Sales Order" is sales_order."""
    return txt.replace(" ", "_").replace("-", "_").lower()


def unscrub(txt: str) -> str:
    """Give a name in code as a label: sales_order is "Sales Order"."""
    return txt.replace("_", " ").replace("-", " ").title()


def slug(text: str) -> str:
    """Give a label as part of an address: "Sales Order" is sales-order."""
    return text.lower().replace(" ", "-")


def url_slug(text: str) -> str:
    """Give a title as part of an address, punctuation replaced by hyphens; other scripts stay."""
    return _NO_SLUG.sub("-", text.strip().lower()).strip("-")


def strip(val: str, chars: str | None = None) -> str:
    """Strip spaces (or `chars`) from both ends, invisible marks (byte order mark, zero-width space) included."""
    inner = val
    while True:
        cut = inner.strip(chars).strip("\ufeff\u200b")
        if cut == inner:
            return cut
        inner = cut


def list_in_words(items: Any, pattern: str, quote: str | None = "'{0}'") -> Any:
    """Write a list as prose: `pattern` ("{0} and {1}") joins the last item to the others, commas part the rest.

    Each of several items is put into `quote` unless that is None. What is no list or tuple comes back unchanged, an
    empty list as "".
    """
    if not isinstance(items, (list, tuple)):
        return items
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    if quote is not None:
        texts = [quote.replace("{0}", text) for text in texts]
    head = ", ".join(texts[:-1])
    return pattern.replace("{0}", "\0").replace("{1}", texts[-1]).replace("\0", head)


def lines_of(some_list: Any) -> Any:
    """Write a list one item to a line; what is no list or tuple comes back unchanged."""
    if not isinstance(some_list, (list, tuple)):
        return some_list
    return "\n ".join(str(item) for item in some_list)


def filter_strip_join(some_list: Iterable[Any], sep: str) -> str:
    """Join the items that are not empty, each stripped."""
    return sep.join(cstr(item).strip() for item in some_list if item)


def unique(seq: Iterable[T]) -> list[T]:
    """Give the items once each, in order of first appearance."""
    return list(dict.fromkeys(seq))


def has_common(l1: Iterable[Any], l2: Iterable[Any]) -> set[Any]:
    """Give the items that two collections share (none: an empty set, which is false)."""
    return set(l1) & set(l2)


def is_subset(list_a: Iterable[Any], list_b: Iterable[Any]) -> bool:
    """Tell whether every item of `list_a` is in `list_b`."""
    return set(list_a) <= set(list_b)


def create_batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a sequence into parts of `size`; the last may be shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def get_abbr(string: str, max_len: int = 2) -> str:
    """Give the initials of `string`, at most `max_len`; "?" when there are none."""
    initials = "".join(word[0] for word in string.split()[:max_len])
    return initials or "?"


def get_string_between(start: str, string: str, end: str) -> str:
    """Give what stands between the first `start` and the last `end` in `string`; all of it when they are not there."""
    match = re.search(f"{re.escape(start)}(.*){re.escape(end)}", string)
    return match.group(1) if match else string


def sha256_hash(input: str | bytes) -> str:
    """Give the SHA-256 of text (as UTF-8) or bytes, in hexadecimal."""
    import hashlib  # loads OpenSSL

    return hashlib.sha256(input.encode() if isinstance(input, str) else input).hexdigest()


def random_string(length: int) -> str:
    """Give `length` random letters and digits, fit for secrets."""
    import secrets  # loads much for what few calls need

    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(length))


def generate_hash(length: int | None = None) -> str:
    """Give `length` random hexadecimal digits (56 by default), fit for secrets."""
    size = length or 56
    return os.urandom((size + 1) // 2).hex()[:size]


def collapse_spaces(text: str) -> str:
    """Give `text` with every run of white space as one space, stripped."""
    return _SPACES.sub(" ", text).strip()
