"""Doing one thing to many orders: a preview of the effect, then the run, with a result per order.

Invariants: a preview changes nothing; in a run one order's refusal does not stop the others, and what it wrote is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import problems_in, refuse
from ec_erp.documents.store import load_rows
from ec_erp.kernel.problems import N_, Problem, Words, problem, words
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.archiving import archive_orders, bring_back
from ec_erp.orders.flows.blocking import block_orders, unblock_orders
from ec_erp.orders.flows.context import order_settings
from ec_erp.orders.flows.editing import edit_order
from ec_erp.orders.flows.going_on import audit_orders, finance_audit_orders, pay_orders, process_orders, reserve_missing
from ec_erp.orders.flows.presale import pay_deposits, release_presale
from ec_erp.orders.flows.recalling import recall_orders
from ec_erp.orders.flows.refunding import take_out_gifts, take_out_refunded
from ec_erp.orders.flows.taking_over import take_over_addresses
from ec_erp.orders.rules import blocks

CHUNK = 50
_SAVEPOINT = "ec_erp_bulk"
_SHOWN = ("status", "exceptions", "stock_state", "warehouse", "carrier", "archived")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something that can be done to many orders: the right it asks for, and how."""

    right: str
    run: Callable[[Sequence[str], Values], object]
    roles: tuple[str, ...] = ()
    by_owner: bool = False  # about a reason (``code``) of an order, its owner may, too
    clears: bool = False  # takes a reason off (``code``, else all)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one order: what it shows before and after, or why it was refused."""

    order: str
    done: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    message: str = ""
    why: tuple[Problem, ...] = ()

    @property
    def effects(self) -> list[Problem]:
        """What is different now, as sentences."""
        told = [
            problem("{0} → {1}", _words_of(self.before[field]), _words_of(self.after[field]))
            for field in _SHOWN
            if field != "archived" and self.before[field] != self.after[field]
        ]
        if self.before["archived"] != self.after["archived"]:
            told.append(problem(N_("Archived") if self.after["archived"] else N_("Back from the Archive")))
        return told

    @property
    def changed(self) -> str:
        """What is different now, in one line and in the user's language."""
        return "; ".join(sentences.tell_problem(one) for one in self.effects)


def _words_of(value: Any) -> Words:
    """Return a status, a list of reasons or a name as people read it."""
    return words(*(str(value).split(", ") if value else ["–"]))


def _edit(names: Sequence[str], values: Values) -> None:
    changes = {field: value for field, value in values.items() if field != "note"}
    for name in names:
        edit_order(name, changes, why=values.get("note") or "")


def _cancel(names: Sequence[str], values: Values) -> None:  # noqa: ARG001  the table's shape
    for name in names:
        frappe.get_doc("Sales Order", name).cancel()


def _note(values: Values) -> str:
    return str(values.get("note") or "")


ACTIONS: Mapping[str, BulkAction] = {
    N_("Mark as Paid"): BulkAction(
        "submit", lambda names, values: pay_orders(names, reference=values.get("reference"))
    ),
    N_("Mark Deposit as Paid"): BulkAction("submit", lambda names, _: pay_deposits(names)),
    N_("Release Presale"): BulkAction("submit", lambda names, values: release_presale(names, _note(values))),
    N_("Process Again"): BulkAction(
        "submit", lambda names, values: process_orders(names, _note(values)), by_owner=True
    ),
    N_("Release"): BulkAction("submit", lambda names, values: audit_orders(names, _note(values))),
    N_("Finance Audit"): BulkAction(
        "read",
        lambda names, values: finance_audit_orders(names, _note(values)),
        blocks.FINANCE_TEAM,
    ),
    N_("Reserve Missing Stock"): BulkAction("submit", lambda names, _: reserve_missing(names), by_owner=True),
    N_("Recall"): BulkAction("submit", lambda names, values: recall_orders(names, _note(values))),
    N_("Take Out Refunded"): BulkAction("submit", lambda names, values: take_out_refunded(names, _note(values))),
    N_("Take Out Unearned Gifts"): BulkAction(
        "submit", lambda names, values: take_out_gifts(names, _note(values)), by_owner=True
    ),
    N_("Stop"): BulkAction(
        "submit",
        lambda names, values: block_orders(dict.fromkeys(names, _note(values)), values.get("code") or "Manual", "hand"),
    ),
    N_("Let Go On"): BulkAction(
        "submit",
        lambda names, values: unblock_orders(names, values.get("code") or "", _note(values)),
        by_owner=True,
        clears=True,
    ),
    N_("Take Over the New Address"): BulkAction(
        "submit", lambda names, values: take_over_addresses(names, _note(values))
    ),
    N_("Archive"): BulkAction("write", lambda names, values: archive_orders(names, _note(values))),
    N_("Bring Back from the Archive"): BulkAction("write", lambda names, values: bring_back(names, _note(values))),
    N_("Edit"): BulkAction("write", _edit),
    N_("Cancel"): BulkAction("cancel", _cancel),
}


def preview(action: str, names: Sequence[str], values: Values) -> list[Result]:
    """Return what an action would do to each order by itself; nothing is kept."""
    wanted = known_action(action)
    results = []
    for name in names:
        with _undone():
            results.append(_one(wanted, name, values))
    frappe.clear_messages()
    return results


def run(action: str, names: Sequence[str], values: Values) -> list[Result]:
    """Do it: set by set, and where a set is refused order by order. Returns a result per order."""
    wanted = known_action(action)
    results: list[Result] = []
    for start in range(0, len(names), CHUNK):
        chunk = list(names[start : start + CHUNK])
        results += _together(wanted, chunk, values) or [_one(wanted, name, values) for name in chunk]
    frappe.clear_messages()
    return results


def in_background(count: int) -> bool:
    """Tell whether so many orders are too many for the person to wait."""
    return count > int(order_settings().background_over or 50)


def known_action(action: str) -> BulkAction:
    """Return an action by its name. Raises ``OrderNotReady`` for an unknown one, ``frappe.PermissionError`` for others' work."""
    if action not in ACTIONS:
        refuse([problem(N_("{0} is not known"), action)], OrderNotReady)
    wanted = ACTIONS[action]
    if wanted.roles:
        frappe.only_for(wanted.roles, message=True)
    return wanted


def _together(action: BulkAction, names: Sequence[str], values: Values) -> list[Result]:
    """Do it to all at once; return nothing (and keep nothing) where that is refused."""
    before = shown(names)
    if set(before) != set(names):
        return []
    frappe.db.savepoint(_SAVEPOINT)
    try:
        for name in names:
            check_right(action, name, values)
        action.run(names, values)
    except (frappe.ValidationError, frappe.PermissionError):
        frappe.db.rollback(save_point=_SAVEPOINT)
        return []
    frappe.db.release_savepoint(_SAVEPOINT)
    after = shown(names)
    return [Result(name, True, before[name], after[name]) for name in names]


def _one(action: BulkAction, name: str, values: Values) -> Result:
    before = shown([name]).get(name, dict.fromkeys(_SHOWN))
    savepoint = f"{_SAVEPOINT}_one"
    frappe.db.savepoint(savepoint)
    try:
        check_right(action, name, values)
        action.run([name], values)
    except (frappe.ValidationError, frappe.PermissionError) as refused:
        frappe.db.rollback(save_point=savepoint)
        return Result(name, False, before, before, _said(refused), problems_in(refused))
    after = shown([name])[name]
    frappe.db.release_savepoint(savepoint)
    return Result(name, True, before, after)


def _said(refused: Exception) -> str:
    """Return why something was refused; where the framework says nothing, that it is not allowed."""
    return str(frappe.utils.strip_html(str(refused))) or frappe._("You are not allowed to do this")


def check_right(action: BulkAction, name: str, values: Values) -> None:
    """Raise ``frappe.PermissionError`` unless the user may do this to an order; see ``BulkAction.by_owner``."""
    doc = frappe.get_doc("Sales Order", name)
    code, there, roles = values.get("code") or "", [row.code for row in doc.blocks], frappe.get_roles()
    owns = action.by_owner and code in there and blocks.owns(code, roles)
    doc.check_permission("read" if owns else action.right)
    if action.clears:
        refuse_clearing([known for known in there if code in ("", known)], roles)


def refuse_clearing(codes: Sequence[str], roles: Sequence[str]) -> None:
    """Raise ``frappe.PermissionError`` for reasons that somebody who handles orders may not take off: those of finance."""
    kept = [code for code in codes if not blocks.may_clear(code, roles, handles=True)]
    refuse([problem(N_("{0} is for finance to decide"), words(*kept))] if kept else [], frappe.PermissionError)


def shown(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what is shown of orders before and after."""
    rows = load_rows("Sales Order", names, ["name", *_SHOWN])
    return {row["name"]: {field: row[field] for field in _SHOWN} for row in rows}


@contextmanager
def _undone() -> Iterator[None]:
    """Undo what the block does."""
    name = f"{_SAVEPOINT}_preview"
    frappe.db.savepoint(name)
    try:
        yield
    finally:
        frappe.db.rollback(save_point=name)


def run_document(doc: Any) -> None:
    """Do what a bulk run's document says, and write the results into it."""
    names = [row.sales_order for row in doc.rows]
    values = frappe.parse_json(doc.arguments) if doc.arguments else {}
    results = {result.order: result for result in run(doc.action, names, values)}
    for row in doc.rows:
        result = results[row.sales_order]
        row.done, row.effect, row.message = int(result.done), result.changed[:140], result.message[:500]
        row.terms = _terms(result)
    doc.done_count = sum(1 for result in results.values() if result.done)
    doc.failed_count = len(results) - doc.done_count
    doc.status = "Done" if not doc.failed_count else "Done in Part"


def _terms(result: Result) -> str | None:
    """Return what came of an order as JSON text for readers of other languages; None where there is nothing to translate."""
    kept = {
        name: [sentences.keep(one.message, one.values) for one in found]
        for name, found in (("effect", result.effects), ("message", result.why))
        if found
    }
    return frappe.as_json(kept, indent=None) if kept else None


def tell_results(doc: Any) -> None:
    """Tell the results of a bulk run in the reader's language; what the framework has said stays as it was said."""
    for row in doc.rows:
        kept = frappe.parse_json(row.terms) if row.terms else {}
        for field, joint in (("effect", "; "), ("message", "\n")):
            if kept.get(field):
                row.set(field, joint.join(sentences.tell(one) for one in kept[field]))


def run_in_background(name: str) -> None:
    """Do a bulk run that was put off; called by the queue as the user who asked for it."""
    doc = frappe.get_doc("Order Bulk Run", name)
    run_document(doc)
    doc.flags.update({"ignore_permissions": True, "ignore_links": True})
    doc.save()
    frappe.publish_realtime("order_bulk_run", {"name": name, "status": doc.status}, user=doc.owner)
