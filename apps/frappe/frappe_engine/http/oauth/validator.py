"""The decisions oauthlib asks for: who a client is, what it may ask for, whether a code or token is good.

Invariant: public clients prove themselves with PKCE, all others with their secret; a redirect goes to a registered
address alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import unquote

from oauthlib.openid import RequestValidator

from frappe_engine.context.local import current
from frappe_engine.http.oauth import records
from frappe_engine.http.oauth.profile import issuer, profile_of, subject_of

GRANTS = frozenset({"authorization_code", "refresh_token"})


class Validator(RequestValidator):
    """Answers oauthlib from the site's records; `request.user` is a user's name."""

    # clients

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Tell whether there is such a client, and remember it."""
        request.client = records.load_client(client_id)
        return request.client is not None

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Tell whether the client has to show its secret: all but public ones."""
        client = records.load_client(_credentials(request)[0])
        return client is None or client.authenticates

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Tell whether the secret in the header or the body is the client's."""
        client_id, secret = _credentials(request)
        client = records.load_client(client_id)
        if client is None or not secret or not client.knows(secret):
            return False
        request.client, request.client_id = client, client.client_id
        return True

    def authenticate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Tell whether the client is a public one, which its id is enough for."""
        client = records.load_client(client_id)
        if client is None or client.authenticates:
            return False
        request.client = client
        return True

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Public clients have no other proof."""
        client = records.load_client(client_id)
        return client is None or not client.authenticates

    # what may be asked for

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Tell whether the address is registered."""
        client = records.load_client(client_id)
        return client is not None and client.may_return_to(redirect_uri)

    def get_default_redirect_uri(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Give the address of a client that names none."""
        client = records.load_client(client_id)
        return client.default_redirect_uri or None if client else None

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        """Give all scopes of a client that names none."""
        client = records.load_client(client_id)
        return list(client.scopes) if client else []

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Tell whether the client may ask for these scopes."""
        return client is not None and set(scopes) <= set(client.scopes)

    def validate_response_type(
        self, client_id: str, response_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Only codes are given out; tokens in addresses (the implicit grant) are not."""
        return response_type == "code" and client is not None and client.grant_type == "Authorization Code"

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """A code or a refresh token buys a token, a password does not."""
        return grant_type in GRANTS

    # codes

    def save_authorization_code(self, client_id: str, code: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        """Keep a code for the user who gave the consent."""
        kept = records.Code(
            client_id, request.user, tuple(request.scopes), str(request.redirect_uri), getattr(request, "nonce", None),
            request.code_challenge, request.code_challenge_method or ("plain" if request.code_challenge else None),
        )  # fmt: skip
        records.store_code(code["code"], kept)

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Use the code up; one that comes a second time ends what the first one brought."""
        kept = records.load_code(code)
        if kept is None or kept.client_id != client_id:
            return False
        if not records.use_code(code):
            records.revoke_all(kept.client_id, kept.user)
            return False
        request.user, request.scopes = kept.user, list(kept.scopes)
        return True

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """It was used up when it was looked at."""

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Tell whether the code was sent to the address the client names now."""
        kept = records.load_code(code)
        return kept is not None and kept.redirect_uri == redirect_uri

    def get_code_challenge(self, code: str, request: Any) -> Any:
        """Give the PKCE challenge the code was asked with."""
        kept = records.load_code(code)
        return kept.challenge if kept else None

    def get_code_challenge_method(self, code: str, request: Any) -> Any:
        """Give how the challenge was made."""
        kept = records.load_code(code)
        return kept.challenge_method if kept else None

    def get_authorization_code_scopes(self, client_id: str, code: str, redirect_uri: str, request: Any) -> list[str]:
        """Give the scopes of a code."""
        kept = records.load_code(code)
        return list(kept.scopes) if kept and kept.client_id == client_id else []

    def get_authorization_code_nonce(self, client_id: str, code: str, redirect_uri: str, request: Any) -> Any:
        """Give the nonce the code was asked with."""
        kept = records.load_code(code)
        return kept.nonce if kept else None

    # tokens

    def save_bearer_token(self, token: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        """Keep a token."""
        scopes = str(token.get("scope") or "").split()
        client_id = request.client.client_id
        records.store_token(
            token["access_token"], token.get("refresh_token"), client_id, request.user, scopes, int(token["expires_in"])
        )

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Use the refresh token up; one that comes a second time was stolen once, and ends all of them."""
        kept = records.load_token(refresh_token, "refresh_token")
        if kept is None or kept.client_id != client.client_id:
            return False
        if not records.revoke_token(kept.name):
            records.revoke_all(kept.client_id, kept.user)
            return False
        request.user = kept.user
        return True

    def get_original_scopes(self, refresh_token: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        """Give the scopes a refresh token was given with."""
        kept = records.load_token(refresh_token, "refresh_token")
        return list(kept.scopes) if kept else []

    # OpenID

    def validate_silent_login(self, request: Any) -> bool:
        """Tell whether somebody is signed in (`prompt=none`)."""
        return bool(current().session.user != "Guest")

    def validate_silent_authorization(self, request: Any) -> bool:
        """Tell whether the user agreed before (`prompt=none`)."""
        client = request.client or records.load_client(request.client_id)
        return client is not None and (
            client.skips_consent or records.has_consent(client.client_id, current().session.user, list(request.scopes))
        )

    def validate_user_match(self, id_token_hint: Any, scopes: Any, claims: Any, request: Any) -> bool:
        """A hint for another user than the one signed in can't be met; hints are not given out here."""
        return not id_token_hint

    def get_id_token(self, token: Any, token_handler: Any, request: Any) -> Any:
        """Let oauthlib begin the id token."""

    def finalize_id_token(self, id_token: dict[str, Any], token: Any, token_handler: Any, request: Any) -> str:
        """Sign who the user is with the client's secret (HS256)."""
        claims = {**profile_of(request.user), **id_token, "iss": issuer(), "sub": subject_of(request.user)}
        claims["exp"] = int(time.time()) + int(token["expires_in"])
        return signed(claims, request.client.secret)


def signed(claims: dict[str, Any], secret: str) -> str:
    """Give claims as a JSON Web Token, signed with HMAC-SHA256 (RFC 7515)."""
    head = _base64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    text = f"{head}.{_base64url(json.dumps(claims, default=str).encode())}"
    return f"{text}.{_base64url(hmac.digest(secret.encode(), text.encode(), hashlib.sha256))}"


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _credentials(request: Any) -> tuple[str | None, str | None]:
    """The client's id and secret: from a Basic header, else from the body."""
    scheme, _blank, text = str(request.headers.get("Authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None, None
        return unquote(name), unquote(secret)
    return getattr(request, "client_id", None), getattr(request, "client_secret", None)
