"""What happens next with a document, in one line above its form: for every kind of document that passes through states.

Invariant: every state that a document can have has exactly one line (tests compare with the choices of ``status``); the line
says who or what is waited for, never only the state again. Orders of customers have their own: ``orders.rules.next_step``.
The hook ``next_step`` names `line_of`; a framework that does not know the hook leaves the line out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from ec_erp.kernel.problems import N_

# What a person must do, what only takes time, what is over, what went wrong.
DO, WAIT, OVER, WRONG = "orange", "blue", "green", "red"
NOTHING_CANCELLED = (N_("Nothing: it is cancelled"), OVER)

# By DocType and state: the line and its colour; {0} is the value of the field that `_VALUES` names.
LINES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Purchase Order": {
        "Draft": (N_("Submit it: a large or dear order then asks for approval"), DO),
        "To Approve": (N_("Waits for the approval of {0}"), DO),
        "To Finance Approve": (N_("Waits for the approval of {0}"), DO),
        "Approved": (N_("The supplier delivers by {0}; then make the receipt"), WAIT),
        "Part Received": (N_("The rest is still to come: receive it, or stop waiting for it"), WAIT),
        "Received": (N_("All is there; what is left is to pay the supplier"), DO),
        "Settled": (N_("Received and paid; close it when nothing goes back"), OVER),
        "Closed": (N_("Nothing: it is closed"), OVER),
        "Stopped": (N_("Nothing more comes; close it when it is paid"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Purchase Receipt": {
        "Draft": (N_("Submit it: the goods come into stock"), DO),
        "To Inspect": (N_("Record the inspection; only what passes comes into stock"), DO),
        "Inspected": (N_("Submit it: what passed comes into stock"), DO),
        "Received": (N_("Nothing: the goods are in stock and booked"), OVER),
        "Part Returned": (N_("Nothing: a part went back to the supplier"), OVER),
        "Returned": (N_("Nothing: all of it went back to the supplier"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Delivery Appointment": {
        "Draft": (N_("Submit it: the warehouse then confirms the time"), DO),
        "Waiting": (N_("The warehouse confirms or rejects it"), DO),
        "Confirmed": (N_("The goods come on {0}; then make the receipt"), WAIT),
        "Rejected": (N_("Rejected: {0}. Cancel it, amend it and choose another time"), WRONG),
        "Received": (N_("Nothing: the goods have come; differences stand in the rows"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Purchase Request": {
        "Draft": (N_("Submit it, so that it can be ordered"), DO),
        "To Order": (N_("A buyer makes the purchase orders"), DO),
        "Part Ordered": (N_("A buyer orders the rest"), DO),
        "Ordered": (N_("Nothing: all of it is ordered"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Landed Cost": {
        "Draft": (N_("Submit it: the goods are worth more, and what is owed is asked for"), DO),
        "Posted": (N_("Nothing: the costs are in the value of the goods"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Purchase Return": {
        "Draft": (N_("Submit it: the goods are put aside for the supplier"), DO),
        "Held": (N_("The warehouse sends the goods out"), DO),
        "Sent Back": (N_("Nothing: the goods are on their way back"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Payment Request": {
        "Open": (N_("Finance pays it"), DO),
        "Part Paid": (N_("Finance pays the rest"), DO),
        "Paid": (N_("Nothing: it is paid"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Payment Entry": {
        "Draft": (N_("Submit it: it is booked, and what it pays is settled"), DO),
        "Posted": (N_("Nothing: it is booked"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Stock Count": {
        "Draft": (N_("Start the count: the lines to count are listed"), DO),
        "To Count": (N_("Lines to count, best by scanning: {0}"), DO),
        "Counting": (N_("Lines left to count: {0}"), DO),
        "Part": (N_("Lines left to count: {0}; finish the round, or count what is missing as nothing"), DO),
        "To Settle": (N_("Submit it: the differences are booked"), DO),
        "Done": (N_("Nothing: the differences are booked"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Stock Transfer": {
        "Draft": (N_("Submit it, so that the goods may leave"), DO),
        "Approved": (N_("The warehouse {0} sends the goods"), DO),
        "Out": (N_("The warehouse {0} receives the goods"), WAIT),
        "Part In": (N_("The warehouse {0} receives the rest, or the difference is settled"), DO),
        "In": (N_("Nothing: all of it has arrived"), OVER),
        "Settled": (N_("Nothing: the difference is settled"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Grade Change": {
        "Draft": (N_("Submit it: the goods change their grade"), DO),
        "Done": (N_("Nothing: the grade is changed"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Delivery Note": {
        "Draft": (N_("Submit it: the goods leave the stock and the sale is booked"), DO),
        "Shipped": (N_("It is on its way; done when nothing comes back"), WAIT),
        "Part Returned": (N_("Nothing: a part came back"), OVER),
        "Returned": (N_("Nothing: all of it came back"), OVER),
        "Taken Back": (N_("Nothing: the goods are back in stock"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Wave": {
        "To Pick": (N_("Orders for a picker to take: {0}"), DO),
        "Picking": (N_("It is being picked; checking and packing follow"), WAIT),
        "Picked": (N_("Orders to check and pack: {0}"), DO),
        "Done": (N_("Nothing: all its parcels are packed"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Pick Task": {
        "To Pick": (N_("Take it on the scan page and pick"), DO),
        "Picking": (N_("Pick on; the rest may be reported as not there"), WAIT),
        "Picked": (N_("Nothing here: checking follows"), OVER),
        "Short": (N_("Goods were missing: look where they are, or buy them"), WRONG),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Parcel": {
        "Packed": (N_("Weigh it, then hand it to {0}"), DO),
        "Held": (N_("Keep it back: its order was stopped"), WRONG),
        "Weighed": (N_("Hand it to {0}"), DO),
        "Handed Over": (N_("Nothing: the carrier has it"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Bin Move": {
        "Draft": (N_("Submit it: the goods are booked to their new bins"), DO),
        "Done": (N_("Nothing: the goods lie in their new bins"), OVER),
        "Cancelled": NOTHING_CANCELLED,
    },
    "Purchase Suggestion": {
        "Open": (N_("Request it, order it, or dismiss it; by {0} it should be ordered"), DO),
        "Requested": (N_("A buyer orders it"), WAIT),
        "Ordered": (N_("Nothing: it is ordered"), OVER),
        "Transferred": (N_("Nothing: it comes from another warehouse"), OVER),
        "Dismissed": (N_("Nothing: it was dismissed"), OVER),
    },
}
# Drafts of deliveries follow the goods through the warehouse.
STAGES: Mapping[str, tuple[str, str]] = {
    "To Wave": (N_("Waits for a wave"), WAIT),
    "To Pick": (N_("Waits for a picker"), WAIT),
    "Picking": (N_("It is being picked"), WAIT),
    "Picked": (N_("Check it against its order"), DO),
    "Checked": (N_("Pack it"), DO),
    "Packed": (N_("Hand the parcel to the carrier"), DO),
    "To Put Back": (N_("Put the goods back: the order was stopped"), WRONG),
}
_VALUES: Mapping[str, str | Mapping[str, str]] = {
    "Purchase Order": "schedule_date",
    "Stock Count": "to_count",
    "Stock Transfer": {"Approved": "from_warehouse", "Out": "to_warehouse", "Part In": "to_warehouse"},
    "Wave": "order_count",
    "Parcel": "carrier",
    "Purchase Suggestion": "order_by",
    "Delivery Appointment": {"Confirmed": "begins_at", "Rejected": "rejection_reason"},
}


def line_of(doc: Any) -> dict[str, str] | None:
    """Return ``{text, indicator}`` in the user's language for a saved document, None for a kind or a state without a line."""
    found = _line(doc)
    if not found:
        return None
    text, colour = found
    return {"text": frappe._(text).format(_value(doc)), "indicator": colour}


def _line(doc: Any) -> tuple[str, str] | None:
    if doc.doctype == "Delivery Note" and doc.docstatus == 0 and doc.stage in STAGES:
        return STAGES[doc.stage]
    if doc.doctype == "Purchase Suggestion" and doc.status == "Open":
        return _open_suggestion(doc)
    return LINES.get(doc.doctype, {}).get(doc.status)


def _open_suggestion(doc: Any) -> tuple[str, str]:
    """Return what to do with a suggestion: goods of another warehouse are not ordered, and not every one has a last day."""
    if doc.kind == "Transfer":
        return N_("Make the transfer, or dismiss it"), DO
    return LINES["Purchase Suggestion"]["Open"] if doc.order_by else (N_("Request it, order it, or dismiss it"), DO)


def _value(doc: Any) -> str:
    if doc.doctype == "Purchase Order" and doc.status in ("To Approve", "To Finance Approve"):
        return _asked_for(doc)
    named = _VALUES.get(doc.doctype, "")
    fieldname = named if isinstance(named, str) else named.get(doc.status, "")
    if not fieldname or doc.get(fieldname) in (None, ""):
        return "–"
    return frappe._(str(doc.get_formatted(fieldname)))


def _asked_for(order: Any) -> str:
    """Return the role whose approval is next, with the reason it is asked for."""
    waiting = next((row for row in order.approvals if not row.approved), None)
    if waiting is None:
        return "–"
    return f"{frappe._(waiting.role)} ({waiting.reason})" if waiting.reason else frappe._(waiting.role)
