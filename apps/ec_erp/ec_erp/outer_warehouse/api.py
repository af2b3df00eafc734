"""What providers of warehouses call, and what people do with their tasks. Dotted paths and parameters are a public contract.

Shapes and signatures of messages: docs/concepts/outer-warehouse.md.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.requests import names_in
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.flows import comparing, queueing, receiving


@frappe.whitelist(allow_guest=True, methods=["POST"])
def receive(kind: str | None = None) -> dict[str, Any]:
    """Take a signed message of a provider; its ``kind`` and fields stand in the JSON body.

    Headers: X-Ec-Provider, X-Ec-Timestamp (Unix seconds), X-Ec-Message-Id, X-Ec-Signature. Returns ``{state, document,
    message, repeated}``. Raises 401 for a wrong signature, 417 for a message that can't be read.
    """
    provider, timestamp, message_id, given = (
        str(frappe.get_request_header(f"X-Ec-{name}") or "")
        for name in ("Provider", "Timestamp", "Message-Id", "Signature")
    )
    body = frappe.request.get_data()
    receiving.check_signature(provider, timestamp, message_id, body, given)
    content = frappe.parse_json(body.decode())
    return receiving.take(provider, message_id, str(kind or ""), content if isinstance(content, dict) else {})


@frappe.whitelist(methods=["POST"])
def push_orders(names: str | list[str]) -> list[str]:
    """Queue released orders for the providers of their warehouses. Returns the tasks; orders that a provider has stay there."""
    wanted = names_in(names)
    for name in wanted:
        frappe.get_doc("Sales Order", name).check_permission("read")
    _only_staff()
    return queueing.push_orders(wanted)


@frappe.whitelist(methods=["POST"])
def announce_inbound(doctype: str, name: str) -> str:
    """Tell a provider which goods of a purchase order or transfer will come. Returns the task."""
    if doctype not in ("Purchase Order", "Stock Transfer"):
        frappe.throw(frappe._("Expected a purchase order or a transfer"), frappe.ValidationError)
    frappe.get_doc(doctype, name).check_permission("submit")
    return queueing.announce_inbound(doctype, name)


@frappe.whitelist(methods=["POST"])
def retry_tasks(names: str | list[str]) -> list[str]:
    """Have tasks sent again. Returns those that will be."""
    _only_staff()
    return queueing.retry(names_in(names))


@frappe.whitelist(methods=["POST"])
def settle_tasks(names: str | list[str], why: str) -> list[str]:
    """Write that a provider was told by other means. Returns the tasks for which that was open."""
    _only_staff()
    return queueing.settle(names_in(names), why)


@frappe.whitelist(methods=["POST"])
def withdraw_tasks(names: str | list[str], why: str) -> list[str]:
    """Take tasks out of the queue. Returns those that were open."""
    _only_staff()
    return queueing.withdraw(names_in(names), why)


@frappe.whitelist(methods=["POST"])
def apply_messages(names: str | list[str]) -> dict[str, str]:
    """Apply messages that were kept. Returns ``{message: state}``."""
    _only_staff()
    return receiving.apply_again(names_in(names))


@frappe.whitelist(methods=["POST"])
def dismiss_messages(names: str | list[str], why: str) -> list[str]:
    """Write that kept messages need not be applied. Returns those that were open."""
    _only_staff()
    return receiving.dismiss(names_in(names), why)


@frappe.whitelist(methods=["POST"])
def make_count(snapshot: str) -> str:
    """Make the draft of a count that books a snapshot's difference. Returns the Stock Count."""
    frappe.get_doc(store.SNAPSHOT, snapshot).check_permission("read")
    frappe.has_permission("Stock Count", "create", throw=True)
    return comparing.make_count(snapshot)


def _only_staff() -> None:
    frappe.only_for(["Warehouse Staff", "EC Manager", "System Manager"], message=True)
