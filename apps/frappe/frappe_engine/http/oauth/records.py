"""What is stored for OAuth: clients, codes, tokens.

Invariant: secrets that clients hold (codes, access and refresh tokens) are stored as SHA-256 digests; who reads the
database can't use them.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.local import current
from frappe_engine.documents.document import get_doc

CODE_LIVES = timedelta(minutes=10)
CODE, TOKEN = "OAuth Authorization Code", "OAuth Bearer Token"


def digest(secret: str) -> str:
    """Give what is stored of a code or token."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Client:
    """A program of somebody else's that users let act for them."""

    client_id: str
    title: str
    secret: str
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    default_redirect_uri: str
    skips_consent: bool
    authenticates: bool
    grant_type: str

    def knows(self, secret: str) -> bool:
        """Tell whether `secret` is the client's (compared in constant time)."""
        return bool(self.secret) and hmac.compare_digest(self.secret.encode(), secret.encode())

    def may_return_to(self, uri: str) -> bool:
        """Tell whether `uri` is registered: exactly, or on this machine at any port (RFC 8252)."""
        return uri in self.redirect_uris or any(_same_but_port(uri, known) for known in self.redirect_uris)


def _same_but_port(uri: str, known: str) -> bool:
    try:
        one, other = urlsplit(uri), urlsplit(known)
        _ports = one.port, other.port
    except ValueError:
        return False
    local = other.scheme == "http" and other.hostname in ("127.0.0.1", "::1")
    return local and one._replace(netloc="") == other._replace(netloc="") and one.hostname == other.hostname


def load_client(client_id: str | None) -> Client | None:
    """Give a client, None when there is none of that id."""
    if not client_id:
        return None
    columns = (
        "name", "app_name", "client_secret", "scopes", "redirect_uris", "default_redirect_uri", "skip_authorization",
        "token_endpoint_auth_method", "grant_type",
    )  # fmt: skip
    names = ", ".join(f"`{name}`" for name in columns)
    row = current().db.row(f"SELECT {names} FROM `tabOAuth Client` WHERE `name` = ?", (client_id,))
    if row is None or row[0] != client_id:
        return None
    default = str(row[5] or "").strip()
    return Client(
        client_id=str(row[0]),
        title=str(row[1] or row[0]),
        secret=str(row[2] or ""),
        scopes=tuple(str(row[3] or "").split()),
        redirect_uris=tuple(dict.fromkeys((*str(row[4] or "").split(), *([default] if default else [])))),
        default_redirect_uri=default,
        skips_consent=bool(row[6]),
        authenticates=str(row[7] or "") != "None",
        grant_type=str(row[8] or ""),
    )


def roles_of_client(client_id: str) -> list[str]:
    """Give the roles whose users may use a client; none means everybody may."""
    query = "SELECT `role` FROM `tabOAuth Client Role` WHERE `parent` = ? AND `parenttype` = 'OAuth Client'"
    return [str(row[0]) for row in current().db.rows(query, (client_id,))]


# codes


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for."""

    client_id: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    nonce: str | None
    challenge: str | None
    challenge_method: str | None


def store_code(secret: str, code: Code) -> None:
    """Keep a code."""
    _insert(
        CODE,
        authorization_code=digest(secret),
        client=code.client_id,
        user=code.user,
        scopes=" ".join(code.scopes),
        redirect_uri_bound_to_authorization_code=code.redirect_uri,
        expiration_time=now_datetime() + CODE_LIVES,
        validity="Valid",
        nonce=code.nonce,
        code_challenge=code.challenge,
        code_challenge_method=(code.challenge_method or "").lower(),
    )


def load_code(secret: str) -> Code | None:
    """Give what a code stands for, whether or not it is still good; None when it was never given out."""
    columns = (
        "client", "user", "scopes", "redirect_uri_bound_to_authorization_code", "nonce", "code_challenge",
        "code_challenge_method",
    )  # fmt: skip
    names = ", ".join(f"`{name}`" for name in columns)
    row = current().db.row(f"SELECT {names} FROM `tab{CODE}` WHERE `name` = ?", (digest(secret),))
    if row is None:
        return None
    method = {"s256": "S256", "plain": "plain"}.get(str(row[6] or ""))
    scopes = tuple(str(row[2] or "").split())
    return Code(str(row[0]), str(row[1]), scopes, str(row[3] or ""), row[4] or None, row[5] or None, method)


def use_code(secret: str) -> bool:
    """Use a code up; False when it was used before or its time is over."""
    query = f"UPDATE `tab{CODE}` SET `validity` = 'Invalid' WHERE `name` = ? AND `validity` = 'Valid' AND `expiration_time` > ?"
    return bool(current().db.write(query, (digest(secret), now_datetime())).rowcount == 1)


# tokens


@dataclass(frozen=True, slots=True)
class Token:
    """What an access or refresh token stands for."""

    name: str
    client_id: str
    user: str
    scopes: tuple[str, ...]
    is_active: bool
    expires: datetime

    def seconds_left(self, now: datetime) -> int:
        """Give how long the access token is good for; not positive when it is over."""
        return int((self.expires - now).total_seconds())


def store_token(
    access: str, refresh: str | None, client_id: str, user: str, scopes: list[str], expires_in_s: int
) -> None:
    """Keep a token."""
    _insert(
        TOKEN,
        access_token=digest(access),
        refresh_token=digest(refresh) if refresh else None,
        client=client_id,
        user=user,
        scopes=" ".join(scopes),
        expires_in=expires_in_s,
        expiration_time=now_datetime() + timedelta(seconds=expires_in_s),
        status="Active",
    )


def load_token(secret: str, kind: str = "access_token") -> Token | None:
    """Give what a token stands for (`kind`: access_token or refresh_token), None when it was never given out."""
    query = (
        f"SELECT `name`, `client`, `user`, `scopes`, `status`, `expiration_time` FROM `tab{TOKEN}` WHERE `{kind}` = ?"
    )
    row = current().db.row(query, (digest(secret),))
    if row is None:
        return None
    scopes = tuple(str(row[3] or "").split())
    return Token(str(row[0]), str(row[1]), str(row[2]), scopes, row[4] == "Active", row[5])


def load_either(secret: str) -> Token | None:
    """Give what an access or a refresh token stands for."""
    return load_token(secret) or load_token(secret, "refresh_token")


def revoke_token(name: str) -> bool:
    """End a token; False when it had ended before."""
    query = f"UPDATE `tab{TOKEN}` SET `status` = 'Revoked' WHERE `name` = ? AND `status` = 'Active'"
    return bool(current().db.write(query, (name,)).rowcount == 1)


def revoke_all(client_id: str, user: str) -> None:
    """End everything a client holds for a user."""
    query = f"UPDATE `tab{TOKEN}` SET `status` = 'Revoked' WHERE `client` = ? AND `user` = ? AND `status` = 'Active'"
    current().db.write(query, (client_id, user))


def has_consent(client_id: str, user: str, scopes: list[str]) -> bool:
    """Tell whether the user let the client have these scopes before and has not taken them back."""
    query = f"SELECT `scopes` FROM `tab{TOKEN}` WHERE `client` = ? AND `user` = ? AND `status` = 'Active'"
    granted = {scope for (text,) in current().db.rows(query, (client_id, user)) for scope in str(text or "").split()}
    return bool(granted) and granted >= set(scopes)


def _insert(doctype: str, **values: Any) -> None:
    get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
