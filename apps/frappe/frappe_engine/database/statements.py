"""Parameters of raw SQL: `%s`, `%(name)s` and lists in `in %s` become `?` with a flat tuple.

Invariant: pure; values never become part of the SQL text. Quoted text and comments are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(
    r"""'(?:[^'\\]|\\.|'')*'        # text in single quotes
      | "(?:[^"\\]|\\.|"")*"        # text in double quotes
      | `[^`]*`                     # identifier
      | --[^\n]*                    # comment
      | /\*.*?\*/                   # comment
      | %\((?P<name>[^)]+)\)s       # named parameter
      | %s                          # positional parameter
      | %%
      | \?
    """,
    re.VERBOSE | re.DOTALL,
)

NOTHING = "(SELECT NULL WHERE 0)"
SCALAR = -1  # in place of a number of items
MOST_REMEMBERED_VALUES = 50  # statements with more are rarely the same twice
LONG_STATEMENT = 4000  # characters; longer ones are rarely the same twice, and remembering them would fill the memory
Piece = str | tuple[str | None]


def prepare(query: str, values: Any) -> tuple[str, tuple[Any, ...]]:
    """Give `query` with `?` placeholders and the values in their order.

    `values` is a sequence, a mapping, or one scalar; a list, tuple or set as one value is spread for `in`;
    an empty one becomes a query without rows, which nothing is in. Raises `KeyError`/`IndexError` when values are missing.
    """
    if values is None or values == "":
        return query, ()
    parameters: list[Any] = []
    sizes: list[int] = []
    for value in _in_order(_placeholders(query), values):
        if isinstance(value, (list, tuple, set, frozenset)):
            sizes.append(len(value))
            parameters.extend(value)
        else:
            sizes.append(SCALAR)
            parameters.append(value)
    write = _remembered_text if len(parameters) <= MOST_REMEMBERED_VALUES else _text
    return write(query, tuple(sizes)), tuple(parameters)


def _in_order(names: tuple[str | None, ...], values: Any) -> Sequence[Any]:
    """Give a value per placeholder."""
    if isinstance(values, (dict, Mapping)):  # of the first it is quickly told
        if None in names:
            raise IndexError("positional placeholders and named values")
        return [values[name] for name in names]
    positional = values if isinstance(values, (list, tuple)) else (values,)
    named = next((name for name in names if name is not None), None)
    if named is not None:
        raise KeyError(named)
    if len(positional) != len(names):
        raise IndexError(f"{len(positional)} values for {len(names)} placeholders")
    return positional


@lru_cache(maxsize=2048)
def _placeholders(query: str) -> tuple[str | None, ...]:
    """Give the names of the placeholders in their order, None for positional ones."""
    return tuple(piece[0] for piece in _pieces(query) if not isinstance(piece, str))


def _text(query: str, sizes: tuple[int, ...]) -> str:
    """Give `query` with a `?` for each scalar, and for each list as many as it has items."""
    marks = iter(sizes)
    return "".join([piece if isinstance(piece, str) else _marks(next(marks)) for piece in _pieces(query)])


_remembered_text = lru_cache(maxsize=4096)(_text)  # the same text each time: what is known of it is found at once


def _marks(size: int) -> str:
    if size == SCALAR:
        return "?"
    return f"({', '.join('?' * size)})" if size else NOTHING


@lru_cache(maxsize=2048)
def _pieces(query: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for match in _TOKEN.finditer(query):
        token = match.group()
        if token == "%s":
            replacement: Piece = (None,)
        elif match.group("name"):
            replacement = (match.group("name"),)
        elif token == "%%":
            replacement = "%"
        elif "%%" in token and token[0] in "'\"":
            replacement = token.replace("%%", "%")
        else:
            continue
        pieces.append(query[end : match.start()])
        pieces.append(replacement)
        end = match.end()
    pieces.append(query[end:])
    return tuple(piece for piece in pieces if piece != "")


def with_literals(text: str, values: Sequence[Any]) -> str:
    """Give a statement with its `?` replaced by `values` as SQL text; for reading, or as part of another statement."""
    remaining = iter(values)

    def replace(match: re.Match[str]) -> str:
        return literal(next(remaining)) if match.group() == "?" else match.group()

    return _TOKEN.sub(replace, text)


def split_at_values(text: str) -> tuple[str, ...]:
    """Give the pieces of a statement between its `?`, of which those in quotes and comments are none."""
    return _remembered_split(text) if len(text) < LONG_STATEMENT else _split(text)


@lru_cache(maxsize=2048)
def _remembered_split(text: str) -> tuple[str, ...]:
    return _split(text)


def _split(text: str) -> tuple[str, ...]:
    pieces: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.group() == "?":
            pieces.append(text[end : match.start()])
            end = match.end()
    return (*pieces, text[end:])


def literal(value: Any) -> str:
    """Write `value` as SQL text, quoted and escaped; for `frappe.db.escape` and logs, never for own statements."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, (datetime, date, timedelta)):
        return f"'{value}'"
    if isinstance(value, (list, tuple, set)):
        return f"({', '.join(literal(item) for item in value)})" if value else NOTHING
    text = value.decode() if isinstance(value, bytes) else str(value)
    return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "") + "'"
