"""Packing, weighing and handing over: parcels of deliveries with carrier, waybill number and weight; goods leave once.

Invariants: the parcels of a delivery hold exactly its goods; stock leaves when the last parcel of a delivery is handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.sets import insert_many, submit_many
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import carriers, cartons, outbound, waybills
from ec_erp.fulfilment.flows.settings import FulfilmentTerms, load_settings
from ec_erp.fulfilment.rules import cartons as carton_rules
from ec_erp.fulfilment.rules import packing
from ec_erp.fulfilment.rules.cartons import Choice
from ec_erp.fulfilment.store import cartons as carton_store
from ec_erp.fulfilment.store import outbound as store
from ec_erp.fulfilment.types import PackLine
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders import flows as orders

Row = store.Row
PACKED, HELD, WEIGHED, HANDED_OVER, CANCELLED = "Packed", "Held", "Weighed", "Handed Over", "Cancelled"
OVERWEIGHT, WAYBILL_FAILED = "Overweight", "Waybill Failed"
_SOURCE = "Warehouse"
# Functions that complete Parcels before they are written, as one that recommends cartons does.
_HOOK = "ec_erp_parcels_packing"
Wanted = Mapping[str, Sequence[Sequence[tuple[str, Decimal]]]]


def pack(
    notes: Iterable[str], wanted: Wanted | None = None, packages: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """Pack checked deliveries; return their parcels. ``wanted`` says per delivery which (row, quantity) pairs go together.

    Without it a delivery is one parcel per split class, or as many as the heaviest parcel allows. ``packages`` names the
    carton per delivery where a person chose it. Where no waybill number can be had the order is blocked. Raises
    ``DeliveryRefused`` for deliveries that are not ready or parcels that do not add up.
    """
    heads = outbound.lock_with_orders(notes)
    settings = load_settings()
    refuse(_not_ready(heads, settings), DeliveryRefused)
    lines = _pack_lines(heads)
    contents = {name: _contents(name, lines[name], wanted or {}, settings) for name in heads}
    chosen = carriers.choose(heads, {name: _weight(lines[name], settings) for name in heads})
    parts = [(name, part) for name in heads for part in contents[name]]
    boxes = cartons.choose(
        [(heads[name]["warehouse"], part) for name, part in parts], [(packages or {}).get(name) for name, _ in parts]
    )
    parcels = [
        _parcel(name, heads[name], part, chosen[name], box) for (name, part), box in zip(parts, boxes, strict=True)
    ]
    for method in frappe.get_hooks(_HOOK):
        frappe.get_attr(method)(parcels)
    waybills.assign(parcels, {name: head["shop"] for name, head in heads.items()})
    insert_many(parcels)
    cartons.consume(parcel.name for parcel in parcels if parcel.package)
    _write_packed(heads, parcels, chosen)
    _block_without_number(parcels)
    return {name: [parcel.name for parcel in parcels if parcel.delivery_note == name] for name in heads}


def _not_ready(heads: Mapping[str, Row], settings: FulfilmentTerms) -> Iterable[Problem]:
    ready = (outbound.CHECKED,) if settings.require_check else (outbound.PICKED, outbound.CHECKED)
    for name, head in heads.items():
        if head["stage"] not in ready:
            yield problem(N_("{0} can't be packed yet: it is {1}"), name, frappe._(head["stage"] or "Draft"))


def _pack_lines(heads: Mapping[str, Row]) -> dict[str, list[PackLine]]:
    rows = store.load_lines(heads)
    facts = carton_store.load_pack_facts({row["sku"] for group in rows.values() for row in group})
    return {name: [_pack_line(row, facts[row["sku"]]) for row in rows.get(name, [])] for name in heads}


def _pack_line(row: Row, facts: Row) -> PackLine:
    return PackLine(
        line=row["name"],
        sku=row["sku"],
        qty=decimal_of(row["qty"]),
        weight_g=decimal_of(facts["weight_g"]),
        volume_cm3=decimal_of(facts["volume_cm3"]),
        sides=carton_store.sides_of(facts),
        packing_class=facts["packing_class"] or "",
        split_class=facts["split_class"] or "",
    )


def recommend(note: str) -> list[tuple[str, Decimal, str, str]]:
    """Return the cartons that a delivery would be packed into, as (carton or "", weight in grams, why, its goods)."""
    heads = store.load_heads([note])
    settings, lines = load_settings(), _pack_lines(heads)
    parts = [part for name in heads for part in _contents(name, lines[name], {}, settings)]
    boxes = cartons.choose([(heads[note]["warehouse"], part) for part in parts], [None] * len(parts))
    return [_shown(part, box, settings) for part, box in zip(parts, boxes, strict=True)]


def _shown(part: Sequence[PackLine], box: Choice | None, settings: FulfilmentTerms) -> tuple[str, Decimal, str, str]:
    weight = packing.expected_weight_g(part, cartons.weight_of(box, settings.packing_weight_g))
    goods = ", ".join(f"{line.sku} × {plain(line.qty)}" for line in part)
    return (box.carton.sku if box and box.carton else "", weight, text_of(box.why) if box else "", goods)


def _contents(name: str, lines: Sequence[PackLine], wanted: Wanted, settings: FulfilmentTerms) -> list[list[PackLine]]:
    if name not in wanted:
        return [
            parcel
            for group in carton_rules.groups(lines)
            for parcel in packing.split_parcels(group, settings.packing_weight_g, settings.max_parcel_weight_g)
        ]
    parcels, off = packing.wanted_parcels(lines, wanted[name])
    message = N_("The parcels of {0} hold {1} too many or too few of a row")
    refuse([problem(message, name, plain(qty)) for qty in off.values()], DeliveryRefused)
    return [parcel for parcel in parcels if parcel]


def _weight(lines: Iterable[PackLine], settings: FulfilmentTerms) -> Decimal:
    return packing.expected_weight_g(lines, settings.packing_weight_g)


def _parcel(name: str, head: Row, lines: Sequence[PackLine], choice: carriers.Choice, box: Choice | None) -> Any:
    weight = packing.expected_weight_g(lines, cartons.weight_of(box, load_settings().packing_weight_g))
    doc = frappe.get_doc(
        {
            "doctype": "Parcel",
            "delivery_note": name,
            "sales_order": head["sales_order"],
            "warehouse": head["warehouse"],
            "carrier": choice.carrier,
            **_told_carrier(choice),
            "currency": head["currency"],
            "freight_cost": float(choice.cost_of(weight)),
            "expected_weight_g": float(weight),
            "package": box.carton.sku if box and box.carton else None,
            **_told(box),
            "packed_by": frappe.session.user,
            "packed_at": frappe.utils.now_datetime(),
            "items": [{"sku": one.sku, "qty": float(one.qty), "delivery_note_item": one.line} for one in lines],
        }
    )
    doc.flags.ignore_permissions = True  # who may change the delivery may pack it
    return doc


def _told_carrier(choice: carriers.Choice) -> dict[str, str | None]:
    """Return why a carrier was chosen: in words, and as JSON for readers of other languages."""
    text, kept = sentences.write_note(choice.why, 1000)
    return {"carrier_why": text, "carrier_terms": kept}


def _told(box: Choice | None) -> dict[str, str | None]:
    """Return why a carton was chosen: in words, and as JSON for readers of other languages."""
    text, kept = sentences.write_note(box.why) if box else (None, None)
    return {"package_why": text, "package_terms": kept}


def _write_packed(heads: Mapping[str, Row], parcels: Sequence[Any], chosen: Mapping[str, carriers.Choice]) -> None:
    first: dict[str, Any] = {}
    for parcel in parcels:
        first.setdefault(parcel.delivery_note, parcel)
    store.write_notes(
        {
            name: {
                "stage": outbound.PACKED,
                "carrier": chosen[name].carrier,
                "waybill_no": first[name].get("waybill_no"),
            }
            for name in heads
        }
    )
    outbound.report(heads, "Packed")


def _block_without_number(parcels: Sequence[Any]) -> None:
    if not load_settings().require_waybill:
        return
    failed = {parcel.sales_order: parcel.waybill_problem or "" for parcel in parcels if not parcel.get("waybill_no")}
    notes = {order: note for order, note in failed.items() if order}
    if notes:
        orders.block_orders(notes, WAYBILL_FAILED, _SOURCE)


def fetch_waybills(notes: Iterable[str]) -> dict[str, str]:
    """Try again to get numbers for parcels that have none; return them by parcel. Orders go on where all have one."""
    names = sorted(set(notes))
    heads = store.lock_notes(names)
    rows = [row for group in store.load_parcels(heads).values() for row in group if not row["waybill_no"]]
    docs = [frappe.get_doc("Parcel", row["name"]) for row in rows]
    waybills.assign(docs, {name: head["shop"] for name, head in heads.items()})
    fields = ("waybill_no", "waybill_state", "waybill_account", "waybill_problem")
    store.write_rows("Parcel", {doc.name: {field: doc.get(field) for field in fields} for doc in docs})
    failed = {doc.delivery_note for doc in docs if not doc.waybill_no}
    done = [name for name in heads if name not in failed]
    orders.unblock_orders({heads[name]["sales_order"] for name in done if heads[name]["sales_order"]}, WAYBILL_FAILED)
    parcels = store.load_parcels(done)
    store.write_notes({name: {"waybill_no": parcels[name][0]["waybill_no"]} for name in done if parcels.get(name)})
    return {doc.name: doc.waybill_no for doc in docs if doc.waybill_no}


def cancel_waybills(parcels: Iterable[str], *, void: bool = False) -> dict[str, str]:
    """Take the waybill numbers off parcels and give them back; return what has become of each number, by parcel.

    A parcel that is still here can get another number then; a cancelled parcel keeps the old one. Numbers that could not be given
    back before are given back again, or voided. Raises ``DeliveryRefused`` for parcels that have left, or have no number.
    """
    rows = store.lock_parcels(parcels)
    wrong = [row["name"] for row in rows.values() if not _has_number_here(row)]
    message = N_("{0} has no waybill number that could be taken back")
    refuse([problem(message, name) for name in wrong], DeliveryRefused)
    given = waybills.give_back(list(rows.values()), void=void)
    store.write_rows("Parcel", {name: given[name] for name, row in rows.items() if row["status"] == CANCELLED})
    here = {name: row for name, row in rows.items() if row["status"] != CANCELLED}
    _keep_numbers(here, given)
    unnumbered = {"waybill_no": None, "waybill_state": waybills.TO_ASSIGN, "waybill_account": None}
    store.write_rows("Parcel", dict.fromkeys(here, unnumbered))
    store.write_notes({row["delivery_note"]: {"waybill_no": None} for row in here.values()})
    return {name: str(state["waybill_state"]) for name, state in given.items()}


def _has_number_here(row: Row) -> bool:
    if row["status"] == CANCELLED:
        return bool(row["waybill_no"]) and row["waybill_state"] in (waybills.TO_RECYCLE, waybills.FAILED)
    return bool(row["status"] != HANDED_OVER and row["waybill_state"] == waybills.ASSIGNED)


def _keep_numbers(parcels: Mapping[str, Row], given: Mapping[str, Row]) -> None:
    """Keep the numbers that were taken off parcels, each on a cancelled one."""
    kept = ("delivery_note", "sales_order", "warehouse", "carrier", "currency", "waybill_no", "waybill_account")
    docs = [
        frappe.get_doc(
            {"doctype": "Parcel", "status": CANCELLED, **{field: row[field] for field in kept}, **given[name]}
        )
        for name, row in parcels.items()
    ]
    for doc in docs:
        doc.flags.ignore_permissions = True  # who may change the parcel may take its number off
    if docs:
        insert_many(docs)


def weigh(code: str, weight_g: Decimal) -> tuple[str, Row]:
    """Weigh a parcel (its waybill number or name): ``("ok", parcel)``, or ``("held", parcel)`` where it weighs something else.

    A held parcel blocks its order until it weighs right or somebody accepts the weight.
    """
    row, head = _parcel_of(code)
    if weight_g <= 0:
        refuse([problem(N_("Say how many grams the parcel weighs"))], DeliveryRefused)
    if row["status"] == HELD and head["sales_order"]:
        orders.unblock_orders([head["sales_order"]], OVERWEIGHT)
    heads = outbound.lock_with_orders([row["delivery_note"]])
    settings, expected = load_settings(), decimal_of(row["expected_weight_g"])
    right = packing.is_within(expected, weight_g, settings.tolerance_percent, settings.tolerance_g)
    row.update(status=WEIGHED if right else HELD, weight_g=float(weight_g))
    deviation = packing.deviation_percent(expected, weight_g)
    values = {"status": row["status"], "weight_g": row["weight_g"], "deviation_percent": float(deviation)}
    store.write_rows("Parcel", {row["name"]: {**values, "weighed_by": frappe.session.user}})
    if right:
        _report_weighed(heads)
        return "ok", row
    if head["sales_order"]:
        note = f"{row['waybill_no'] or row['name']}: {plain(weight_g)} g ≠ {plain(expected)} g"
        orders.block_orders({head["sales_order"]: note}, OVERWEIGHT, _SOURCE)
    return "held", row


def accept_weight(code: str) -> Row:
    """Let a held parcel go with the weight it has."""
    row, head = _parcel_of(code)
    if row["status"] != HELD:
        refuse([problem(N_("{0} is not held"), code)], DeliveryRefused)
    if head["sales_order"]:
        orders.unblock_orders([head["sales_order"]], OVERWEIGHT, "weight accepted")
    row["status"] = WEIGHED
    store.write_rows("Parcel", {row["name"]: {"status": WEIGHED}})
    _report_weighed(outbound.lock_with_orders([row["delivery_note"]]))
    return row


def parcel_here(code: str) -> Row:
    """Return the parcel with a waybill number or name that has not left. Raises ``DeliveryRefused`` for others."""
    return _parcel_of(code)[0]


def may_accept() -> bool:
    """Tell whether the user may let held parcels go."""
    return bool(frappe.has_permission("Fulfilment Settings", "write"))


def check_may_accept() -> None:
    """Raise ``frappe.PermissionError`` where the user may not let held parcels go."""
    frappe.has_permission("Fulfilment Settings", "write", throw=True)


def _report_weighed(heads: Mapping[str, Row]) -> None:
    parcels = store.load_parcels(heads)
    done = {name: head for name, head in heads.items() if all(row["status"] == WEIGHED for row in parcels[name])}
    store.write_notes({name: {"weighed": 1} for name in done})
    outbound.report(done, weighed=True)


def _parcel_of(code: str) -> tuple[Row, Row]:
    name = store.find_parcel(code)
    note = store.load_note_of_parcel(name) if name else ""
    rows = [row for row in store.load_parcels([note]).get(note, []) if row["name"] == name] if note else []
    if not rows:
        refuse([problem(N_("{0} is no parcel that is here"), code)], DeliveryRefused)
    if rows[0]["status"] == HANDED_OVER:
        refuse([problem(N_("{0} was handed over already"), code)], DeliveryRefused)
    return rows[0], store.load_heads([note])[note]


def hand_over_parcel(code: str) -> tuple[bool, Row]:
    """Give one parcel to the carrier; return whether its delivery has left with it, and the parcel.

    Stock leaves with the last parcel of a delivery.
    """
    row, _ = _parcel_of(code)
    heads = outbound.lock_with_orders([row["delivery_note"]])
    refuse(_parcel_problems([row]), DeliveryRefused)
    store.write_rows("Parcel", {row["name"]: {"status": HANDED_OVER}})
    row["status"] = HANDED_OVER
    others = store.load_parcels(heads)[row["delivery_note"]]
    if any(other["status"] != HANDED_OVER for other in others):
        return False, row
    ship(heads)
    return True, row


def ship(notes: Iterable[str]) -> list[str]:
    """Hand over packed deliveries with all their parcels and post them; return them.

    Raises ``DeliveryRefused`` where a step is missing, ``OrderNotReady`` where an order was intercepted.
    """
    heads = outbound.lock_with_orders(notes)
    parcels = store.load_parcels(heads)
    problems = [
        problem(N_("{0} can't leave yet: it is {1}"), name, frappe._(head["stage"] or "Draft"))
        for name, head in heads.items()
        if head["stage"] != outbound.PACKED or not parcels.get(name)
    ]
    refuse([*problems, *_parcel_problems(row for group in parcels.values() for row in group)], DeliveryRefused)
    docs = [frappe.get_doc("Delivery Note", name) for name in sorted(heads)]
    for doc in docs:
        doc.handed_over, doc.stage = 1, outbound.HANDED_OVER
        doc.posting_datetime = frappe.utils.now_datetime()
    submit_many(docs)
    _write_left(docs, parcels)
    return [doc.name for doc in docs]


def _parcel_problems(rows: Iterable[Row]) -> Iterable[Problem]:
    settings = load_settings()
    for row in rows:
        if row["status"] == HANDED_OVER:
            continue
        if row["status"] == HELD:
            yield problem(N_("{0} is held: it weighs something else than it should"), row["waybill_no"] or row["name"])
        elif settings.require_weigh and row["status"] != WEIGHED:
            yield problem(N_("{0} is not weighed"), row["waybill_no"] or row["name"])
        if settings.require_waybill and not row["waybill_no"]:
            yield problem(N_("{0} has no waybill number"), row["name"])


def _write_left(docs: Sequence[Any], parcels: Mapping[str, Sequence[Row]]) -> None:
    rows = [row for group in parcels.values() for row in group]
    left = {"status": HANDED_OVER, "waybill_state": waybills.DONE}
    store.write_rows("Parcel", {row["name"]: left for row in rows})
    outbound.report({doc.name: {"sales_order": doc.sales_order} for doc in docs}, handed_over=True)
