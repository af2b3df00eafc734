"""Barcodes and QR codes for print templates: `{{ barcode(doc.name) }}`, `{{ qr_code(doc.name, 30) }}`.

Invariant: what comes back is SVG, or "" for an empty value.
"""

from __future__ import annotations

from frappe_engine.printing.codes import code_svg


def barcode(value: object, kind: str = "code128", height_mm: float = 12.0, width_mm: float = 0.0) -> str:
    """Give a barcode as SVG; `kind` as in `frappe_engine.printing.codes.KINDS`."""
    return code_svg(value, kind, height_mm=float(height_mm), width_mm=float(width_mm))


def qr_code(value: object, edge_mm: float = 22.0) -> str:
    """Give a QR code as SVG with edges of `edge_mm`."""
    return code_svg(value, "qr", height_mm=float(edge_mm))


del annotations
