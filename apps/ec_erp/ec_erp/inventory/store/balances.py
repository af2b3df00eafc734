"""Balances: one row per SKU and warehouse.

Invariant: a row is changed by the one who has locked it, or by one conditional statement; several rows always in the
order of their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import affected_rows, insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.types import Balance, BalanceChange, Head, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = dict[str, Any]

_PROMISES = ("reserved", "unpaid", "frozen", "locked", "on_order", "in_transit")
_BALANCE_FIELDS = (
    "sku",
    "warehouse",
    "on_hand",
    "reserved",
    "unpaid",
    "frozen",
    "locked",
    "on_order",
    "in_transit",
    "defective",
    "value",
    "defective_value",
    "last_cost",
    "counted_by",
    "entry_count",
    "head_hash",
)
# Changes of promises that also change what is available, each unit by one.
_LOWERS_AVAILABLE = ("reserved", "frozen")


def balance_name(key: StockKey) -> str:
    """Return the name of a key's balance; neither part contains the separator."""
    return f"{key.sku}|{key.warehouse}"


def load_balances(keys: Iterable[StockKey]) -> dict[StockKey, Balance]:
    """Return balances as they are now, unlocked; keys without one are left out."""
    rows = load_rows("Stock Balance", {balance_name(key) for key in keys}, _BALANCE_FIELDS)
    return {StockKey(row["sku"], row["warehouse"]): _balance(row) for row in rows}


def load_balances_of(skus: Iterable[str], warehouses: Iterable[str] = ()) -> dict[StockKey, Balance]:
    """Return the balances of SKUs, unlocked, in the named warehouses or in all."""
    wanted = set(warehouses)
    rows = load_rows("Stock Balance", skus, _BALANCE_FIELDS, key="sku")
    return {
        StockKey(row["sku"], row["warehouse"]): _balance(row)
        for row in sorted(rows, key=lambda row: (row["sku"], row["warehouse"]))
        if not wanted or row["warehouse"] in wanted
    }


def lock_balances(keys: Iterable[StockKey], *, create: Mapping[StockKey, str] | None = None) -> dict[StockKey, Balance]:
    """Lock balances and return them; keys without one are left out, unless ``create`` names their company."""
    rows = _lock(keys, create or {})
    return {StockKey(row["sku"], row["warehouse"]): _balance(row) for row in rows}


def lock_balances_with_heads(
    keys: Iterable[StockKey], *, create: Mapping[StockKey, str]
) -> tuple[dict[StockKey, Balance], dict[StockKey, Head]]:
    """Lock balances and return them with the heads of their chains, for appending entries."""
    rows = {StockKey(row["sku"], row["warehouse"]): row for row in _lock(keys, create)}
    heads = {key: Head(int(row["entry_count"] or 0), row["head_hash"] or "") for key, row in rows.items()}
    return {key: _balance(row) for key, row in rows.items()}, heads


def add_to_balances(changes: Sequence[BalanceChange]) -> bool:
    """Add changes of promises to balances by one conditional statement; tell whether every row could take its change.

    At most one change per key. A row takes it where nothing falls below zero and, for a change that ``needs`` stock, the
    public pool has that much free. Where the answer is False the caller rolls back: other rows may have been changed.
    """
    if not changes:
        return True
    ordered = sorted(changes, key=lambda change: balance_name(change.key))
    query = _Conditional(ordered)
    frappe.db.sql(query.text(), query.values())
    return affected_rows() == len(ordered)


class _Conditional:
    """The statement that adds changes to balances where they can take them."""

    def __init__(self, changes: Sequence[BalanceChange]) -> None:
        self.changes = changes
        self.parameters: list[Any] = []

    def text(self) -> str:
        """Return the statement; the parameters are collected on the way."""
        self.parameters = [frappe.utils.now_datetime(), frappe.session.user]
        sets = ["`modified` = %s", "`modified_by` = %s", *self._additions()]
        names = ", ".join(["%s"] * len(self.changes))
        head = f"UPDATE `tabStock Balance` SET {', '.join(sets)} WHERE `name` IN ({names})"  # noqa: S608  no values
        self.parameters.extend(balance_name(change.key) for change in self.changes)
        return " AND ".join([head, *self._conditions()])

    def values(self) -> list[Any]:
        """Return the parameters in the order of the text."""
        return self.parameters

    def _additions(self) -> Iterator[str]:
        for column in _PROMISES:
            amounts = [getattr(change, column) for change in self.changes]
            if any(amounts):
                yield f"`{column}` = ROUND(`{column}` + {self._per_row(amounts)}, 9)"
        lowered = [-sum((getattr(change, column) for column in _LOWERS_AVAILABLE), ZERO) for change in self.changes]
        if any(lowered):
            yield f"`available` = ROUND(`available` + {self._per_row(lowered)}, 9)"

    def _conditions(self) -> Iterator[str]:
        for column in _PROMISES:
            amounts = [getattr(change, column) for change in self.changes]
            if any(amount < 0 for amount in amounts):
                yield f"ROUND(`{column}` + {self._per_row(amounts)}, 9) >= 0"
        if any(change.needs is not None for change in self.changes):
            needs = [change.needs if change.needs is not None else _NOTHING for change in self.changes]
            free = "ROUND(`on_hand` - `frozen` - `reserved` - `locked`, 9)"
            yield f"{free} >= {self._per_row(needs)}"
        if any(change.needs_in_all is not None for change in self.changes):
            in_all = [change.needs_in_all if change.needs_in_all is not None else _NOTHING for change in self.changes]
            yield f"ROUND(`on_hand` - `frozen` - `reserved`, 9) >= {self._per_row(in_all)}"

    def _per_row(self, amounts: Sequence[Decimal]) -> str:
        """Return an expression that has each row's own amount."""
        if len(amounts) == 1:
            self.parameters.append(float(amounts[0]))
            return "%s"
        for change, amount in zip(self.changes, amounts, strict=True):
            self.parameters += [balance_name(change.key), float(amount)]
        return "CASE `name` " + "WHEN %s THEN %s " * len(amounts) + "END"


_NOTHING = Decimal("-1e12")  # any balance has more than this free


def _lock(keys: Iterable[StockKey], create: Mapping[StockKey, str]) -> list[Row]:
    names = {balance_name(key) for key in keys}
    if create:
        create_balances(create)
    return list(lock_rows("Stock Balance", names, _BALANCE_FIELDS).values())


def create_balances(company_of: Mapping[StockKey, str]) -> None:
    """Create balances that do not exist yet: before any locking, for two who lock a gap and then fill it deadlock."""
    names = {balance_name(key): key for key in company_of}
    known = {row["name"] for row in load_rows("Stock Balance", names, ["name"])}
    rows = [
        {"name": name, "sku": key.sku, "warehouse": key.warehouse, "company": company_of[key], **_empty_buckets()}
        for name, key in sorted(names.items())
        if name not in known
    ]
    insert_rows("Stock Balance", rows, skip_existing=True)


def _empty_buckets() -> Row:
    return dict.fromkeys(
        ("on_hand", "available", *_PROMISES, "defective", "value", "defective_value", "entry_count"), 0
    )


def _balance(row: Row) -> Balance:
    return Balance(
        on_hand=decimal_of(row["on_hand"]),
        reserved=decimal_of(row["reserved"]),
        frozen=decimal_of(row["frozen"]),
        on_order=decimal_of(row["on_order"]),
        value=decimal_of(row["value"]),
        last_cost=decimal_of(row["last_cost"]) or None,
        unpaid=decimal_of(row["unpaid"]),
        locked=decimal_of(row["locked"]),
        in_transit=decimal_of(row["in_transit"]),
        defective=decimal_of(row["defective"]),
        defective_value=decimal_of(row["defective_value"]),
        counted_by=row["counted_by"] or None,
    )


def write_balances(balances: Mapping[StockKey, Balance], heads: Mapping[StockKey, Head] | None = None) -> None:
    """Write locked balances back, with the heads of their chains where entries were added."""
    update_rows(
        "Stock Balance",
        {balance_name(key): _balance_row(balance, (heads or {}).get(key)) for key, balance in balances.items()},
    )


def _balance_row(balance: Balance, head: Head | None) -> Row:
    row: Row = {column: float(getattr(balance, column)) for column in ("on_hand", *_PROMISES, "available")}
    if head is not None:
        row["defective"] = float(balance.defective)
        row["value"] = float(balance.value)
        row["defective_value"] = float(balance.defective_value)
        row["last_cost"] = float(balance.last_cost or 0)
        row["entry_count"] = head.seq
        row["head_hash"] = head.hash
    return row


def walk_balances(page: int = 1000) -> Iterator[list[Row]]:
    """Yield all balances in pages, in the order of their names."""
    fields = ["name", "company", "available", *_BALANCE_FIELDS]
    last = ""
    while rows := frappe.get_all(
        "Stock Balance", fields=fields, filters={"name": (">", last)}, order_by="name asc", limit=page
    ):
        yield rows
        last = rows[-1]["name"]
