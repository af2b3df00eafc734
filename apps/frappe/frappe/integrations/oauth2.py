"""OAuth 2 provider: what clients and browsers call, as `/api/method/frappe.integrations.oauth2.<name>`."""

from frappe_engine.http.oauth.endpoints import (
    approve,
    authorize,
    get_token,
    introspect_token,
    openid_configuration,
    openid_profile,
    revoke_token,
)

__all__ = [
    "approve",
    "authorize",
    "get_token",
    "introspect_token",
    "openid_configuration",
    "openid_profile",
    "revoke_token",
]
