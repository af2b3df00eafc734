"""The scan check of a delivery: every unit is scanned; wrong, surplus and intercepted goods stop.

Invariant: a scan that stops changes nothing; an intercepted order stops every scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ec_erp.catalog.store import load_skus
from ec_erp.documents.errors import refuse
from ec_erp.fulfilment.errors import DeliveryRefused, SurplusItem, WrongItem
from ec_erp.fulfilment.flows import outbound
from ec_erp.fulfilment.rules import checking
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.types import CheckLine
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem

_BEFORE_PACKING = (outbound.TO_WAVE, outbound.TO_PICK, outbound.PICKING, outbound.PICKED, outbound.CHECKED)


def scan(note: str, sku: str, qty: Decimal, serial: str = "", batch: str = "") -> list[CheckLine]:
    """Count scanned units of a SKU (or batch) on a delivery, or the one piece with a serial number; return its lines afterwards.

    Raises ``WrongItem``, ``SurplusItem``, ``OrderNotReady`` (intercepted) or ``DeliveryRefused``.
    """
    head = outbound.lock_with_orders([note])[note]
    if head["stage"] and head["stage"] not in _BEFORE_PACKING:
        refuse([problem(N_("{0} is packed already"), note)], DeliveryRefused)
    lines = lines_of(note)
    found = checking.check_scan(lines, sku, qty, batch)
    if found.outcome == checking.WRONG:
        refuse([problem(N_("{0} does not belong in {1}"), _named(sku), note)], WrongItem)
    if found.outcome == checking.WRONG_BATCH:
        wanted = ", ".join(checking.batches_wanted(lines, sku)) or "–"
        refuse([problem(N_("{0} is the wrong batch: take {1}"), batch, wanted)], WrongItem)
    if found.outcome == checking.SURPLUS:
        refuse([problem(N_("{0} is one too many: {1} has all it needs of it"), _named(sku), note)], SurplusItem)
    if serial:
        found = replace(found, lines=_with_serial(lines, found.lines, serial))
    changed = [after for before, after in zip(lines, found.lines, strict=True) if before != after]
    store.write_lines(
        {
            line.line: {
                "checked_qty": float(line.checked),
                "serials": "\n".join(line.serials),
                "batch": line.batch or None,
            }
            for line in changed
        }
    )
    if found.outcome == checking.DONE:
        store.write_notes({note: {"stage": outbound.CHECKED, "checked": 1, "picked": 1, "sorted": 1}})
        if head["stage"] in (outbound.TO_WAVE, outbound.TO_PICK):
            outbound.report({note: head}, "Picking")
        outbound.report({note: head}, picked=True, sorted=True, checked=True)
    return list(found.lines)


def _named(sku: str) -> str:
    """Return the name of goods, by which people know them; the code where there is none."""
    facts = load_skus([sku]).get(sku.casefold())
    return (facts.sku_name if facts else "") or sku


def _with_serial(before: Sequence[CheckLine], after: Sequence[CheckLine], serial: str) -> tuple[CheckLine, ...]:
    """Give a scanned piece's number to the line that counted it. Raises ``WrongItem`` for pieces that are not here."""
    refuse(checking.serial_problems(before, serial, inventory.hold_piece(serial)), WrongItem)
    return tuple(
        replace(new, serials=(*new.serials, serial)) if new.checked > old.checked else new
        for old, new in zip(before, after, strict=True)
    )


def restart(note: str) -> list[CheckLine]:
    """Scan a delivery from the beginning again."""
    head = outbound.lock_with_orders([note])[note]
    if head["stage"] not in _BEFORE_PACKING:
        refuse([problem(N_("{0} is packed already"), note)], DeliveryRefused)
    stage = outbound.PICKED if head["stage"] == outbound.CHECKED else head["stage"]
    lines = lines_of(note)
    # A batch that the scan has named is named anew; one that came with the bin stays.
    free = {row["name"] for row in store.load_lines([note]).get(note, []) if not row["bin"]}
    scanned = {
        line.line: {
            "checked_qty": 0.0,
            "serials": "",
            "batch": None if line.line in free else line.batch or None,
        }
        for line in lines
    }
    inventory.free_pieces(serial for line in lines for serial in line.serials)
    store.write_lines(scanned)
    store.write_notes({note: {"checked": 0, "stage": stage}})
    outbound.report({note: head}, checked=False)
    return lines_of(note)


def lines_of(note: str) -> list[CheckLine]:
    """Return the rows of a delivery with what was scanned of them."""
    return [
        CheckLine(
            row["name"],
            row["sku"],
            decimal_of(row["qty"]),
            decimal_of(row["checked_qty"]),
            row["warehouse"],
            serials_of(row["serials"]),
            row["batch"] or "",
        )
        for row in store.load_lines([note]).get(note, [])
    ]
