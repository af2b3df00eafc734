"""What providers are to be told: orders to send out, cancellations, goods that will come.

Invariants: an order has at most one task that its provider works on; orders are locked before tasks; nothing is sent here, but a
job is asked for that sends after the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import flows as orders
from ec_erp.orders import store as orders_store
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.errors import ProviderRefused
from ec_erp.outer_warehouse.rules import tasks as rules


def push_orders(names: Sequence[str], _code: str = "", _note: str = "") -> list[str]:
    """Queue orders whose warehouse a provider runs; return the tasks. One that the provider has already stays with it."""
    providers = store.load_provider_of_warehouses()
    if not providers:
        return []
    heads = {
        name: head
        for name, head in orders.lock_orders(names).items()
        if head.warehouse in providers and not head.blocking and any(line.open_qty for line in head.lines)
    }
    if not heads:
        return []
    earlier = _by_order(store.load_tasks_of(heads, rules.OUTBOUND))
    free = [head for name, head in heads.items() if not any(_holds(row) for row in earlier.get(name, []))]
    docs = [_outbound(head, providers[str(head.warehouse)], len(earlier.get(head.name, []))) for head in free]
    if docs:
        insert_many(docs)
        tell_soon(doc.provider for doc in docs)
    return [doc.name for doc in docs]


def tell_soon(found: Iterable[str]) -> None:
    """Have a job tell providers what is due as soon as this is committed; one that waits already does for all."""
    for provider in sorted(set(found)):
        frappe.enqueue(
            "ec_erp.outer_warehouse.tasks.tell",
            queue="long",
            enqueue_after_commit=True,
            job_id=f"tell-provider-{provider}",
            deduplicate=True,
            provider=provider,
        )


def _holds(row: store.Row) -> bool:
    """Tell whether a task keeps its order from being sent anew: one being cancelled does not, the new one waits for it."""
    return row["status"] in rules.LIVE and row["status"] != rules.CANCELLING


def _by_order(rows: Iterable[store.Row]) -> dict[str, list[store.Row]]:
    groups: dict[str, list[store.Row]] = {}
    for row in rows:
        groups.setdefault(row["reference_name"], []).append(row)
    return groups


def _outbound(head: Any, provider: str, earlier: int) -> Any:
    lines = [{"sku": line.sku, "qty": float(line.open_qty)} for line in head.lines if line.open_qty]
    number = rules.number_for(head.name, earlier)
    return _task(rules.OUTBOUND, provider, head.warehouse, ("Sales Order", head.name), number, lines=lines)


def _task(kind: str, provider: str, warehouse: str, about: tuple[str, str], number: str, **fields: Any) -> Any:
    doc = frappe.get_doc(
        {
            "doctype": store.TASK,
            "kind": kind,
            "provider": provider,
            "warehouse": warehouse,
            "reference_doctype": about[0],
            "reference_name": about[1],
            "order_no": number,
            "task_key": f"{kind}|{number}"[:190],
            **fields,
        }
    )
    doc.flags.ignore_permissions = True  # the right to release or recall the order is the right that counts
    return doc


def cancel_orders(names: Sequence[str], _code: str = "", note: str = "") -> None:
    """Take orders back from their providers: what was never sent goes, for the rest the provider is asked to let go."""
    if not store.load_provider_of_warehouses():
        return
    found = store.load_tasks_of(names, rules.OUTBOUND)
    live = store.lock_tasks(row["name"] for row in found if _holds(row))
    live = {name: row for name, row in live.items() if _holds(row)}
    asked = {name: row for name, row in live.items() if rules.must_ask(row["status"], int(row["attempts"] or 0))}
    store.write_tasks({name: {"status": rules.CANCELLED, "message": note or None} for name in set(live) - set(asked)})
    store.write_tasks({name: {"status": rules.CANCELLING} for name in asked})
    insert_many([_cancellation(row, note) for row in asked.values()])
    tell_soon(row["provider"] for row in asked.values())


def _cancellation(row: store.Row, note: str) -> Any:
    about = (row["reference_doctype"], row["reference_name"])
    fields = {"cancels": row["name"], "message": note or None}
    return _task(rules.CANCEL, row["provider"], row["warehouse"], about, row["order_no"], **fields)


def announce_inbound(doctype: str, name: str) -> str:
    """Queue a notice about goods that will come to a provider's warehouse; return the task, an open one again.

    Raises ``ProviderRefused`` where the goods go to no provider or to several warehouses.
    """
    known = store.find_inbound(name)
    if known:
        return known
    warehouse, goods, expected = store.load_inbound(doctype, name)
    provider = store.load_provider_of_warehouses().get(warehouse)
    if not provider:
        refuse([problem(N_("The goods of {0} do not go to one warehouse that a provider runs"), name)], ProviderRefused)
    lines = [{"sku": sku, "qty": float(qty)} for sku, qty in goods if qty > 0]
    refuse([] if lines else [problem(N_("Nothing of {0} is still to come"), name)], ProviderRefused)
    task = _task(rules.INBOUND, str(provider), warehouse, (doctype, name), name, lines=lines)
    task.message = str(expected)[:140] if expected else None
    insert_many([task])
    tell_soon([task.provider])
    return str(task.name)


def retry(names: Sequence[str]) -> list[str]:
    """Have failed or waiting tasks sent again from the beginning; return those that will be."""
    rows = _locked(names)
    again = [name for name, row in rows.items() if row["status"] in rules.OPEN]
    store.write_tasks({name: {"status": rules.QUEUED, "attempts": 1, "next_try": None} for name in again})
    tell_soon(rows[name]["provider"] for name in again)
    return again


def settle(names: Sequence[str], why: str) -> list[str]:
    """Write that the provider was told by other means; return the tasks for which that was open.

    An order counts as accepted then, a cancellation as agreed.
    """
    refuse([] if why.strip() else [problem(N_("Say why"))], ProviderRefused)
    rows = {name: row for name, row in _locked(names).items() if row["status"] in rules.OPEN}
    now = frappe.utils.now_datetime()
    changes: dict[str, store.Row] = {}
    for name, row in rows.items():
        status = rules.MANUAL if row["kind"] == rules.CANCEL else rules.ACCEPTED
        changes[name] = {"status": status, "message": why[:500], "next_try": None, "sent_at": row["sent_at"] or now}
        if row["kind"] == rules.CANCEL and row["cancels"]:
            changes[row["cancels"]] = {"status": rules.CANCELLED}
    store.write_tasks(changes)
    return list(rows)


def withdraw(names: Sequence[str], why: str) -> list[str]:
    """Take tasks out of the queue; return those that were open. The order of a withdrawn cancellation stays with the provider."""
    refuse([] if why.strip() else [problem(N_("Say why"))], ProviderRefused)
    rows = {name: row for name, row in _locked(names).items() if row["status"] in (*rules.OPEN, rules.SHORT)}
    changes = {name: {"status": rules.CANCELLED, "message": why[:500], "next_try": None} for name in rows}
    kept = [row for row in rows.values() if row["kind"] == rules.CANCEL and row["cancels"]]
    changes |= {row["cancels"]: {"status": rules.ACCEPTED} for row in kept}
    newer = store.load_tasks_of([row["reference_name"] for row in kept], rules.OUTBOUND)
    changes |= {row["name"]: {"status": rules.CANCELLED} for row in newer if row["status"] == rules.QUEUED}
    store.write_tasks(changes)
    return list(rows)


def _locked(names: Sequence[str]) -> Mapping[str, store.Row]:
    """Lock the orders of tasks, then the tasks, with those that cancellations are about."""
    found = store.load_tasks(names)
    lock_orders_of(found.values())
    rows = store.lock_tasks({*found, *(row["cancels"] for row in found.values() if row["cancels"])})
    return {name: rows[name] for name in found}


def lock_orders_of(rows: Iterable[store.Row]) -> None:
    """Lock the orders that tasks are about, cancelled ones included."""
    orders_store.lock_orders({row["reference_name"] for row in rows if row["reference_doctype"] == "Sales Order"})
