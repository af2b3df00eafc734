"""Expressions have the values that the table says, which the desk reads too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.expressions import EvaluationError, ExpressionSyntaxError, evaluate

TABLE = Path(__file__).parents[4] / "tests" / "expressions" / "table.json"
ROWS = json.loads(TABLE.read_text(encoding="utf-8"))
ERRORS = {"syntax": ExpressionSyntaxError, "evaluation": EvaluationError}


def lent(boot: dict[str, Any]) -> dict[str, Any]:
    """What the desk lends to expressions, as far as the table uses it."""
    frappe = {
        "boot": boot,
        "session": {"user": "anna@example.com"},
        "user_roles": ["Sales User"],
        "user": {"has_role": lambda role: role == "Sales User"},
        "datetime": {"now_date": lambda: "2024-02-29"},
    }
    return {"frappe": frappe}


def value_of(row: dict[str, Any]) -> Any:
    return evaluate(row["expression"], row.get("doc", {}), row.get("parent"), lent(row.get("boot", {})))


def test_the_table_is_large_enough() -> None:
    assert len(ROWS) > 350


@pytest.mark.parametrize("row", [row for row in ROWS if "error" not in row], ids=lambda row: row["expression"])
def test_values(row: dict[str, Any]) -> None:
    value = value_of(row)
    assert value == row["result"]
    assert isinstance(value, bool) is isinstance(row["result"], bool)


@pytest.mark.parametrize("row", [row for row in ROWS if "error" in row], ids=lambda row: row["expression"])
def test_errors(row: dict[str, Any]) -> None:
    with pytest.raises(ERRORS[row["error"]]) as caught:
        value_of(row)
    assert caught.value.expression == row["expression"]
