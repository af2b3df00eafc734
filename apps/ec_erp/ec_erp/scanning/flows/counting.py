"""Counting by scans: bin, then goods; every scan adds.

Invariant: what the books say is not shown to who counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, ScanLine, ScanRequest
from ec_erp.stockroom.flows import counts

FINISH = "finish"
_UNKNOWN = N_("Nothing has the code {0}: scan a bin or goods")


def open_count(code: str, _user: str) -> Answer:
    """Begin or go on with a count."""
    if not store.is_document("Stock Count", code):
        stop(N_("{0} is no count"), code)
    doc = frappe.get_doc("Stock Count", code)
    if doc.status == "Draft":
        counts.start(doc)
    doc.check_permission("write")
    return _answer(doc, {}, INFO, frappe._("Scan a bin, then what lies there"))


def scan(request: ScanRequest) -> Answer:
    """Choose a bin, or add counted goods to it."""
    doc = frappe.get_doc("Stock Count", request.document)
    place = store.find_bin(request.code, doc.warehouse)
    if place is not None:
        message = text_of(problem(N_("Counting {0}"), place["bin_code"]))
        return _answer(doc, {"bin": place["name"]}, INFO, message)
    bin_name = str(request.context.get("bin") or "")
    if not bin_name and store.has_bins(doc.warehouse):
        stop(N_("Scan the bin first"))
    goods = numbers.read(request, _UNKNOWN)
    if not numbers.is_complete(goods):
        message, waiting = numbers.ask(goods, request.context)
        return replace(_answer(doc, waiting, INFO, message), next=message)
    entry = {"sku": goods.sku, "bin": bin_name, "batch": goods.batch, "qty": float(goods.qty), "serial": goods.serial}
    counts.scan(doc, [{**entry, "add": True}])
    return _answer(doc, numbers.remember(goods, request.context), OK, numbers.shown(goods))


def act(request: ScanRequest, action: str) -> Answer:
    """Finish the round."""
    if action != FINISH:
        stop(N_("There is no action {0} here"), action)
    doc = frappe.get_doc("Stock Count", request.document)
    status = counts.finish(doc, False)
    message = text_of(problem(N_("The round is finished: {0}"), frappe._(status)))
    return Answer(DONE, message, frappe._("Scan the next count"), doc.name, finished=True)


def _answer(doc: Any, context: Mapping[str, Any], outcome: str, message: str) -> Answer:
    here = context.get("bin")
    lines = tuple(
        ScanLine(
            row.sku,
            row.sku_name or row.sku,
            decimal_of(row.counted_qty),
            bin=_bin(row.bin),
            hint=" ".join(filter(None, (numbers.batch_no(row.batch or ""), *serials_of(row.pieces)))),
            current=row.bin == here,
        )
        for row in doc.items
        if (row.counted or row.bin == here) and (not here or row.bin == here)
    )
    following = frappe._("Scan goods, or the next bin") if here else frappe._("Scan a bin, then what lies there")
    return Answer(outcome, message, following, doc.name, doc.name, lines, context, (FINISH,))


def _bin(name: str | None) -> str:
    return store.bin_code(name) if name else ""
