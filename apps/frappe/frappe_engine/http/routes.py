"""The routes of the API: v1 under `/api` and `/api/v1`, v2 under `/api/v2`, its description beside them.

Invariant: compiled once per process; a trailing slash makes no difference, repeated slashes are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from werkzeug import exceptions
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Submount
from werkzeug.wrappers import Request, Response

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.local import current
from frappe_engine.http import rest_v1, rest_v2
from frappe_engine.http.openapi import pages
from frappe_engine.http.refusals import MethodNotAllowed


@lru_cache(maxsize=1)
def _adapter() -> MapAdapter:
    rules = [
        Submount("/api", [rule.empty() for rule in (*rest_v1.RULES, *pages.RULES)]),
        Submount("/api/v1", [rule.empty() for rule in rest_v1.RULES]),
        Submount("/api/v2", [rule.empty() for rule in rest_v2.RULES]),
    ]
    return Map(rules, strict_slashes=False, merge_slashes=False).bind("site")


def answer(request: Request) -> Response | None:
    """Serve a request to the API; put the result into the response, or give a finished answer.

    Raises `DoesNotExistError` when there is no such route, `MethodNotAllowed` for a wrong verb.
    """
    endpoint, arguments = _match(request.path, request.method)
    result = endpoint(**arguments)
    if isinstance(result, Response):
        return result
    if result is not None:
        current().response["data"] = result
    return None


def _match(path: str, method: str) -> tuple[Callable[..., Any], dict[str, Any]]:
    try:
        endpoint, arguments = _adapter().match(path, method)
    except (exceptions.NotFound, RequestRedirect):
        raise DoesNotExistError from None
    except exceptions.MethodNotAllowed as error:
        raise MethodNotAllowed(error.valid_methods) from None
    return endpoint, dict(arguments)
