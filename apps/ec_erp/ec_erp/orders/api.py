"""Actions on orders for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ec_erp.documents.requests import figures_in, moment_in, names_in, number_in, numbers_in, rows_in
from ec_erp.orders import flows
from ec_erp.orders.flows import bulk, buyers, list_prices
from ec_erp.orders.rules import editing
from ec_erp.orders.rules.editing import LineEdit


@frappe.whitelist(methods=["POST"])
def pay_orders(
    names: str | list[str], paid_datetime: str | None = None, reference: str | None = None
) -> dict[str, Any]:
    """Mark orders as paid; unpaid ones go on to be shipped. Returns ``{name: status}``."""
    paid = moment_in(paid_datetime, "Date") if paid_datetime else None
    return _statuses(flows.pay_orders(_allowed(names), paid, reference))


@frappe.whitelist(methods=["POST"])
def audit_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Release orders that wait for an audit. Returns ``{name: status}``."""
    return _statuses(flows.audit_orders(_allowed(names), note))


@frappe.whitelist(methods=["POST"])
def finance_audit_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Release orders that wait for the finance audit. Returns ``{name: status}``."""
    frappe.only_for(["Accountant", "EC Manager", "System Manager"], message=True)
    return _statuses(flows.finance_audit_orders(_allowed(names, "read"), note))


@frappe.whitelist(methods=["POST"])
def process_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Run the pipeline again for orders that are not released yet. Returns ``{name: status}``."""
    return _statuses(flows.process_orders(_allowed(names), note))


@frappe.whitelist(methods=["POST"])
def reserve_missing(names: str | list[str]) -> dict[str, Any]:
    """Try again to put stock aside for orders that are short. Returns ``{name: stock_state}``."""
    return {order.name: order.stock_state for order in flows.reserve_missing(_allowed(names))}


@frappe.whitelist(methods=["POST"])
def block_orders(names: str | list[str], code: str = "Manual", note: str = "") -> list[str]:
    """Stop orders with a reason of the catalogue; those the warehouse has are intercepted. Returns the changed ones."""
    return [order.name for order in flows.block_orders(dict.fromkeys(_allowed(names), note), code, "hand")]


@frappe.whitelist(methods=["POST"])
def unblock_orders(names: str | list[str], code: str = "", note: str = "") -> list[str]:
    """Take a reason (without a code: all) off orders and let them go on. Returns the changed ones.

    Who decides about a reason may take it off, without the right to handle the order otherwise.
    """
    wanted = names_in(names)
    for name in wanted:
        bulk.check_right(bulk.ACTIONS["Let Go On"], name, {"code": code})
    return [order.name for order in flows.unblock_orders(wanted, code, note)]


@frappe.whitelist(methods=["POST"])
def recall_orders(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Take released orders back from the warehouse to the audit. Returns ``{name: status}``."""
    return _statuses(flows.recall_orders(_allowed(names), note))


@frappe.whitelist(methods=["POST"])
def edit_order(
    name: str,
    changes: str | dict[str, Any] | None = None,
    lines: str | list[dict[str, Any]] | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Edit a submitted order: ``changes`` {field: value}, ``lines`` [{name?, sku?, qty?, rate?, is_gift?}], quantity 0 takes out.

    Returns ``{name: status}`` after the order was processed again. Each kind of edit has its own rights and log entry.
    """
    edits = [
        LineEdit(row.get("name") or "", row.get("sku") or "", row.get("qty"), row.get("rate"), bool(row.get("is_gift")))
        for row in rows_in(lines)
    ]
    wanted = figures_in(changes)
    _allowed([name], "read" if editing.is_by_others(wanted, edits, frappe.get_roles()) else "write")
    return _statuses([flows.edit_order(name, wanted, edits, note)])


@frappe.whitelist(methods=["POST"])
def pay_deposits(names: str | list[str], paid_datetime: str | None = None) -> dict[str, Any]:
    """Mark the deposits of orders as paid. Returns ``{name: status}``."""
    paid = moment_in(paid_datetime, "Date") if paid_datetime else None
    return _statuses(flows.pay_deposits(_allowed(names), paid))


@frappe.whitelist(methods=["POST"])
def release_presale(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Release the presale goods of preorders. Returns ``{name: status}``."""
    return _statuses(flows.release_presale(_allowed(names), note))


@frappe.whitelist(methods=["POST"])
def resend_order(
    name: str, reason: str, lines: str | dict[str, Any] | None = None, order_type: str = "Resend"
) -> dict[str, Any]:
    """Send quantities {line: quantity} of a shipped order again (none: all), free of charge. Returns ``{name: status}``."""
    _allowed([name])
    wanted = numbers_in(lines, "Quantity")
    doc = flows.resend_order(name, wanted, reason, order_type=order_type)
    return {doc.name: doc.status}


@frappe.whitelist(methods=["POST"])
def refund_lines(name: str, lines: str | dict[str, Any], note: str = "") -> dict[str, Any]:
    """Take quantities {line: quantity} that the buyer gets money for out of what is to leave. Returns ``{name: status}``."""
    _allowed([name])
    wanted = numbers_in(lines, "Quantity")
    return {name: flows.refund_lines(name, wanted, note)}


@frappe.whitelist(methods=["POST"])
def take_out_gifts(names: str | list[str], note: str = "") -> dict[str, Any]:
    """Take gifts out of orders that they have not earned any more, and let them go on. Returns ``{name: status}``."""
    wanted = _allowed(names)
    flows.take_out_gifts(wanted, note)
    return {name: row["status"] for name, row in bulk.shown(wanted).items()}


@frappe.whitelist(methods=["POST"])
def archive_orders(names: str | list[str], note: str = "") -> list[str]:
    """Take orders that have ended out of the lists of daily work before their time. Returns their names."""
    wanted = _allowed(names, "write")
    flows.archive_orders(wanted, note)
    return wanted


@frappe.whitelist(methods=["POST"])
def bring_back_orders(names: str | list[str], note: str = "") -> list[str]:
    """Bring archived orders back into the lists. Returns their names."""
    wanted = _allowed(names, "write")
    flows.bring_back(wanted, note)
    return wanted


@frappe.whitelist(methods=["POST"])
def collect_payments(names: str | list[str], reference: str = "") -> dict[str, Any]:
    """Record that carriers have handed over what they collected. Returns ``{name: payment_state}``."""
    frappe.only_for(["Accountant", "EC Manager", "System Manager"], message=True)
    return {order.name: order.payment_state for order in flows.collect_payments(_allowed(names, "read"), reference)}


@frappe.whitelist(methods=["POST"])
def copy_order(name: str, note: str = "") -> str:
    """Make a draft with the receiver, lines and prices of an order. Returns its name."""
    _allowed([name], "read")
    frappe.has_permission("Sales Order", "create", throw=True)
    return str(flows.copy_order(name, note).name)


@frappe.whitelist(methods=["POST"])
def restore_order(name: str, note: str) -> dict[str, Any]:
    """Bring a cancelled order back as a new one, payment and platform order id included. Returns ``{name: status}``."""
    _allowed([name], "amend")
    doc = flows.restore_order(name, note)
    return {doc.name: doc.status}


@frappe.whitelist(methods=["POST"])
def convert_order(name: str, order_type: str, note: str, original: str | None = None) -> dict[str, Any]:
    """Turn an order into a Sale, a Resend or a Replacement (of an ``original`` that has left). Returns ``{name: status}``."""
    frappe.only_for(["EC Manager", "Customer Service", "System Manager"], message=True)
    _allowed([name])
    return _statuses([flows.convert_order(name, order_type, note, original=original)])


@frappe.whitelist(methods=["POST"])
def merge_orders(names: str | list[str], note: str = "") -> str:
    """Merge orders of one buyer at one address. Returns the name of the new order."""
    return str(flows.merge_orders(_allowed(names), note).name)


@frappe.whitelist(methods=["POST"])
def preview_merge(names: str | list[str]) -> dict[str, Any]:
    """Show what merging orders would come to, with nothing changed; refuses what ``merge_orders`` refuses.

    Returns ``{orders: [{name, units, grand_total, hold_until}], units, grand_total, currency, warehouse}``.
    """
    return flows.preview_merge(_allowed(names))


@frappe.whitelist(methods=["POST"])
def split_order(name: str, lines: str | dict[str, Any], note: str = "") -> list[str]:
    """Split quantities of lines off an order, given as {line: quantity}. Returns the names of the parts."""
    _allowed([name])
    chosen = numbers_in(lines, "Quantity")
    return [str(doc.name) for doc in flows.split_order(name, chosen, note)]


@frappe.whitelist(methods=["POST"])
def undo_merge(name: str, note: str = "") -> dict[str, Any]:
    """Take a merged order apart again. Returns ``{name: status}`` of the orders it was made of."""
    _allowed([name])
    return _statuses(flows.undo_merge(name, note))


@frappe.whitelist(methods=["POST"])
def undo_split(name: str, note: str = "") -> dict[str, Any]:
    """Put a split order together again. Returns ``{name: status}``."""
    _allowed([name])
    return _statuses(flows.undo_split(name, note))


@frappe.whitelist(methods=["GET", "POST"])
def explain_order(name: str) -> dict[str, Any]:
    """Return what comes next with an order, its exceptions with owner and suggestion, and its history with all decisions."""
    doc = frappe.get_doc("Sales Order", name)
    doc.check_permission("read")
    return flows.explain_order(doc)


def _allowed(names: str | list[str], right: str = "submit") -> list[str]:
    """Return the names, once the user's right on each order is clear."""
    wanted = names_in(names)
    for name in wanted:
        frappe.get_doc("Sales Order", name).check_permission(right)
    return wanted


def _statuses(orders: Sequence[Any]) -> dict[str, Any]:
    return {order.name: order.status for order in orders}


@frappe.whitelist()
def get_price(sku: str, qty: float = 1, **head: Any) -> dict[str, Any] | None:
    """Return ``{rate, price_origin, price_terms}`` of a SKU in an order that is being entered, None for an unknown SKU.

    ``head`` may name currency, customer, shop, price_list, order_datetime. Raises ``DocumentRefused`` for a list that can't
    be used.
    """
    frappe.has_permission("Sales Order", "read", throw=True)
    (found,) = list_prices.quote(frappe._dict(head), [(sku, number_in(qty, "Quantity"))])
    return {"rate": float(found.rate), **list_prices.origin_of(found)} if found else None


@frappe.whitelist(methods=["GET", "POST"])
def explain_credit(customer: str, company: str) -> dict[str, Any]:
    """Return a customer's credit in a company: ``{limit, owed, ordered, free, overdue, text}``."""
    frappe.get_doc("Customer", customer).check_permission("read")
    frappe.has_permission("Sales Order", "read", throw=True)
    return buyers.explain_credit(customer, company)
