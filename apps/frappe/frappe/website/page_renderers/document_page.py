"""Pages of documents: those of DocTypes with a web view, by their `route`."""

from __future__ import annotations

from typing import Any

from frappe_engine.kit.text import scrub
from werkzeug.wrappers import Response

import frappe
from frappe.website.page_renderers.base_renderer import BaseRenderer
from frappe.website.page_renderers.template_page import POLICY_OF_APPS
from frappe.website.utils import get_website_settings


class DocumentPage(BaseRenderer):
    """The page of a published document whose `route` is the path."""

    def __init__(self, path: str | None = None, http_status_code: int | None = None) -> None:
        super().__init__(path, http_status_code)
        self.doctype = ""
        self.docname = ""
        self.doc: Any = None
        self.context: Any = frappe._dict()
        self.find()

    def find(self) -> None:
        """Look for a published document with this route."""
        for doctype in doctypes_with_web_view():
            meta = frappe.get_meta(doctype)
            published = meta.is_published_field or "published"
            filters = {"route": self.path, **({published: 1} if meta.has_field(published) else {})}
            found = frappe.db.get_value(doctype, filters, "name") if self.path else None
            if found:
                self.doctype, self.docname = doctype, found
                return

    def can_render(self) -> bool:
        """Tell whether a document has this path."""
        return bool(self.doctype)

    def render(self) -> Response:
        """Give the document's page."""
        self.init_context()
        self.update_context()
        self.set_missing_values()
        return self.build_response(self.render_template())

    def init_context(self) -> None:
        """Begin with the document, the site's settings and the path."""
        self.doc = frappe.get_doc(self.doctype, self.docname)
        self.context = frappe._dict(get_website_settings())
        self.context.update(path=self.path, route=self.path, pathname=self.path, lang=frappe.local.lang, dev_server=0)

    def update_context(self) -> None:
        """Put in what the document is, and what its `get_context` makes of that."""
        self.context.update(self.doc.as_dict())
        self.context.update(doc=self.doc, title=self.doc.get_title())
        if hasattr(self.doc, "get_context"):
            self.context.update(self.doc.get_context(self.context) or {})

    def set_missing_values(self) -> None:
        """Put in what is left; for renderers of apps to extend."""

    def render_template(self) -> str:
        """Give the HTML: of the template that the context names, or `website` of the class, or of the DocType's own."""
        named = self.context.get("template") or (getattr(self.doc, "website", None) or {}).get("template")
        if named:
            self.headers = {**(self.headers or {}), "Content-Security-Policy": POLICY_OF_APPS}
            return str(frappe.get_template(named).render(self.context))
        return str(frappe.render_template(self.own_template(), self.context))

    def own_template(self) -> str:
        """Give the text of `templates/<doctype>.html` beside the controller, or a plain page where there is none."""
        name = scrub(self.doctype)
        path = frappe.get_module_path(self.doc.meta.module, "doctype", name, "templates", f"{name}.html")
        return frappe.read_file(path) or "<h1>{{ title }}</h1>{{ doc.content or '' }}"


def doctypes_with_web_view() -> list[str]:
    """Give the DocTypes whose documents are pages."""
    return frappe.get_all("DocType", {"has_web_view": 1, "istable": 0}, pluck="name", order_by="name")
