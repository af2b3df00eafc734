"""What can be wrong with an expression; each error carries its text.

Invariant: evaluating untrusted text raises nothing but these.
"""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression can't be read or has no value; `expression` is its text."""

    def __init__(self, expression: str, reason: str) -> None:
        shown = expression if len(expression) <= 200 else f"{expression[:200]}…"
        super().__init__(f"{reason} in: {shown}")
        self.expression = expression
        self.reason = reason


class ExpressionSyntaxError(ExpressionError):
    """The text is no expression of the language, or uses a part of it that is not supported."""


class EvaluationError(ExpressionError):
    """The expression has no value for this document: an unknown name, a field of nothing, a call of no function."""


class ForbiddenExpression(ExpressionError):
    """The expression tries what expressions may not do."""


class ExpressionTooExpensive(ExpressionError):
    """The expression would take more steps or memory than expressions may."""
