"""What providers tell us: every message is kept, applied once, and waits for a person where it can't be applied.

Invariant: a message that was taken before changes nothing and gets the same answer; one that is refused leaves nothing behind but itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.problems import N_, problem
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.errors import ProviderRefused, WrongSignature
from ec_erp.outer_warehouse.flows import arriving, comparing, shipping
from ec_erp.outer_warehouse.flows.common import Made
from ec_erp.outer_warehouse.rules import messages, signing

DONE, KEPT, DISMISSED = "Done", "Kept", "Dismissed"
_SAVEPOINT = "before_message"
Handler = Callable[[store.Row, Mapping[str, Any]], Made]
_HANDLERS: Mapping[str, Handler] = {
    messages.SHIPPED: shipping.confirm,
    messages.CANCELLED: shipping.let_go,
    messages.RECEIVED: arriving.receive,
    messages.RETURNED: arriving.take_back,
    messages.SNAPSHOT: comparing.take,
}


def check_signature(provider: str, timestamp: str, message_id: str, body: bytes, given: str) -> None:
    """Raise ``WrongSignature`` where a message is not the provider's own or was signed more than five minutes ago."""
    known = store.load_provider_of_warehouses().values()
    secret = store.load_provider(provider).secret if provider in known else ""
    fresh = signing.is_fresh(timestamp, int(time.time()))
    if not signing.is_signed(secret, timestamp, message_id, body, given) or not fresh:
        frappe.throw(frappe._("The signature does not fit"), WrongSignature)


def take(provider: str, message_id: str, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take a message of a provider; return ``{state, documents, message, repeated}``.

    ``state`` is Done, or Kept where a person has to see to it: the provider need not send it again. Raises
    ``ProviderRefused`` for messages that can't be read at all; nothing is kept of these.
    """
    head = store.lock_provider(provider)
    if head is None:
        refuse([problem(N_("There is no provider {0} in force"), provider)], ProviderRefused)
    assert head is not None
    key = f"{provider}|{message_id}"[:190]
    known = store.load_message(key)
    if known:
        return _told(known, repeated=True)
    refuse(messages.problems_of(kind, body), ProviderRefused)
    doc = _message(provider, message_id, kind, body, key)
    insert_many([doc])
    store.write_heard(provider, doc.received_at)
    before, language = frappe.session.user, frappe.local.lang
    frappe.set_user(head["acts_as"])
    try:
        values = _apply({"name": provider, **head}, kind, body)
    finally:
        frappe.set_user(before)
        frappe.local.lang = language
    store.write_message(doc.name, values)
    return _told({"kind": kind, **values}, repeated=False)


def _message(provider: str, message_id: str, kind: str, body: Mapping[str, Any], key: str) -> Any:
    doc = frappe.get_doc(
        {
            "doctype": store.MESSAGE,
            "provider": provider,
            "message_id": message_id,
            "kind": kind,
            "status": KEPT,
            "order_no": messages.number_of(body)[:140] or None,
            "received_at": frappe.utils.now_datetime(),
            "body": frappe.as_json(dict(body)),
            "message_key": key,
        }
    )
    doc.flags.ignore_permissions = True  # its signature is its right
    return doc


def _apply(head: store.Row, kind: str, body: Mapping[str, Any]) -> store.Row:
    frappe.db.savepoint(_SAVEPOINT)
    try:
        made = _HANDLERS[kind](head, body)
    except (frappe.ValidationError, frappe.PermissionError) as refusal:
        frappe.db.rollback(save_point=_SAVEPOINT)
        frappe.clear_messages()
        return {"status": KEPT, "problem": str(refusal)[:1000]}
    first = made[0] if made else (None, None)
    return {"status": DONE, "problem": None, "reference_doctype": first[0], "reference_name": first[1]}


def _told(row: Mapping[str, Any], *, repeated: bool) -> dict[str, Any]:
    return {
        "state": row["status"],
        "document": row.get("reference_name") or "",
        "message": row.get("problem") or "",
        "repeated": repeated,
    }


def apply_again(names: list[str]) -> dict[str, str]:
    """Apply messages that were kept, with the rights of who asks for it; return their states."""
    states = {}
    for name in names:
        row = store.lock_message(name)
        if row is None or row["status"] != KEPT:
            continue
        provider = store.lock_provider(row["provider"]) or {}
        refuse([] if provider else [problem(N_("There is no provider {0} in force"), row["provider"])], ProviderRefused)
        values = _apply({"name": row["provider"], **provider}, row["kind"], frappe.parse_json(row["body"]))
        store.write_message(name, values)
        states[name] = str(values["status"])
    return states


def dismiss(names: list[str], why: str) -> list[str]:
    """Write that kept messages need not be applied; return those that were open."""
    refuse([] if why.strip() else [problem(N_("Say why"))], ProviderRefused)
    done = []
    for name in names:
        row = store.lock_message(name)
        if row is not None and row["status"] == KEPT:
            store.write_message(name, {"status": DISMISSED, "problem": why[:1000]})
            done.append(name)
    return done
