"""Conditions of lists as SQL text, for reports of apps that write their own queries.

Invariant: values stand in the text as escaped literals; what the text allows is what lists allow.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.access.decisions import restrictions_for
from frappe_engine.access.lists import list_conditions
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.local import current
from frappe_engine.database.filters import Condition
from frappe_engine.database.statements import literal
from frappe_engine.documents.metas import get_meta


def with_values(condition: Condition) -> str:
    """Give a condition with its values in place of the marks; marks inside quoted text are left alone."""
    if not condition.values:
        return condition.sql
    values = iter(condition.values)
    parts: list[str] = []
    quote = ""
    for sign in condition.sql:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"`":
            quote = sign
        elif sign == "?":
            parts.append(literal(next(values)))
            continue
        parts.append(sign)
    return "".join(parts)


def match_conditions(doctype: str, user: str | None = None) -> str:
    """Give what limits a user's list of a DocType as SQL, "" when nothing does. Raises `PermissionError`."""
    return " and ".join(f"({with_values(part)})" for part in list_conditions(doctype, user))


def match_condition_for_join(doctype: str, user: str | None = None) -> str:
    """Give the same with " and " before it, as queries append it; percent signs are doubled for parameters."""
    try:
        text = match_conditions(doctype, user)
    except PermissionError:
        text = "1 = 0"
    return (" and " + text).replace("%", "%%") if text else ""


def match_filters(doctype: str, user: str | None = None) -> list[dict[str, list[str]]]:
    """Give the names that a user may meet in documents of a DocType, by the DocType linked to; [] when nothing is limited."""
    who = user or current().session.user
    if who == "Administrator":
        return []
    meta = get_meta(doctype)
    found: dict[str, list[str]] = {}
    for limit in restrictions_for(meta, who):
        linked = doctype if limit.field == "name" else meta.by_name[limit.field].options
        found[str(linked)] = sorted(limit.allowed)
    return [found] if found else []


def filter_conditions(
    doctype: str, filters: Any, conditions: list[str] | None = None, ignore_permissions: Any = None
) -> str:
    """Give filters as SQL with " and " before it."""
    if not filters:
        return ""
    query = current().db.list_query(doctype)
    where = query.where(filters, None, ())
    text = with_values(where)
    return f" and {text}".replace("%", "%%") if text else ""
