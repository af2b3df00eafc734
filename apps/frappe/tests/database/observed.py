"""Reading tables of observed calls: texts like `<datetime.date> 2026-01-01` stand for Python's values."""

from __future__ import annotations

import datetime
from typing import Any


def decode(value: Any) -> Any:
    """Give a value of the table as Python has it."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if isinstance(value, dict):
        if set(value) == {"tuple"}:
            return tuple(decode(item) for item in value["tuple"])
        return {key: decode(item) for key, item in value.items()}
    if isinstance(value, str) and value.startswith("<datetime."):
        kind, text = value.removeprefix("<datetime.").split("> ")
        return _TIMES[kind](text)
    return value


def _duration(text: str) -> datetime.timedelta:
    hours, minutes, seconds = map(int, text.split(":"))
    return datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)


_TIMES = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "timedelta": _duration,
}


def sorted_rows(rows: Any) -> Any:
    """Give rows in an order of their own, for results whose order is the database's."""
    return sorted(rows, key=repr)
