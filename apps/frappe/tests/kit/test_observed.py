"""The public helpers give what the documented API gives, call by call.

`observed.json` holds calls and the results that were observed on the reference implementation, version 15.72, at
2024-02-29 13:14:15 with the settings of `conftest.py`. Values that JSON has no form for are objects with one key
that begins with "$".
"""

from __future__ import annotations

import datetime
import importlib
import json
import math
from collections import defaultdict
from collections.abc import Generator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

DECODERS = {
    "$float": float,
    "$datetime": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$timedelta": lambda parts: datetime.timedelta(*parts),
    "$decimal": Decimal,
    "$bytes": lambda text: text.encode("latin-1"),
    "$tuple": lambda items: tuple(decode(item) for item in items),
    "$set": lambda items: {decode(item) for item in items},
}


def decode(value: Any) -> Any:
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (decoder := DECODERS.get(next(iter(value)))):
        return decoder(next(iter(value.values())))
    return {key: decode(item) for key, item in value.items()}


def load() -> dict[str, list[dict[str, Any]]]:
    rows = json.loads(Path(__file__).with_name("observed.json").read_text(encoding="utf-8"))
    calls = defaultdict(list)
    for row in rows:
        calls[row["call"]].append(row)
    return calls


CALLS = load()


def function(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(f"frappe.utils.{module}" if module else "frappe.utils"), attribute)


def outcome(row: dict[str, Any]) -> Any:
    """The result of a row's call, or the names of the exception's classes."""
    try:
        result = function(row["call"])(*decode(row["args"]), **decode(row.get("kwargs", {})))
    except Exception as error:  # noqa: BLE001 - the table says which exception is right
        return {kind.__name__ for kind in type(error).__mro__}
    return list(result) if isinstance(result, Generator) else result


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and math.isnan(wanted):
        return isinstance(found, float) and math.isnan(found)
    return type(found) is type(wanted) and found == wanted if isinstance(wanted, (int, float)) else found == wanted


@pytest.mark.parametrize("name", sorted(CALLS))
def test_calls_give_what_was_observed(name: str, site: Any) -> None:
    wrong = []
    for row in CALLS[name]:
        site(**row.get("settings", {}))
        found = outcome(row)
        right = row["raises"] in found if "raises" in row else same(found, decode(row["result"]))
        if not right:
            wrong.append((row, found))
    assert not wrong


def test_the_table_covers_the_helpers() -> None:
    assert len(CALLS) >= 150
    assert sum(map(len, CALLS.values())) >= 4000
