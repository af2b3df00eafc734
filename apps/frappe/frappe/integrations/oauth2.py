"""OAuth 2 provider: what clients and browsers call, as `/api/method/frappe.integrations.oauth2.<name>`."""

from frappe_engine.http.oauth.endpoints import (
    approve,
    authorize,
    get_token,
    introspect_token,
    oauth_server,
    openid_configuration,
    openid_profile,
    revoke_token,
)

get_oauth_server = oauth_server

__all__ = [
    "approve",
    "authorize",
    "get_oauth_server",
    "get_token",
    "introspect_token",
    "openid_configuration",
    "openid_profile",
    "revoke_token",
]
