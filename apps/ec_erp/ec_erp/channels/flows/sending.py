"""Sending writes of stock by a shop's writer.

Invariant: whoever sends says honestly whether a write may have been done; what went wrong while sending leaves it unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from ec_erp.channels.errors import PushRefused
from ec_erp.channels.store import writes
from ec_erp.channels.types import ShopAddress
from ec_erp.documents.errors import refuse_with
from ec_erp.kernel.problems import N_, problem

WRITERS = "ec_erp_stock_writers"


def writers() -> dict[str, str]:
    """Return the known writers: name → dotted path of ``f(shop address, write) -> answer``."""
    hooks = frappe.get_hooks(WRITERS) or {}
    return {name: paths[-1] if isinstance(paths, list) else paths for name, paths in hooks.items()}


def address_of(shop: str) -> ShopAddress:
    """Return where a shop is told of stock. Raises ``PushRefused`` for a shop that fetches it."""
    found = writes.load_address(shop)
    if found is None or found.writer not in writers():
        refuse_with([problem(N_("The shop {0} has no address to which stock is sent"), shop)], PushRefused)
    return found


def send(address: ShopAddress, write: Mapping[str, Any]) -> dict[str, Any]:
    """Send one write by the shop's writer; return its answer."""
    answer: dict[str, Any] = frappe.get_attr(writers()[address.writer])(address, write)
    return answer


def check_writer(doc: Any) -> None:
    """Refuse a shop whose writer is not known, or that says no address for it."""
    if not doc.get("stock_writer"):
        return
    known = writers()
    if doc.stock_writer not in known:
        message = N_("There is no writer {0}; known are {1}")
        refuse_with([problem(message, doc.stock_writer, ", ".join(sorted(known)))], PushRefused)
    if not str(doc.stock_url or "").startswith(("https://", "http://")):
        refuse_with([problem(N_("Say at which address (https://…) the shop takes stock"))], PushRefused)
