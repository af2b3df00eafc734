"""Reads the worked tables of docs/algorithms, so that the documentation is the tests' data."""

from decimal import Decimal
from pathlib import Path

ALGORITHMS = Path(__file__).resolve().parents[3] / "docs" / "algorithms"

Row = dict[str, str]


def read_table(page: str, heading: str) -> list[Row]:
    """Return the first table under a heading of a page as rows of texts by column title."""
    text = (ALGORITHMS / page).read_text(encoding="utf-8")
    body = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in body.splitlines() if line.startswith("|")]
    titles = cells(lines[0])
    rows = [dict(zip(titles, cells(line), strict=True)) for line in lines[2:]]
    assert rows, f"{page}: no table under {heading}"
    return rows


def cells(line: str) -> list[str]:
    """Return the trimmed cells of a table line."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def number(text: str) -> Decimal:
    """Return a cell as a number; an empty one is zero."""
    return Decimal(text or "0")


def numbers(text: str) -> list[Decimal]:
    """Return a cell with several numbers."""
    return [Decimal(part.strip()) for part in text.split(",")]
