"""What own shops and bridges to platforms call. Dotted paths, parameters and answers are a public contract.

The shape of orders and refunds is described in docs/concepts/channels.md.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.channels import tasks
from ec_erp.channels.flows import exposure, masking, publishing, pushing, refunding, telling, writing_back
from ec_erp.documents.requests import names_in


@frappe.whitelist(methods=["POST"])
def push_orders(
    shop: str, orders: str | list[dict[str, Any]], complete_until: str | None = None
) -> list[dict[str, Any]]:
    """Take orders of a shop, new and changed ones; pushing one again changes nothing.

    ``complete_until``: with these, all orders that were placed or changed until then have been pushed.
    Returns ``{id, state, sales_orders, message}`` per order; state is created, updated, unchanged or failed.
    """
    _check_right()
    taken = pushing.push_orders(shop, _listed(orders))
    if complete_until:
        telling.note_complete(pushing.checked_shop(shop), complete_until)
    return [
        {"id": one.order_id, "state": one.state, "sales_orders": one.sales_orders, "message": one.message}
        for one in taken
    ]


@frappe.whitelist(methods=["POST"])
def report_orders_complete(shop: str, until: str) -> str:
    """Say that all orders which were placed or changed until a moment, by the platform's clock, have been pushed.

    Returns the moment that is kept: the latest that was said. Strict stock rises only while this is fresh.
    """
    _check_right()
    return telling.note_complete(pushing.checked_shop(shop), until)


@frappe.whitelist(methods=["POST"])
def tell_stock(shop: str) -> dict[str, str]:
    """Tell a shop that has an address for it of its stock now. Returns the state of each listing that was told."""
    _only_operators()
    return tasks.tell(shop)


@frappe.whitelist(methods=["POST"])
def push_refunds(shop: str, refunds: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take refunds of a shop. Returns ``{id, state, message}`` per refund, as for orders."""
    _check_right()
    return [
        {"id": one.order_id, "state": one.state, "message": one.message}
        for one in refunding.push_refunds(shop, _listed(refunds))
    ]


@frappe.whitelist(methods=["POST"])
def reveal_receiver(order: str, why: str) -> dict[str, str]:
    """Return the receiver of an order in plain text; who asked and why is kept in its history."""
    frappe.only_for(["Warehouse Staff", "Customer Service", "EC Manager", "System Manager"], message=True)
    frappe.get_doc("Sales Order", order).check_permission("read")
    return masking.reveal(order, why)


@frappe.whitelist(methods=["POST"])
def pull_stock(shop: str, limit: int = 200) -> list[dict[str, Any]]:
    """Hand out what a shop is to show of its listings, each by what its platform can do (``kind``).

    Returns ``{listing, item_id, sku_id, outer_code, write, kind, qty, change, expected, counter}`` each: Set Quantity: show qty; Delta:
    change by change; Compare and Set: show qty where expected is shown; Read: say what is shown. ``write`` is the key by which
    a platform knows a repetition.
    What is not confirmed by ``acknowledge_stock`` within ten minutes is handed out again.
    """
    _check_right("Listing")
    return publishing.fetch_stock(pushing.checked_shop(shop), _at_most(limit))


@frappe.whitelist(methods=["POST"])
def acknowledge_stock(shop: str, results: str | list[dict[str, Any]]) -> dict[str, str]:
    """Confirm stock: ``{listing, counter, write?, ok, outcome?, qty?, message?}`` each. Returns the state of each listing's row.

    ``qty`` is what is shown now; ``outcome`` of what is not ok: refused (surely not done), mismatch, or unknown.
    An older counter than the last one handed out leaves the listing open.
    """
    _check_right("Listing")
    return publishing.acknowledge_stock(pushing.checked_shop(shop), _by(results, "listing"))


@frappe.whitelist(methods=["POST"])
def pull_shipments(shop: str, limit: int = 100) -> list[dict[str, Any]]:
    """Hand out shipments to report: ``{id, order_id, carrier, waybill, partial, lines: [{id, qty}], attempt}`` each.

    What is not confirmed by ``acknowledge_shipments`` within ten minutes is handed out again.
    """
    _check_right()
    return writing_back.fetch_shipments(pushing.checked_shop(shop), _at_most(limit))


@frappe.whitelist(methods=["POST"])
def acknowledge_shipments(shop: str, results: str | list[dict[str, Any]]) -> dict[str, str]:
    """Confirm shipments: ``{id, ok, again?, message?}`` each; ``again`` false: do not try again. Returns each row's state."""
    _check_right()
    return writing_back.acknowledge_shipments(pushing.checked_shop(shop), _by(results, "id"))


@frappe.whitelist(methods=["POST"])
def retry_shipments(names: str | list[str]) -> list[str]:
    """Have shipments reported again. Returns those that were open."""
    _only_operators()
    return writing_back.retry_shipments(_names(names))


@frappe.whitelist(methods=["POST"])
def settle_shipments(names: str | list[str], why: str) -> list[str]:
    """Write that shipments were reported by hand. Returns those that were open."""
    _only_operators()
    return writing_back.settle_shipments(_names(names), why)


@frappe.whitelist(methods=["POST"])
def cancel_shipments(names: str | list[str], why: str) -> list[str]:
    """Take shipments out of the queue that need not be reported. Returns those that were open."""
    _only_operators()
    return writing_back.cancel_shipments(_names(names), why)


@frappe.whitelist(methods=["POST"])
def clear_withdrawn(names: str | list[str]) -> list[str]:
    """Write that somebody has seen to shipments whose delivery was cancelled after they were reported."""
    _only_operators()
    return writing_back.clear_withdrawn(_names(names))


@frappe.whitelist(methods=["POST"])
def retry_stock(names: str | list[str]) -> list[str]:
    """Have shops told of listings again. Returns the rows that were."""
    _only_operators()
    return publishing.retry_stock(_names(names))


@frappe.whitelist(methods=["GET", "POST"])
def explain_stock(listing: str) -> dict[str, Any]:
    """Return what a listing is to publish now and why, and what its shop was told last: ``{qty, policy, why, told}``."""
    frappe.get_doc("Listing", listing).check_permission("read")
    return publishing.explain_stock(listing)


@frappe.whitelist(methods=["GET", "POST"])
def get_exposure(sku: str | None = None, company: str | None = None, every: int = 0) -> list[dict[str, Any]]:
    """Return what listings show beyond what there is, worst first: ``{company, sku, sku_name, published, available, exposure, listings}``.

    ``listings``: ``{listing, title, shop, items, units, published}`` each. With ``every`` also SKUs that are covered.
    """
    frappe.has_permission("Stock Push", "read", throw=True)
    return exposure.exposed_skus(company=company or "", sku=sku or "", every=bool(frappe.utils.cint(every)))


@frappe.whitelist(methods=["GET", "POST"])
def count_exposure() -> dict[str, Any]:
    """Return how many units could be sold and are not there, as a number card shows it."""
    frappe.has_permission("Stock Push", "read", throw=True)
    value = float(exposure.total_exposure())
    return {"value": value, "fieldtype": "Float", "route": ["query-report", "Publish Exposure"]}


def _only_operators() -> None:
    frappe.only_for(["Shop Operator", "EC Manager", "System Manager"], message=True)


def _at_most(limit: int | str) -> int:
    return max(1, min(pushing.MOST_PER_CALL, frappe.utils.cint(limit)))


def _names(values: str | list[str]) -> list[str]:
    return names_in(values)


def _by(values: str | list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """Return answers by what they are about. Raises ``frappe.ValidationError`` for one that says nothing of that."""
    rows = _listed(values)
    if not all(isinstance(row, dict) and row.get(key) for row in rows):
        frappe.throw(frappe._("{0} is missing").format(key), frappe.ValidationError)
    return {str(row[key]): row for row in rows}


def _check_right(doctype: str = "Sales Order") -> None:
    frappe.has_permission(doctype, "create", throw=True)


def _listed(values: str | list[dict[str, Any]]) -> list[Any]:
    found = frappe.parse_json(values)
    if not isinstance(found, list):
        frappe.throw(frappe._("A list is needed"), frappe.ValidationError)
    return list(found)
