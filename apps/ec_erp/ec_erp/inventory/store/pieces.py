"""Serial numbers: where each piece is.

Invariant: a piece's row is locked before its state is read for a movement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.types import GOOD, RECORDED, Piece, VoucherRef

Row = dict[str, Any]

_FIELDS = ("name", "sku", "status", "warehouse", "bin", "batch", "grade")


def load_pieces(serials: Iterable[str]) -> dict[str, Piece]:
    """Return pieces by case-folded serial number; unknown ones are left out."""
    return {row["name"].casefold(): _piece(row) for row in load_rows("Serial No", serials, _FIELDS)}


def lock_pieces(serials: Iterable[str]) -> dict[str, Piece]:
    """Lock and return pieces by case-folded serial number; unknown ones are left out."""
    rows = lock_rows("Serial No", serials, _FIELDS[1:])
    return {name.casefold(): _piece({"name": name, **row}) for name, row in rows.items()}


def write_pieces(pieces: Mapping[str, Piece], known: Mapping[str, Piece], refs: Mapping[str, VoucherRef]) -> None:
    """Write pieces that moved; ``refs`` names the document that moved each, by case-folded number."""
    changed, new = {}, []
    for folded, piece in pieces.items():
        row = {**_row(piece), **_moved_by(refs.get(folded))}
        if folded in known:
            changed[known[folded].serial] = row
        else:
            new.append({"name": piece.serial, "serial_no": piece.serial, "sku": piece.sku, **row})
    update_rows("Serial No", changed)
    insert_rows("Serial No", new)


def write_piece_states(states: Mapping[str, str]) -> None:
    """Write the states of pieces by serial number."""
    update_rows("Serial No", {serial: {"status": state} for serial, state in states.items()})


def _piece(row: Row) -> Piece:
    return Piece(
        serial=row["name"],
        sku=row["sku"],
        status=row["status"] or RECORDED,
        warehouse=row["warehouse"] or "",
        bin=row["bin"] or "",
        batch=row["batch"] or "",
        grade=row["grade"] or GOOD,
    )


def _row(piece: Piece) -> Row:
    return {
        "status": piece.status,
        "warehouse": piece.warehouse or None,
        "bin": piece.bin or None,
        "batch": piece.batch or None,
        "grade": piece.grade,
    }


def _moved_by(ref: VoucherRef | None) -> Row:
    if ref is None:
        return {}
    return {
        "voucher_type": ref.voucher_type,
        "voucher_no": ref.voucher_no,
        "moved_at": frappe.utils.get_datetime(ref.posting_datetime),
    }
