"""How much one site, or one caller of one function, may ask for.

`rate_limit` in the site's configuration: `{"window": seconds, "limit": seconds of work in it}`. The decorator
`rate_limit` limits the calls of one function per address or key.

Invariant: what is over the limit is refused with 429 before any work is done, and told when to come back.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from werkzeug.wrappers import Response

from frappe_engine.context.errors import RateLimitExceededError, TooManyRequestsError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.kit.numbers import cint

Function = TypeVar("Function", bound=Callable[..., Any])


class RateLimiter:
    """The budget of a site in the present window: microseconds of work."""

    def __init__(self, limit: float, window: int) -> None:
        self.limit_us = int(limit * 1_000_000)
        self.window_s = int(window)
        self.started = time.monotonic()
        now = time.time()
        self.number = int(now) // self.window_s
        self.spent_s = int(now) - self.number * self.window_s
        self.rejected = False
        self.used_us = int(current().cache_server.get_value(self._key, expires=True) or 0)

    @property
    def _key(self) -> str:
        return f"rate-limit-counter-{self.number}"

    @property
    def remaining_us(self) -> int:
        """What may still be used in this window."""
        return max(self.limit_us - self.used_us, 0)

    def apply(self) -> None:
        """Raise `TooManyRequestsError` when the budget is used up."""
        if self.used_us >= self.limit_us:
            self.rejected = True
            raise TooManyRequestsError

    def update(self) -> None:
        """Count what this request used."""
        if self.rejected:
            return
        used = int((time.monotonic() - self.started) * 1_000_000)
        cache = current().cache_server
        self.used_us = int(cache.incrby(self._key, used))
        if self.used_us == used:
            cache.expire_key(self._key, self.window_s)

    def headers(self) -> dict[str, int]:
        """Give the headers that tell the caller."""
        wait_s = self.window_s - self.spent_s
        found = {
            "X-RateLimit-Reset": wait_s,
            "X-RateLimit-Limit": self.limit_us,
            "X-RateLimit-Remaining": self.remaining_us,
        }
        if self.rejected:
            found["Retry-After"] = wait_s
        else:
            found["X-RateLimit-Used"] = self.used_us
        return found


def begin() -> None:
    """Apply the site's limit, where it has one. Raises `TooManyRequestsError`."""
    context = current()
    wanted = context.conf.get("rate_limit")
    if wanted:
        context.rate_limiter = RateLimiter(wanted["limit"], wanted["window"])
        context.rate_limiter.apply()


def finish(response: Response) -> None:
    """Count the request and tell the caller in the answer's headers."""
    limiter = current().get("rate_limiter")
    if limiter is not None:
        limiter.update()
        for name, value in limiter.headers().items():
            response.headers[name] = str(value)


def rate_limit(
    key: str | None = None,
    limit: int | Callable[[], int] = 5,
    seconds: int = 24 * 60 * 60,
    methods: str | list[str] = "ALL",
    ip_based: bool = True,
) -> Callable[[Function], Function]:
    """Limit the calls of a function over HTTP: `limit` in `seconds`, per value of the parameter `key` and per address.

    Raises `RateLimitExceededError` (429).
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def limited(*args: Any, **kwargs: Any) -> Any:
            if _counts(methods):
                _count(function, key, limit() if callable(limit) else limit, seconds, ip_based=ip_based)
            return function(*args, **kwargs)

        return limited  # type: ignore[return-value]

    return decorate


def _counts(methods: str | list[str]) -> bool:
    request = current().get("request")
    if request is None:
        return False
    wanted = [methods] if isinstance(methods, str) else methods
    return "ALL" in wanted or request.method.upper() in [name.upper() for name in wanted]


def _count(function: Any, key: str | None, limit: int, seconds: int, *, ip_based: bool) -> None:
    context = current()
    address = context.get("request_ip") if ip_based else None
    value = context.form_dict.get(key) if key else None
    if key and not value and not ip_based:
        throw(_("Either key or IP flag is required."))
    parts = [str(part) for part in (address, value) if part]
    if not parts:
        return
    name = f"rl|{function.__module__}.{function.__qualname__}|{':'.join(parts)}|{int(time.time()) // seconds}"
    count = context.cache_server.incrby(name)
    if count == 1:
        context.cache_server.expire_key(name, seconds)
    if count > cint(limit):
        throw(
            _("You hit the rate limit because of too many requests. Please try after sometime."), RateLimitExceededError
        )
