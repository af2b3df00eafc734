"""Counts: listing what is counted, taking scans, posting differences.

Invariant: balances are locked before the books at the scan are worked out, and stay so until the differences are posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.rules.roles import REASON_ROLES
from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.documents import memo
from ec_erp.documents.errors import NotANumberError, refuse
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.inventory.types import GOOD, StockKey, Tracking, ValuedMove
from ec_erp.kernel.numbers import ZERO, decimal_of, is_number
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.kernel.times import moment_of
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.types import AdjustedLine, Adjustment
from ec_erp.stockroom import store
from ec_erp.stockroom.errors import CountRefused
from ec_erp.stockroom.flows import common
from ec_erp.stockroom.rules import counting as rules
from ec_erp.stockroom.types import CountPlace, Moved, Scan

DOCTYPE = "Stock Count"
_FAST_CLOCK = timedelta(minutes=10)
# Functions f(warehouse, skus) -> [((SKU, bin, batch), quantity, moment)] of goods that were taken out of bins and have not left.
IN_BASKETS = "ec_erp_goods_in_baskets"


def fill(doc: Any) -> None:
    """Complete company and time; rows typed with a quantity count as scanned now."""
    common.fill_head(doc, doc.warehouse)
    for row in doc.items:
        row.grade = row.grade or GOOD
        if row.counted_at and not row.counted:
            row.counted_at = _moment_of_scan(row.counted_at, row.sku, frappe.utils.now_datetime())
        if row.get("counted_qty") is not None and row.counted_at and not row.counted:
            row.counted, row.counted_by, row.rounds = 1, frappe.session.user, 1
    if doc.docstatus == 0 and not doc.status:
        doc.status = rules.DRAFT


def check(doc: Any) -> None:
    """Refuse unknown goods, a place listed twice, and submitting before every place is counted."""
    inventory.check_warehouses(doc.company, [doc.warehouse])
    if doc.items:
        catalog.skus_of_rows(doc.items)
    places = [place_of(row) for row in doc.items]
    twice = sorted({place for place in places if places.count(place) > 1})
    message = N_("{0} is listed twice (bin {1}, batch {2})")
    refuse([problem(message, place.sku, place.bin, place.batch) for place in twice], CountRefused)
    doc.to_count = sum(not row.counted for row in doc.items)
    if doc.docstatus == 1 and not doc.items:
        refuse([problem(N_("Nothing is listed: start the count, or add what was counted"))], CountRefused)
    if doc.docstatus == 1 and doc.to_count:
        refuse([problem(N_("{0} places are not counted yet"), doc.to_count)], CountRefused)
    if doc.docstatus == 0 and doc.status not in (rules.DRAFT, rules.CANCELLED):
        doc.status = rules.status_after({place_of(row): bool(row.counted) for row in doc.items}, resting=False)


def start(doc: Any) -> str:
    """List what the scope asks for, and freeze it where the count says so; return the status."""
    doc.check_permission("write")
    if doc.docstatus or doc.status != rules.DRAFT:
        refuse([problem(N_("{0} has been started"), doc.name)], CountRefused)
    known = {place_of(row) for row in doc.items}
    for place in sorted(_places_in_scope(doc)):
        if place not in known:
            doc.append("items", {"sku": place.sku, "bin": place.bin or None, "batch": place.batch or None,
                                 "grade": place.grade})  # fmt: skip
    if not doc.items:
        refuse([problem(N_("Nothing of this lies in {0}"), doc.warehouse)], CountRefused)
    doc.status = rules.TO_COUNT
    doc.save()
    if doc.freeze:
        _freeze(doc)
    return str(doc.status)


def scan(doc: Any, entries: Sequence[Mapping[str, Any]]) -> str:
    """Take counted quantities into the rows of their places, new rows for places that were not listed; return the status."""
    doc.check_permission("write")
    if doc.docstatus or doc.status not in rules.SCANNABLE:
        refuse([problem(N_("{0} is not being counted"), doc.name)], CountRefused)
    rows = {place_of(row): row for row in doc.items}
    for found in _scans(entries):
        row = rows.get(found.place)
        if row is None:
            row = rows[found.place] = _new_row(doc, found.place)
        adds = bool(found.add and row.counted)
        before = decimal_of(row.counted_qty) if adds else ZERO
        row.update(
            {
                "pieces": _pieces_after(row.pieces if adds else "", found.serial),
                "counted": 1,
                "counted_qty": float(before + found.qty),
                "counted_at": found.moment,
                "counted_by": frappe.session.user,
                "rounds": int(row.rounds or 0) + (0 if adds else 1),
            }
        )
    doc.save()
    return str(doc.status)


def _pieces_after(scanned: str | None, serial: str) -> str:
    """Return the numbers of the pieces that were scanned at a place, with one more. Raises ``CountRefused`` for one twice."""
    known = serials_of(scanned)
    if serial.casefold() in {one.casefold() for one in known}:
        refuse([problem(N_("The serial number {0} was scanned already"), serial)], CountRefused)
    return "\n".join(filter(None, (*known, serial)))


def finish(doc: Any, missing_is_zero: bool) -> str:
    """End a round; places that were not counted stay open, or count as empty as of now; return the status."""
    doc.check_permission("write")
    if doc.docstatus or doc.status not in rules.SCANNABLE:
        refuse([problem(N_("{0} is not being counted"), doc.name)], CountRefused)
    open_rows = [row for row in doc.items if not row.counted]
    if missing_is_zero and open_rows:
        now = frappe.utils.now_datetime()
        places = [place_of(row) for row in open_rows]
        return scan(doc, [{**_fields(place), "qty": 0, "counted_at": now} for place in places])
    doc.save()
    doc.status = rules.status_after({place_of(row): bool(row.counted) for row in doc.items}, resting=True)
    store.write_heads(DOCTYPE, {doc.name: {"status": doc.status}})
    return str(doc.status)


def post_counts(docs: Sequence[Any]) -> None:
    """Post the differences of submitted counts."""
    with memo.remembering():
        for doc in docs:
            _post_count(doc)


def cancel_counts(docs: Sequence[Any]) -> None:
    """Undo the differences that were posted."""
    cancel(docs)
    _set_status(docs, rules.CANCELLED)


def unfreeze(docs: Iterable[Any]) -> None:
    """Let goods move again that counts had frozen."""
    for doc in docs:
        store.set_counted_by(doc.warehouse, store.load_marked_skus(doc.warehouse, doc.name), None)


def hide_books(doc: Any) -> None:
    """Take out of a blind count's rows what the books say, until its differences are posted."""
    if doc.blind and doc.docstatus == 0:
        for row in doc.items:
            row.book_qty = row.variance = row.variance_value = None


def place_of(row: Any) -> CountPlace:
    """Return the place that a row counts."""
    return CountPlace(row.sku, row.bin or "", row.batch or "", row.grade or GOOD)


def _places_in_scope(doc: Any) -> list[CountPlace]:
    if doc.scope == "Listed":
        return []
    skus = None
    if doc.scope == "Moved Since":
        skus = store.load_skus_moved_since(doc.warehouse, doc.moved_since)
    elif doc.scope == "Category":
        skus = catalog_store.load_skus_of_category(doc.category)
    places = store.load_places(doc.warehouse, skus)
    if doc.scope != "Zone":
        return [place for place, qty in places.items() if qty]
    bins = inventory_store.load_bins({place.bin for place in places if place.bin})
    zones = {name: row["zone"] for name, row in bins.items()}
    return [place for place, qty in places.items() if qty and zones.get(place.bin.casefold()) == doc.zone]


def _scans(entries: Sequence[Mapping[str, Any]]) -> Iterable[Scan]:
    named = [str(entry.get("sku") or entry.get("barcode") or "") for entry in entries]
    skus = store.load_skus_of_barcodes(named)
    refuse([problem(N_("Nothing has the code {0}"), name) for name in named if name not in skus], CountRefused)
    now = frappe.utils.now_datetime()
    for name, entry in zip(named, entries, strict=True):
        sku, batch = skus[name], str(entry.get("batch") or "")
        whole = batch if not batch or "|" in batch else inventory.batch_name(sku, batch)
        place = CountPlace(sku, str(entry.get("bin") or ""), whole, str(entry.get("grade") or GOOD))
        moment = _moment_of_scan(entry.get("counted_at"), sku, now)
        yield Scan(place, _counted(entry, sku), moment, bool(entry.get("add")), str(entry.get("serial") or ""))


def _counted(entry: Mapping[str, Any], sku: str) -> Decimal:
    """Return how many were counted: nothing said is not nothing there."""
    qty = entry.get("qty")
    if qty is None or qty == "":
        refuse([problem(N_("Say how many of {0} were counted, 0 where there are none"), sku)], CountRefused)
    if not is_number(qty):
        refuse([problem(N_("{0} must be a number, not {1}"), words("Counted Quantity"), qty)], NotANumberError)
    return decimal_of(qty)


def _moment_of_scan(said: Any, sku: str, now: datetime) -> datetime:
    """Return when something was counted; a clock that is a little fast is put right, another day is refused."""
    moment = moment_of(frappe.utils.get_datetime(said or now))
    if moment > moment_of(now) + _FAST_CLOCK:
        refuse([problem(N_("The scan of {0} would lie in the future: {1}"), sku, moment)], CountRefused)
    return min(moment, moment_of(now))


def _new_row(doc: Any, place: CountPlace) -> Any:
    return doc.append("items", _fields(place))


def _fields(place: CountPlace) -> dict[str, Any]:
    return {"sku": place.sku, "bin": place.bin or None, "batch": place.batch or None, "grade": place.grade}


def _freeze(doc: Any) -> None:
    """Mark what is counted; refuse goods that another count has frozen."""
    keys = {StockKey(row.sku, doc.warehouse) for row in doc.items}
    balances = inventory_store.lock_balances(keys)
    message = N_("{0} is being counted by {1} already")
    taken = [(key.sku, found.counted_by) for key, found in balances.items() if found.counted_by not in (None, doc.name)]
    refuse([problem(message, *pair) for pair in sorted(taken)], CountRefused)
    store.set_counted_by(doc.warehouse, {row.sku for row in doc.items}, doc.name)


def _post_count(doc: Any) -> None:
    keys = {StockKey(row.sku, doc.warehouse): doc.company for row in doc.items}
    inventory_store.create_balances(keys)
    inventory_store.lock_balances(keys)
    books = _books_at_scan(doc)
    for row in doc.items:
        book = books[place_of(row)]
        row.book_qty = float(book)
        row.variance = float(rules.variance(decimal_of(row.counted_qty), book))
    _name_pieces(doc)
    unfreeze([doc])
    found = [row for row in doc.items if row.variance > 0]
    missing = [row for row in doc.items if row.variance < 0]
    adjustments = [_adjustment(doc, rows, is_receipt=side) for rows, side in ((found, True), (missing, False)) if rows]
    valued = [entry for entries in post(adjustments) for entry in entries]
    _write_result(doc, [*found, *missing], valued)


def _name_pieces(doc: Any) -> None:
    """Say which pieces are missing or were found where nobody has said it: scanned one by one, or none of them there."""
    unsaid = [row for row in doc.items if row.variance and not row.serials]
    rows = [row for row in unsaid if row.pieces or not row.counted_qty]
    if not rows:
        return
    here = store.load_pieces(doc.warehouse, {row.sku for row in rows})
    for row in rows:
        pieces = rules.pieces_of_variance(decimal_of(row.variance), serials_of(row.pieces), here.get(place_of(row), ()))
        row.serials = "\n".join(pieces)


def _books_at_scan(doc: Any) -> dict[CountPlace, Decimal]:
    skus = {row.sku for row in doc.items}
    now = store.load_places(doc.warehouse, skus)
    moments = {place_of(row): moment_of(frappe.utils.get_datetime(row.counted_at)) for row in doc.items}
    terms = inventory_store.load_terms(StockKey(sku, doc.warehouse) for sku in skus)
    placed = {key.sku for key, found in terms.items() if found.tracked}
    moved = _by_place(store.load_moved(doc.warehouse, skus, min(moments.values()), placed=placed))
    taken = _taken_out(doc.warehouse, skus)
    return {
        place: rules.book_at_scan(place, moment, now.get(place, ZERO), moved.get(place, []))
        - rules.taken_before(moment, taken.get(place, []))
        for place, moment in moments.items()
    }


def _taken_out(warehouse: str, skus: set[str]) -> dict[CountPlace, list[tuple[Decimal, datetime]]]:
    """Return what lies in baskets instead of in its bin, and since when."""
    found: dict[CountPlace, list[tuple[Decimal, datetime]]] = {}
    for method in frappe.get_hooks(IN_BASKETS) or []:
        for (sku, bin_name, batch), qty, moment in frappe.get_attr(method)(warehouse, skus):
            found.setdefault(CountPlace(sku, bin_name, batch), []).append((qty, moment))
    return found


def _by_place(moved: Iterable[Moved]) -> dict[CountPlace, list[Moved]]:
    grouped: dict[CountPlace, list[Moved]] = {}
    for move in moved:
        grouped.setdefault(move.place, []).append(move)
    return grouped


def _adjustment(doc: Any, rows: Sequence[Any], *, is_receipt: bool) -> Adjustment:
    books = accounting_store.load_books(doc.company)
    skus = catalog_store.load_skus(row.sku for row in rows)
    lines = tuple(
        AdjustedLine(
            line=row.name,
            sku=row.sku,
            warehouse=doc.warehouse,
            qty=abs(decimal_of(row.variance)),
            fallback_cost=skus[row.sku.casefold()].purchase_rate,
            tracking=Tracking(row.batch or None, row.bin or None, row.grade, inventory.tracking_of(row).serials),
        )
        for row in rows
    )
    account = books.account(REASON_ROLES["Stock Gain" if is_receipt else "Write-off"])
    voucher = voucher_of(doc)
    return Adjustment(voucher, lines, account, is_receipt, frappe._(DOCTYPE))


def _write_result(doc: Any, rows: Sequence[Any], valued: Sequence[ValuedMove]) -> None:
    for row, entry in zip(rows, valued, strict=True):
        row.variance_value = float(entry.value_change)
    fields = ("book_qty", "variance", "variance_value")
    values = {row.name: {field: row.get(field) or 0 for field in fields} for row in doc.items}
    for row in doc.items:
        values[row.name]["serials"] = row.serials
    store.write_rows("Stock Count Item", values)
    doc.status, doc.differences = rules.DONE, len(rows)
    doc.total_variance_value = float(sum((decimal_of(row.variance_value) for row in doc.items), ZERO))
    head = {field: doc.get(field) for field in ("status", "differences", "total_variance_value")}
    store.write_heads(DOCTYPE, {doc.name: head})


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    store.write_heads(DOCTYPE, {doc.name: {"status": status} for doc in docs})
