"""Picking by scans: bin, then goods, stop by stop on the way of the task.

Invariant: goods of another stop in the same bin count there; anything else stops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.fulfilment.flows import picking
from ec_erp.fulfilment.rules.routing import next_baskets
from ec_erp.fulfilment.store.outbound import Row, load_task_lines
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanLine, ScanRequest

SHORT = "short"
_UNKNOWN = N_("Nothing has the code {0}: scan the bin or the goods of this stop")


def open_task(code: str, user: str) -> Answer:
    """Begin or go on with a pick task (its name, or its wave's)."""
    name = store.find_pick_task(code, user)
    if name is None:
        stop(N_("{0} is no pick task and no wave with an open one"), code)
    frappe.get_doc("Pick Task", name).check_permission("write")
    stops = picking.start_task(name, user)
    return _answer(name, stops, INFO, frappe._("Go to the first stop"))


def scan(request: ScanRequest) -> Answer:
    """Check a bin, or take goods at a stop."""
    stops = picking.start_task(request.document, request.user)
    current = picking.next_stop(stops)
    if current is None:
        return _answer(request.document, stops, DONE, frappe._("All is picked"))
    place = store.find_bin(request.code, store.warehouse_of_bin(current["bin"]))
    if place is not None:
        if place["name"] != current["bin"]:
            stop(N_("{0} is the wrong bin: go to {1}"), place["bin_code"], _short_bin(current))
        return _answer(request.document, stops, INFO, frappe._("The bin is right"))
    goods = numbers.read(request, _UNKNOWN)
    chosen = _stop_for(goods, current, stops)
    before = decimal_of(chosen["picked_qty"])
    after = picking.pick(request.document, chosen["name"], goods.qty)
    message = f"{goods.sku_name} + {plain(goods.qty)}"
    into = next_baskets(chosen["baskets"] or "", before, goods.qty)
    if into:
        message = f"{message} → {_baskets(into)}"
    return _answer(request.document, after, OK if picking.next_stop(after) else DONE, message)


def _stop_for(goods: Goods, current: Row, stops: Sequence[Row]) -> Row:
    """Return the stop in this bin that goods belong to. Raises ``ScanRefused`` for others, and for another batch."""
    here = [one for one in stops if one["bin"] == current["bin"] and one["sku"] == goods.sku and _left(one) > 0]
    if not here:
        stop(N_("{0} is the wrong item: take {1}"), goods.sku_name, current["sku_name"] or current["sku"])
    fitting = [one for one in here if not goods.batch or one["batch"] in (None, "", goods.batch)]
    if not fitting:
        stop(N_("{0} is the wrong batch: take {1}"), numbers.batch_no(goods.batch), numbers.batch_no(here[0]["batch"]))
    return fitting[0]


def act(request: ScanRequest, action: str) -> Answer:
    """Say that the rest of the current stop is not there."""
    if action != SHORT:
        stop(N_("There is no action {0} here"), action)
    stops = picking.start_task(request.document, request.user)
    current = picking.next_stop(stops)
    if current is None:
        stop(N_("Nothing is missing at this stop"))
    task = picking.report_short(request.document, current["name"])
    message = N_("The rest is fetched by {0}") if task else N_("It lies nowhere else: the shift leader sees it")
    after = load_task_lines([request.document])[request.document]
    return _answer(request.document, after, INFO, text_of(problem(message, task) if task else problem(message)))


def _answer(name: str, stops: Sequence[Row], outcome: str, message: str) -> Answer:
    current, codes = picking.next_stop(stops), store.bin_codes(one["bin"] for one in stops)
    if current is None:
        following = frappe._("Bring the goods to the check; scan the next task")
    else:
        goods = (plain(_left(current)), current["sku_name"] or current["sku"])
        where = codes.get(current["bin"] or "", "")
        ask = (
            problem(N_("Go to {0} and take {1} × {2}"), where, *goods)
            if where
            else problem(N_("Take {0} × {1}"), *goods)
        )
        following = text_of(ask)
    lines = tuple(_line(one, codes, current is not None and one["name"] == current["name"]) for one in stops)
    actions = (SHORT,) if current else ()
    return Answer(outcome, message, following, name, name, lines, actions=actions, finished=current is None)


def _line(one: Row, codes: Mapping[str, str], current: bool) -> ScanLine:
    missing = decimal_of(one["short_qty"])
    batch = numbers.batch_no(one["batch"] or "")
    hint = " · ".join(filter(None, (batch, _baskets(one["baskets"] or "")))) + (
        f" (−{plain(missing)})" if missing else ""
    )
    done, total = decimal_of(one["picked_qty"]), decimal_of(one["qty"])
    return ScanLine(
        one["sku"], one["sku_name"] or one["sku"], done, total, codes.get(one["bin"] or "", ""), hint, current
    )


def _baskets(told: str) -> str:
    """Return the baskets of a stop as people read them: which, and how many go into each."""
    return text_of(problem(N_("Basket {0}"), told)) if told else ""


def _short_bin(one: Row) -> str:
    if not one["bin"]:
        return ""
    return store.bin_codes([one["bin"]]).get(one["bin"], "")


def _left(one: Row) -> Decimal:
    return max(ZERO, decimal_of(one["qty"]) - decimal_of(one["picked_qty"]) - decimal_of(one["short_qty"]))
