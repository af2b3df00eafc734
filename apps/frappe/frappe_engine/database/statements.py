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
LONG_STATEMENT = 4000  # characters; longer ones are rarely the same twice, and remembering them would fill the memory
Piece = str | tuple[str | None]


def prepare(query: str, values: Any) -> tuple[str, tuple[Any, ...]]:
    """Give `query` with `?` placeholders and the values in their order.

    `values` is a sequence, a mapping, or one scalar; a list, tuple or set as one value is spread for `in`;
    an empty one becomes a query without rows, which nothing is in. Raises `KeyError`/`IndexError` when values are missing.
    """
    if values is None or values == "":
        return query, ()
    if isinstance(values, Mapping):
        get_named = values.__getitem__
        positional: Sequence[Any] = ()
    else:
        get_named = None
        positional = values if isinstance(values, (list, tuple)) else (values,)
    text: list[str] = []
    parameters: list[Any] = []
    position = 0
    for piece in _pieces(query):
        if isinstance(piece, str):
            text.append(piece)
            continue
        name = piece[0]
        if name is None:
            value = positional[position]
            position += 1
        elif get_named is None:
            raise KeyError(name)
        else:
            value = get_named(name)
        _add_value(value, text, parameters)
    if position < len(positional):
        raise IndexError(f"{len(positional)} values for {position} placeholders")
    return "".join(text), tuple(parameters)


def _add_value(value: Any, text: list[str], parameters: list[Any]) -> None:
    if isinstance(value, (list, tuple, set, frozenset)):
        items = list(value)
        text.append(f"({', '.join('?' * len(items))})" if items else NOTHING)
        parameters.extend(items)
    else:
        text.append("?")
        parameters.append(value)


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
