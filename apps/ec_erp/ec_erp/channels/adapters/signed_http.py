"""The documented way to tell a shop (or a gateway to its platform) of stock: one signed JSON message per write over HTTP.

Invariant: nothing of the database is touched here; what may have been done is never said to be refused. Messages:
docs/concepts/channels.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ec_erp.channels.types import ShopAddress
from ec_erp.kernel.problems import N_
from ec_erp.kernel.signed_http import Heard, post

UNREADABLE = N_("The shop's answer is no JSON object")
_MISMATCH = 409


def send(shop: ShopAddress, write: Mapping[str, Any]) -> dict[str, Any]:
    """Send one write and return its answer ``{write, counter, ok, outcome, qty, message}`` for ``acknowledge_stock``.

    A 4xx is a refusal (409: it shows something else than expected), whatever else is not an answer leaves it unknown.
    """
    heard = post(f"{shop.url}/stock", shop.secret, str(write["write"]), write, {"X-Ec-Shop": shop.name}, shop.timeout_s)
    return {"write": write["write"], "counter": write["counter"], **_answer(heard)}


def _answer(heard: Heard) -> dict[str, Any]:
    said = heard.content or {}
    told = {"qty": said.get("qty"), "message": str(said.get("message") or "")[:500]}
    if heard.status and heard.status < 300 and heard.content is not None:
        return {**told, "ok": said.get("ok") is True, "outcome": str(said.get("outcome") or "refused")}
    if not heard.status:
        return {
            **told,
            "ok": False,
            "outcome": "unknown" if heard.delivered else "refused",
            "message": heard.failure[:500],
        }
    message = f"HTTP {heard.status} {told['message']}".strip()
    outcome = "mismatch" if heard.status == _MISMATCH else "refused" if 400 <= heard.status < 500 else "unknown"
    return {**told, "ok": False, "outcome": outcome, "message": message if heard.status >= 300 else UNREADABLE}
