"""REST: `/api/...`, version 1 and 2."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.http.answers import build_response
from frappe_engine.http.csrf import CHANGING
from frappe_engine.http.routes import answer
from frappe_engine.http.tokens import authenticate

UNSAFE_HTTP_METHODS = CHANGING


class ApiVersion(StrEnum):
    """The versions of the API."""

    V1 = "v1"
    V2 = "v2"


def handle(request: Any) -> Any:
    """Serve a request to the API."""
    return answer(request) or build_response()


def get_api_version() -> ApiVersion | None:
    """Give the version of the API that was asked, None outside of it."""
    request = current().get("request")
    if request is None or not request.path.startswith("/api"):
        return None
    return ApiVersion(current().api_version)


def validate_auth() -> None:
    """Act for the user of the request's `Authorization` header."""
    headers = current().request.headers
    authenticate(headers.get("Authorization"), headers.get("Frappe-Authorization-Source"))
