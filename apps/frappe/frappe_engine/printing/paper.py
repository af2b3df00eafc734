"""The sheet of paper as CSS: its size, its margins, its page numbers, and the look of what lies on it.

Invariant: pure; numbers become lengths, and no text of a setting gets into the style sheet unchecked.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache

SIZES = (
    *("A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "B0", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"),
    *("Letter", "Legal", "Ledger", "Tabloid"),
)
# A size's edges in mm, where CSS has no word for it.
_IN_MM = {
    "A0": (841, 1189),
    "A1": (594, 841),
    "A2": (420, 594),
    "A6": (105, 148),
    "A7": (74, 105),
    "A8": (52, 74),
    "A9": (37, 52),
    "B0": (1000, 1414),
    "B1": (707, 1000),
    "B2": (500, 707),
    "B3": (353, 500),
    "B6": (125, 176),
    "B7": (88, 125),
    "B8": (62, 88),
    "Tabloid": (279, 432),
}
PLACES = {
    "Top Left": "top-left",
    "Top Center": "top-center",
    "Top Right": "top-right",
    "Bottom Left": "bottom-left",
    "Bottom Center": "bottom-center",
    "Bottom Right": "bottom-right",
}
LARGEST_MM = 2000.0
CJK = '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei"'
_NAME = re.compile(r"[A-Za-z0-9 _-]{1,40}\Z")


@dataclass(frozen=True)
class Paper:
    """A sheet: lengths in mm, letters in pt; `size` one of `SIZES` or "Custom" with width and height."""

    size: str = "A4"
    width_mm: float = 0.0
    height_mm: float = 0.0
    landscape: bool = False
    margins_mm: tuple[float, float, float, float] = (15.0, 15.0, 15.0, 15.0)  # top, right, bottom, left
    font_pt: float = 9.0
    font: str = ""
    page_number: str = "Bottom Center"


def page_css(paper: Paper, *, footer: bool = False) -> str:
    """Give the rules of `@page` and of the body; with `footer` there is room for a footer that runs on every page."""
    top, right, bottom, left = (_length(value) for value in paper.margins_mm)
    bottom_mm = max(bottom, 25.0) if footer else bottom
    boxes = _number_box(paper.page_number)
    if footer:
        boxes += "@bottom-left { content: element(letter-footer); width: 100%; vertical-align: bottom; }"
    family = f'"{paper.font}", ' if _NAME.match(paper.font) and paper.font != "Default" else ""
    padding = " ".join(f"min({edge}mm, 5vw)" for edge in (top, right, bottom, left))
    return (
        f"@page {{ size: {_size(paper)}; margin: {top}mm {right}mm {bottom_mm}mm {left}mm; {boxes} }}\n"
        f".print-format {{ font-size: {_clamped(paper.font_pt, 5.0, 40.0)}pt; font-family: {family}{CJK},"
        " system-ui, sans-serif; }\n"
        f"@media screen {{ .print-format {{ padding: {padding}; width: {_width(paper)}mm; }} }}"
    )


def _number_box(place: str) -> str:
    box = PLACES.get(place)
    if box is None:
        return ""
    return f'@{box} {{ content: counter(page) " / " counter(pages); font: 7.5pt {CJK}, sans-serif; color: #6b7280; }}'


def _edges(paper: Paper) -> tuple[float, float] | None:
    if paper.size == "Custom" and paper.width_mm > 0 and paper.height_mm > 0:
        return _length(paper.width_mm), _length(paper.height_mm)
    return _IN_MM.get(paper.size)


def _size(paper: Paper) -> str:
    edges = _edges(paper)
    word = f"{edges[0]}mm {edges[1]}mm" if edges else (paper.size if paper.size in SIZES else "A4")
    if edges:
        return f"{edges[1]}mm {edges[0]}mm" if paper.landscape else word
    return f"{word} landscape" if paper.landscape else word


def _width(paper: Paper) -> float:
    known = {"A3": (297.0, 420.0), "A5": (148.0, 210.0), "B4": (250.0, 353.0), "B5": (176.0, 250.0)}
    known |= {"Letter": (215.9, 279.4), "Legal": (215.9, 355.6), "Ledger": (279.4, 431.8)}
    width, height = _edges(paper) or known.get(paper.size, (210.0, 297.0))
    return height if paper.landscape else width


def _length(value: float) -> float:
    return _clamped(value, 0.0, LARGEST_MM)


def _clamped(value: float, least: float, most: float) -> float:
    return round(min(max(float(value), least), most), 2)


@lru_cache(maxsize=1)
def standard_css() -> str:
    """Give the look that all prints share."""
    with open(os.path.join(os.path.dirname(__file__), "standard.css"), encoding="utf-8") as file:
        return file.read()
