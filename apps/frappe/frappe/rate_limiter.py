"""Limits on how often functions are called."""

from frappe_engine.http.rate_limits import RateLimiter, rate_limit
from frappe_engine.http.rate_limits import begin as apply
from frappe_engine.http.rate_limits import finish as update

__all__ = ["RateLimiter", "apply", "rate_limit", "update"]
