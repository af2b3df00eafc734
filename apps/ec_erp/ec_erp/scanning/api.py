"""Scans of hand-held devices and of the page ``scan``. Dotted paths and parameters are a public contract.

Every call answers ``{outcome, colour, sound, message, next, document, title, lines, context, actions, finished, repeated}``:
outcome is ``ok``, ``done``, ``info`` or ``stop``; ``lines`` are ``{sku, name, done, total, bin, hint, current}``; ``context``
is sent back with the next scan. The same ``scan_id`` counts once and gets the same answer again.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents.requests import figures_in, number_in
from ec_erp.scanning.flows import session
from ec_erp.scanning.types import ScanRequest


@frappe.whitelist(methods=["POST"])
def scan(
    task: str,
    code: str,
    scan_id: str,
    document: str = "",
    qty: Any = 1,
    context: str | dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Answer a scan. ``task`` is receive, pick, check, weigh, ship, count, move or putback; without ``document`` the code opens one."""
    return session.run(task, _request(document, code, qty, context), scan_id)


@frappe.whitelist(methods=["POST"])
def act(
    task: str, document: str, action: str, scan_id: str, context: str | dict[str, Any] | None = None
) -> dict[str, Any]:
    """Do what an answer offers in ``actions`` (finish, short, restart, pack, missing, accept)."""
    return session.run(task, _request(document, "", 0, context), scan_id, action)


def _request(document: str, code: str, qty: Any, context: Any) -> ScanRequest:
    return ScanRequest(
        str(document or ""), str(code).strip(), number_in(qty, "Quantity"), figures_in(context), frappe.session.user
    )
