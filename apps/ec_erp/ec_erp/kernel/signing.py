"""Signatures of messages between us and others: pure.

Invariant: what is signed is time, message id and the body as it goes over the wire, byte by byte; comparing takes the same
time whatever is wrong. Described in docs/concepts/outer-warehouse.md.
"""

from __future__ import annotations

import hashlib
import hmac

LONGEST_AGE_S = 300


def signature(secret: str, timestamp: str, message_id: str, body: bytes) -> str:
    """Return HMAC-SHA256 of ``timestamp``, ``message_id`` and ``body``, each on its own line, in hexadecimal."""
    signed = f"{timestamp}\n{message_id}\n".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_signed(secret: str, timestamp: str, message_id: str, body: bytes, given: str) -> bool:
    """Tell whether a signature fits; never where there is no secret or no message id."""
    if not secret or not message_id:
        return False
    return hmac.compare_digest(signature(secret, timestamp, message_id, body).encode(), given.strip().lower().encode())


def is_fresh(timestamp: str, now_s: int) -> bool:
    """Tell whether a message was signed within five minutes of now (Unix seconds)."""
    return timestamp.isdigit() and abs(int(timestamp) - now_s) <= LONGEST_AGE_S
