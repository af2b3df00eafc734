"""One signed JSON message over HTTP, and what came back.

Invariant: nothing is raised for what the network or the other side does; a redirect is not followed, for a signed message
goes to the address that an administrator has set and nowhere else.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib import error, request

from ec_erp.kernel.signing import signature

LONGEST_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: the HTTP status (0 where nothing did), the JSON object (None where it was none), what went wrong.

    ``delivered`` is False where the message surely did not reach anybody.
    """

    status: int = 0
    content: Mapping[str, Any] | None = field(default=None)
    failure: str = ""
    delivered: bool = True


class _NoRedirect(request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow nothing."""


def post(
    address: str, secret: str, key: str, content: Mapping[str, Any], headers: Mapping[str, str], timeout_s: float
) -> Heard:
    """Send one message and return what came back; ``key`` names the message, so that a repeated one is known."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    call = request.Request(address, data=body, headers={**_signed(secret, key, body), **headers})
    try:
        with request.build_opener(_NoRedirect).open(call, timeout=timeout_s) as answer:
            return Heard(int(answer.status), _object(answer.read(LONGEST_ANSWER)))
    except error.HTTPError as refusal:
        return Heard(refusal.code, _object(refusal.read(LONGEST_ANSWER)))
    except (OSError, http.client.HTTPException) as failure:
        reason = getattr(failure, "reason", failure)
        return Heard(
            failure=f"{type(failure).__name__}: {failure}", delivered=not isinstance(reason, ConnectionRefusedError)
        )


def _signed(secret: str, key: str, body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Ec-Timestamp": now,
        "X-Ec-Message-Id": key,
        "X-Ec-Signature": signature(secret, now, key, body),
    }


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
