"""Moving goods between bins by scans: the bin they leave, the goods, the bin they go to.

Invariant: nothing has moved before the second bin is scanned; then one Bin Move is posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows.common import goods_of, stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, ScanLine, ScanRequest

_UNKNOWN = N_("Nothing has the code {0}: scan goods, or the bin they go to")
_DOCUMENT = "move"


def open_move(code: str, _user: str) -> Answer:
    """Begin a move with the bin that goods leave."""
    place = store.find_bin(code)
    if place is None:
        stop(N_("{0} is no bin: scan the bin that goods leave"), code)
    return _from(place)


def scan(request: ScanRequest) -> Answer:
    """Take goods, or put them down in a bin."""
    context = dict(request.context)
    start = context.get("bin")
    if not start:
        return open_move(request.code, request.user)
    place = store.find_bin(request.code, str(context.get("warehouse")))
    taken: dict[str, float] = {str(sku): float(qty) for sku, qty in dict(context.get("taken") or {}).items()}
    if place is not None:
        return _put_down(place, context, taken) if taken else _from(place)
    goods = goods_of(request.code, _UNKNOWN)
    qty = goods.qty * request.qty
    taken[goods.sku] = float(decimal_of(taken.get(goods.sku)) + qty)
    message = f"{goods.sku_name} + {plain(qty)}"
    return _answer({**context, "taken": taken}, OK, message, frappe._("Scan more goods, or the bin they go to"))


def act(_request: ScanRequest, action: str) -> Answer:
    """Refuse: there is nothing to do but scan."""
    stop(N_("There is no action {0} here"), action)


def _from(place: store.Row) -> Answer:
    context = {"bin": place["name"], "bin_code": place["bin_code"], "warehouse": place["warehouse"]}
    message = text_of(problem(N_("From {0}"), place["bin_code"]))
    return _answer(context, INFO, message, frappe._("Scan the goods that go"))


def _put_down(place: store.Row, context: Mapping[str, Any], taken: Mapping[str, float]) -> Answer:
    items = [{"sku": sku, "qty": qty, "bin": context["bin"], "to_bin": place["name"]} for sku, qty in taken.items()]
    doc = frappe.get_doc({"doctype": "Bin Move", "warehouse": context["warehouse"], "items": items})
    doc.insert()
    doc.submit()
    message = text_of(problem(N_("{0} lies in {1} now"), plain(decimal_of(doc.total_qty)), place["bin_code"]))
    return Answer(DONE, message, frappe._("Scan the next bin that goods leave"), _DOCUMENT, doc.name)


def _answer(context: Mapping[str, Any], outcome: str, message: str, following: str) -> Answer:
    taken = dict(context.get("taken") or {})
    names = store.sku_names(taken)
    lines = tuple(
        ScanLine(sku, names.get(str(sku), str(sku)), decimal_of(qty), bin=str(context.get("bin_code") or ""))
        for sku, qty in taken.items()
    )
    return Answer(outcome, message, following, _DOCUMENT, str(context.get("bin_code") or ""), lines, context)
