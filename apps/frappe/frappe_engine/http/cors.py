"""Requests from pages of other origins (`allow_cors` in the site's configuration).

Invariant: only origins that were named (or all with "*") are answered, with their own origin, never with "*".
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

ONE_DAY_S = 86_400


def add_headers(request: Request, response: Response, conf: Any) -> None:
    """Put the headers on an answer that let a page of an allowed origin read it."""
    origin = request.headers.get("Origin")
    if not origin or not is_allowed(origin, conf.get("allow_cors")):
        return
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Allow-Credentials"] = "true"
    headers["Vary"] = "Origin"
    asked = request.headers.get("Access-Control-Request-Method")
    if request.method == "OPTIONS" and asked:
        headers["Access-Control-Allow-Methods"] = asked
        wanted = request.headers.get("Access-Control-Request-Headers")
        if wanted:
            headers["Access-Control-Allow-Headers"] = wanted
        if not conf.get("developer_mode"):
            headers["Access-Control-Max-Age"] = str(ONE_DAY_S)


def is_allowed(origin: str, allowed: Any) -> bool:
    """Tell whether an origin is among those the configuration allows."""
    if not allowed:
        return False
    if allowed == "*":
        return True
    return origin in ([allowed] if isinstance(allowed, str) else allowed)
