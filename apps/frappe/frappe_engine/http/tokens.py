"""The `Authorization` header: `token key:secret`, `Basic base64(key:secret)`, `Bearer <access token>`, and hooks.

Invariant: a header that names nobody is refused (401); one that does makes the request act for that user, without a
session of its own, so that no CSRF token is asked for.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from frappe_engine.context.errors import AuthenticationError, InvalidAuthorizationToken
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.metas import get_meta
from frappe_engine.http.login import act_as, set_language
from frappe_engine.http.users import UserFacts, has_secret, user_facts, user_of_api_key
from frappe_engine.kit.attrdict import _dict


def authenticate(header: str | None, source: str | None) -> None:
    """Act for the user an `Authorization` header stands for. Raises `AuthenticationError`, `InvalidAuthorizationToken`.

    `source` is the DocType whose records hold the key and secret (User by default).
    """
    parts = (header or "").split(" ")
    if len(parts) == 2:
        _by_scheme(parts[0].lower(), parts[1], source or "User")
    for dotted_path in get_hooks("auth_hooks"):
        hook_function(dotted_path)()
    if len(parts) == 2 and current().session.user in ("", "Guest"):
        raise AuthenticationError


def _by_scheme(scheme: str, credentials: str, source: str) -> None:
    if scheme == "bearer":
        _by_bearer(credentials)
    elif scheme == "basic":
        _by_key(_decoded(credentials), source)
    elif scheme == "token":
        _by_key(credentials, source)


def _decoded(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        throw(_("Failed to decode token, please provide a valid base64-encoded token."), InvalidAuthorizationToken)


def _by_key(credentials: str, source: str) -> None:
    key, separator, secret = credentials.partition(":")
    if not separator or not key or not secret:
        return
    user = _user_of_record(source, key, secret) if source != "User" else _user_of_key(key, secret)
    if user is None:
        raise AuthenticationError
    become(user)


def _user_of_key(key: str, secret: str) -> UserFacts | None:
    facts = user_of_api_key(key)
    return facts if facts is not None and has_secret("User", facts.name, secret) else None


def _user_of_record(doctype: str, key: str, secret: str) -> UserFacts | None:
    """A record of another DocType may carry a key; its field `user` says for whom."""
    meta = get_meta(doctype)
    if not {"api_key", "api_secret", "user"} <= meta.by_name.keys():
        return None
    values: Any = current().db.get_value(doctype, {"api_key": key}, ["name", "user"], as_dict=True)
    if not values or not has_secret(doctype, str(values.name), secret):
        return None
    return user_facts(str(values.user))


def _by_bearer(token: str) -> None:
    """Access tokens belong to OAuth, a layer above this one."""
    user = providers("user_of_access_token", token, current().request)
    facts = user_facts(user) if user else None
    if facts is not None:
        become(facts)


def become(facts: UserFacts) -> None:
    """Act for a user without a stored session. Raises `AuthenticationError` when the user is disabled."""
    if not facts.enabled:
        raise AuthenticationError
    context = current()
    parameters = context.form_dict
    act_as(_dict(user=facts.name, sid=facts.name, data=_dict(user_type=facts.user_type, full_name=facts.full_name)))
    context.form_dict = parameters
    context.login_manager.user = facts.name
    set_language()
