"""Writes of stock to shops, each by what its platform can do: handed out once, answered once, kept with why.

Invariant: a listing has at most one write whose outcome is not known; what a strict write promises is kept for the shop in
the same transaction that hands it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.channels import store
from ec_erp.channels.errors import PushRefused
from ec_erp.channels.flows import granting
from ec_erp.channels.flows.granting import Book, Target
from ec_erp.channels.rules import escrow
from ec_erp.channels.rules.escrow import Account, Answer, Step, Write
from ec_erp.channels.rules.publishing import FAILED, PAUSED, PUBLISHED, SENT, WAITING
from ec_erp.channels.rules.writing_back import MOST_TRIES, next_try
from ec_erp.channels.store import writes
from ec_erp.documents.errors import refuse_with, text_of
from ec_erp.inventory.errors import QuotaRefused
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

_NO_LIMIT = Decimal(10) ** 12
# A transaction that has changed stock may be open for so long: what is younger may not be seen yet.
_UNSEEN = timedelta(minutes=10)
_OPEN_STATUS = {
    escrow.OK: "Confirmed",
    escrow.MISMATCH: "Mismatch",
    escrow.REFUSED: "Refused",
    escrow.UNKNOWN: "Unknown",
}
OUTCOMES = {"mismatch": escrow.MISMATCH, "refused": escrow.REFUSED, "unknown": escrow.UNKNOWN}


def look_at_strict(shop: str, limit: int = 0) -> list[Row]:
    """Settle what is kept for a shop, divide anew, and hand out at most so many writes of its strict listings."""
    now = moment_of(frappe.utils.now_datetime())
    names = writes.load_strict_of(shop)
    try:
        book = granting.open_book(shop, names, now)
    except QuotaRefused as refused:
        frappe.clear_last_message()
        _refuse_all(names, frappe.utils.strip_html(str(refused)))
        return []
    if book is None:
        return []
    granting.settle(book)
    told = _tell(book, granting.targets(book), limit) if book.rows else []
    book.write()
    return told


def _refuse_all(names: Sequence[str], reason: str) -> None:
    store.write_stock_pushes({name: {"status": FAILED, "message": reason} for name in names})


def _tell(book: Book, targets: Mapping[str, Target], limit: int) -> list[Row]:
    told: list[Row] = []
    new: list[Row] = []
    changed: dict[str, Row] = {}
    for name in sorted(book.rows, key=lambda name: (_rises(book, name, targets[name]), name)):
        row, wanted = book.rows[name], _step(book, name, targets[name])
        waits = wanted.write is not None and not _may_send(row, book.now, limit - len(told))
        step = replace(wanted, write=None) if waits else wanted
        write = _written(row, step, targets[name], escrow.STRICT)
        if write is not None and step.write is not None:
            book.keep(name, step.write.keeps)
            new.append(write)
        changed[name] = _looked(book, name, targets[name], step, write["name"] if write else None, waits=waits)
        if step.write is not None:
            told.append(_envelope(row, step.write, changed[name]))
    _save(new, changed, book)
    return told


def _rises(book: Book, name: str, target: Target) -> bool:
    """Order rows so that what frees goods goes before what needs them."""
    return target.qty > (book.accounts[name].estimate or ZERO)


def _may_send(row: Any, now: datetime, room: int) -> bool:
    later = moment_of(frappe.utils.get_datetime(row.next_try)) if row.next_try else None
    return room > 0 and (later is None or later <= now) and row.status != FAILED


def _step(book: Book, name: str, target: Target) -> Step:
    """Return what to do for a strict listing now."""
    account, policy = book.accounts[name], book.policies[name]
    if policy.paused:
        return Step(why=(problem(N_("The policy pauses it: what the shop was told last stays")),))
    forced = name in book.missing
    if account.open is None and not escrow.is_worth_it(target.qty, account.estimate, forced=forced):
        return Step()
    return escrow.next_step(
        book.primitive, account, target.qty, book.room(name), complete_until=book.complete_until, now=book.now
    )


def _written(row: Any, step: Step, target: Target, mode: str) -> Row | None:
    """Return the kept row of a new write; None for one that is sent again."""
    if step.write is None or step.again:
        return None
    return {
        "name": frappe.generate_hash(length=20),
        "listing": row.name,
        "title": row.title,
        "shop": row.shop,
        "sku": row.sku,
        "status": "Sent",
        "kind": step.write.kind,
        "mode": mode,
        "sent_at": step.write.sent,
        "times_sent": 1,
        "qty": float(step.write.qty),
        "change": float(step.write.change),
        "expected": float(step.write.expected or ZERO),
        "keeps": float(step.write.keeps),
        "frees": 0.0,
        "counter": int(row.change_count or 0) + 1,
        "why": _sentences((*target.why, *step.why)),
    }


def _sentences(why: Iterable[Problem]) -> str:
    return "\n".join(text_of(one) for one in why)


def _looked(book: Book, name: str, target: Target, step: Step, write: str | None, *, waits: bool) -> Row:
    """Return the fields of a row after a look."""
    row, account = book.rows[name], book.accounts[name]
    if step.lost:
        account = escrow.lost(account)
    status = _status(book, name, step, waits=waits)
    sent = step.write is not None
    return {
        "mode": "Strict",
        "policy": book.policies[name].name or None,
        "status": status,
        "wanted_qty": float(target.qty),
        "change_count": int(row.change_count or 0) + (1 if write else 0),
        "settled": int(account.settled),
        "uncertain": int(account.uncertain),
        "open_write": write or (None if step.lost else row.open_write),
        "granted_qty": float(sum((book.kept_of(sku) for sku in book.needs[name]), ZERO)),
        "sent_at": book.now if sent else row.sent_at,
        "attempts": int(row.attempts or 0),
        "next_try": row.next_try,
        "message": _sentences(step.why) if step.stuck else row.get("message"),
        "why": _sentences((*target.why, *step.why)),
        "looked_at": book.now - _UNSEEN,
    }


def _status(book: Book, name: str, step: Step, *, waits: bool) -> str:
    row, account = book.rows[name], book.accounts[name]
    if book.policies[name].paused:
        return PAUSED
    if step.stuck or (row.status == FAILED and waits):
        return FAILED
    if step.write is not None or (account.open is not None and not step.lost):
        return SENT
    return PUBLISHED if not step.why and not waits else WAITING


def _envelope(row: Any, write: Write, after: Row) -> Row:
    return {
        "listing": row.name,
        "write": after["open_write"],
        "kind": write.kind,
        "qty": float(write.qty),
        "change": float(write.change),
        "expected": float(write.expected) if write.expected is not None else None,
        "counter": after["change_count"],
    }


def _save(new: Sequence[Row], changed: Mapping[str, Row], book: Book) -> None:
    writes.insert_writes(new)
    store.write_stock_pushes(changed)
    fresh = {row["name"] for row in new}
    again = {row["open_write"]: row for row in changed.values() if row["open_write"] and row["open_write"] not in fresh}
    resent = {name: row for name, row in again.items() if row["sent_at"] == book.now}
    known = writes.lock_writes(resent)
    writes.write_writes(
        {
            name: {"status": "Sent", "sent_at": book.now, "times_sent": int(known[name].times_sent or 1) + 1}
            for name in known
        }
    )
    lost = [
        row.open_write
        for name, row in book.rows.items()
        if row.open_write and changed[name]["open_write"] != row.open_write
    ]
    writes.write_writes({name: {"status": "Unknown"} for name in lost if name})


def hand_out_shared(shop: str, platform: str, rows: Mapping[str, Any]) -> list[Row]:
    """Hand out writes of listings that share their goods: nothing is kept for them, each platform's own primitive is used."""
    now = moment_of(frappe.utils.now_datetime())
    primitive = writes.load_primitive(platform)
    accounts = _shared_accounts(shop, rows, primitive, now)
    told, new, changed = [], [], {}
    for name, row in rows.items():
        wanted = decimal_of(row.wanted_qty)
        step = _plain_step(accounts[name], primitive, wanted, now)
        write = _written(row, step, Target(wanted, ()), "Shared")
        new += [{**write, "counter": int(row.change_count)}] if write else []
        changed[name] = _handed_out(row, accounts[name], step, write, now)
        if step.write is not None:
            told.append(_envelope(row, step.write, {**changed[name], "change_count": int(row.change_count)}))
    writes.insert_writes(new)
    store.write_stock_pushes(changed)
    return told


def _shared_accounts(
    shop: str, rows: Mapping[str, Any], primitive: escrow.Primitive, now: datetime
) -> dict[str, Account]:
    if primitive.kind == escrow.SET:
        return dict.fromkeys(rows, Account())
    offers = {row.name: store.offer_of(row) for row in store.load_offers(rows)}
    return granting.accounts_of(shop, rows, granting.needs_of(offers.values()), primitive, now)


def _plain_step(account: Account, primitive: escrow.Primitive, wanted: Decimal, now: datetime) -> Step:
    if primitive.kind == escrow.SET:
        return Step(Write(escrow.SET, wanted, sent=now))
    known = replace(account, settled=True, pinned=False)
    return escrow.next_step(primitive, known, wanted, _NO_LIMIT, complete_until=now + timedelta(days=1), now=now)


def _handed_out(row: Any, account: Account, step: Step, write: Row | None, now: datetime) -> Row:
    sent = step.write is not None
    status = SENT if sent else (FAILED if step.stuck else PUBLISHED if not step.why else row.status)
    return {
        "status": status,
        "sent_at": now if sent else row.sent_at,
        "open_write": write["name"] if write else (None if step.lost else row.open_write),
        "uncertain": int(account.uncertain or step.lost),
        "acknowledged_count": int(row.change_count if status == PUBLISHED else row.acknowledged_count or 0),
        "message": _sentences(step.why) if step.stuck else row.get("message"),
    }


def answer_shared(
    shop: str, platform: str, rows: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Row]:
    """Take what a shop said of listings that share their goods and are not simply set; return the rows' fields."""
    now = moment_of(frappe.utils.now_datetime())
    primitive = writes.load_primitive(platform)
    accounts = _shared_accounts(shop, rows, primitive, now)
    return _answer(rows, accounts, answers, primitive, now, None)


def answer_strict(shop: str, rows: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Row]:
    """Take what a shop said of its strict listings: write accounts, grants and the kept writes; return the rows' fields."""
    now = moment_of(frappe.utils.now_datetime())
    book = granting.open_book(shop, rows, now)
    if book is None:
        return {}
    changed = _answer(book.rows, book.accounts, answers, book.primitive, now, book)
    book.write()
    return changed


def _answer(
    rows: Mapping[str, Any],
    accounts: Mapping[str, Account],
    answers: Mapping[str, Mapping[str, Any]],
    primitive: escrow.Primitive,
    now: datetime,
    book: Book | None,
) -> dict[str, Row]:
    changed: dict[str, Row] = {}
    said: dict[str, Row] = {}
    for name, answer in answers.items():
        row = rows[name]
        if not row.open_write or (answer.get("write") or row.open_write) != row.open_write:
            changed[name] = {field: row.get(field) for field in _ANSWERED}  # about a write that was given up
            continue
        heard = answer_of(answer)
        result = escrow.answered(primitive, accounts[name], heard, now)
        if book is not None:
            book.free_items(name, result.frees)
        changed[name] = _after_answer(row, result.account, heard, answer, now)
        said[row.open_write] = _said(heard, answer, result.frees if book is not None else ZERO, now)
    writes.write_writes(said)
    return changed


def close_written(rows: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the answers to plain writes of listings that share their goods."""
    now = moment_of(frappe.utils.now_datetime())
    writes.write_writes(
        {
            str(answer.get("write") or rows[name].open_write): _said(answer_of(answer), answer, ZERO, now)
            for name, answer in answers.items()
            if answer.get("write") or rows[name].open_write
        }
    )


_ANSWERED = ("status", "shown_qty", "shown_since", "settled", "uncertain", "open_write", "published_qty", "attempts", "next_try",
             "message", "acknowledged_count", "acknowledged_at")  # fmt: skip


def answer_of(answer: Mapping[str, Any]) -> Answer:
    """Return an answer as the rules know it: ``{ok, outcome?, qty?}``; not ok without an outcome was refused."""
    shown = answer.get("qty")
    outcome = escrow.OK if answer.get("ok") else OUTCOMES.get(str(answer.get("outcome") or ""), escrow.REFUSED)
    return Answer(outcome, None if shown is None else max(ZERO, decimal_of(shown)))


def _after_answer(row: Any, account: Account, heard: Answer, answer: Mapping[str, Any], now: datetime) -> Row:
    well = heard.outcome in (escrow.OK, escrow.MISMATCH)
    tries = 0 if well else int(row.attempts or 0) + 1
    status = _status_after(row, account, heard, tries)
    confirmed = row.change_count if status == PUBLISHED else row.acknowledged_count
    return {
        "status": status,
        "shown_qty": float(account.shown or 0),
        "shown_since": account.since,
        "settled": int(account.settled),
        "uncertain": int(account.uncertain),
        "open_write": row.open_write if account.open is not None else None,
        "published_qty": float(account.estimate or 0),
        "attempts": tries,
        "next_try": next_try(now, tries) if 0 < tries < MOST_TRIES else None,
        "message": str(answer.get("message") or "")[:500] or None,
        "acknowledged_count": int(confirmed or 0),
        "acknowledged_at": now,
    }


def _status_after(row: Any, account: Account, heard: Answer, tries: int) -> str:
    if tries >= MOST_TRIES:
        return FAILED
    if account.open is not None:
        return SENT
    return PUBLISHED if heard.outcome == escrow.OK and account.estimate == decimal_of(row.wanted_qty) else WAITING


def _said(heard: Answer, answer: Mapping[str, Any], frees: Decimal, now: datetime) -> Row:
    return {
        "status": _OPEN_STATUS[heard.outcome],
        "answered_at": now,
        "frees": float(frees),
        "found_qty": None if heard.shown is None else str(heard.shown),
        "message": str(answer.get("message") or "")[:500] or None,
    }


def note_complete(shop: str, until: str) -> str:
    """Keep until when all orders of a shop have come in, never later than now; return the moment that is kept.

    Raises ``PushRefused`` for a moment that can't be read, or that is still to come by more than the clocks may differ.
    """
    now = moment_of(frappe.utils.now_datetime())
    try:
        moment = moment_of(until)
    except ValueError:
        refuse_with(
            [problem(N_("{0} must be a moment (YYYY-MM-DD HH:MM:SS), not {1}"), "complete_until", until)], PushRefused
        )
    if moment > now + timedelta(minutes=5):
        refuse_with([problem(N_("{0} is still to come: orders cannot be complete until then"), until)], PushRefused)
    writes.write_complete_until(shop, min(moment, now), now)
    return str(writes.load_complete_until(shop))
