"""The page for what is not there."""

from __future__ import annotations

from frappe_engine.http.website import not_found
from werkzeug.wrappers import Response

from frappe.website.page_renderers.base_renderer import BaseRenderer


class NotFoundPage(BaseRenderer):
    """Says that there is no page at the path."""

    def __init__(self, path: str | None = None, http_status_code: int | None = None) -> None:
        super().__init__(path, 404)

    def can_render(self) -> bool:
        """Tell that it can: nothing is to be found for it."""
        return True

    def render(self) -> Response:
        """Give the page."""
        return not_found()
