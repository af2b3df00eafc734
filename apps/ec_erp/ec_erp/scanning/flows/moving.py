"""Moving goods between bins by scans: the bin they leave, the goods, the bin they go to.

Invariant: nothing has moved before the second bin is scanned; then one Bin Move is posted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanLine, ScanRequest

_UNKNOWN = N_("Nothing has the code {0}: scan goods, or the bin they go to")
_DOCUMENT = "move"
Taken = dict[str, Any]  # sku, name, batch, qty, serials of goods in the hand


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
    taken = [dict(row) for row in context.get("taken") or ()]
    if place is not None:
        return _put_down(place, context, taken) if taken and place["name"] != start else _from(place)
    goods = numbers.read(request, _UNKNOWN)
    if not numbers.is_complete(goods):
        message, waiting = numbers.ask(goods, context)
        return _answer(waiting, INFO, message, message)
    taken = _with(taken, goods)
    _refuse_missing(goods, taken, str(start), str(context.get("bin_code")))
    context = {**numbers.remember(goods, context), "taken": taken}
    return _answer(context, OK, numbers.shown(goods), frappe._("Scan more goods, or the bin they go to"))


def _with(taken: Sequence[Taken], goods: Goods) -> list[Taken]:
    """Return what is in the hand with goods added."""
    if goods.serial and any(goods.serial.casefold() in map(str.casefold, row["serials"]) for row in taken):
        stop(N_("The serial number {0} was scanned already"), goods.serial)
    after = [dict(row) for row in taken]
    row = next((row for row in after if (row["sku"], row["batch"]) == (goods.sku, goods.batch)), None)
    if row is None:
        row = {"sku": goods.sku, "name": goods.sku_name, "batch": goods.batch, "qty": 0, "serials": []}
        after.append(row)
    row["qty"] = float(decimal_of(row["qty"]) + goods.qty)
    row["serials"] = [*row["serials"], *filter(None, [goods.serial])]
    return after


def _refuse_missing(goods: Goods, taken: Sequence[Taken], start: str, code: str) -> None:
    """Raise ``ScanRefused`` where the hand would hold more of goods than lies in the bin: a wrong bin, or wrong goods."""
    held = sum((decimal_of(row["qty"]) for row in taken if row["sku"] == goods.sku), ZERO)
    lies = store.load_qty_in_bin(start, goods.sku)
    if not lies:
        stop(N_("{0} does not lie in {1}: put it aside"), goods.sku_name, code)
    if held > lies:
        stop(N_("{0}: only {1} lie in {2}, not {3}"), goods.sku_name, plain(lies), code, plain(held))


def act(_request: ScanRequest, action: str) -> Answer:
    """Refuse: there is nothing to do but scan."""
    stop(N_("There is no action {0} here"), action)


def _from(place: store.Row) -> Answer:
    context = {"bin": place["name"], "bin_code": place["bin_code"], "warehouse": place["warehouse"]}
    message = text_of(problem(N_("From {0}"), place["bin_code"]))
    return _answer(context, INFO, message, frappe._("Scan the goods that go"))


def _put_down(place: store.Row, context: Mapping[str, Any], taken: Sequence[Taken]) -> Answer:
    ends = {"bin": context["bin"], "to_bin": place["name"]}
    items = [
        {
            "sku": row["sku"],
            "qty": row["qty"],
            "batch": row["batch"] or None,
            "serials": "\n".join(row["serials"]),
            **ends,
        }
        for row in taken
    ]
    doc = frappe.get_doc({"doctype": "Bin Move", "warehouse": context["warehouse"], "items": items})
    doc.insert()
    doc.submit()
    message = text_of(problem(N_("{0} lies in {1} now"), plain(decimal_of(doc.total_qty)), place["bin_code"]))
    return Answer(DONE, message, frappe._("Scan the next bin that goods leave"), _DOCUMENT, doc.name)


def _answer(context: Mapping[str, Any], outcome: str, message: str, following: str) -> Answer:
    start = str(context.get("bin_code") or "")
    lines = tuple(
        ScanLine(
            row["sku"],
            row["name"],
            decimal_of(row["qty"]),
            bin=start,
            hint=" ".join(filter(None, (numbers.batch_no(row["batch"]), *row["serials"]))),
        )
        for row in context.get("taken") or ()
    )
    return Answer(outcome, message, following, _DOCUMENT, start, lines, context)
