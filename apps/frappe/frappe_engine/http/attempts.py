"""Failed sign-ins are counted, per user and per address, and too many of them lock for a while.

Invariant: while locked, a right password is refused like a wrong one; a success sets the count to zero.
"""

from __future__ import annotations

import time
from typing import Any

from frappe_engine.context.errors import SecurityException
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.kit.numbers import cint


class LoginAttemptTracker:
    """Counts the failed sign-ins of one key (a user, an address)."""

    def __init__(
        self,
        key: str,
        max_consecutive_login_attempts: int = 3,
        lock_interval: int = 300,
        *,
        user_name: str | None = None,
    ) -> None:
        self.key = user_name or key
        self.allowed = max_consecutive_login_attempts
        self.lock_interval_s = lock_interval

    @property
    def _name(self) -> str:
        return f"login_failed|{self.key}"

    def _state(self) -> dict[str, Any]:
        return current().cache_server.get(self._name) or {"count": 0, "last": 0.0}

    def add_failure_attempt(self) -> None:
        """Count a failed sign-in."""
        state = self._state()
        count = state["count"] + 1 if time.time() - state["last"] <= self.lock_interval_s else 1
        kept = {"count": count, "last": time.time()}
        current().cache_server.set_value(self._name, kept, expires_in_sec=max(self.lock_interval_s, 1) * 2)

    def add_success_attempt(self) -> None:
        """Begin counting anew."""
        if self._state()["count"]:
            current().cache_server.delete_value(self._name)

    def is_user_allowed(self) -> bool:
        """Tell whether another try is allowed now."""
        state = self._state()
        return bool(state["count"] < self.allowed or time.time() - state["last"] > self.lock_interval_s)


def tracker_for(key: str | None) -> LoginAttemptTracker | None:
    """Give the tracker of a key as System Settings say, None where nothing is limited."""
    allowed = cint(system_setting("allow_consecutive_login_attempts"))
    if not key or allowed <= 0:
        return None
    return LoginAttemptTracker(key, allowed, cint(system_setting("allow_login_after_fail")) or 60)


def refuse_when_locked(tracker: LoginAttemptTracker | None) -> None:
    """Raise `SecurityException` while a key is locked."""
    if tracker is not None and not tracker.is_user_allowed():
        throw(
            _("Your account has been locked and will resume after {0} seconds").format(tracker.lock_interval_s),
            SecurityException,
            title=_("Login Not Allowed"),
        )
