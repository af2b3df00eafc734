"""What the database asks about DocTypes: their columns, whether they are Singles, what a name for a span of time means.

Invariant: the database knows of DocTypes by these questions alone; the layers above answer them (`providers`).
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.local import providers


def columns_of(doctype: str) -> Any:
    return providers("meta", doctype)


def is_single_doctype(doctype: str) -> bool:
    return bool(providers("is_single", doctype))


def time_span(words: str) -> tuple[Any, Any]:
    return providers("time_span", words)  # type: ignore[no-any-return]


def known_name(doctype: str) -> str:
    return str(columns_of(doctype).name)


def has_meta(doctype: str) -> bool:
    try:
        return columns_of(doctype) is not None
    except DoesNotExistError:
        return False
