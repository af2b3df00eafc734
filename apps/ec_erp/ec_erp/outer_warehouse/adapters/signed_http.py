"""The documented way to speak to a provider: one signed JSON message per task over HTTP.

Invariant: nothing of the database is touched here; every failure is a reply, never an exception. Messages:
docs/concepts/outer-warehouse.md.
"""

from __future__ import annotations

from ec_erp.kernel.problems import N_
from ec_erp.kernel.signed_http import Heard, post
from ec_erp.outer_warehouse.rules import tasks
from ec_erp.outer_warehouse.types import Envelope, Provider, Reply

PATHS = {tasks.OUTBOUND: "orders", tasks.CANCEL: "orders/cancel", tasks.INBOUND: "inbound"}
# A server that is overloaded or busy says so with these; asking again later helps.
_LATER = (408, 409, 423, 425, 429)
UNREADABLE = N_("The provider's answer is no JSON object")


def send(provider: Provider, envelope: Envelope) -> Reply:
    """Send one message and read the answer ``{ok, again?, message?, outer_no?}``.

    What the network, a timeout or the server (5xx) spoils is to be tried again; what it refuses (4xx) is not.
    """
    heard = post(
        f"{provider.base_url}/{PATHS[envelope.kind]}",
        provider.secret,
        envelope.key,
        envelope.content,
        {"X-Ec-Owner": provider.owner_code},
        provider.timeout_s,
    )
    if not heard.status:
        return Reply(ok=False, message=heard.failure)
    return _reply(heard) if heard.status < 300 else _refusal(heard)


def _reply(heard: Heard) -> Reply:
    found = heard.content
    if found is None or "ok" not in found:
        return Reply(ok=False, message=UNREADABLE)
    return Reply(
        ok=found["ok"] is True,
        again=found.get("again") is True,
        message=str(found.get("message") or "")[:500],
        outer_no=str(found.get("outer_no") or "")[:140],
    )


def _refusal(heard: Heard) -> Reply:
    said = str((heard.content or {}).get("message") or "")
    again = heard.status >= 500 or heard.status in _LATER
    return Reply(ok=False, again=again, message=f"HTTP {heard.status} {said}".strip()[:500])
