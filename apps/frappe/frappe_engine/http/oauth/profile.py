"""Who a user is, for programs that users sign in to through this site.

Invariant: the subject stays the same for a user; nothing is told but name, picture, address and roles.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from frappe_engine.access.roles import get_roles
from frappe_engine.context.local import current

PROVIDER = "frappe"


def issuer() -> str:
    """Give the address of this site, as its configuration or the request has it; without a slash at its end."""
    context = current()
    configured = str(context.conf.get("host_name") or "")
    if configured:
        return (configured if "://" in configured else f"https://{configured}").rstrip("/")
    request = context.get("request")
    return request.host_url.rstrip("/") if request is not None else f"https://{context.site}"


def subject_of(user: str) -> str:
    """Give the id of a user for other programs: the one kept with the user, else the user's name."""
    query = (
        "SELECT `userid` FROM `tabUser Social Login` WHERE `parent` = ? AND `parenttype` = 'User' AND `provider` = ?"
    )
    row = current().db.row(query, (user, PROVIDER))
    return str(row[0]) if row and row[0] else user


def profile_of(user: str) -> dict[str, Any]:
    """Give what OpenID Connect tells of a user."""
    query = "SELECT `first_name`, `last_name`, `email`, `user_image`, `full_name` FROM `tabUser` WHERE `name` = ?"
    first, last, email, picture, full = current().db.row(query, (user,)) or (user, None, None, None, None)
    base = issuer()
    return {
        "sub": subject_of(user),
        "name": full or " ".join(filter(None, (first, last))),
        "given_name": first,
        "family_name": last,
        "email": email,
        "picture": urljoin(f"{base}/", picture) if picture else None,
        "roles": get_roles(user),
        "iss": base,
    }


def configuration() -> dict[str, Any]:
    """Give what programs have to know of this provider (OpenID Connect Discovery, RFC 8414)."""
    base = issuer()
    functions = f"{base}/api/method/frappe.integrations.oauth2"
    return {
        "issuer": base,
        "authorization_endpoint": f"{functions}.authorize",
        "token_endpoint": f"{functions}.get_token",
        "userinfo_endpoint": f"{functions}.openid_profile",
        "revocation_endpoint": f"{functions}.revoke_token",
        "introspection_endpoint": f"{functions}.introspect_token",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": ["all", "openid"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
    }
