"""Pages: what answers a path that is neither API nor file.

Invariant: a path nobody answers is a 404 page; renderers are asked in order, apps' before our own.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current
from frappe_engine.context.translate import _
from frappe_engine.http.answers import json_response
from frappe_engine.http.oauth.profile import configuration
from frappe_engine.http.pages import add_security_headers, message_page

DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


def answer(request: Request) -> Response:
    """Give the page of a request."""
    if request.method not in ("GET", "HEAD", "POST"):
        return not_found()
    if request.path in DISCOVERY:
        return json_response(configuration())
    return render_path(request.path.strip("/"))


def render_path(path: str, status: int = 200) -> Response:
    """Give the page at a path."""
    renderer = renderer_of(path, status)
    return not_found() if renderer is None else _with_headers(renderer.render())


def renderer_of(path: str, status: int = 200) -> Any:
    """Give the first renderer that has a page at a path, apps' before our own; None when none has."""
    for dotted_path in reversed(get_hooks("page_renderer")):
        renderer: Any = hook_function(dotted_path)(path=path, http_status_code=status)
        if renderer.can_render():
            return renderer
    return None


def not_found() -> Response:
    """Give the page for what is not there."""
    return message_page(_("Not Found"), _("The page you are looking for is not here."), 404)


def _with_headers(response: Response) -> Response:
    if response.content_type and response.content_type.startswith("text/html"):
        add_security_headers(response)
    return response


def path_of_request() -> str:
    """Give the path of the page that was asked for, without slashes at its ends."""
    request = current().get("request")
    return request.path.strip("/") if request is not None else ""
