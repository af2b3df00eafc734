"""Balances, bins, layers, quotas and serial numbers, from the stock ledger and from what is promised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay import store
from ec_erp.replay.rules.orders import open_of
from ec_erp.replay.rules.periods import CHECKPOINT, MOVEMENTS, Sums, rebuilt_periods
from ec_erp.replay.rules.stock import DEFECTIVE, Replayed, last_places, replay_key
from ec_erp.replay.types import Difference, Row, differences, sums

Key = tuple[str, str]
_BALANCE = (
    "sku", "warehouse", "company", "on_hand", "available", "reserved", "unpaid", "frozen", "defective", "locked", "on_order",
    "in_transit", "value", "defective_value", "last_cost", "entry_count", "checkpoint_seq",
)  # fmt: skip
_PERIODS = {
    CHECKPOINT: ("qty", "value", "entries"),
    MOVEMENTS: ("qty", "value", "entries", "sold_qty", "cost", "came_qty", "moved_in_qty", "left_qty"),
}
_HELD = ("name", "sku", "warehouse", "qty", "consumed_qty", "released_qty", "soft", "quota", "quota_qty")
_PIECE = ("name", "serial_no", "status", "warehouse", "bin", "batch", "grade")
_QUOTA = ("name", "sku", "warehouse", "qty", "used_qty", "status")
_PLACE = ("name", "sku", "warehouse", "bin", "batch", "grade", "on_hand", "frozen", "allocated")


def stock_differences() -> Iterator[Difference]:
    """Yield what balances, bins, layers, quotas and serial numbers say otherwise than the ledger and the promises."""
    expected = _on_order(), _in_transit()
    for page in store.pages("SKU", ["valuation_method", "has_batch", "has_serial"], size=200):
        skus = {row["name"]: row for row in page}
        yield from _of_skus(skus, *expected)


def _of_skus(
    skus: Mapping[str, Row], on_order: Mapping[Key, Decimal], in_transit: Mapping[Key, Decimal]
) -> Iterator[Difference]:
    balances = {_key(row): row for row in store.load_of_skus("Stock Balance", skus, _BALANCE)}
    entries = store.load_entries(skus)
    promised = _Promises(skus)
    accounts = store.load_account_roles({row["company"] for row in balances.values()})
    replayed = {
        key: replay_key(
            entries.get(key, []),
            accounts[row["company"]][""],
            fifo=skus[key[0]]["valuation_method"] == "FIFO",
        )
        for key, row in balances.items()
    }
    for key in entries:
        if key not in balances:
            yield Difference(_name(key), "balance", "nothing", f"{len(entries[key])} entries")
    for key, row in balances.items():
        state = replayed[key]
        yield from state.wrong
        yield from differences(_name(key), row, _balance(key, state, promised, on_order, in_transit))
    yield from _periods(balances, entries)
    yield from _bins(skus, replayed, promised.places)
    yield from _promised_places(promised)
    yield from _layers(skus, replayed)
    yield from promised.quota_differences()
    yield from _serials([sku for sku, row in skus.items() if row["has_serial"]], entries)


def _balance(
    key: Key, state: Replayed, promised: _Promises, on_order: Mapping[Key, Decimal], in_transit: Mapping[Key, Decimal]
) -> dict[str, Any]:
    reserved = promised.reserved.get(key, ZERO)
    frozen = state.qty[DEFECTIVE] + promised.frozen.get(key, ZERO)
    return {
        "on_hand": state.on_hand,
        "value": state.worth,
        "defective": state.qty[DEFECTIVE],
        "defective_value": state.value[DEFECTIVE],
        "last_cost": state.last_cost,
        "entry_count": Decimal(state.entries),
        "reserved": reserved,
        "unpaid": promised.unpaid.get(key, ZERO),
        "locked": promised.locked.get(key, ZERO),
        "frozen": frozen,
        "available": state.on_hand - frozen - reserved,
        "on_order": on_order.get(key, ZERO),
        "in_transit": in_transit.get(key, ZERO),
    }


def _periods(balances: Mapping[Key, Row], entries: Mapping[Key, Sequence[Row]]) -> Iterator[Difference]:
    """Yield checkpoints and sums of movements that hold something else than the entries which they should."""
    stored: dict[Key, Sums] = {}
    for kind, fields in _PERIODS.items():
        for key, rows in store.load_periods(kind, {sku for sku, _ in balances}, fields).items():
            for period in rows:
                own = stored.setdefault(key, {}).setdefault((kind, period["period"], period["period_start"]), {})
                for field in fields:
                    own[field] = own.get(field, ZERO) + decimal_of(period[field])
    for key, row in balances.items():
        dated = [{**entry, "day": store.day_of(entry["posting_datetime"])} for entry in entries.get(key, [])]
        rebuilt = rebuilt_periods(dated, int(row["checkpoint_seq"] or 0))
        for at in sorted({*stored.get(key, {}), *rebuilt}):
            figures = dict.fromkeys(_PERIODS[at[0]], ZERO) | rebuilt.get(at, {})
            where = f"{_name(key)}, {at[0]} {at[1]} {at[2]}"
            yield from differences(where, stored.get(key, {}).get(at, {}), figures)


class _Promises:
    """What reservations and quotas hold, and what bins keep frozen, of some SKUs."""

    def __init__(self, skus: Iterable[str]) -> None:
        names = list(skus)
        held = store.load_of_skus("Stock Reservation", names, _HELD)
        open_qty = [(row, _held(row)) for row in held]
        self.reserved = sums((_key(row), qty) for row, qty in open_qty)
        self.unpaid = sums((_key(row), qty) for row, qty in open_qty if row["soft"])
        self.used = sums((row["quota"], decimal_of(row["quota_qty"])) for row in held if row["quota"])
        self.quotas = store.load_of_skus("Stock Quota", names, _QUOTA)
        left = [(row, max(ZERO, decimal_of(row["qty"]) - self.used.get(row["name"], ZERO))) for row in self.quotas]
        self.locked = sums((_key(row), qty) for row, qty in left if row["status"] == "Active")
        self.places = store.load_of_skus("Bin Balance", names, _PLACE)
        self.allocated = store.load_allocated(names)
        self.frozen = sums((_key(row), decimal_of(row["frozen"])) for row in self.places if row["grade"] != DEFECTIVE)

    def quota_differences(self) -> Iterator[Difference]:
        """Yield quotas whose used quantity is not what reservations took of them."""
        for row in self.quotas:
            yield from differences(f"Stock Quota {row['name']}", row, {"used_qty": self.used.get(row["name"], ZERO)})


def _bins(skus: Mapping[str, Row], replayed: Mapping[Key, Replayed], places: Sequence[Row]) -> Iterator[Difference]:
    stored: dict[Key, dict[tuple[str, str, str], Decimal]] = {}
    for row in places:
        at = (row["bin"] or "", row["batch"] or "", row["grade"] or "Good")
        stored.setdefault(_key(row), {})[at] = decimal_of(row["on_hand"])
    for key, state in replayed.items():
        tracked = key in stored or skus[key[0]]["has_batch"]
        if not tracked:
            continue
        known = {at: qty for at, qty in stored.get(key, {}).items() if qty}
        rebuilt = {at: qty for at, qty in state.places.items() if qty}
        for at in sorted({*known, *rebuilt}):
            found = {"on_hand": known.get(at, ZERO)}
            yield from differences(f"{_name(key)}, {at}", found, {"on_hand": rebuilt.get(at, ZERO)})


def _promised_places(promised: _Promises) -> Iterator[Difference]:
    """Yield places whose goods are promised to picks, or kept from sale, otherwise than drafts, batches and bins say."""
    off = store.load_switched_off()
    for row in promised.places:
        where = f"{_name(_key(row))}, bin {row['bin'] or '-'}, batch {row['batch'] or '-'}, {row['grade']}"
        if row["grade"] == DEFECTIVE:
            continue
        at = (row["sku"], row["warehouse"], row["bin"] or "", row["batch"] or "")
        kept = ("Batch", row["batch"]) in off or ("Storage Bin", row["bin"]) in off
        rebuilt = {
            "frozen": decimal_of(row["on_hand"]) if kept else ZERO,
            "allocated": promised.allocated.get(at, ZERO),
        }
        yield from differences(where, row, rebuilt)


def _layers(skus: Mapping[str, Row], replayed: Mapping[Key, Replayed]) -> Iterator[Difference]:
    fifo = [sku for sku, row in skus.items() if row["valuation_method"] == "FIFO"]
    stored: dict[Key, dict[int, Row]] = {}
    fields = ("sku", "warehouse", "seq", "qty_left", "value_left")
    for row in store.load_of_skus("Stock Layer", fifo, fields):
        if row["qty_left"]:
            stored.setdefault(_key(row), {})[int(row["seq"])] = row
    for key, state in replayed.items():
        if key[0] not in fifo:
            continue
        rebuilt = {layer.seq: layer for layer in state.layers}
        for seq in sorted({*stored.get(key, {}), *rebuilt}):
            layer = rebuilt.get(seq)
            figures = {"qty_left": layer.qty if layer else ZERO, "value_left": layer.value if layer else ZERO}
            yield from differences(f"{_name(key)}, layer {seq}", stored.get(key, {}).get(seq, {}), figures)


def _serials(skus: Sequence[str], entries: Mapping[Key, Sequence[Row]]) -> Iterator[Difference]:
    if not skus:
        return
    wanted = set(skus)
    rows = sorted(
        (row for key, rows in entries.items() if key[0] in wanted for row in rows), key=lambda row: row["name"]
    )
    last = last_places(rows)
    for piece in store.load_of_skus("Serial No", skus, _PIECE):
        status, *place = last.get(piece["serial_no"].casefold(), ("", "", "", "", ""))
        if status and piece["status"] != "Reserved":
            rebuilt = dict(zip(_PIECE[2:], (status, *place), strict=True))
            yield from differences(
                f"Serial No {piece['name']}", piece, rebuilt if status == "In Stock" else {"status": status}
            )


def _on_order() -> dict[Key, Decimal]:
    lines = store.load_open(
        "Purchase Order", ("Approved", "Part Received"), "Purchase Order Item", (),
        ("sku", "warehouse", "qty", "received_qty", "stopped_qty"),
    )  # fmt: skip
    return sums((_key(line), open_of(line, decimal_of(line["received_qty"]))) for line in lines)


def _in_transit() -> dict[Key, Decimal]:
    fields = ("sku", "sent_qty", "received_qty", "lost_qty", "back_qty")
    rows = store.load_open("Stock Transfer", ("Out", "Part In"), "Stock Transfer Item", ("to_warehouse",), fields)
    return sums(
        ((row["sku"], row["to_warehouse"]),
         decimal_of(row["sent_qty"]) - decimal_of(row["received_qty"]) - decimal_of(row["lost_qty"]) - decimal_of(row["back_qty"]))
        for row in rows
    )  # fmt: skip


def _held(row: Row) -> Decimal:
    return decimal_of(row["qty"]) - decimal_of(row["consumed_qty"]) - decimal_of(row["released_qty"])


def _key(row: Row) -> Key:
    return (row["sku"], row["warehouse"])


def _name(key: Key) -> str:
    return f"{key[0]} in {key[1]}"
