"""Weighing parcels by scans: the waybill, then the weight that the scales type.

Invariant: a parcel that weighs something else than it should is held, and its order with it, until it weighs right or
somebody who may do so accepts the weight.
"""

from __future__ import annotations

from decimal import Decimal

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.fulfilment.flows import packing
from ec_erp.fulfilment.flows.settings import load_settings
from ec_erp.fulfilment.rules.scales import weight_g
from ec_erp.fulfilment.store.outbound import Row, find_parcel
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import INFO, OK, STOP, Answer, ScanLine, ScanRequest

ACCEPT = "accept"


def open_parcel(code: str, _user: str) -> Answer:
    """Begin with a parcel: its waybill number or name."""
    if find_parcel(code) is None:
        stop(N_("{0} is no parcel: scan a waybill"), code)
    return _answer(packing.parcel_here(code), INFO, frappe._("Put it on the scales"))


def scan(request: ScanRequest) -> Answer:
    """Take a weight, or go on to another parcel."""
    if find_parcel(request.code) is not None:
        return open_parcel(request.code, request.user)
    weight = weight_g(request.code, load_settings().scale_unit)
    if weight is None:
        stop(N_("{0} is no weight and no parcel"), request.code)
    outcome, parcel = packing.weigh(request.document, weight)
    if outcome == "ok":
        return _done(parcel, N_("{0} weighs {1} g: right"), weight)
    text = text_of(problem(N_("{0} weighs {1} g, expected are {2} g: it is held"), _number(parcel), plain(weight),
                           plain(decimal_of(parcel["expected_weight_g"]))))  # fmt: skip
    return _answer(parcel, STOP, text)


def act(request: ScanRequest, action: str) -> Answer:
    """Accept the weight of a held parcel. Raises ``frappe.PermissionError`` for who may not."""
    if action != ACCEPT:
        stop(N_("There is no action {0} here"), action)
    packing.check_may_accept()
    parcel = packing.accept_weight(request.document)
    return _done(parcel, N_("{0} may go with {1} g"), decimal_of(parcel["weight_g"]))


def _done(parcel: Row, message: str, weight: Decimal) -> Answer:
    text = text_of(problem(message, _number(parcel), plain(weight)))
    return Answer(OK, text, frappe._("Scan the next parcel"), parcel["name"], _number(parcel), finished=True)


def _answer(parcel: Row, outcome: str, message: str) -> Answer:
    expected, weight = decimal_of(parcel["expected_weight_g"]), decimal_of(parcel["weight_g"])
    name = f"{_number(parcel)} · {parcel['carrier'] or ''}".rstrip(" ·")
    hint = text_of(problem(N_("Expected: {0} g"), plain(expected))) if expected else ""
    lines = (ScanLine(parcel["name"], name, weight, hint=hint),)
    held = parcel["status"] == packing.HELD and packing.may_accept()
    following = frappe._("Type or scan the weight, or scan another parcel")
    return Answer(outcome, message, following, parcel["name"], _number(parcel), lines, {}, (ACCEPT,) if held else ())


def _number(parcel: Row) -> str:
    return str(parcel["waybill_no"] or parcel["name"])
