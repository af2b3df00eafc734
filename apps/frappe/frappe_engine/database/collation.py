"""Texts that come out of functions, compared on SQLite as columns are: without regard to case.

A column carries its collation into a comparison; the result of `ifnull(column, '')` carries none on SQLite, and so would
tell "open" from "Open" where MariaDB does not.

Invariant: pure; a statement is changed only by `COLLATE NOCASE` behind calls that are compared, sorted or grouped by.
"""

from __future__ import annotations

import re

_CALL = re.compile(
    r"\b(?:ifnull|coalesce|nullif|if|iif|lower|upper|lcase|ucase|concat|concat_ws|l?trim|rtrim|substring|substr|substring_index"
    r"|replace|ec_left|ec_right)\s*\(",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'|`[^`]*`", re.DOTALL)
_COMPARED_AFTER = re.compile(r"\s*(?:=|!=|<|>|(?:not\s+)?in\b|(?:not\s+)?between\b)", re.IGNORECASE)
_COMPARED_BEFORE = re.compile(r"[=<>]\s*$")
_SORTED_BEFORE = re.compile(r"\b(?:order|group)\s+by\b(?:(?!\b(?:having|limit|from|select)\b)[^()])*$", re.IGNORECASE)
_ALIAS = re.compile(r"\s+(?:as\s+)?[`\"']?(\w+)", re.IGNORECASE)
_ORDERS = re.compile(r"\b(?:order|group)\s+by\b(?P<by>[^()]*)", re.IGNORECASE)
_INNER = re.compile(r"\([^()]*\)")


def without_case(query: str) -> str:
    """Give `query` (SQLite) with texts of functions compared, sorted and grouped as texts of columns are."""
    if not _CALL.search(query):
        return query
    bare = _QUOTED.sub(lambda match: "x" * len(match.group()), query)
    for call in reversed(list(_CALL.finditer(bare))):
        end = _closing(bare, call.end())
        if end and (_is_compared(bare[: call.start()], bare[end:]) or _is_sorted_by_name(query, end)):
            query = f"{query[:end]} COLLATE NOCASE{query[end:]}"
    return query


def _closing(text: str, position: int) -> int:
    """Where the parenthesis that was opened before `position` ends; 0 when it does not."""
    depth = 1
    for match in re.finditer(r"[()]", text[position:]):
        depth += 1 if match.group() == "(" else -1
        if not depth:
            return position + match.end()
    return 0


def _is_sorted_by_name(query: str, end: int) -> bool:
    """Whether the name that the call before `end` gets in the result, or a column's number, is sorted or grouped by."""
    alias = _ALIAS.match(query, end)
    meant = re.compile(rf"\b(?:{alias.group(1)}|\d+)\b" if alias else r"\b\d+\b", re.IGNORECASE)
    return any(meant.search(part.group("by")) for part in _ORDERS.finditer(query, end))


def _is_compared(before: str, after: str) -> bool:
    if _COMPARED_AFTER.match(after) or _COMPARED_BEFORE.search(before):
        return True
    shorter = _INNER.sub("", before)
    while shorter != before:
        before, shorter = shorter, _INNER.sub("", shorter)
    return bool(_SORTED_BEFORE.search(before))
