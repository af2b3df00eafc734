"""Actions on purchase documents for the desk and for other systems. Dotted paths and parameters are a public contract."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

from ec_erp.documents.requests import figures_in, moment_in, names_in, number_in, numbers_in, rows_in
from ec_erp.purchasing.flows import appointed, approval, common, order, prices, receipt, request, suggestion, whatif
from ec_erp.purchasing.flows import appointment as announcing
from ec_erp.purchasing.flows import payments as paid

_SUBMITTED = {"docstatus": ["=", 1]}


@frappe.whitelist(methods=["POST"])
def stop_orders(names: str | list[str]) -> dict[str, str]:
    """Stop waiting for the rest of purchase orders. Returns ``{name: status}``."""
    wanted = names_in(names)
    for name in wanted:
        frappe.get_doc("Purchase Order", name).check_permission("submit")
    return order.stop_orders(wanted)


@frappe.whitelist()
def make_purchase_receipt(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved Purchase Receipt with everything that is open of a Purchase Order."""
    return get_mapped_doc(
        "Purchase Order",
        source_name,
        {
            "Purchase Order": {
                "doctype": "Purchase Receipt",
                "validation": _SUBMITTED,
                "field_map": {"name": "purchase_order"},
            },
            "Purchase Order Item": {
                "doctype": "Purchase Receipt Item",
                "field_map": {"name": "purchase_order_item"},
                "condition": lambda row: _open_of_order(row) > 0,
                "postprocess": _take_open_of_order,
            },
        },
        target_doc,
    )


@frappe.whitelist()
def make_purchase_return(source_name: str, target_doc: Any = None) -> Any:
    """Return an unsaved Purchase Return with everything of a Purchase Receipt that was not sent back."""
    return get_mapped_doc(
        "Purchase Receipt",
        source_name,
        {
            "Purchase Receipt": {
                "doctype": "Purchase Return",
                "validation": _SUBMITTED,
                "field_map": {"name": "purchase_receipt"},
            },
            "Purchase Receipt Item": {
                "doctype": "Purchase Return Item",
                "field_map": {"name": "purchase_receipt_item"},
                "condition": lambda row: flt(row.returned_qty) < flt(row.accepted_qty),
                "postprocess": _take_open_of_receipt,
            },
        },
        target_doc,
    )


@frappe.whitelist()
def make_landed_cost(source_name: str, target_doc: Any = None) -> Any:  # noqa: ARG001  the framework's shape
    """Return an unsaved Landed Cost for a posted Purchase Receipt, its charges still to be entered."""
    receipt_name = _one("Purchase Receipt", source_name)
    company = frappe.get_doc("Purchase Receipt", receipt_name).company
    doc = frappe.get_doc({"doctype": "Landed Cost", "company": company})
    doc.append("receipts", {"purchase_receipt": receipt_name})
    doc.append("charges", {"cost_type": "Freight", "basis": "Value"})
    return doc


_RETURN_HEAD = (
    "supplier",
    "company",
    "currency",
    "prices_include_tax",
    "total_qty",
    "net_total",
    "total_tax",
    "grand_total",
)
_RETURN_ROW = (
    "sku",
    "qty",
    "rate",
    "tax_rate",
    "warehouse",
    "amount",
    "net_amount",
    "tax_amount",
    "purchase_receipt_item",
)


@frappe.whitelist()
def price_return(purchase_receipt: str, items: str | list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return what a return of ``items`` (left out: of everything that is left) is worth: ``{head, items, problems}``.

    ``items`` are ``{sku, qty, purchase_receipt_item}``; the answer's rows stand in their order. Nothing is saved.
    """
    _allowed("Purchase Receipt", purchase_receipt, "read")
    rows = [{key: row.get(key) for key in ("sku", "qty", "purchase_receipt_item")} for row in rows_in(items)]
    doc = frappe.get_doc({"doctype": "Purchase Return", "purchase_receipt": purchase_receipt, "items": rows})
    problems = receipt.quote_return(doc)
    shown = [{field: row.get(field) for field in _RETURN_ROW} for row in doc.items]
    return {"head": {field: doc.get(field) for field in _RETURN_HEAD}, "items": shown, "problems": problems}


@frappe.whitelist()
def price_receipt(head: str | dict[str, Any], items: str | list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a receipt that is being entered is worth: ``{head, items, problems}``. Nothing is saved.

    ``head`` may have purchase_order, company and prices_include_tax; ``items`` are ``{sku, qty, rejected_qty?, accepted_qty?,
    rate?, tax_rate?, purchase_order_item?}``; the answer's rows stand in their order.
    """
    frappe.has_permission("Purchase Receipt", "create", throw=True)
    given = figures_in(head)
    wanted = {field: given.get(field) for field in ("purchase_order", "company", "prices_include_tax")}
    if wanted["purchase_order"]:
        _allowed("Purchase Order", wanted["purchase_order"], "read")
    rows = [{field: row.get(field) for field in _RECEIPT_ROW} for row in rows_in(items)]
    doc = frappe.get_doc({"doctype": "Purchase Receipt", **wanted, "items": rows})
    problems = receipt.quote_receipt(doc)
    shown = [{field: row.get(field) for field in _PRICED_ROW} for row in doc.items]
    return {"head": {field: doc.get(field) for field in _TOTALS}, "items": shown, "problems": problems}


_RECEIPT_ROW = ("sku", "qty", "rejected_qty", "accepted_qty", "rate", "tax_rate", "purchase_order_item")
_PRICED_ROW = ("sku", "accepted_qty", "rate", "tax_rate", "amount", "net_amount", "tax_amount")
_TOTALS = ("total_qty", "net_total", "total_tax", "grand_total")


def _open_of_order(row: Any) -> float:
    return float(flt(row.qty) - flt(row.received_qty) - flt(row.stopped_qty))


def _take_open_of_order(source: Any, target: Any, _parent: Any) -> None:
    target.qty = target.accepted_qty = _open_of_order(source)


def _take_open_of_receipt(source: Any, target: Any, _parent: Any) -> None:
    target.qty = flt(source.accepted_qty) - flt(source.returned_qty)


@frappe.whitelist(methods=["POST"])
def approve_orders(names: str | list[str]) -> dict[str, str]:
    """Give the approvals of purchase orders that the user's roles allow. Returns ``{name: status}``."""
    wanted = _allowed("Purchase Order", names, "read")
    return order.approve_orders(wanted, frappe.session.user)


@frappe.whitelist(methods=["POST"])
def reject_order(name: str, reason: str) -> dict[str, str]:
    """Refuse a purchase order that waits for approval; it is cancelled with the reason. Returns ``{name: status}``."""
    doc = frappe.get_doc("Purchase Order", name)
    doc.check_permission("read")
    doc.flags.ignore_permissions = True  # the role that approves decides, which the flow checks
    approval.refuse_order(doc, reason)
    return {name: doc.status}


@frappe.whitelist(methods=["POST"])
def close_orders(names: str | list[str]) -> dict[str, str]:
    """Close purchase orders of which nothing more is expected. Returns ``{name: status}``."""
    return order.close_orders(_allowed("Purchase Order", names, "submit"))


@frappe.whitelist(methods=["POST"])
def request_inspection(name: str) -> dict[str, str]:
    """Let a draft Purchase Receipt wait for an inspection. Returns ``{name: status}``."""
    doc = frappe.get_doc("Purchase Receipt", name)
    doc.check_permission("write")
    receipt.ask_for_inspection(doc)
    doc.save()
    return {name: doc.status}


@frappe.whitelist(methods=["POST"])
def record_inspection(name: str, results: str | dict[str, Any] | None = None) -> dict[str, str]:
    """Write what an inspection found on a draft Purchase Receipt. Returns ``{name: status}``.

    ``results`` is ``{row name: {"rejected_qty": n, "accepted_qty": n, "rejection_reason": text}}``; rows left out pass.
    """
    doc = frappe.get_doc("Purchase Receipt", name)
    doc.check_permission("write")
    receipt.record_inspection(doc, figures_in(results))
    doc.save()
    return {name: doc.status}


@frappe.whitelist(methods=["POST"])
def send_out_returns(names: str | list[str]) -> dict[str, str]:
    """Send back purchase returns whose goods are held. Returns ``{name: status}``."""
    return receipt.send_out(_allowed("Purchase Return", names, "submit"))


@frappe.whitelist(methods=["POST"])
def make_orders_of_requests(names: str | list[str]) -> list[str]:
    """Make what is open of purchase requests into draft orders, one per supplier. Returns their names."""
    return [doc.name for doc in request.make_orders(_allowed("Purchase Request", names, "read"))]


@frappe.whitelist(methods=["POST"])
def calculate_suggestions(
    company: str | None = None,
    warehouses: str | list[str] | None = None,
    skus: str | list[str] | None = None,
    suppliers: str | list[str] | None = None,
) -> list[str]:
    """Calculate suggestions for a scope (left out: everything) in place of the open ones. Returns their names."""
    frappe.has_permission("Purchase Suggestion", "create", throw=True)
    scope = [set(names_in(value)) for value in (warehouses, skus, suppliers)]
    return suggestion.calculate(company, *scope)


@frappe.whitelist(methods=["POST"])
def make_plan_of_what_if(filters: str | dict[str, Any] | None = None) -> list[str]:
    """Make what moved parameters would buy today into draft purchase requests, one per company. Returns their names.

    ``filters`` are those of the report What-if Replenishment.
    """
    frappe.has_permission("Purchase Request", "create", throw=True)
    frappe.has_permission("Purchase Suggestion", "read", throw=True)
    scope, scenario, _days = whatif.asked_of(figures_in(filters))
    return whatif.make_plan(scope, scenario, whatif.today())


@frappe.whitelist(methods=["POST"])
def make_orders_of_suggestions(names: str | list[str]) -> list[str]:
    """Make open purchase suggestions into draft orders, one per supplier and warehouse. Returns their names."""
    return suggestion.make_orders(_allowed("Purchase Suggestion", names, "write"))


@frappe.whitelist(methods=["POST"])
def make_requests_of_suggestions(names: str | list[str]) -> list[str]:
    """Make open purchase suggestions into submitted purchase requests. Returns their names."""
    return suggestion.make_requests(_allowed("Purchase Suggestion", names, "write"))


@frappe.whitelist(methods=["POST"])
def make_transfers_of_suggestions(names: str | list[str]) -> list[str]:
    """Make open transfer suggestions into draft stock transfers, one per pair of warehouses. Returns their names."""
    return suggestion.make_transfers(_allowed("Purchase Suggestion", names, "write"))


@frappe.whitelist(methods=["POST"])
def dismiss_suggestions(names: str | list[str]) -> None:
    """Put open suggestions away."""
    suggestion.dismiss(_allowed("Purchase Suggestion", names, "write"))


@frappe.whitelist(methods=["POST"])
def record_payments(
    payments: str | dict[str, Any], voucher_type: str | None = None, voucher: str | None = None
) -> dict[str, str]:
    """Count payments booked elsewhere down on payment requests: ``{name: amount}``. Returns ``{name: status}``."""
    amounts = numbers_in(payments, "Amount")
    _allowed("Payment Request", list(amounts), "write")
    return paid.record_payments(amounts, voucher_type, voucher)


@frappe.whitelist()
def make_payment_entry(source_name: str, target_doc: Any = None) -> Any:  # noqa: ARG001  the framework's shape
    """Return an unsaved Payment Entry for what is outstanding of a Payment Request."""
    (payment,) = paid.payments_for([_one("Payment Request", source_name)])
    return payment


@frappe.whitelist(methods=["POST"])
def make_payments_of_requests(names: str | list[str]) -> list[str]:
    """Make open payment requests into draft payments, one per supplier, credits set off. Returns their names."""
    frappe.has_permission("Payment Entry", "create", throw=True)
    return [payment.insert().name for payment in paid.payments_for(_allowed("Payment Request", names, "read"))]


@frappe.whitelist()
def get_price(sku: str, qty: float = 1, **head: Any) -> dict[str, Any] | None:
    """Return ``{rate, tax_rate, price_origin, price_terms, last_price}`` of a SKU in an order that is being entered.

    ``head`` may name company, supplier, currency, order_datetime, prices_include_tax. None where no price is known.
    """
    frappe.has_permission("Purchase Order", "read", throw=True)
    head["prices_include_tax"] = frappe.utils.cint(head.get("prices_include_tax"))
    return prices.quote(head, sku, number_in(qty, "Quantity"))


@frappe.whitelist()
def make_delivery_appointment(source_name: str, target_doc: Any = None) -> Any:  # noqa: ARG001  the framework's shape
    """Return an unsaved Delivery Appointment with what of a Purchase Order is open and not announced yet."""
    _allowed("Purchase Order", source_name, "read")
    doc = frappe.get_doc("Purchase Order", source_name)
    made = {"doctype": "Delivery Appointment", "supplier": doc.supplier, "company": doc.company}
    made |= {"warehouse": doc.warehouse, "items": announcing.open_lines(source_name)}
    return frappe.get_doc(made)


@frappe.whitelist()
def get_open_lines(order: str, appointment: str = "") -> list[dict[str, Any]]:
    """Return what of a Purchase Order is open and in no other appointment: ``[{purchase_order, purchase_order_item, sku, qty}]``."""
    _allowed("Purchase Order", order, "read")
    return announcing.open_lines(order, without=appointment)


@frappe.whitelist()
def get_free_slots(warehouse: str, day: str | None = None, cartons: Any = 0) -> list[dict[str, Any]]:
    """Return the next free dock slots of a warehouse, from a day (today) on, for so many cartons.

    Each is ``{dock_slot, day, from_time, to_time, deliveries_left}``; None is left where deliveries are not limited.
    """
    frappe.has_permission("Dock Slot", "read", throw=True)
    return announcing.free_slots(warehouse, common.day_of(day), number_in(cartons, "Cartons"))


@frappe.whitelist(methods=["POST"])
def confirm_appointments(names: str | list[str]) -> dict[str, str]:
    """Confirm delivery appointments that wait. Returns ``{name: status}``."""
    wanted = _allowed("Delivery Appointment", names, "submit")
    return announcing.confirm(wanted, frappe.session.user, frappe.utils.now_datetime())


@frappe.whitelist(methods=["POST"])
def reject_appointments(names: str | list[str], reason: str) -> dict[str, str]:
    """Reject delivery appointments with a reason; their slots are free again. Returns ``{name: status}``."""
    wanted = _allowed("Delivery Appointment", names, "submit")
    return announcing.reject(wanted, reason, frappe.session.user, frappe.utils.now_datetime())


@frappe.whitelist(methods=["POST"])
def arrive_with_appointments(names: str | list[str], moment: str | None = None) -> dict[str, str]:
    """Write when confirmed deliveries came (now). Returns ``{name: On Time or Late}``."""
    wanted = _allowed("Delivery Appointment", names, "submit")
    return appointed.arrive(wanted, moment_in(moment or frappe.utils.now_datetime(), "Date"))


@frappe.whitelist(methods=["POST"])
def make_receipts_of_appointment(name: str) -> list[str]:
    """Make what is still to come of an appointment into draft receipts, one per purchase order. Returns their names."""
    frappe.has_permission("Purchase Receipt", "create", throw=True)
    wanted = _one("Delivery Appointment", name)
    return [doc.name for doc in appointed.make_receipts(wanted)]


def _one(doctype: str, name: Any) -> str:
    """Return the one name that the user may read."""
    wanted = _allowed(doctype, name, "read")
    if len(wanted) != 1:
        frappe.throw(_("Expected one name"))
    return wanted[0]


def _allowed(doctype: str, names: Any, right: str) -> list[str]:
    wanted = names_in(names)
    for name in wanted:
        frappe.get_doc(doctype, name).check_permission(right)
    return wanted
