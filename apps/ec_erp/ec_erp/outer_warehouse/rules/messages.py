"""Reading what outside providers send: pure.

Invariant: a message without problems can be read; times become the site's own. Shapes: docs/concepts/outer-warehouse.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.outer_warehouse.types import Arrival, MessageLine, SentParcel, Shipment, Snapshot

SHIPPED, CANCELLED = "shipment.confirmed", "order.cancelled"
RECEIVED, RETURNED, SNAPSHOT = "receipt.confirmed", "return.confirmed", "stock.snapshot"

Body = Mapping[str, Any]
_Check = Callable[[str, Any], Iterator[Problem]]


def problems_of(kind: str, body: Body) -> list[Problem]:
    """Return what is wrong with a message: unknown kind, missing or malformed fields."""
    checks = _CHECKS.get(kind)
    if checks is None:
        return [problem(N_("There is no message of the kind {0}"), kind)]
    return [found for name, check in checks.items() for found in check(name, body.get(name))]


def _text(name: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, str) or not value.strip():
        yield problem(N_("{0} is missing or malformed"), name)


def _moment(name: str, value: Any) -> Iterator[Problem]:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        yield problem(N_("{0} is missing or malformed"), name)


def _lines(name: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, list) or not value:
        yield problem(N_("{0} is missing or malformed"), name)
        return
    for at, line in enumerate(value, start=1):
        if not isinstance(line, Mapping) or not str(line.get("sku") or "").strip():
            yield problem(N_("{0} is missing or malformed"), f"{name}[{at}].sku")
        elif not _is_quantity(line.get("qty", 0)) or not _is_quantity(line.get("defective_qty", 0)):
            yield problem(N_("{0} is missing or malformed"), f"{name}[{at}].qty")


def _is_quantity(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0


def _parcels(name: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, list) or not value:
        yield problem(N_("{0} is missing or malformed"), name)
        return
    for at, parcel in enumerate(value, start=1):
        if not isinstance(parcel, Mapping) or not _is_quantity(parcel.get("weight_g", 0)):
            yield problem(N_("{0} is missing or malformed"), f"{name}[{at}]")
        else:
            yield from _lines(f"{name}[{at}].lines", parcel.get("lines"))


_CHECKS: Mapping[str, Mapping[str, _Check]] = MappingProxyType(
    {
        SHIPPED: {"order_no": _text, "shipped_at": _moment, "parcels": _parcels},
        CANCELLED: {"order_no": _text},
        RECEIVED: {"notice_no": _text, "received_at": _moment, "lines": _lines},
        RETURNED: {"order_no": _text, "received_at": _moment, "lines": _lines},
        SNAPSHOT: {"taken_at": _moment, "lines": _lines},
    }
)


def number_of(body: Body) -> str:
    """Return the number that a message is about, empty where there is none."""
    return str(body.get("order_no") or body.get("notice_no") or "")


def read_shipment(body: Body, zone: tzinfo) -> Shipment:
    """Read parcels that have left; ``final`` is assumed only where it is said."""
    parcels = tuple(
        SentParcel(
            str(parcel.get("carrier") or ""),
            str(parcel.get("waybill_no") or ""),
            Decimal(str(parcel.get("weight_g") or 0)),
            _read_lines(parcel["lines"]),
        )
        for parcel in body["parcels"]
    )
    return Shipment(body["order_no"].strip(), moment_in(body["shipped_at"], zone), parcels, body.get("final") is True)


def read_arrival(body: Body, zone: tzinfo) -> Arrival:
    """Read goods that came in or back."""
    return Arrival(number_of(body).strip(), moment_in(body["received_at"], zone), _read_lines(body["lines"]))


def read_snapshot(body: Body, zone: tzinfo) -> Snapshot:
    """Read what lies with a provider; it is whole where that is said."""
    return Snapshot(moment_in(body["taken_at"], zone), body.get("whole") is True, _read_lines(body["lines"]))


def moment_in(text: str, zone: tzinfo) -> datetime:
    """Return a time of a message as the site's clock shows it; one without an offset is the site's own already."""
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def _read_lines(rows: list[Body]) -> tuple[MessageLine, ...]:
    return tuple(
        MessageLine(
            code=str(row["sku"]).strip(),
            qty=Decimal(str(row.get("qty") or 0)),
            defective=Decimal(str(row.get("defective_qty") or 0)) or ZERO,
            batch=str(row.get("batch") or ""),
            serials=tuple(str(serial) for serial in row.get("serials") or ()),
        )
        for row in rows
    )
