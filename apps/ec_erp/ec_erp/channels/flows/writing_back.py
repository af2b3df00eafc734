"""Reporting shipments to platforms: rows for what has left, fetched and confirmed by whoever speaks to the platform.

Invariants: one row per platform order and parcel; what the head of an order shows follows from its rows; orders are locked
before rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.channels import store
from ec_erp.channels.errors import PushRefused
from ec_erp.channels.rules import writing_back as rules
from ec_erp.channels.rules.writing_back import Goods
from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import flows as orders
from ec_erp.orders.store import platform_key

WRITE_BACK_FAILED = N_("Write-Back Failed")
Raw = tuple[str, str]  # a platform order: shop, id


def report_shipments(names: Sequence[str], code: str = "", note: str = "") -> None:  # noqa: ARG001  a hook's shape
    """Queue what has left for orders that came from platforms and is not queued yet."""
    raws = store.load_raw_orders(names)
    if not raws:
        return
    book = _Book(raws)
    parcels = store.load_parcels(names)
    known = {_mark(row) for row in store.load_pushes_of_notes({row["delivery_note"] for row in parcels})}
    new = [parcel for parcel in parcels if _mark(parcel) not in known]
    book.count_back(new)
    store.insert_pushes([row for parcel in new for row in book.rows_of(parcel)])
    _follow_orders(names)


def _mark(parcel: Mapping[str, Any]) -> tuple[str, str]:
    """Return what tells a parcel from others: its delivery and waybill, the delivery alone without one."""
    return parcel["delivery_note"], parcel["waybill_no"] or parcel["delivery_note"]


class _Book:
    """What was bought on platforms, what of it has left and what was reported, for a set of orders."""

    def __init__(self, raws: Sequence[Mapping[str, Any]]) -> None:
        self.bought = {_raw(row): _bought(row["payload"]) for row in raws}
        first = {name: _raw(row) for row in raws for name in (row["sales_orders"] or "").split(", ") if name}
        roots, derived = store.load_goods_of(first)
        self.roots = {row["name"]: row for row in roots}
        self.raw_of = {row["name"]: first[row["parent"]] for row in roots}
        self.root_of = {row["name"]: row["name"] for row in roots} | {row["name"]: row["root_line"] for row in derived}
        self.left = {name: decimal_of(row["delivered_qty"]) for name, row in self.roots.items()}
        for row in derived:
            self.left[row["root_line"]] += decimal_of(row["delivered_qty"])
        self.ordered = self._ordered()
        self.reported: dict[Raw, dict[str, Decimal]] = {raw: {} for raw in self.bought}
        for row in store.load_push_lines(self.bought):
            self._report((row["shop"], row["platform_order_id"]), {row["platform_line_id"]: decimal_of(row["qty"])})

    def _ordered(self) -> dict[str, Decimal]:
        """Return how many stock units each first line stands for: what was bought × units per item, refunds not taken off."""
        by_shop: dict[str, set[tuple[str, str]]] = {}
        for name, row in self.roots.items():
            by_shop.setdefault(self.raw_of[name][0], set()).add(
                (row["platform_item_id"] or "", row["platform_sku_id"] or "")
            )
        listings = {
            (shop, *key): found
            for shop, keys in by_shop.items()
            for key, found in store.load_listings(shop, keys).items()
        }
        combos = catalog_store.load_combos(row["combo_sku"] for row in self.roots.values() if row["combo_sku"])
        units = {(combo, part.sku): part.qty for combo, parts in combos.items() for part in parts}
        return {name: self._units(name, row, listings, units) for name, row in self.roots.items()}

    def _units(
        self, name: str, row: Mapping[str, Any], listings: Mapping[Any, Any], units: Mapping[Any, Decimal]
    ) -> Decimal:
        listing = listings.get((self.raw_of[name][0], row["platform_item_id"] or "", row["platform_sku_id"] or ""))
        bought = self.bought[self.raw_of[name]].get(row["platform_line_id"] or "", ZERO)
        goods = row["combo_sku"] or row["sku"]
        if not listing or listing.sku != goods or not bought:  # mapped otherwise meanwhile, or changed by hand
            return decimal_of(row["qty"])
        return bought * decimal_of(listing.multiplier) * units.get((row["combo_sku"], row["sku"]), Decimal(1))

    def count_back(self, parcels: Iterable[Mapping[str, Any]]) -> None:
        """Take parcels that are reported now off what has left, so that each of them counts once, in turn."""
        for parcel in parcels:
            self._move(parcel, -1)

    def _move(self, parcel: Mapping[str, Any], sign: int) -> None:
        for line, qty in parcel["goods"].items():
            if line in self.root_of:
                self.left[self.root_of[line]] += sign * decimal_of(qty)

    def rows_of(self, parcel: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of a parcel: one for each platform order of which it has something."""
        self._move(parcel, 1)
        packed = {self.root_of[line] for line in parcel["goods"] if line in self.root_of}
        rows = []
        for raw in sorted({self.raw_of[root] for root in packed}):
            lines = {self.roots[root]["platform_line_id"] for root in packed if self.raw_of[root] == raw}
            items = rules.newly_left(self.bought[raw], self._goods(raw, lines - {None, ""}), self.reported[raw])
            if items:
                self._report(raw, items)
                rows.append(self._row(raw, parcel, items))
        return rows

    def _goods(self, raw: Raw, lines: set[str]) -> list[Goods]:
        return [
            Goods(row["platform_line_id"], name, self.ordered[name], self.left[name])
            for name, row in self.roots.items()
            if self.raw_of[name] == raw and row["platform_line_id"] in lines
        ]

    def _report(self, raw: Raw, items: Mapping[str, Decimal]) -> None:
        known = self.reported[raw]
        for line, qty in items.items():
            known[line] = known.get(line, ZERO) + qty

    def _row(self, raw: Raw, parcel: Mapping[str, Any], items: Mapping[str, Decimal]) -> dict[str, Any]:
        return {
            "shop": raw[0],
            "platform_order_id": raw[1],
            "status": rules.QUEUED,
            "is_partial": int(rules.is_partial(self.bought[raw], self.reported[raw])),
            "carrier": parcel["carrier"] or None,
            "waybill_no": parcel["waybill_no"] or None,
            "sales_order": parcel["sales_order"],
            "delivery_note": parcel["delivery_note"],
            "attempts": 0,
            "push_key": "|".join((platform_key(*raw), *_mark(parcel)))[:190],
            "lines": sorted(items.items()),
        }


def _raw(row: Mapping[str, Any]) -> Raw:
    return row["shop"], row["platform_order_id"]


def _bought(payload: Any) -> dict[str, Decimal]:
    """Return the items that were bought per line, as the platform's order says."""
    lines = (frappe.parse_json(payload) or {}).get("lines") or []
    return {str(line["id"]): decimal_of(line["qty"]) for line in lines}


def withdraw_shipments(names: Sequence[str], code: str = "", note: str = "") -> None:  # noqa: ARG001  a hook's shape
    """Take rows back whose delivery was cancelled; those that the platform knows already are marked for a person."""
    rows = store.load_pushes_of_orders(names)
    if not rows:
        return
    shipped = {parcel["delivery_note"] for parcel in store.load_parcels(names)}
    gone = [row for row in rows if row["delivery_note"] not in shipped and row["status"] != rules.CANCELLED]
    store.write_pushes({row["name"]: {"status": rules.CANCELLED} for row in gone if row["status"] in rules.OPEN})
    store.write_pushes({row["name"]: {"withdrawn": 1} for row in gone if row["status"] not in rules.OPEN})
    _follow_orders(names)


def _follow_orders(names: Iterable[str]) -> None:
    """Show on orders how far the platform knows of their parcels."""
    states: dict[str, list[str]] = {name: [] for name in names}
    for row in store.load_pushes_of_orders(states):
        states[row["sales_order"]].append(row["status"])
    orders.record_sync({name: rules.order_state(found) for name, found in states.items()})


def fetch_shipments(shop: str, limit: int) -> list[dict[str, Any]]:
    """Hand out rows of a shop that are due; one that is not answered within ten minutes is handed out again."""
    now = moment_of(frappe.utils.now_datetime())
    leased = now - timedelta(minutes=rules.LEASE_MINUTES)
    names = store.load_due_pushes(shop, now, leased, limit)
    rows = store.lock_pushes(names)
    due = {name: rows[name] for name in names if name in rows and _is_due(rows[name], now)}
    store.write_pushes(
        {
            name: {"status": rules.SENT, "sent_at": now, "attempts": int(row.attempts or 0) + 1}
            for name, row in due.items()
        }
    )
    return [
        {
            "id": name,
            "order_id": row.platform_order_id,
            "carrier": row.carrier or "",
            "waybill": row.waybill_no or "",
            "partial": bool(row.is_partial),
            "lines": row.lines,
            "attempt": int(row.attempts or 0) + 1,
        }
        for name, row in due.items()
    ]


def _is_due(row: Any, now: datetime) -> bool:
    """Look once more at a locked row: somebody else may have fetched it meanwhile."""
    sent = moment_of(frappe.utils.get_datetime(row.sent_at)) if row.sent_at else None
    return rules.is_due(row.status, sent, now)


def acknowledge_shipments(shop: str, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Write what the platform said: {row: {ok, again, message}}; return each row's state now.

    Raises ``PushRefused`` for rows of other shops. A row that is settled already stays as it is.
    """
    rows, names = _lock(answers)
    foreign = [name for name in answers if name not in rows or rows[name].shop != shop]
    refuse([problem(N_("{0} is no row of the shop {1}"), name, shop) for name in foreign], PushRefused)
    now = moment_of(frappe.utils.now_datetime())
    open_rows = {name: row for name, row in rows.items() if row.status in rules.OPEN}
    store.write_pushes({name: _answered(row, answers[name], now) for name, row in open_rows.items()})
    _follow_orders(names)
    return {
        name: _answered(row, answers[name], now)["status"] if name in open_rows else row.status
        for name, row in rows.items()
    }


def _lock(names: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """Lock the orders of rows, then the rows; return the rows and the names of the orders."""
    wanted = list(names)
    owners = sorted({row["sales_order"] for row in store.load_pushes(wanted)})
    orders.lock_orders(owners)
    return store.lock_pushes(wanted), owners


def _answered(row: Any, answer: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    tries, message = int(row.attempts or 0), str(answer.get("message") or "")[:500] or None
    if answer.get("ok"):
        return {"status": rules.DONE, "done_at": now, "next_try": None, "message": message}
    status = rules.after_failure(tries, again=bool(answer.get("again", True)))
    later = rules.next_try(now, tries) if status == rules.QUEUED else None
    return {"status": status, "done_at": None, "next_try": later, "message": message}


def retry_shipments(names: Sequence[str]) -> list[str]:
    """Have rows tried again from the beginning; return those that were. Done and cancelled ones stay."""
    return _settle(names, (*rules.OPEN,), {"status": rules.QUEUED, "attempts": 0, "next_try": None})


def settle_shipments(names: Sequence[str], why: str) -> list[str]:
    """Write that a person has told the platform; return the rows for which that was open."""
    refuse([] if why.strip() else [problem(N_("Say why"))], PushRefused)
    done = {"status": rules.MANUAL, "done_at": frappe.utils.now_datetime(), "message": why[:500], "next_try": None}
    return _settle(names, rules.OPEN, done)


def clear_withdrawn(names: Sequence[str]) -> list[str]:
    """Write that a person has seen that a reported delivery was cancelled."""
    return _settle(names, (rules.DONE, rules.MANUAL), {"withdrawn": 0})


def cancel_shipments(names: Sequence[str], why: str) -> list[str]:
    """Take rows out of the queue that need not be reported; return those that were open."""
    refuse([] if why.strip() else [problem(N_("Say why"))], PushRefused)
    return _settle(names, rules.OPEN, {"status": rules.CANCELLED, "message": why[:500], "next_try": None})


def _settle(names: Sequence[str], statuses: Sequence[str], values: Mapping[str, Any]) -> list[str]:
    rows, owners = _lock(names)
    changed = [name for name, row in rows.items() if row.status in statuses]
    store.write_pushes({name: dict(values) for name in changed})
    _follow_orders(owners)
    return changed


def stuck_shipments() -> list[dict[str, Any]]:
    """Return rows that wait for a person, as rows of the inbox of exceptions."""
    withdrawn = frappe._("Its delivery was cancelled after the platform had been told")
    return [
        {
            "source": "channel",
            "reference_doctype": "Shipment Push",
            "reference_name": row.name,
            "title": row.platform_order_id,
            "code": WRITE_BACK_FAILED,
            "owner_role": "Shop Operator",
            "since": row.modified,
            "blocking": False,
            "suggestion": frappe._("Mend what the message names and try again, or report it by hand"),
            "fix": "",
            "note": row.message or (withdrawn if row.status != rules.FAILED else ""),
            "shop": row.shop,
        }
        for row in store.load_stuck_pushes()
    ]
