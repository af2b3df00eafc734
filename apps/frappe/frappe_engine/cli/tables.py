"""Tables of text for the terminal.

Invariant: pure; every cell stands in its column whatever it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width


def width_of(text: str) -> int:
    """Give how many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def as_table(rows: Sequence[Sequence[Any]]) -> str:
    """Give rows, the first of them the heading, as a table with lines around it."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(width_of(row[column]) for row in cells) for column in range(len(cells[0]))]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = [
        "| " + " | ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([rule, lines[0], rule, *lines[1:], rule])


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))
