"""Queries give what the documented API gives: a table of calls, observed on version 15.72, over the data of `conftest.py`.

A row with "because" differs on purpose: "observed" is what the reference gave, "rows" or "raises" what ours gives, and the
reason stands in docs/decisions/0002-query-differences.md under that heading.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from .observed import decode, sorted_rows

TABLE: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("observed_queries.json").read_text(encoding="utf-8")
)
DECISIONS = Path(__file__).parents[4] / "docs" / "decisions" / "0002-query-differences.md"


def outcome(frappe: Any, call: str) -> Any:
    """The result of a call of the table, or the names of the exception's classes."""
    try:
        return eval(call, {"frappe": frappe, "datetime": datetime})
    except Exception as error:  # noqa: BLE001 - the table says which exception is right
        return {kind.__name__ for kind in type(error).__mro__}


def is_right(row: dict[str, Any], found: Any) -> bool:
    if "raises" in row:
        return isinstance(found, set) and row["raises"] in found
    wanted = decode(row["rows"])
    if row.get("unordered"):
        return type(found) is type(wanted) and sorted_rows(found) == sorted_rows(wanted)
    return bool(found == wanted) and (isinstance(wanted, dict) or type(found) is type(wanted))


@pytest.mark.parametrize("group", list(TABLE))
def test_calls_give_what_was_observed(group: str, frappe: Any) -> None:
    wrong = []
    for row in TABLE[group]:
        found = outcome(frappe, row["call"])
        if not is_right(row, found):
            wrong.append((row, found))
        frappe.db.rollback()
    assert not wrong


def test_the_table_covers_the_queries() -> None:
    assert sum(map(len, TABLE.values())) >= 400


def test_every_difference_is_explained() -> None:
    reasons = {row["because"] for rows in TABLE.values() for row in rows if "because" in row}
    explained = {line.removeprefix("## ") for line in DECISIONS.read_text(encoding="utf-8").splitlines()}
    assert reasons <= explained
