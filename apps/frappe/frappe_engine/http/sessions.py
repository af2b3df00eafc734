"""Sessions: who is signed in, kept in the table `tabSessions` and remembered by each process.

Invariant: a session that is over (expired, signed out, its user disabled) is never resumed; reading one never takes the
database's write lock. Its row is stamped at most every ten minutes, after the answer was sent.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.local import current, providers
from frappe_engine.context.settings import system_setting
from frappe_engine.database.database import process_cache_of
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint

STAMPED_EVERY = timedelta(minutes=10)
SID_BYTES = 28


def expiry_seconds(text: str | None = None) -> int:
    """Give how long an idle session lasts, from `HH:MM[:SS]` (System Settings by default); a bare number is hours."""
    parts = str(text or system_setting("session_expiry")).split(":")
    numbers = [cint(part) for part in parts[:3]] + [0, 0]
    return (numbers[0] * 60 + numbers[1]) * 60 + (numbers[2] if len(parts) > 2 else 0) or 3600


def guest_session() -> Any:
    """Give the session of somebody who is not signed in."""
    return _dict(sid="Guest", user="Guest", data=_dict())


def start(user: str, data: dict[str, Any]) -> Any:
    """Make a session for `user` and give it; what is not committed before is committed with it."""
    sid = secrets.token_hex(SID_BYTES)
    moment = now_datetime()
    stored = {
        **data,
        "user": user,
        "last_updated": str(moment),
        "session_expiry": str(system_setting("session_expiry")),
    }
    current().db.write(
        "INSERT INTO `tabSessions` (`user`, `sid`, `sessiondata`, `ipaddress`, `lastupdate`, `status`) VALUES (?, ?, ?, ?, ?, ?)",
        (user, sid, json.dumps(stored), data.get("session_ip"), moment, "Active"),
    )
    return _dict(sid=sid, user=user, data=_dict(stored))


def resume(sid: str) -> Any | None:
    """Give the session `sid`, None when there is none or it is over."""
    if not sid or len(sid) > 100:
        return None
    row = _row(sid)
    if row is None:
        return None
    user, text, last_update = row
    if now_datetime() - last_update > timedelta(seconds=expiry_seconds()):
        return None
    session = _dict(sid=sid, user=user, data=_dict(json.loads(text or "{}")))
    current().session_is_due = now_datetime() - last_update > STAMPED_EVERY
    return session


def _row(sid: str) -> tuple[str, str, datetime] | None:
    cache = process_cache_of(current())
    row = cache.get(f"session|{sid}")
    if row is None:
        generation = cache.generation
        row = current().db.row("SELECT `user`, `sessiondata`, `lastupdate` FROM `tabSessions` WHERE `sid` = ?", (sid,))
        if row is not None and cache.generation == generation:
            cache.entries[f"session|{sid}"] = row
    return None if row is None or row[2] is None else row


def stamp(session: Any) -> None:
    """Note that the session is in use; commits. Other requests that note the same at the same time change nothing."""
    moment = now_datetime()
    database = current().db
    database.write(
        "UPDATE `tabSessions` SET `lastupdate` = ? WHERE `sid` = ? AND `lastupdate` < ?",
        (moment, session.sid, moment - STAMPED_EVERY / 2),
    )
    database.write("UPDATE `tabUser` SET `last_active` = ? WHERE `name` = ?", (moment, session.user))
    process_cache_of(current()).forget(f"session|{session.sid}")
    database.commit()


def save_data(session: Any) -> None:
    """Keep what was put into the session's data; commits with the request."""
    if session.sid in ("Guest", "Administrator") or session.user == "Guest":
        return
    current().db.write(
        "UPDATE `tabSessions` SET `sessiondata` = ? WHERE `sid` = ?",
        (json.dumps(session.data, default=str), session.sid),
    )
    process_cache_of(current()).forget(f"session|{session.sid}")


def csrf_token() -> str:
    """Give the token of the present session, made (and stored at once) when it has none."""
    session = current().session
    data = session.get("data")
    if data is None:
        data = session.data = _dict()
    if not data.get("csrf_token"):
        data.csrf_token = secrets.token_hex(SID_BYTES)
        save_data(session)
        current().db.commit()
    return str(data.csrf_token)


def is_csrf_token(given: str, kept: str) -> bool:
    """Compare two tokens in constant time."""
    return hmac.compare_digest(given.encode(), kept.encode())


# ending sessions


def end(sid: str) -> None:
    """End one session."""
    end_all([sid])


def end_all(sids: Iterable[str]) -> None:
    """End sessions, in every process."""
    gone = [(sid,) for sid in sids]
    if not gone:
        return
    current().db.write_many("DELETE FROM `tabSessions` WHERE `sid` = ?", gone)
    process_cache_of(current()).forget(*(f"session|{sid}" for (sid,) in gone))


def sessions_of(user: str, keep: str | None = None, allowed: int = 0) -> list[str]:
    """Give the sessions of `user` beyond the newest `allowed` ones, without `keep`."""
    rows = current().db.rows("SELECT `sid` FROM `tabSessions` WHERE `user` = ? ORDER BY `lastupdate` DESC", (user,))
    found = [row[0] for row in rows if row[0] != keep]
    return found[max(allowed - (1 if keep else 0), 0) :]


def end_sessions_of(user: str, keep: str | None = None, allowed: int = 0) -> None:
    """End the sessions of `user` beyond the newest `allowed` ones; `keep` stays."""
    end_all(sessions_of(user, keep, allowed))


def expired() -> list[str]:
    """Give the sessions that are over."""
    limit = now_datetime() - timedelta(seconds=expiry_seconds())
    return [row[0] for row in current().db.rows("SELECT `sid` FROM `tabSessions` WHERE `lastupdate` < ?", (limit,))]


def end_expired() -> None:
    """End the sessions that are over; for the daily clean-up."""
    end_all(expired())


def _log_out_everywhere(user: str) -> None:
    session = current().get("session")
    keep = session.sid if session is not None and session.user == user else None
    end_sessions_of(user, keep=keep)


providers.register("logout_all_sessions", _log_out_everywhere)
providers.register("start_session", lambda user, data: start(user, data).sid)
