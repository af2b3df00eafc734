"""Orders and refunds as an own shop (or a bridge to a platform) pushes them: read, checked, compared: pure.

Invariants: a value that can't be used is named with its place, and nothing of that order is taken; an amount is exact.
The shape is described in docs/concepts/channels.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ec_erp.kernel.numbers import ZERO, NotANumber, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.times import moment_of

UNPAID, PAID, SHIPPED, FINISHED, CANCELLED = "unpaid", "paid", "shipped", "finished", "cancelled"
STATUSES = (UNPAID, PAID, SHIPPED, FINISHED, CANCELLED)
APPLIED, AGREED, SUCCESS, WITHDRAWN, REFUSED = "Applied", "Agreed", "Success", "Withdrawn", "Refused"
REFUND_STATUSES = (APPLIED, AGREED, SUCCESS, WITHDRAWN, REFUSED)
RECEIVER = ("name", "phone", "country", "province", "city", "district", "address", "postcode")
PAYMENT_TYPES = ("", "Prepaid", "On Account", "Cash on Delivery", "Deposit")


class Unusable(ValueError):
    """A pushed value can't be used; ``problems`` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the reasons."""
        super().__init__("; ".join(one.message for one in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class PushedLine:
    """A line: ``price`` per item before ``discount`` (for the whole line)."""

    line_id: str
    item_id: str
    sku_id: str
    outer_code: str
    title: str
    qty: Decimal
    price: Decimal
    discount: Decimal
    is_gift: bool = False
    is_presale: bool = False


@dataclass(frozen=True, slots=True)
class PushedOrder:
    """An order of a shop. ``total`` None: the platform does not say what the buyer pays in all."""

    order_id: str
    status: str
    modified: datetime
    created: datetime
    paid: datetime | None
    buyer_id: str
    buyer_name: str
    receiver: Mapping[str, str]
    lines: tuple[PushedLine, ...]
    shipping_fee: Decimal
    discount: Decimal
    total: Decimal | None
    payment_type: str
    buyer_message: str
    seller_remark: str
    ship_by: datetime | None
    deposit: Decimal = ZERO

    @property
    def expected_total(self) -> Decimal:
        """What the lines, discounts and shipping come to."""
        goods = sum((line.qty * line.price - line.discount for line in self.lines), ZERO)
        return goods - self.discount + self.shipping_fee


@dataclass(frozen=True, slots=True)
class PushedRefund:
    """A refund: {line id: quantity}; no lines stand for the whole order. ``goods_back``: the buyer sends the goods back."""

    refund_id: str
    order_id: str
    status: str
    modified: datetime
    amount: Decimal
    lines: Mapping[str, Decimal]
    goods_back: bool = False


class _Reader:
    """Takes values out of a mapping and collects what is wrong with them."""

    def __init__(self, values: Any, where: str = "") -> None:
        self.values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        self.where = where
        self.problems: list[Problem] = []
        if not isinstance(values, Mapping):
            self.problems.append(problem(N_("{0} must be an object"), where or "order"))

    def _place(self, key: str) -> str:
        return f"{self.where}{key}"

    def text(self, key: str, *, needed: bool = False, longest: int = 140) -> str:
        value = self.values.get(key)
        found = "" if value is None else str(value).strip()
        if isinstance(value, Mapping | list) or (needed and not found):
            self.problems.append(problem(N_("{0} is missing"), self._place(key)))
            return ""
        if len(found) > longest:
            self.problems.append(problem(N_("{0} is longer than {1} characters"), self._place(key), longest))
        return found

    def number(self, key: str, default: str | None = "0", *, least: Decimal = ZERO) -> Decimal:
        value = self.values.get(key)
        try:
            found = decimal_of(default if value is None or value == "" else value)
        except NotANumber:
            self.problems.append(problem(N_("{0} must be a number, not {1}"), self._place(key), value))
            return least
        if (default is None and value in (None, "")) or found < least:
            self.problems.append(problem(N_("{0} must be {1} or more"), self._place(key), least))
        return found

    def moment(self, key: str) -> datetime | None:
        value = self.values.get(key)
        if value in (None, ""):
            return None
        try:
            return moment_of(value)
        except ValueError:
            self.problems.append(
                problem(N_("{0} must be a moment (YYYY-MM-DD HH:MM:SS), not {1}"), self._place(key), value)
            )
            return None

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        found = self.text(key) or (default or "")
        if found not in options:
            self.problems.append(
                problem(N_("{0} must be one of {1}"), self._place(key), ", ".join(filter(None, options)))
            )
        return found

    def rows(self, key: str) -> list[Any]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problems.append(problem(N_("{0} must be a list"), self._place(key)))
            return []
        return value


def read_order(values: Any, now: datetime) -> PushedOrder:
    """Return a pushed order. Raises ``Unusable`` with everything that is wrong with it."""
    reader = _Reader(values)
    order_id = reader.text("id", needed=True, longest=80)
    lines = [_line(row, f"lines[{at}].", reader.problems) for at, row in enumerate(reader.rows("lines"))]
    if not lines:
        reader.problems.append(problem(N_("{0} is missing"), "lines"))
    buyer = _Reader(reader.values.get("buyer") or {}, "buyer.")
    receiver = _Reader(reader.values.get("receiver") or {}, "receiver.")
    created = reader.moment("created") or now
    found = PushedOrder(
        order_id=order_id,
        status=reader.choice("status", STATUSES),
        modified=reader.moment("modified") or created,
        created=created,
        paid=reader.moment("paid"),
        buyer_id=buyer.text("id", longest=80),
        buyer_name=buyer.text("name", longest=80),
        receiver={part: receiver.text(part) for part in RECEIVER},
        lines=tuple(lines),
        shipping_fee=reader.number("shipping_fee"),
        discount=reader.number("discount"),
        total=reader.number("total") if reader.values.get("total") is not None else None,
        payment_type=reader.choice("payment_type", PAYMENT_TYPES, ""),
        buyer_message=reader.text("buyer_message", longest=1000),
        seller_remark=reader.text("seller_remark", longest=1000),
        ship_by=reader.moment("ship_by"),
        deposit=reader.number("deposit"),
    )
    _refuse([*reader.problems, *buyer.problems, *receiver.problems, *_twice([line.line_id for line in lines])])
    return found


def _line(row: Any, where: str, problems: list[Problem]) -> PushedLine:
    reader = _Reader(row, where)
    item_id = reader.text("item_id", longest=80)
    outer_code = reader.text("outer_code", longest=80)
    found = PushedLine(
        line_id=reader.text("id", needed=True, longest=80),
        item_id=item_id or outer_code,
        sku_id=reader.text("sku_id", longest=80),
        outer_code=outer_code,
        title=reader.text("title", longest=140),
        qty=reader.number("qty", None),
        price=reader.number("price", None),
        discount=reader.number("discount"),
        is_gift=bool(reader.values.get("is_gift")),
        is_presale=bool(reader.values.get("is_presale")),
    )
    if not found.item_id:
        reader.problems.append(problem(N_("{0} is missing"), f"{where}item_id"))
    if found.qty == 0:
        reader.problems.append(problem(N_("{0} must be more than zero"), f"{where}qty"))
    problems.extend(reader.problems)
    return found


def read_refund(values: Any, now: datetime) -> PushedRefund:
    """Return a pushed refund. Raises ``Unusable`` with everything that is wrong with it."""
    reader = _Reader(values)
    lines: dict[str, Decimal] = {}
    for at, row in enumerate(reader.rows("lines")):
        line = _Reader(row, f"lines[{at}].")
        lines[line.text("id", needed=True, longest=80)] = line.number("qty", None)
        reader.problems += line.problems
    found = PushedRefund(
        refund_id=reader.text("id", needed=True, longest=80),
        order_id=reader.text("order_id", needed=True, longest=80),
        status=reader.choice("status", REFUND_STATUSES),
        modified=reader.moment("modified") or now,
        amount=reader.number("amount"),
        lines=lines,
        goods_back=reader.values.get("goods_back") in (True, 1, "1", "true"),
    )
    _refuse(reader.problems)
    return found


def _twice(ids: Sequence[str]) -> list[Problem]:
    return [
        problem(N_("The line id {0} is there twice"), one) for one in dict.fromkeys(ids) if one and ids.count(one) > 1
    ]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Unusable(problems)


PAYMENT, CANCEL, ADDRESS, REMARK, MESSAGE, ITEMS, SHIPMENT, FINISH = (
    "payment",
    "cancel",
    "address",
    "remark",
    "message",
    "items",
    "shipment",
    "finish",
)


def changes(before: PushedOrder, after: PushedOrder) -> tuple[str, ...]:
    """Return what has changed between two versions of an order, as the orders area handles it."""
    now = after.status
    turned = now != before.status
    found = {
        PAYMENT: not _is_paid(before) and _is_paid(after),
        CANCEL: turned and now == CANCELLED,
        SHIPMENT: turned and now == SHIPPED,
        FINISH: turned and now == FINISHED,
        ADDRESS: dict(before.receiver) != dict(after.receiver),
        REMARK: before.seller_remark != after.seller_remark,
        MESSAGE: before.buyer_message != after.buyer_message,
        ITEMS: _goods(before) != _goods(after),
    }
    return tuple(change for change, happened in found.items() if happened)


def _is_paid(order: PushedOrder) -> bool:
    return order.paid is not None or order.status in (PAID, SHIPPED, FINISHED)


def _goods(order: PushedOrder) -> set[tuple[str, str, str, Decimal]]:
    return {(line.line_id, line.item_id, line.sku_id, line.qty) for line in order.lines}


def paid_at(order: PushedOrder) -> datetime | None:
    """Return when an order was paid; where the platform only says that it was, when it last changed."""
    return order.paid or (order.modified if _is_paid(order) else None)


def buyer_key(shop: str, order: PushedOrder) -> str:
    """Return a text that orders of one buyer to one receiver share, from which neither can be read."""
    parts = [shop, order.buyer_id or order.buyer_name, *(order.receiver[part] for part in RECEIVER)]
    return hashlib.sha256("\x1f".join(parts).casefold().encode()).hexdigest()[:40]


def masked_phone(phone: str) -> str:
    """Return a phone number of which the middle is not to be read: 138****0001."""
    return phone if "*" in phone or len(phone) < 8 else f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """Return a name of which only the beginning is to be read."""
    return name if "*" in name or not name else f"{name[0]}**"


def masked_address(address: str) -> str:
    """Return an address without the house."""
    return address if "*" in address or not address else f"{address[:4]}***"
