"""Requests with an access token: whom they act for, and what they reach.

Loaded with the web server; the protocol itself (`endpoints`) is loaded when somebody asks for it.

Invariant: a token acts for its user only while both are good and its client exists.
"""

from __future__ import annotations

from werkzeug.wrappers import Request

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.local import providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.http.oauth import records
from frappe_engine.http.users import user_facts

PATH = "/api/method/frappe.integrations.oauth2"
EVERYTHING = "all"
WITHOUT_EVERYTHING = frozenset({f"{PATH}.openid_profile"})
OF_CLIENTS = frozenset({f"{PATH}.get_token", f"{PATH}.revoke_token", f"{PATH}.introspect_token"})


def is_for_clients(request: Request) -> bool:
    """Tell whether the `Authorization` header of a request is a client's, not a user's."""
    return request.path.rstrip("/").replace("/api/v1/", "/api/") in OF_CLIENTS


def user_of_access_token(token: str, request: Request) -> str | None:
    """Give the user an access token stands for; None when it is not (or no longer) good.

    A token without the scope `all` is good for the user's profile alone. Raises `PermissionError` elsewhere.
    """
    kept = records.load_token(token)
    if kept is None or not kept.is_active or kept.seconds_left(now_datetime()) <= 0:
        return None
    if records.load_client(kept.client_id) is None:
        return None
    if EVERYTHING not in kept.scopes and request.path.rstrip("/") not in WITHOUT_EVERYTHING:
        throw(_("The token's scopes do not reach this far"), PermissionError)
    return kept.user


def is_enabled(user: str) -> bool:
    """Tell whether a user may still sign in."""
    facts = user_facts(user)
    return facts is not None and facts.enabled


providers.register("user_of_access_token", user_of_access_token)
