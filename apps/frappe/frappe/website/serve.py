"""The page at a path, as the website gives it."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import Redirect
from frappe_engine.context.local import current
from frappe_engine.http import website
from frappe_engine.http.answers import redirect_to


def get_response(path: str | None = None, http_status_code: int = 200) -> Any:
    """Give the answer with the page at a path, by default that of the present request; it may lead elsewhere."""
    try:
        return get_response_without_exception_handling(path, http_status_code)
    except Redirect as error:
        return redirect_to(str(current().flags.get("redirect_location") or "/"), error.http_status_code)


def get_response_content(path: str = "index") -> str:
    """Give the text of the page at a path."""
    return str(get_response(path).get_data(as_text=True))


def get_response_without_exception_handling(path: str | None = None, http_status_code: int = 200) -> Any:
    """Give the answer with the page at a path; what the page raises is raised."""
    wanted = website.path_of_request() if path is None else path
    return website.render_path(wanted.strip("/"), http_status_code)


__all__ = ["get_response", "get_response_content", "get_response_without_exception_handling"]
