"""Documents that are pages of the website."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.website.utils import cleanup_page_name


class WebsiteGenerator(Document):
    """A document with a `route`; published ones are pages."""

    website: Any = frappe._dict()

    def autoname(self) -> None:
        """Name the document by its title, as it stands in addresses."""
        if not self.name and self.meta.autoname != "hash":
            self.name = self.scrubbed_title()

    def scrubbed_title(self) -> str:
        """Give the title as part of an address."""
        return cleanup_page_name(self.get(self.get_title_field()) or "")

    def get_title_field(self) -> str:
        """Give the field that holds the title."""
        return str(self.website.get("page_title_field") or self.meta.get_title_field() or "title")

    def validate(self) -> None:
        """Give a route to documents that have none."""
        self.set_route()

    def set_route(self) -> None:
        """Make the route from the title when there is none."""
        if self.is_website_published() and not self.route:
            self.route = self.make_route()
        if self.route:
            self.route = self.route.strip("/.")[:139]

    def make_route(self) -> str:
        """Give the route that the title makes, below the DocType's own."""
        prefix = self.meta.route
        return f"{prefix}/{self.scrubbed_title()}" if prefix else self.scrubbed_title()

    def is_website_published(self) -> bool:
        """Tell whether the document is a page."""
        field = self.website.get("condition_field") or self.meta.is_published_field or "published"
        return bool(self.get(field)) if self.meta.has_field(field) else True
