"""How easily a password is guessed: zxcvbn's estimate, with its advice in the user's language."""

from __future__ import annotations

from typing import Any

from frappe import _

# zxcvbn's time grows with the square of the length; nobody guesses what lies behind these characters.
MEASURED_LETTERS = 72


def test_password_strength(
    password: str,
    user_inputs: list[str] | None = None,  # noqa: PT028 - the public name begins like that of a test
) -> dict[str, Any]:
    """Give zxcvbn's result: `score` from 0 (guessed at once) to 4 (very hard), `guesses`, `feedback` {warning, suggestions}.

    `user_inputs` are words that everybody knows of the user; they make a password weak.
    """
    from zxcvbn import zxcvbn  # its dictionaries are large

    result: dict[str, Any] = zxcvbn(password[:MEASURED_LETTERS], user_inputs=user_inputs or [])
    feedback = result["feedback"]
    result["feedback"] = {
        "warning": _(feedback["warning"]) if feedback["warning"] else "",
        "suggestions": [_(text) for text in feedback["suggestions"]],
    }
    result["calc_time"] = result["calc_time"].total_seconds()
    result["guesses"] = float(result["guesses"])
    return result


test_password_strength.__test__ = False  # type: ignore[attr-defined]
