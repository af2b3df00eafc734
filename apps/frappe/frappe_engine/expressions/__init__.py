"""Conditions on documents: `depends_on` and its family, filters of links and lists, simple formulas.

An expression is one of

- a field's name: true when the field has a value (a table: when it has rows);
- `eval:` and an expression of the JavaScript subset that `syntax` reads, about `doc`, `parent` and what the caller
  lends (`frappe.boot`, `frappe.session.user` …).

Invariant: nothing is ever handed to Python's or a browser's own `eval`; the same text has the same value here and in
the desk, which `tests/expressions/table.json` proves for both.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from frappe_engine.expressions.errors import (
    EvaluationError,
    ExpressionError,
    ExpressionSyntaxError,
    ExpressionTooExpensive,
    ForbiddenExpression,
)
from frappe_engine.expressions.evaluator import Evaluator, Scope, Undecidable, build, read_member
from frappe_engine.expressions.syntax import parse
from frappe_engine.expressions.values import UNDEFINED, plain, truthy

__all__ = [
    "EvaluationError",
    "ExpressionError",
    "ExpressionSyntaxError",
    "ExpressionTooExpensive",
    "ForbiddenExpression",
    "check",
    "evaluate",
    "is_met",
]

EVAL: Final = "eval:"
HANDLER: Final = "fn:"

logger = logging.getLogger(__name__)


def evaluate(expression: str, doc: Any = None, parent: Any = None, names: Mapping[str, Any] | None = None) -> Any:
    """Give the value of an expression for a document (or dict), and for the one it is a row of.

    `names` lends further names: values, nested mappings, functions. The value is None, bool, int, float, str, list or
    dict; undefined is None. A bare field name gives a bool. Raises `ExpressionSyntaxError` and `EvaluationError`.
    """
    scope = Scope(doc, parent, names or {})
    try:
        value = compiled(expression)(scope)
    except Undecidable as error:
        raise EvaluationError(expression, str(error)) from error
    return None if value is UNDEFINED else value


def is_met(
    expression: str | bool | int | Callable[[Any], Any] | None,
    doc: Any = None,
    parent: Any = None,
    names: Mapping[str, Any] | None = None,
) -> bool:
    """Tell whether a condition holds, for showing: no condition holds always, one that fails never does.

    What fails is logged once per text. A bool is its own answer, a function is asked with the document.
    """
    if expression is None or expression == "":
        return True
    if callable(expression):
        return bool(expression(doc))
    if not isinstance(expression, str):
        return bool(expression)
    try:
        return truthy(evaluate(expression, doc, parent, names))
    except ExpressionError as error:
        _log_once(str(error))
        return False


def check(expression: str) -> None:
    """Raise `ExpressionSyntaxError` unless the text is an expression, a field name or empty."""
    if expression:
        compiled(expression)


@lru_cache(maxsize=8192)
def compiled(expression: str) -> Evaluator:
    """Give the function that evaluates an expression for a scope. Raises `ExpressionSyntaxError`."""
    text = expression.strip()
    if text.startswith(EVAL):
        try:
            return build(parse(text[len(EVAL) :]))
        except ExpressionSyntaxError as error:
            raise ExpressionSyntaxError(expression, error.reason) from None
    if text.startswith(HANDLER):
        raise ExpressionSyntaxError(expression, "handlers of form scripts run in the desk only; not supported")
    return _field_has_value(text)


def _field_has_value(fieldname: str) -> Evaluator:
    def has_value(scope: Scope) -> bool:
        if scope.doc is None:
            return False
        value = plain(read_member(scope.doc, fieldname))
        return bool(value) if isinstance(value, list) else truthy(value)

    return has_value


@lru_cache(maxsize=1024)
def _log_once(message: str) -> None:
    logger.warning("condition not met, because it can't be evaluated: %s", message)
