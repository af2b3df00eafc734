"""Goods that are told apart by numbers: a scan of them is followed by one of their batch or serial number.

Invariant: goods with strong serial numbers are never counted without one, goods kept in batches never without theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ec_erp.documents.errors import text_of
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import Goods, ScanRequest

# What the device sends back: the goods that wait for their number and how many, and the batch that goods are counted in.
WAITING, WAITING_QTY, BATCHES = "number_of", "number_qty", "batches"


def read(request: ScanRequest, unknown: str, *, arriving: bool = False) -> Goods:
    """Return what was scanned: goods, one of a batch, one piece, or the number of goods that were asked for it.

    ``arriving`` lets numbers come that nothing has yet. Raises ``ScanRefused``, with the template ``unknown`` for codes
    that stand for nothing.
    """
    goods = store.find_goods(request.code)
    if goods is not None:
        return replace(goods, qty=goods.qty * request.qty, batch=_batch_at_hand(request.context, goods.sku))
    waiting = store.find_goods(str(request.context.get(WAITING) or ""))
    named = _numbered(request, waiting, arriving=arriving) if waiting else _by_number(request)
    if named is None:
        stop(unknown, request.code)
    return named


def is_complete(goods: Goods) -> bool:
    """Tell whether nothing is left to ask of goods."""
    return not _lacks_batch(goods) and not _lacks_serial(goods)


def ask(goods: Goods, context: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return what a person is asked for, and the context in which the answer is understood."""
    message = N_("Scan the batch number of {0}") if _lacks_batch(goods) else N_("Scan the serial number of {0}")
    waiting = {WAITING: goods.sku, WAITING_QTY: float(goods.qty)}
    return text_of(problem(message, goods.sku_name)), {**remember(goods, context), **waiting}


def remember(goods: Goods, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of the next scan: goods with serial numbers go on being asked for them, batches stay at hand."""
    after = {key: value for key, value in context.items() if key not in (WAITING, WAITING_QTY)}
    if goods.batch:
        after[BATCHES] = {**dict(context.get(BATCHES) or {}), goods.sku: goods.batch}
    if goods.needs_serial:
        after.update({WAITING: goods.sku, WAITING_QTY: 1.0})
    return after


def shown(goods: Goods) -> str:
    """Return how much was counted of what, with its numbers."""
    return " · ".join(filter(None, (f"{goods.sku_name} + {plain(goods.qty)}", batch_no(goods.batch), goods.serial)))


def batch_no(batch: str) -> str:
    """Return the number of a batch that is called by its name or number."""
    return batch.rpartition("|")[2]


def _numbered(request: ScanRequest, waiting: Goods, *, arriving: bool) -> Goods | None:
    """Return goods that waited for their number with the one that was scanned; None where it is not theirs.

    What is known as another number is that one, and never taken for a new one.
    """
    batch = _batch_at_hand(request.context, waiting.sku)
    if not waiting.has_batch or batch:
        known = _by_number(request)
        is_new = known is None and arriving and waiting.needs_serial
        return replace(waiting, qty=decimal_of(1), batch=batch, serial=request.code) if is_new else known
    found = store.find_batch(request.code, {waiting.sku})
    known = None if found else _by_number(request)
    number = found.batch if found else request.code if arriving and known is None else ""
    qty = decimal_of(request.context.get(WAITING_QTY)) or decimal_of(1)
    return replace(waiting, qty=qty, batch=number) if number else known


def _by_number(request: ScanRequest) -> Goods | None:
    """Return the one piece or units of the batch whose number was scanned."""
    piece = store.find_piece(request.code)
    if piece is not None:
        return piece
    found = store.find_batch(request.code)
    return replace(found, qty=request.qty) if found else None


def _batch_at_hand(context: Mapping[str, Any], sku: str) -> str:
    return str(dict(context.get(BATCHES) or {}).get(sku) or "")


def _lacks_batch(goods: Goods) -> bool:
    # A piece knows its batch.
    return goods.has_batch and not goods.batch and not goods.serial


def _lacks_serial(goods: Goods) -> bool:
    return goods.needs_serial and not goods.serial
