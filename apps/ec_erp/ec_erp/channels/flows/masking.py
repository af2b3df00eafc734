"""Receivers of orders: masked to be seen, encrypted to be printed, read in plain by few and on record.

Invariant: what identifies a buyer stands in no column in plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.utils.password import decrypt, encrypt

from ec_erp.channels import store
from ec_erp.channels.errors import PushRefused
from ec_erp.channels.rules import pushed as rules
from ec_erp.documents.errors import refuse_with
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import store as orders_store


def masked_receiver(receiver: Mapping[str, str]) -> dict[str, Any]:
    """Return the receiver's fields: masked to be seen, encrypted to be printed."""
    shown = {f"receiver_{part}": value or None for part, value in receiver.items()}
    shown["receiver_name"] = rules.masked_name(receiver["name"])
    shown["receiver_phone"] = rules.masked_phone(receiver["phone"])
    shown["receiver_address"] = rules.masked_address(receiver["address"])
    plain = any(receiver[part] and "*" not in receiver[part] for part in ("name", "phone", "address"))
    shown["receiver_ciphertext"] = encrypt(frappe.as_json(dict(receiver), indent=None)) if plain else None
    return shown


def reveal(order: str, why: str) -> dict[str, str]:
    """Return the receiver of an order in plain text, and write into its history who asked and why."""
    ciphertext = store.load_ciphertext(order)
    if ciphertext is None:
        refuse_with([problem(N_("{0} has no encrypted receiver"), order)], PushRefused)
    moment = frappe.utils.now_datetime()
    orders_store.append_log(
        [{"sales_order": order, "kind": "Note", "code": "Receiver Read", "moment": moment, "note": why}]
    )
    plain: dict[str, str] = frappe.parse_json(decrypt(ciphertext))
    return plain
