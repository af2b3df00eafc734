"""Serial numbers: which pieces a movement names, and what becomes of them.

Invariants: RECORDED → IN_STOCK → RESERVED → OUT → IN_STOCK again on return; a piece is in one place at a time; goods
with strong numbers never move without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ec_erp.inventory.types import HELD_BACK, IN_STOCK, OUT, Piece, StockMove, StockTerms, Tracking
from ec_erp.kernel.problems import N_, Problem, problem

STRONG = "Strong"


def serials_of(text: object) -> tuple[str, ...]:
    """Return the serial numbers in a text, separated by lines, commas or blanks, each once, in order."""
    words = str(text or "").replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(words))


def serial_problems(move: StockMove, terms: StockTerms, pieces: Mapping[str, Piece]) -> list[Problem]:
    """Return why a movement can't be made with the serial numbers it names."""
    serials, count = move.tracking.serials, abs(move.qty)
    if not terms.serials or not move.qty:
        return []
    if terms.serials == STRONG and Decimal(len(serials)) != count:
        message = N_("{0} moves with its serial numbers: {1} are needed, {2} are given")
        return [problem(message, move.key.sku, count, len(serials))]
    if Decimal(len(serials)) > count:
        return [problem(N_("{0} serial numbers are given for {1} of {2}"), len(serials), count, move.key.sku)]
    if move.qty > 0:
        return [found for serial in serials for found in _arriving(serial, move, pieces.get(serial.casefold()))]
    return [found for serial in serials for found in _leaving(serial, move, pieces.get(serial.casefold()))]


def parts_of_pieces(move: StockMove, pieces: Mapping[str, Piece]) -> list[tuple[Tracking, Decimal]]:
    """Return an issue's parts as its pieces lie: one per batch and bin, with their numbers."""
    groups: dict[tuple[str, str], list[str]] = {}
    for serial in move.tracking.serials:
        piece = pieces[serial.casefold()]
        groups.setdefault((piece.batch, piece.bin), []).append(piece.serial)
    return [
        (Tracking(batch or None, bin_name or None, move.tracking.grade, tuple(serials)), Decimal(len(serials)))
        for (batch, bin_name), serials in groups.items()
    ]


def moved_pieces(move: StockMove, tracking: Tracking, pieces: Mapping[str, Piece]) -> list[Piece]:
    """Return the pieces that a movement names as they are afterwards."""
    if move.qty < 0:
        return [
            replace(pieces[serial.casefold()], status=OUT, warehouse="", bin="")
            for serial in tracking.serials
            if serial.casefold() in pieces
        ]
    return [_put(serial, move, tracking, pieces) for serial in tracking.serials]


def _put(serial: str, move: StockMove, tracking: Tracking, pieces: Mapping[str, Piece]) -> Piece:
    known = pieces.get(serial.casefold(), Piece(serial, move.key.sku))
    return replace(
        known,
        status=IN_STOCK,
        warehouse=move.key.warehouse,
        bin=tracking.bin or "",
        batch=tracking.batch or known.batch,
        grade=tracking.grade,
    )


def _arriving(serial: str, move: StockMove, piece: Piece | None) -> list[Problem]:
    if piece is not None and piece.sku != move.key.sku:
        return [problem(N_("The serial number {0} belongs to {1}"), serial, piece.sku)]
    if piece is not None and piece.status in (IN_STOCK, HELD_BACK):
        return [problem(N_("The serial number {0} is in {1} already"), serial, piece.warehouse)]
    return []


def _leaving(serial: str, move: StockMove, piece: Piece | None) -> list[Problem]:
    if piece is None or piece.sku != move.key.sku:
        return [problem(N_("{0} has no serial number {1}"), move.key.sku, serial)]
    here = piece.status in (IN_STOCK, HELD_BACK) and piece.warehouse == move.key.warehouse
    if not here or piece.grade != move.tracking.grade:
        return [problem(N_("The serial number {0} is not in {1}"), serial, move.key.warehouse)]
    if move.tracking.bin and piece.bin != move.tracking.bin:
        return [problem(N_("The serial number {0} does not lie in {1}"), serial, move.tracking.bin)]
    return []
