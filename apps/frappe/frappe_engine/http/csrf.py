"""The token that tells a form of ours from one of somebody else's page.

Invariant: a session that was given a token must send it with every request that may change something; sessions that
never asked for one (API clients) and Guest are not asked.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from frappe_engine.context.errors import CSRFTokenError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.http.sessions import is_csrf_token

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def check(request: Request, parameters: Any) -> None:
    """Raise `CSRFTokenError` when the session's token is missing or wrong. Takes `csrf_token` out of the parameters."""
    given = request.headers.get("X-Frappe-CSRF-Token") or parameters.pop("csrf_token", None)
    parameters.pop("csrf_token", None)
    if request.method not in CHANGING or current().conf.get("ignore_csrf"):
        return
    session = current().session
    kept = (session.get("data") or {}).get("csrf_token")
    if not kept or session.user == "Guest":
        return
    if not isinstance(given, str) or not is_csrf_token(given, str(kept)):
        current().flags.disable_traceback = True
        throw(_("Invalid Request"), CSRFTokenError)
