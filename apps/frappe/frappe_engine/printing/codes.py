"""Barcodes and QR codes as SVG, which prints sharp at any size.

Invariant: pure; what comes back is an `<svg>` element that this module wrote itself, never the text it was given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

import barcode
import qrcode
from qrcode.exceptions import DataOverflowError

MAX_LETTERS = 1000
KINDS = ("code128", "code39", "ean13", "ean8", "upca", "itf", "isbn13", "qr")
QUIET_MODULES = 4
_GIVEN_VALUE = re.compile(r"data-barcode-value=[\"']([^\"']*)[\"']")


def code_svg(value: object, kind: str = "code128", *, height_mm: float = 12.0, width_mm: float = 0.0) -> str:
    """Give the code of a value as SVG, "" for an empty value.

    `kind` is one of `KINDS`; `height_mm` is the bars' height (a QR code's edge), `width_mm` 0 means as wide as its bars
    need. A value that the kind can't hold is drawn as Code 128, or as a QR code when it is not plain ASCII.
    """
    text = plain_value(value)[:MAX_LETTERS]
    if not text:
        return ""
    if kind == "qr" or not text.isascii():
        return _qr_svg(text, height_mm if kind == "qr" else max(height_mm, 18.0))
    modules = _modules(text, kind) or _modules(text, "code128")
    return _bars_svg(modules, text, height_mm, width_mm) if modules else _qr_svg(text, max(height_mm, 18.0))


def plain_value(value: object) -> str:
    """Give the text a Barcode field stands for: its value, or what a drawn barcode stored there was made of."""
    text = str(value or "").strip()
    if text.startswith("<svg"):
        found = _GIVEN_VALUE.search(text)
        return found.group(1).strip() if found else ""
    return text


@lru_cache(maxsize=512)
def _modules(text: str, kind: str) -> str:
    """Give a code's bars as a row of 0 and 1, "" when the kind can't hold the text."""
    name = kind if kind in KINDS else "code128"
    try:
        options = {"add_checksum": False} if name == "code39" else {}
        built = barcode.get_barcode_class(name)(text, **options).build()
    except (barcode.errors.BarcodeError, ValueError, KeyError, IndexError):
        return ""
    return str(built[0]).replace("G", "1").replace(" ", "0")


def _bars_svg(modules: str, text: str, height_mm: float, width_mm: float) -> str:
    """Draw bars with quiet zones of ten modules and the text below."""
    quiet, module_mm = 10, 0.33
    columns = len(modules) + 2 * quiet
    width = width_mm or columns * module_mm
    bars = "".join(f"M{quiet + start} 2h{length}v40h-{length}z" for start, length in _runs(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="barcode" width="{width:.2f}mm" height="{height_mm + 4:.2f}mm"'
        f' viewBox="0 0 {columns} 54" preserveAspectRatio="none" role="img" aria-label="{escape(text)}">'
        f'<rect width="{columns}" height="54" fill="#fff"/><path d="{bars}" fill="#000"/>'
        f'<text x="{columns / 2}" y="51" font-size="9" font-family="monospace" text-anchor="middle">{escape(text)}</text></svg>'
    )


def _runs(modules: str) -> list[tuple[int, int]]:
    """Give the bars of a row of modules as (start, length)."""
    return [(found.start(), len(found.group())) for found in re.finditer("1+", modules)]


@lru_cache(maxsize=256)
def _qr_svg(text: str, edge_mm: float) -> str:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return ""
    rows = code.get_matrix()
    size = len(rows)
    cells = "".join(
        f"M{start} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs("".join("1" if dark else "0" for dark in row))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr-code" width="{edge_mm:.2f}mm" height="{edge_mm:.2f}mm"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img" aria-label="{escape(text)}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{cells}" fill="#000"/></svg>'
    )
