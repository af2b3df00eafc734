"""Serial numbers as masters.

Invariant: only movements change where a piece is; a person may record a number before its piece arrives.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.documents.errors import refuse
from ec_erp.inventory import store
from ec_erp.inventory.errors import TrackingRefused
from ec_erp.inventory.types import GOOD, HELD_BACK, IN_STOCK, RECORDED, Piece
from ec_erp.kernel.problems import N_, problem

_STATE = ("status", "warehouse", "bin", "batch", "grade")


def check_serial(doc: Any) -> None:
    """Refuse a number for goods that have none, one that a list of numbers can't hold, and a state set by hand."""
    facts = catalog_store.load_skus([doc.sku]).get(doc.sku.casefold())
    problems = []
    if facts and not facts.serials:
        problems.append(problem(N_("{0} is kept without serial numbers"), facts.name))
    if any(mark in doc.serial_no for mark in " ,;\t\n"):
        problems.append(problem(N_("A serial number has no blanks, commas or semicolons: {0}"), doc.serial_no))
    before = doc.get_doc_before_save()
    known = {field: before.get(field) for field in _STATE} if before else {"status": RECORDED, "grade": GOOD}
    if any((doc.get(field) or None) != (known.get(field) or None) for field in _STATE):
        problems.append(problem(N_("Where a piece is follows from the documents that move it")))
    refuse(problems, TrackingRefused)


def hold_piece(serial: str) -> Piece | None:
    """Promise a piece that is in stock to a document; return it as it was before, None where nobody knows it."""
    piece = store.lock_pieces([serial]).get(serial.casefold())
    if piece is not None and piece.status == IN_STOCK:
        store.write_piece_states({piece.serial: HELD_BACK})
    return piece


def free_pieces(serials: Iterable[str]) -> None:
    """Let pieces go that were promised and have not left."""
    held = [piece for piece in store.lock_pieces(serials).values() if piece.status == HELD_BACK]
    store.write_piece_states({piece.serial: IN_STOCK for piece in held})
