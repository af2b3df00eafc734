"""What page renderers have in common."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from frappe.website.utils import build_response


class BaseRenderer:
    """Makes the page at a path; `can_render` says whether it is one of its own."""

    def __init__(self, path: str | None = None, http_status_code: int | None = None) -> None:
        self.headers: dict[str, str] | None = None
        self.http_status_code = http_status_code or 200
        self.path = path or ""
        self.basepath = ""
        self.name = ""
        self.route = ""

    def can_render(self) -> bool:
        """Tell whether this renderer has a page at the path."""
        raise NotImplementedError

    def render(self) -> Response:
        """Give the page."""
        raise NotImplementedError

    def build_response(
        self, data: Any, http_status_code: int | None = None, headers: dict[str, str] | None = None
    ) -> Response:
        """Give an answer with a page's content."""
        return build_response(self.path, data, http_status_code or self.http_status_code, headers or self.headers)
