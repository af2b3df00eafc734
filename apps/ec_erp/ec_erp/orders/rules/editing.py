"""What may be edited on a submitted order, by whom, and while it is where: pure.

Invariant: every edit has a kind of its own, with its own rights and its own entry in the history; an order that the
warehouse has must be recalled before what it packs, or where it sends it, may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ec_erp.kernel.problems import N_
from ec_erp.orders.rules import blocks, machine

MANAGER = "EC Manager"
_DESK = (blocks.SERVICE, blocks.OPERATOR, MANAGER)
_BEFORE_WAREHOUSE = (*machine.WAITING, *machine.PREPARING)


@dataclass(frozen=True, slots=True)
class EditKind:
    """One kind of edit: the fields of the head it covers, who may do it, in which statuses, and what follows.

    ``reprocess``: what was decided is decided anew; ``moves_on``: the order goes as far as it now can.
    """

    code: str
    fields: tuple[str, ...]
    roles: tuple[str, ...]
    statuses: tuple[str, ...] = _BEFORE_WAREHOUSE
    reprocess: bool = True
    moves_on: bool = True


_KINDS = (
    EditKind(
        N_("Address"),
        tuple(
            f"receiver_{part}"
            for part in (
                "name",
                "phone",
                "country",
                "province",
                "city",
                "district",
                "address",
                "postcode",
                "ciphertext",
            )
        ),
        _DESK,
    ),
    EditKind(N_("Warehouse"), ("warehouse",), _DESK),
    EditKind(
        "Carrier", ("carrier",), (*_DESK, blocks.WAREHOUSE), (*_BEFORE_WAREHOUSE, machine.TO_SHIP), reprocess=False
    ),
    EditKind(
        N_("Remark"), ("seller_remark", "buyer_message", "tags"), _DESK, machine.LIVE, reprocess=False, moves_on=False
    ),
    EditKind(N_("Priority"), ("priority", "ship_by"), _DESK, machine.LIVE, reprocess=False, moves_on=False),
    EditKind(N_("Handling"), ("sealed", "gifts_by_hand", "hold_until"), _DESK),
    EditKind(N_("Brush Mark"), ("is_brush",), (MANAGER,)),
    EditKind(N_("Presale"), ("presale_release", "presale_date"), _DESK),
    EditKind(N_("Discount"), ("discount_amount",), (MANAGER,)),
    EditKind(N_("Items"), (), _DESK),
    EditKind(N_("Prices"), (), (MANAGER,)),
    EditKind(N_("Gifts"), (), _DESK),
)

PAYMENT = ("paid_datetime", "payment_reference", "deposit_datetime")  # written by the actions that take payments alone
KINDS = MappingProxyType({kind.code: kind for kind in _KINDS})
KIND_OF_FIELD = MappingProxyType({field: kind for kind in _KINDS for field in kind.fields})


def may(kind: EditKind, roles: Iterable[str]) -> bool:
    """Tell whether somebody with these roles may edit this; administrators may."""
    given = set(roles)
    return "System Manager" in given or bool(given & set(kind.roles))


def is_by_others(fields: Iterable[str], lines: Sequence[LineEdit], roles: Iterable[str]) -> bool:
    """Tell whether an edit is one that somebody who does not handle orders may do: the warehouse changes the carrier."""
    kinds = {KIND_OF_FIELD.get(field) for field in fields}
    return bool(kinds) and not lines and all(kind and _is_others(kind, set(roles)) for kind in kinds)


def _is_others(kind: EditKind, roles: set[str]) -> bool:
    return bool(roles & set(kind.roles).difference(_DESK))


@dataclass(frozen=True, slots=True)
class LineEdit:
    """How a line changes: None stands for 'as it is'; a line without ``name`` is new, one of quantity zero goes."""

    name: str
    sku: str
    qty: str | None
    rate: str | None
    is_gift: bool


def kind_of_line(edit: LineEdit, *, was_gift: bool) -> tuple[str, ...]:
    """Return the kinds of edit that a changed line is."""
    if edit.is_gift or was_gift:
        return ("Gifts",)
    return ("Items", "Prices") if edit.rate is not None and edit.name else ("Items",)
