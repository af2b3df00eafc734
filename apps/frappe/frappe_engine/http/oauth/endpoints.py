"""The addresses of OAuth 2: authorize, approve, get_token, revoke_token, introspect_token, openid_profile, configuration.

Consent is asked for on a page of ours, and given by a POST that carries the session's CSRF token.

Invariant: nobody's browser is sent to an address that is not registered for the client; no answer with a token is
kept by caches.
"""

from __future__ import annotations

import time
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from oauthlib.oauth2 import FatalClientError, OAuth2Error
from oauthlib.openid import Server
from werkzeug.wrappers import Response

from frappe_engine.access.roles import get_roles
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.http.answers import json_response, redirect_to
from frappe_engine.http.oauth import records
from frappe_engine.http.oauth.bearer import EVERYTHING, PATH, is_enabled
from frappe_engine.http.oauth.profile import configuration, profile_of
from frappe_engine.http.oauth.validator import Validator
from frappe_engine.http.pages import CONTENT_SECURITY_POLICY, html_page, message_page
from frappe_engine.http.sessions import csrf_token

TOKEN_LIVES_S = 3600
REFUSED_CLIENT = 400


@lru_cache(maxsize=1)
def oauth_server() -> Any:
    """Give the server of oauthlib that answers for this bench: tokens, authorization, who a user is."""
    return Server(Validator(), token_expires_in=TOKEN_LIVES_S)


def _parameters() -> dict[str, str]:
    """The request's parameters as OAuth has them: each a text, none repeated."""
    given = current().form_dict
    return {str(key): str(value) for key, value in given.items() if key != "cmd" and isinstance(value, (str, int))}


# consent


@whitelist(allow_guest=True, methods=["GET"])
def authorize() -> Response:
    """Ask the user who is signed in whether a client may act for them; who agreed before is not asked again."""
    parameters = _parameters()
    if current().session.user == "Guest":
        here = f"{PATH}.authorize?{urlencode(parameters)}"
        return redirect_to(f"/login?{urlencode({'redirect-to': here})}")
    try:
        scopes, asked = oauth_server().validate_authorization_request(_address(parameters), "GET", None, {})
    except FatalClientError as error:
        return _refused(error)
    except OAuth2Error as error:
        return redirect_to(error.in_uri(str(error.redirect_uri)))
    client = asked["request"].client
    _check_roles(client)
    if _is_settled(client, scopes) and asked["request"].prompt != "consent":
        current().flags.commit = True
        return _give_code(parameters, scopes)
    return _consent_page(client, scopes, parameters, str(asked["redirect_uri"]))


@whitelist(methods=["POST"])
def approve() -> Response:
    """Give a client its code: the user agreed."""
    parameters = _parameters()
    try:
        scopes, asked = oauth_server().validate_authorization_request(_address(parameters), "GET", None, {})
    except FatalClientError as error:
        return _refused(error)
    except OAuth2Error as error:
        return redirect_to(error.in_uri(str(error.redirect_uri)))
    _check_roles(asked["request"].client)
    return _give_code(parameters, scopes)


def _address(parameters: dict[str, str]) -> str:
    return f"{PATH}.authorize?{urlencode(parameters)}"


def _give_code(parameters: dict[str, str], scopes: list[str]) -> Response:
    credentials = {"user": current().session.user}
    headers, _body, status = oauth_server().create_authorization_response(
        _address(parameters), "GET", None, {}, scopes, credentials
    )
    return redirect_to(headers["Location"], status)


def _is_settled(client: records.Client, scopes: list[str]) -> bool:
    """Whether consent need not be asked for: the client is trusted, or the site remembers an earlier consent."""
    if client.skips_consent:
        return True
    remembers = current().db.get_single_value("OAuth Provider Settings", "skip_authorization") == "Auto"
    return bool(remembers) and records.has_consent(client.client_id, current().session.user, scopes)


def _check_roles(client: records.Client) -> None:
    wanted = records.roles_of_client(client.client_id)
    if wanted and not set(wanted) & set(get_roles()):
        throw(_("You are not allowed to use {0}").format(client.title), PermissionError)


def _consent_page(client: records.Client, scopes: list[str], parameters: dict[str, str], redirect_uri: str) -> Response:
    meanings = {EVERYTHING: _("Do everything you may do"), "openid": _("Know your name, address, picture and roles")}
    rights = "".join(f"<li>{escape(meanings.get(scope, scope))}</li>" for scope in scopes)
    hidden = "".join(
        f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
        for key, value in {**parameters, "csrf_token": csrf_token()}.items()
    )
    refusal = {"error": "access_denied", **({"state": parameters["state"]} if "state" in parameters else {})}
    separator = "&" if "?" in redirect_uri else "?"
    title = _("{0} wants to use your account {1}").format(client.title, current().session.user)
    body = (
        f"<h1>{escape(title)}</h1><ul>{rights}</ul><p>{escape(_('You will go on to {0}').format(redirect_uri))}</p>"
        f'<form method="post" action="{PATH}.approve">{hidden}<button>{escape(_("Allow"))}</button> '
        f'<a rel="noreferrer" href="{escape(redirect_uri + separator + urlencode(refusal))}">{escape(_("Deny"))}</a></form>'
    )
    page = html_page(title, body)
    # browsers hold the redirect that follows a form to form-action, too
    parts = urlsplit(redirect_uri)
    target = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {target}")
    page.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'self'", "frame-ancestors 'none'")
    page.headers["X-Frame-Options"] = "DENY"
    return page


def _refused(error: Any) -> Response:
    """The client or its address is not known: whoever sent the browser here must not get it back."""
    detail = f"{error.error}: {error.description or ''}".strip(": ")
    return message_page(
        _("Not Permitted"), _("This program may not ask for your consent: {0}").format(escape(detail)), REFUSED_CLIENT
    )


# tokens


@whitelist(allow_guest=True, xss_safe=True, methods=["POST"])
def get_token() -> Response:
    """Give a token for a code or a refresh token (RFC 6749, sections 4.1.3 and 6)."""
    header = current().request.headers.get("Authorization")
    headers, body, status = oauth_server().create_token_response(
        f"{PATH}.get_token", "POST", urlencode(_parameters()), {"Authorization": header} if header else {}
    )
    return _private(Response(body, status=status, content_type="application/json"), headers)


@whitelist(allow_guest=True, xss_safe=True, methods=["POST"])
def revoke_token() -> Response:
    """End an access token and the refresh token that came with it (RFC 7009); who holds a token may end it."""
    kept = records.load_either(_parameters().get("token", ""))
    if kept is not None:
        records.revoke_token(kept.name)
    return _private(json_response({}))


@whitelist(allow_guest=True, xss_safe=True, methods=["GET", "POST"])
def introspect_token() -> Response:
    """Say whether a token is good, for whom and for what (RFC 7662)."""
    given = _parameters()
    secret = given.get("token", "")
    kept = records.load_token(secret, "refresh_token") if given.get("token_type_hint") == "refresh_token" else None
    kept = kept or records.load_token(secret)
    if kept is None or not kept.is_active or kept.seconds_left(now_datetime()) <= 0 or not is_enabled(kept.user):
        return _private(json_response({"active": False}))
    found = {
        "active": True,
        "client_id": kept.client_id,
        "scope": " ".join(kept.scopes),
        "token_type": "Bearer",
        "exp": int(time.time()) + kept.seconds_left(now_datetime()),
        "username": kept.user,
    }
    return _private(json_response({**found, **(profile_of(kept.user) if "openid" in kept.scopes else {})}))


@whitelist()
def openid_profile() -> Response:
    """Say who the user is that the token stands for."""
    return _private(json_response(profile_of(current().session.user)))


@whitelist(allow_guest=True)
def openid_configuration() -> Response:
    """Say where everything is (OpenID Connect Discovery)."""
    return json_response(configuration())


def _private(response: Response, headers: Any = None) -> Response:
    for name, value in (headers or {}).items():
        if name.lower() != "content-type":
            response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response
