"""Tables on the terminal.

Invariant: nothing here reads or writes anything but the terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any


def render_table(data: Sequence[Sequence[Any]]) -> None:
    """Write rows as a table with lines around; the first row is its head."""
    rows = [["" if cell is None else str(cell) for cell in row] for row in data]
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(len(rows[0]))]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + " |" for row in rows
    ]
    sys.stdout.write("\n".join([rule, lines[0], rule, *lines[1:], rule]) + "\n")


def add_line_before(string: str) -> str:
    """Give a text with an empty line before it."""
    return f"\n{string}"


def add_line_after(string: str) -> str:
    """Give a text with an empty line after it."""
    return f"{string}\n"
