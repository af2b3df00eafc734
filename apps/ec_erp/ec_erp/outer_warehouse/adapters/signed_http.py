"""The documented way to speak to a provider: one signed JSON message per task over HTTP.

Invariant: nothing of the database is touched here; every failure is a reply, never an exception. Messages:
docs/concepts/outer-warehouse.md.
"""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib import error, request

from ec_erp.kernel.problems import N_
from ec_erp.outer_warehouse.rules import tasks
from ec_erp.outer_warehouse.rules.signing import signature
from ec_erp.outer_warehouse.types import Envelope, Provider, Reply

PATHS = {tasks.OUTBOUND: "orders", tasks.CANCEL: "orders/cancel", tasks.INBOUND: "inbound"}
_LONGEST_ANSWER = 65_536
# A server that is overloaded or busy says so with these; asking again later helps.
_LATER = (408, 409, 423, 425, 429)
UNREADABLE = N_("The provider's answer is no JSON object")


class _NoRedirect(request.HTTPRedirectHandler):
    """A signed message goes to the address that an administrator has set, and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow nothing."""


def send(provider: Provider, envelope: Envelope) -> Reply:
    """Send one message and read the answer ``{ok, again?, message?, outer_no?}``.

    What the network, a timeout or the server (5xx) spoils is to be tried again; what it refuses (4xx) is not.
    """
    body = json.dumps(envelope.content, ensure_ascii=False, separators=(",", ":")).encode()
    call = request.Request(
        f"{provider.base_url}/{PATHS[envelope.kind]}", data=body, headers=_headers(provider, envelope.key, body)
    )
    try:
        with request.build_opener(_NoRedirect).open(call, timeout=provider.timeout_s) as answer:
            return _reply(answer.read(_LONGEST_ANSWER))
    except error.HTTPError as refusal:
        return _refusal(refusal.code, refusal.read(_LONGEST_ANSWER))
    except (OSError, http.client.HTTPException) as failure:
        return Reply(ok=False, message=f"{type(failure).__name__}: {failure}")


def _headers(provider: Provider, key: str, body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Ec-Owner": provider.owner_code,
        "X-Ec-Timestamp": now,
        "X-Ec-Message-Id": key,
        "X-Ec-Signature": signature(provider.secret, now, key, body),
    }


def _reply(text: bytes) -> Reply:
    found = _object(text)
    if found is None or "ok" not in found:
        return Reply(ok=False, message=UNREADABLE)
    return Reply(
        ok=found["ok"] is True,
        again=found.get("again") is True,
        message=str(found.get("message") or "")[:500],
        outer_no=str(found.get("outer_no") or "")[:140],
    )


def _refusal(status: int, text: bytes) -> Reply:
    said = str((_object(text) or {}).get("message") or "")
    again = status >= 500 or status in _LATER
    return Reply(ok=False, again=again, message=f"HTTP {status} {said}".strip()[:500])


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
