"""Telling providers what is due: claim, send, write the answer.

Invariant: nothing is locked while a message is under way; a claim that nobody has answered is sent again with the same key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.kernel.outbox import LEASE_MINUTES, after_failure, is_due, next_try
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import flows as orders
from ec_erp.orders import store as orders_store
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.flows import providing, queueing
from ec_erp.outer_warehouse.rules import tasks as rules
from ec_erp.outer_warehouse.types import Envelope, Provider, Reply

MOST_AT_ONCE = 50


def claim(provider: str, limit: int = MOST_AT_ONCE) -> list[str]:
    """Take tasks of a provider that are due and mark them as sent; return them, cancellations first."""
    now = moment_of(frappe.utils.now_datetime())
    leased = now - timedelta(minutes=LEASE_MINUTES)
    due = store.load_due(provider, now, leased, limit)
    if not due:
        return []
    cancelling, under_way = store.load_orders_being_cancelled(provider), store.load_under_way(provider, leased)
    names = rules.sendable(due, cancelling, under_way)
    rows = store.lock_tasks(names)
    mine = [name for name in names if name in rows and is_due(rows[name]["status"], _moment(rows[name]), now)]
    store.write_tasks(
        {
            name: {
                "status": rules.SENT,
                "sent_at": now,
                "under_way": 1,
                "attempts": int(rows[name]["attempts"] or 0) + 1,
            }
            for name in mine
        }
    )
    return mine


def _moment(row: store.Row) -> datetime | None:
    return moment_of(frappe.utils.get_datetime(row["sent_at"])) if row["sent_at"] else None


def envelopes(provider: Provider, names: list[str]) -> dict[str, Envelope]:
    """Return what to send for claimed tasks. That receivers are read in plain is written into their orders' history."""
    rows, lines = store.load_tasks(names), store.load_lines(names)
    outbound = [row["reference_name"] for row in rows.values() if row["kind"] == rules.OUTBOUND]
    receivers = store.load_receivers(outbound)
    moment = frappe.utils.now_datetime()
    orders_store.append_log(
        [
            {"sales_order": order, "kind": "Note", "code": "Receiver Read", "moment": moment, "note": provider.name}
            for order in outbound
        ]
    )
    return {
        name: Envelope(
            row["kind"], f"{row['kind']}|{row['order_no']}", _content(row, lines.get(name, []), receivers, provider)
        )
        for name, row in rows.items()
    }


def _content(
    row: store.Row, lines: list[rules.TaskLine], receivers: dict[str, Any], provider: Provider
) -> dict[str, Any]:
    head = {"owner": provider.owner_code, "warehouse": provider.warehouse}
    goods = [{"sku": line.sku, "qty": float(line.qty)} for line in lines]
    if row["kind"] == rules.CANCEL:
        return {**head, "order_no": row["order_no"]}
    if row["kind"] == rules.INBOUND:
        return {**head, "notice_no": row["order_no"], "type": row["reference_doctype"], "lines": goods}
    receiver = dict(receivers[row["reference_name"]])
    remark, message = receiver.pop("remark"), receiver.pop("message")
    texts = {"remark": remark, "buyer_message": message}
    return {**head, "order_no": row["order_no"], "receiver": receiver, **texts, "lines": goods}


def send(provider: Provider, envelope: Envelope) -> Reply:
    """Send one message by the provider's adapter."""
    path = providing.adapters().get(provider.adapter)
    if path is None:
        known = problem(N_("There is no adapter {0}; known are {1}"), provider.adapter, ", ".join(providing.adapters()))
        return Reply(ok=False, again=False, message=text_of(known))
    reply: Reply = frappe.get_attr(path)(provider, envelope)
    return reply


def answer(task: str, reply: Reply) -> str:
    """Write what a provider has answered to a task; return the task's state. Answers that come too late change nothing."""
    found = store.load_tasks([task])
    queueing.lock_orders_of(found.values())
    rows = store.lock_tasks([task, *(row["cancels"] for row in found.values() if row["cancels"])])
    row = rows[task]
    if row["status"] not in (*rules.OPEN, rules.CANCELLING):
        store.write_tasks({task: {"under_way": 0}})
        return str(row["status"])
    changes = _taken(row, reply) if reply.ok else _refused(row, reply)
    changes[task]["under_way"] = 0
    store.write_tasks(changes)
    status = str(changes[task]["status"])
    if status == rules.ACCEPTED and row["kind"] == rules.OUTBOUND:
        _begin(row["reference_name"])
    return status


def _taken(row: store.Row, reply: Reply) -> dict[str, store.Row]:
    now = frappe.utils.now_datetime()
    values = {
        "status": rules.after_answer(row["kind"], row["status"]),
        "message": _text(reply),
        "next_try": None,
    }
    if reply.outer_no:
        values["outer_no"] = reply.outer_no
    if row["kind"] != rules.CANCEL:
        return {row["name"]: values}
    let_go = {row["cancels"]: {"status": rules.CANCELLED, "done_at": now}} if row["cancels"] else {}
    return {row["name"]: {**values, "done_at": now}, **let_go}


def _refused(row: store.Row, reply: Reply) -> dict[str, store.Row]:
    tries = int(row["attempts"] or 0)
    if row["status"] == rules.CANCELLING:  # what it says of the order does not matter any more
        return {row["name"]: {"status": rules.CANCELLING, "message": _text(reply)}}
    status = after_failure(tries, again=reply.again)
    later = next_try(moment_of(frappe.utils.now_datetime()), tries) if status == rules.QUEUED else None
    return {row["name"]: {"status": status, "message": _text(reply), "next_try": later}}


def _text(reply: Reply) -> str | None:
    return str(frappe._(reply.message))[:500] if reply.message else None


def _begin(order: str) -> None:
    """Show on an order that is free to go that its provider works on it."""
    head = orders.lock_orders([order])[order]
    if head.status == "To Ship" and not head.blocking:
        orders.record_fulfilment({order: orders.Fulfilment("Picking", {})})
