"""Cartons of parcels: recommended before packing, taken out of stock once when packed.

Invariant: a parcel's carton is taken out of stock by one Stock Entry at most; packing never waits for cartons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.sets import insert_many
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows.settings import load_settings
from ec_erp.fulfilment.rules import cartons as rules
from ec_erp.fulfilment.rules.cartons import Choice
from ec_erp.fulfilment.store import cartons as store
from ec_erp.fulfilment.types import PackLine
from ec_erp.inventory.errors import StockShortage
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem

REASON = "Packaging"
_NOT_THERE = N_("The carton is not in stock: book it when it is")


def choose(parcels: Sequence[tuple[str, Sequence[PackLine]]], by_hand: Sequence[str | None]) -> list[Choice | None]:
    """Return the carton of each parcel, given as (warehouse, lines), None where no packing materials are kept.

    ``by_hand`` names the one that a person took. Raises ``DeliveryRefused`` where that is no packing material.
    """
    known = store.load_cartons()
    by_name = {carton.sku.casefold(): carton for carton in known}
    wrong = sorted({name for name in by_hand if name and name.casefold() not in by_name})
    refuse([problem(N_("{0} is no packing material"), name) for name in wrong], DeliveryRefused)
    if not known:
        return [None] * len(parcels)
    free = store.load_free([carton.sku for carton in known], {warehouse for warehouse, _ in parcels})
    fill = load_settings().carton_fill_percent
    found: list[Choice | None] = []
    for (warehouse, lines), name in zip(parcels, by_hand, strict=True):
        here = {carton.sku: free.get(StockKey(carton.sku, warehouse), ZERO) for carton in known}
        choice = (
            Choice(by_name[name.casefold()], problem(N_("Chosen by hand")))
            if name
            else rules.recommend(rules.contents_of(lines), known, fill, here)
        )
        if choice.carton:
            free[StockKey(choice.carton.sku, warehouse)] = here[choice.carton.sku] - 1
        found.append(choice)
    return found


def consume(parcels: Iterable[str]) -> list[str]:
    """Take the cartons of parcels out of stock, one Stock Entry per warehouse; return the entries.

    Parcels whose carton was taken out before are left alone; those whose carton is not in stock wait, with a note.
    """
    rows = {
        name: row
        for name, row in store.lock_parcels(parcels).items()
        if row["package"] and not row["package_entry"] and row["status"] != "Cancelled"
    }
    if not rows:
        return []
    free = store.load_free({row["package"] for row in rows.values()}, {row["warehouse"] for row in rows.values()})
    taken: dict[str, list[str]] = {}
    for name, row in rows.items():
        key = StockKey(row["package"], row["warehouse"])
        if free.get(key, ZERO) >= 1:
            free[key] -= 1
            taken.setdefault(row["warehouse"], []).append(name)
    entries: dict[str, str] = {}
    booked: dict[str, str] = {}
    for warehouse, names in sorted(taken.items()):
        entry = _book(warehouse, names, rows)
        if entry:
            entries[warehouse] = entry
            booked |= dict.fromkeys(names, entry)
    _write(rows, booked)
    return list(entries.values())


def _book(warehouse: str, parcels: Sequence[str], rows: Mapping[str, Any]) -> str | None:
    """Post the entry of a warehouse; None where somebody else took the last cartons meanwhile."""
    counted: dict[str, int] = {}
    for name in parcels:
        counted[rows[name]["package"]] = counted.get(rows[name]["package"], 0) + 1
    entry = frappe.get_doc(
        {
            "doctype": "Stock Entry",
            "reason": REASON,
            "company": store.load_companies([warehouse])[warehouse],
            "warehouse": warehouse,
            "items": [{"sku": sku, "qty": qty, "warehouse": warehouse} for sku, qty in sorted(counted.items())],
            "remarks": ", ".join(sorted(parcels))[:140],
        }
    )
    entry.flags.ignore_permissions = True  # who may pack may take the carton
    frappe.db.savepoint("cartons")
    try:
        insert_many([entry], submit=True)
    except StockShortage:
        frappe.db.rollback(save_point="cartons")
        return None
    return str(entry.name)


def _write(rows: Mapping[str, Any], booked: Mapping[str, str]) -> None:
    store.write_parcels(
        {
            name: {
                "package_entry": booked.get(name),
                "package_problem": None if name in booked else text_of(problem(_NOT_THERE)),
            }
            for name in rows
        }
    )


def consume_waiting() -> list[str]:
    """Take out of stock what parcels were packed into while there were no cartons in the books; return the entries."""
    return consume(store.load_unbooked())


def weight_of(choice: Choice | None, default_g: Decimal) -> Decimal:
    """Return what the packing of a parcel weighs: its carton where that is known, else what the settings say."""
    return choice.carton.weight_g if choice and choice.carton and choice.carton.weight_g > 0 else default_g
