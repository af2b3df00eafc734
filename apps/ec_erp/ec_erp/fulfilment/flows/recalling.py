"""Orders that were recalled: their drafts are dropped; goods that were picked go back into bins by tasks.

Invariant: picked goods keep their place in the books of a bin until they lie in one again, so that nobody is sent to an empty bin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import baskets, leaving_waves, outbound, picking, waybills
from ec_erp.fulfilment.rules import putting_back
from ec_erp.fulfilment.rules.baskets import WavePlace
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.store import putting_back as tasks
from ec_erp.fulfilment.types import PutBackLine
from ec_erp.inventory.types import PlaceKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import flows as orders
from ec_erp.orders.flows.cancelling import CANCELLED

Row = store.Row
TASK = "Put Back Task"
_BEING_PICKED = (outbound.TO_PICK, outbound.PICKING, outbound.PICKED)


def drop_drafts(names: Sequence[str], _code: str = "", _note: str = "") -> None:
    """Take orders that were recalled out of the warehouse: untouched drafts go, goods that were picked are to be put back."""
    drafts = [note for group in store.load_orders_with_drafts(names).values() for note in group]
    if not drafts:
        return
    heads = {name: head for name, head in store.lock_notes(drafts).items() if head["stage"] != outbound.TO_PUT_BACK}
    lines = store.load_lines(heads)
    held = _lying_in_baskets(heads, lines)
    touched = {name: head for name, head in heads.items() if any(held.get(row["name"]) for row in lines.get(name, []))}
    _release_unpicked(lines, held)
    waybills.withdraw_parcels(heads)
    shrunk = leaving_waves.take_out(heads, set(touched), _unpicked(heads, lines, held))
    store.write_notes({name: {"stage": outbound.TO_PUT_BACK, "waybill_no": None} for name in touched})
    _make_tasks(touched, lines, held)
    for name in sorted(set(heads) - set(touched)):
        frappe.delete_doc("Delivery Note", name, ignore_permissions=True)
    picking.close_finished(shrunk)


def _lying_in_baskets(heads: Mapping[str, Row], lines: Mapping[str, Sequence[Row]]) -> dict[str, Decimal]:
    """Return what of rows of deliveries lies in baskets, by row: what was picked in a wave, all that is checked or without a wave.

    Of an order that was stopped when its wave began, goods are picked with the others', and its stage says nothing of it.
    """
    waved = {name: head for name, head in heads.items() if head["wave"] and head["stage"] in _BEING_PICKED}
    held = baskets.picked_for(waved) if waved else {}
    whole = [name for name, head in heads.items() if name not in waved and head["stage"] in outbound.TOUCHED]
    return held | {row["name"]: decimal_of(row["qty"]) for name in whole for row in lines.get(name, [])}


def _release_unpicked(lines: Mapping[str, Sequence[Row]], held: Mapping[str, Decimal]) -> None:
    """Give back the places in bins that rows of deliveries hold for what does not lie in a basket."""
    back: dict[PlaceKey, Decimal] = {}
    kept: dict[str, Row] = {}
    for row in (row for group in lines.values() for row in group):
        over = decimal_of(row["allocated_qty"]) - held.get(row["name"], ZERO)
        if over > 0:
            at = outbound.place_of(row)
            back[at] = back.get(at, ZERO) - over
            kept[row["name"]] = {"allocated_qty": float(decimal_of(row["allocated_qty"]) - over)}
    outbound.allocate_bins(back)
    store.write_lines(kept)


def _unpicked(
    heads: Mapping[str, Row], lines: Mapping[str, Sequence[Row]], held: Mapping[str, Decimal]
) -> dict[WavePlace, Decimal]:
    """Return what was not picked for deliveries, by wave and place."""
    found: dict[WavePlace, Decimal] = {}
    for name, head in heads.items():
        for row in lines.get(name, []) if head["wave"] else []:
            at = (head["wave"], (row["sku"], row["bin"] or "", row["batch"] or ""))
            found[at] = found.get(at, ZERO) + decimal_of(row["qty"]) - held.get(row["name"], ZERO)
    return found


def drop_cancelled(names: Sequence[str], code: str = "", note: str = "") -> None:
    """Take cancelled orders out of the warehouse; stopped ones keep their drafts, no scan lets them go on."""
    if code == CANCELLED:
        drop_drafts(names, code, note)


def follow_deliveries(names: Sequence[str]) -> None:
    """Drop the drafts of orders of which goods have left with another delivery; what is still to be shipped gets a new one."""
    drafts = store.load_orders_with_drafts(names)
    if drafts:
        drop_drafts(list(drafts))
        orders.forget_progress(drafts)
        outbound.make_drafts(store.load_orders_to_ship(drafts))


def put(
    task: str, sku: str, qty: Decimal, bin_name: str, batch: str = "", serials: Sequence[str] = ()
) -> list[PutBackLine]:
    """Put units of a SKU, of a batch or with serial numbers, into a bin; return the task's rows afterwards.

    Goods that go into another bin than they came from are moved there in the books too. Raises ``DeliveryRefused`` for
    more than was picked.
    """
    head = _lock(task)
    lines = tasks.load_lines(task)
    parts = putting_back.spread(lines, sku, qty, bin_name, batch)
    if not parts:
        left = sum((line.left for line in lines if line.sku == sku), ZERO)
        refuse([problem(N_("{0} of {1} are too many: {2} are to be put back"), qty, sku, left)], DeliveryRefused)
    _release(head, {line.line: part for line, part in parts}, lines)
    elsewhere = [(line, part) for line, part in parts if bin_name and line.bin and line.bin != bin_name]
    _move(head, elsewhere, bin_name, serials)
    tasks.write_done({line.line: (line.done + part, bin_name or line.bin) for line, part in parts})
    return _close_if_done(task, head)


def report_missing(task: str, line: str) -> list[PutBackLine]:
    """Say that the rest of a row is not in the basket; return the task's rows afterwards. The bin should be counted then."""
    head = _lock(task)
    lines = tasks.load_lines(task)
    found = next((one for one in lines if one.line == line and one.left > 0), None)
    if found is None:
        refuse([problem(N_("Nothing is missing at this stop"))], DeliveryRefused)
    assert found is not None
    _release(head, {line: found.left}, lines)
    tasks.write_missing({line: found.missing + found.left})
    return _close_if_done(task, head)


def finish(names: Iterable[str]) -> None:
    """Say that all goods of tasks lie in the bins they came from."""
    for name in sorted(set(names)):
        head = _lock(name)
        lines = tasks.load_lines(name)
        _release(head, {line.line: line.left for line in lines}, lines)
        tasks.write_done({line.line: (line.done + line.left, line.bin) for line in lines if line.left > 0})
        _close_if_done(name, head)


def put_back(notes: Iterable[str]) -> None:
    """Say that goods of recalled deliveries lie in the bins they came from. Raises ``DeliveryRefused`` for other deliveries."""
    wanted = sorted(set(notes))
    heads = store.lock_notes(wanted)
    wrong = [name for name, head in heads.items() if head["docstatus"] != 0 or head["stage"] != outbound.TO_PUT_BACK]
    refuse([problem(N_("Nothing of {0} is to be put back"), name) for name in wrong], DeliveryRefused)
    open_tasks = tasks.load_open_of(heads)
    finish(open_tasks.values())
    for name in sorted(set(heads) - set(open_tasks)):
        _delete_draft(name)


def next_line(lines: Sequence[PutBackLine]) -> PutBackLine | None:
    """Return the first row that is not done."""
    return next((line for line in lines if line.left > 0), None)


def lines_of(task: str) -> list[PutBackLine]:
    """Return the rows of a task."""
    return tasks.load_lines(task)


def _make_tasks(heads: Mapping[str, Row], lines: Mapping[str, Sequence[Row]], held: Mapping[str, Decimal]) -> None:
    """Make a task for each delivery that lists the goods in its basket, and no others."""
    docs = []
    for name, head in heads.items():
        values = {"delivery_note": name, "wave": head["wave"] or None}
        values |= {field: head[field] for field in ("sales_order", "warehouse")}
        items = [_task_row(row, held[row["name"]]) for row in lines.get(name, []) if held.get(row["name"])]
        doc = frappe.get_doc({"doctype": TASK, **values, "items": items})
        doc.flags.ignore_permissions = True  # the right to recall the order is the right that counts
        doc.flags.ignore_links = True  # the order may just have been cancelled: that is why its goods go back
        docs.append(doc)
    if docs:
        insert_many(docs)


def _task_row(row: Row, qty: Decimal) -> Row:
    fields = ("bin", "sku", "sku_name", "batch")
    return {**{field: row[field] for field in fields}, "qty": float(qty), "delivery_row": row["name"]}


def _lock(task: str) -> Row:
    head = tasks.lock_task(task)
    if head is None or head["status"] != outbound.TO_PUT_BACK:
        refuse([problem(N_("{0} is no task that is open"), task)], DeliveryRefused)
    assert head is not None
    return head


def _release(head: Row, quantities: Mapping[str, Decimal], lines: Sequence[PutBackLine]) -> None:
    """Give back the places in bins that rows of the delivery have held for these quantities (by row of the task)."""
    row_of = {line.line: line.delivery_row for line in lines}
    rows = {row["name"]: row for row in store.load_lines([head["delivery_note"]]).get(head["delivery_note"], [])}
    back: dict[PlaceKey, Decimal] = {}
    changes = {}
    for line, qty in quantities.items():
        row = rows.get(row_of[line])
        if row is not None:
            at, held = outbound.place_of(row), decimal_of(row["allocated_qty"])
            given = min(qty, held)
            back[at] = back.get(at, ZERO) - given
            changes[row["name"]] = {"allocated_qty": float(held - given)}
    outbound.allocate_bins(back)
    store.write_lines(changes)


def _move(head: Row, parts: Sequence[tuple[PutBackLine, Decimal]], bin_name: str, serials: Sequence[str]) -> None:
    if not parts:
        return
    rows, left = [], list(serials)
    for line, qty in parts:
        pieces, left = left[: int(qty)], left[int(qty) :]
        values = {"sku": line.sku, "qty": float(qty), "bin": line.bin, "to_bin": bin_name, "batch": line.batch or None}
        rows.append({**values, "serials": "\n".join(pieces)})
    move = frappe.get_doc({"doctype": "Bin Move", "warehouse": head["warehouse"], "items": rows})
    move.flags.ignore_permissions = True  # who may work on the task may put its goods anywhere
    move.insert()
    move.submit()


def _close_if_done(task: str, head: Row) -> list[PutBackLine]:
    """Close a task without open rows: the draft goes, and an order that is to be shipped again gets a new one."""
    lines = tasks.load_lines(task)
    if putting_back.is_done(lines):
        tasks.close(task, frappe.session.user, frappe.utils.now_datetime())
        if store.load_heads([head["delivery_note"]]):
            _delete_draft(head["delivery_note"])
        again = store.load_orders_to_ship([head["sales_order"]])
        outbound.make_drafts(again)
    return lines


def _delete_draft(name: str) -> None:
    """Delete a draft whose goods are back; its wave and its withdrawn parcels stay, and name the order."""
    rows = store.load_wave_rows_of([name])
    store.write_rows("Wave Order", {row["name"]: {"delivery_note": None} for row in rows})
    store.write_rows("Parcel", {parcel: {"delivery_note": None} for parcel in store.load_withdrawn_parcels([name])})
    frappe.delete_doc("Delivery Note", name, ignore_permissions=True)
