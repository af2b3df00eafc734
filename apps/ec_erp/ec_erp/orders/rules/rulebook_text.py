"""A rule book as plain values that JSON can hold, and back: what a published version keeps.

Invariant: reading what was written gives an equal book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ec_erp.orders.rules.conditions import Condition
from ec_erp.orders.rules.rulebook import Action, GiftItem, GiftRule, OrderRule, RuleBook

Values = Mapping[str, Any]


def to_values(book: RuleBook) -> dict[str, Any]:
    """Return a book as plain values; moments become ISO text."""
    return {
        "rules": [_plain(asdict(rule)) for rule in book.rules],
        "gifts": [_plain(asdict(rule)) for rule in book.gifts],
    }


def from_values(values: Values, version: str = "") -> RuleBook:
    """Return the book that plain values hold."""
    return RuleBook(
        version=version,
        rules=tuple(_order_rule(row) for row in values.get("rules", ())),
        gifts=tuple(_gift_rule(row) for row in values.get("gifts", ())),
    )


def _plain(row: Values) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _order_rule(row: Values) -> OrderRule:
    return OrderRule(**{**_shared(row), "actions": tuple(Action(**action) for action in row["actions"])})


def _gift_rule(row: Values) -> GiftRule:
    return GiftRule(**{**_shared(row), "items": tuple(GiftItem(**item) for item in row["items"])})


def _shared(row: Values) -> dict[str, Any]:
    return {
        **row,
        "conditions": _conditions(row["conditions"]),
        "valid_from": _moment(row["valid_from"]),
        "valid_to": _moment(row["valid_to"]),
    }


def _conditions(rows: Sequence[Values]) -> tuple[Condition, ...]:
    return tuple(Condition(**row) for row in rows)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
