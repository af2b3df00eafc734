"""Problems as values: rules return them, shells turn them into errors in the user's language.

Invariant: ``message`` is a translatable template; what differs from case to case stands in ``values``.
"""

from __future__ import annotations

from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802  gettext's name for it
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with a value, as part of a sentence: told with the field's label in the reader's language.

    ``doctype`` and ``field`` name the field, or ``label`` says what is compared where it is none; ``actual`` is what was seen.
    """

    operator: str
    value: str
    actual: str
    doctype: str = ""
    field: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Several comparisons in one place of a sentence."""

    parts: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a document must not be saved or posted with: a template and the values that fill ``{0}``, ``{1}`` …"""

    message: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the system, or sentences, as part of a sentence: told in the reader's language, put together by ``joint``."""

    parts: tuple[str | Problem, ...]
    joint: str = ", "


@dataclass(frozen=True, slots=True)
class Linked:
    """Words as part of a sentence that lead to the list of a DocType, ``filters`` being (field, value as in an address)."""

    text: str | Words
    doctype: str
    filters: tuple[tuple[str, str], ...] = ()


def words(*parts: str | Problem, joint: str = ", ") -> Words:
    """Return words of the system (or sentences) as a value of a problem."""
    return Words(parts, joint)


def problem(message: str, *values: object) -> Problem:
    """Return a problem from a template and its values."""
    return Problem(message, values)
