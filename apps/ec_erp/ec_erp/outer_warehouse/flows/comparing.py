"""Snapshots of a provider's stock: keeping them, comparing them with the books of the same moment, counting the difference.

Invariant: the comparison is worked out anew whenever it is asked for, so a confirmation that comes late corrects it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import DEFECTIVE, GOOD, StockKey
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.errors import ProviderRefused
from ec_erp.outer_warehouse.flows import common
from ec_erp.outer_warehouse.rules import comparing as rules
from ec_erp.outer_warehouse.rules import messages
from ec_erp.outer_warehouse.rules import tasks as task_rules
from ec_erp.outer_warehouse.types import Compared, MessageLine
from ec_erp.stockroom import store as stockroom_store
from ec_erp.stockroom.rules.counting import book_at_scan
from ec_erp.stockroom.types import CountPlace

Row = store.Row


def take(provider: Row, body: Mapping[str, Any]) -> common.Made:
    """Keep a snapshot; codes that nothing has are listed on it."""
    snapshot = messages.read_snapshot(body, common.zone())
    skus = stockroom_store.load_skus_of_barcodes(line.code for line in snapshot.lines)
    known = [(skus[line.code], line) for line in snapshot.lines if line.code in skus]
    unknown = sorted({line.code for line in snapshot.lines} - set(skus))
    doc = frappe.get_doc(
        {
            "doctype": store.SNAPSHOT,
            "provider": provider["name"],
            "warehouse": provider["warehouse"],
            "taken_at": common.not_ahead(snapshot.moment),
            "is_whole": int(snapshot.whole),
            "unknown_codes": "\n".join(unknown) or None,
            "items": [row for sku, line in known for row in _rows(sku, line)],
        }
    )
    doc.flags.ignore_permissions = True  # the message's signature is its right
    insert_many([doc])
    return [(store.SNAPSHOT, str(doc.name))]


def _rows(sku: str, line: MessageLine) -> list[Row]:
    rows = [{"sku": sku, "grade": GOOD, "qty": float(line.qty)}]
    return rows + ([{"sku": sku, "grade": DEFECTIVE, "qty": float(line.defective)}] if line.defective else [])


def compare(snapshot: Row) -> list[Compared]:
    """Return what a snapshot says against the books of its moment, as they are known now."""
    outer = store.load_snapshot_items(snapshot["name"])
    moment = moment_of(frappe.utils.get_datetime(snapshot["taken_at"]))
    whole = bool(snapshot["is_whole"])
    skus = None if whole else {sku for sku, _ in outer}
    own: dict[rules.Goods, Decimal] = {}
    for place, qty in _books(snapshot["warehouse"], moment, skus).items():
        own[(place.sku, place.grade)] = own.get((place.sku, place.grade), ZERO) + qty
    for goods, qty in store.load_counted(snapshot["stock_count"]).items():
        own[goods] = own.get(goods, ZERO) + qty  # posted later, but it speaks of the snapshot's moment
    in_flight = task_rules.in_flight(store.load_lines_in_flight(snapshot["warehouse"], moment))
    return rules.compare(outer, own, in_flight, whole=whole)


def _books(warehouse: str, moment: datetime, skus: set[str] | None) -> dict[CountPlace, Decimal]:
    """Return what the books say that every place of a warehouse held at a moment, by event time."""
    now = stockroom_store.load_places(warehouse, skus)
    wanted = {place.sku for place in now} | (skus or set())
    terms = inventory_store.load_terms(StockKey(sku, warehouse) for sku in wanted)
    placed = {key.sku for key, found in terms.items() if found.tracked}
    moved: dict[CountPlace, list[Any]] = {}
    for move in stockroom_store.load_moved(warehouse, wanted, moment, placed=placed):
        moved.setdefault(move.place, []).append(move)
    return {place: book_at_scan(place, moment, now.get(place, ZERO), moved.get(place, [])) for place in {*now, *moved}}


def differences(provider: str = "", *, all_rows: bool = False) -> list[Row]:
    """Return rows of the difference report: the newest snapshot of each provider, SKU by SKU and grade by grade."""
    rows: list[Row] = []
    for snapshot in store.load_latest_snapshots(provider):
        found = [one for one in compare(snapshot) if all_rows or one.difference]
        names = store.load_sku_names({one.sku for one in found})
        rows += [_shown(snapshot, one, names.get(one.sku, one.sku)) for one in found]
    return rows


def _shown(snapshot: Row, one: Compared, name: str) -> Row:
    figures = ("outer", "own", "difference", "in_flight", "explained", "to_settle")
    return {
        "provider": snapshot["provider"],
        "warehouse": snapshot["warehouse"],
        "snapshot": snapshot["name"],
        "taken_at": snapshot["taken_at"],
        "sku": one.sku,
        "sku_name": name,
        "grade": one.grade,
        **{figure: float(getattr(one, figure)) for figure in figures},
        "stock_count": snapshot["stock_count"],
    }


def make_count(name: str) -> str:
    """Make the draft of a count that books what is to settle of a snapshot; return it, an existing draft again.

    Goods that lie in several bins or batches are listed without a quantity: a person says where the difference lies. Raises
    ``ProviderRefused`` where nothing is to settle.
    """
    doc = frappe.get_doc(store.SNAPSHOT, name, for_update=True)
    if doc.stock_count and store.is_count_open(doc.stock_count):
        return str(doc.stock_count)
    wanted = rules.to_count(compare(doc.as_dict()))
    refuse([] if wanted else [problem(N_("Nothing of {0} is to settle"), name)], ProviderRefused)
    places = _places(doc.warehouse, {sku for sku, _ in wanted})
    count = frappe.get_doc(
        {
            "doctype": "Stock Count",
            "warehouse": doc.warehouse,
            "scope": "Listed",
            "blind": 0,
            "reference_no": name,
            "remarks": doc.provider,
            "items": [
                row
                for (sku, grade), qty in sorted(wanted.items())
                for row in _count_rows(sku, grade, qty, doc.taken_at, places.get((sku, grade), []))
            ],
        }
    )
    count.insert()
    store.write_snapshot(name, {"stock_count": count.name})
    return str(count.name)


def _places(warehouse: str, skus: set[str]) -> dict[rules.Goods, list[CountPlace]]:
    grouped: dict[rules.Goods, list[CountPlace]] = {}
    for place in sorted(stockroom_store.load_places(warehouse, skus)):
        grouped.setdefault((place.sku, place.grade), []).append(place)
    return grouped


def _count_rows(sku: str, grade: str, qty: Decimal, moment: Any, places: list[CountPlace]) -> list[Row]:
    found = places or [CountPlace(sku, grade=grade)]
    counted = {"counted_qty": float(qty), "counted_at": moment} if len(found) == 1 else {}
    return [
        {"sku": sku, "grade": grade, "bin": place.bin or None, "batch": place.batch or None, **counted}
        for place in found
    ]
