"""Bin balances: what lies of a SKU, batch and grade in a bin.

Invariant: rows exist for keys that are kept in bins or batches, only where something lies; they are read and written
while the balance of their key is locked, and add up to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.memo import read_through
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.rules.availability import Lying
from ec_erp.inventory.rules.placing import ZONE_RANKS
from ec_erp.inventory.store.warehouses import load_bins
from ec_erp.inventory.types import DEFECTIVE, GOOD, Place, PlaceKey, StockKey
from ec_erp.kernel.numbers import decimal_of

Row = dict[str, Any]

_FIELDS = ("name", "sku", "warehouse", "bin", "batch", "grade", "on_hand", "frozen", "allocated")


def place_name(at: PlaceKey) -> str:
    """Return the name of a bin balance: a digest, for the parts together are too long for a name."""
    text = "|".join((at.key.sku, at.key.warehouse, at.bin, at.batch, at.grade))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def lock_places(keys: Iterable[StockKey]) -> dict[StockKey, dict[PlaceKey, Place]]:
    """Lock and return what lies in bins and batches of keys whose balances are locked already."""
    wanted = set(keys)
    if not wanted:
        return {}
    table = frappe.qb.DocType("Bin Balance")
    rows = (
        frappe.qb.from_(table)
        .select(*(table[field] for field in _FIELDS))
        .where(table.sku.isin(sorted({key.sku for key in wanted})))
        .where(table.warehouse.isin(sorted({key.warehouse for key in wanted})))
        .for_update()
        .run(as_dict=True)
    )
    return places_of_rows(row for row in rows if StockKey(row["sku"], row["warehouse"]) in wanted)


def load_contents(bins: Iterable[str]) -> dict[str, list[tuple[str, str, Decimal]]]:
    """Return what lies in bins: (SKU, batch, quantity), grades together."""
    filters = {"bin": ("in", sorted(set(bins))), "on_hand": ("!=", 0)}
    contents: dict[str, list[tuple[str, str, Decimal]]] = {}
    for row in frappe.get_all("Bin Balance", filters=filters, fields=["bin", "sku", "batch", "on_hand"]):
        contents.setdefault(row["bin"], []).append((row["sku"], row["batch"] or "", decimal_of(row["on_hand"])))
    return contents


def load_lying(skus: Iterable[str]) -> dict[StockKey, list[Lying]]:
    """Return what lies of SKUs in bins and batches."""
    found: dict[StockKey, list[Lying]] = {}
    for row in load_rows("Bin Balance", skus, _FIELDS[1:], key="sku"):
        qty, frozen, allocated = (decimal_of(row[field]) for field in ("on_hand", "frozen", "allocated"))
        one = Lying(row["bin"] or "", row["batch"] or "", row["grade"] or GOOD, qty, frozen, allocated)
        found.setdefault(StockKey(row["sku"], row["warehouse"]), []).append(one)
    return found


def load_owners(warehouses: Iterable[str]) -> dict[str, str]:
    """Return the company whose goods lie in warehouses."""
    return {row["name"]: row["company"] for row in load_rows("Warehouse", warehouses, ("name", "company"))}


def places_of_rows(rows: Iterable[Row]) -> dict[StockKey, dict[PlaceKey, Place]]:
    """Return bin balances with what allocation must know of their bins and batches."""
    known = list(rows)
    bins = load_bins({row["bin"] for row in known if row["bin"]})
    batches = load_batches({row["batch"] for row in known if row["batch"]})
    grouped: dict[StockKey, dict[PlaceKey, Place]] = {}
    for row in known:
        place = _place(row, bins.get((row["bin"] or "").casefold()), batches.get((row["batch"] or "").casefold()))
        grouped.setdefault(place.at.key, {})[place.at] = place
    return grouped


def load_batches(names: Iterable[str]) -> dict[str, Row]:
    """Return SKU, dates and disabled flag of batches, by case-folded name."""
    return read_through("Batch", names, _load_batches)


def _load_batches(names: list[str]) -> dict[str, Row]:
    fields = ("name", "sku", "batch_no", "expiry_date", "latest_sale_date", "disabled")
    return {row["name"]: row for row in load_rows("Batch", names, fields)}


def _place(row: Row, bin_facts: Row | None, batch: Row | None) -> Place:
    at = PlaceKey(StockKey(row["sku"], row["warehouse"]), row["bin"] or "", row["batch"] or "", row["grade"] or GOOD)
    on_hand, frozen, allocated = (decimal_of(row[field]) for field in ("on_hand", "frozen", "allocated"))
    return _with_facts(Place(at, on_hand, frozen, allocated), bin_facts, batch)


def _with_facts(place: Place, bin_facts: Row | None, batch: Row | None) -> Place:
    return replace(
        place,
        expires=_day(batch["expiry_date"]) if batch else None,
        sell_until=_day(batch["latest_sale_date"]) if batch else None,
        rank=_rank(bin_facts, place.at.bin),
        sellable=not (bin_facts and bin_facts["disabled"]) and not (batch and batch["disabled"]),
    )


def load_facts(places: Iterable[Place]) -> dict[PlaceKey, Place]:
    """Return places, new ones among them, with what is to be known of their bins and batches."""
    wanted = list(places)
    bins = load_bins({place.at.bin for place in wanted if place.at.bin})
    batches = load_batches({place.at.batch for place in wanted if place.at.batch})
    return {
        place.at: _with_facts(place, bins.get(place.at.bin.casefold()), batches.get(place.at.batch.casefold()))
        for place in wanted
    }


def _rank(facts: Row | None, name: str) -> tuple[int, int, int, str]:
    if facts is None:
        return (0, 0, 0, name)
    return (ZONE_RANKS.get(facts["zone_type"], 9), int(facts["zone_priority"]), int(facts["route_order"] or 0), name)


def _day(value: Any) -> date | None:
    return frappe.utils.getdate(value) if value else None


def write_places(
    places: Mapping[PlaceKey, Place], known: Mapping[StockKey, Mapping[PlaceKey, Place]], company_of: Mapping[str, str]
) -> None:
    """Write changed bin balances; ``known`` are those that were locked, ``company_of`` maps warehouses to companies."""
    changed, new, gone = {}, [], []
    expiries = load_batches({at.batch for at in places if at.batch})
    for at, place in places.items():
        exists = at in known.get(at.key, {})
        if not place.on_hand and not place.frozen and not place.allocated:
            gone += [place_name(at)] if exists else []
        elif exists:
            changed[place_name(at)] = _quantities(place)
        else:
            new.append({**_identity(at, company_of, expiries), **_quantities(place)})
    if gone:
        frappe.db.delete("Bin Balance", {"name": ("in", gone)})
    update_rows("Bin Balance", changed)
    insert_rows("Bin Balance", new)


def _quantities(place: Place) -> Row:
    return {
        "on_hand": float(place.on_hand),
        "frozen": float(place.frozen),
        "allocated": float(place.allocated),
    }


def _identity(at: PlaceKey, company_of: Mapping[str, str], batches: Mapping[str, Row]) -> Row:
    return {
        "name": place_name(at),
        "sku": at.key.sku,
        "warehouse": at.key.warehouse,
        "bin": at.bin or None,
        "batch": at.batch or None,
        "grade": at.grade,
        "expiry_date": batches.get(at.batch.casefold(), {}).get("expiry_date"),
        "company": company_of.get(at.key.warehouse),
    }


def load_keys_of_places(field: str, names: Iterable[str]) -> list[StockKey]:
    """Return the keys that have goods in bins or of batches; ``field`` says which of the two is named."""
    rows = load_rows("Bin Balance", names, ["sku", "warehouse"], key=field)
    return sorted({StockKey(row["sku"], row["warehouse"]) for row in rows})


def load_keys_to_refreeze(day: date) -> list[StockKey]:
    """Return the keys that have goods of batches past their last day of sale which are not all frozen, or the reverse."""
    place, batch = frappe.qb.DocType("Bin Balance"), frappe.qb.DocType("Batch")
    rows = (
        frappe.qb.from_(place)
        .join(batch)
        .on(place.batch == batch.name)
        .select(place.sku, place.warehouse)
        .distinct()
        .where(((batch.latest_sale_date < day) & (place.frozen != place.on_hand)) | (place.frozen > 0))
        .run(as_dict=True)
    )
    return sorted({StockKey(row["sku"], row["warehouse"]) for row in rows})


def place_everything(warehouse: str, company: str, bin_name: str) -> None:
    """Put what a warehouse holds into one bin: goods kept in batches keep them, all other get a bin balance."""
    balances = frappe.get_all(
        "Stock Balance",
        filters={"warehouse": warehouse, "on_hand": ("!=", 0)},
        fields=["name", "sku", "on_hand", "defective"],
        order_by="name asc",
    )
    lock_rows("Stock Balance", [row["name"] for row in balances], ["on_hand"])
    known = lock_places(StockKey(row["sku"], warehouse) for row in balances)
    frappe.db.delete("Bin Balance", {"warehouse": warehouse})
    places: dict[PlaceKey, Place] = {}
    for row in balances:
        key = StockKey(row["sku"], warehouse)
        for place in (known.get(key) or _untracked(key, row)).values():
            at = replace(place.at, bin=bin_name)
            places[at] = replace(place, at=at)
    write_places(places, {}, {warehouse: company})


def _untracked(key: StockKey, row: Row) -> dict[PlaceKey, Place]:
    defective = decimal_of(row["defective"])
    quantities = {GOOD: decimal_of(row["on_hand"]) - defective, DEFECTIVE: defective}
    keys = {grade: PlaceKey(key, "", "", grade) for grade, qty in quantities.items() if qty}
    return {at: Place(at, on_hand=quantities[grade]) for grade, at in keys.items()}
