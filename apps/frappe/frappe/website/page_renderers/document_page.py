"""Pages of documents: those of DocTypes with a web view, by their `route`."""

from __future__ import annotations

from typing import Any

from frappe_engine.kit.text import scrub
from werkzeug.wrappers import Response

import frappe
from frappe.website.page_renderers.base_renderer import BaseRenderer


class DocumentPage(BaseRenderer):
    """The page of a published document whose `route` is the path."""

    def __init__(self, path: str | None = None, http_status_code: int | None = None) -> None:
        super().__init__(path, http_status_code)
        self.doctype = ""
        self.docname = ""
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
        """Give the document's page: `templates/<doctype>.html` beside its controller."""
        document: Any = frappe.get_doc(self.doctype, self.docname)
        context = frappe._dict(doc=document, title=document.get_title(), path=self.path)
        context.update(document.as_dict())
        if hasattr(document, "get_context"):
            context.update(document.get_context(context) or {})
        name = scrub(self.doctype)
        folder = frappe.get_module_path(document.meta.module, "doctype", name, "templates", f"{name}.html")
        text = frappe.read_file(folder)
        if text is None:
            text = "<h1>{{ title }}</h1>{{ doc.content or '' }}"
        return self.build_response(str(frappe.render_template(text, context)))


def doctypes_with_web_view() -> list[str]:
    """Give the DocTypes whose documents are pages."""
    return frappe.get_all("DocType", {"has_web_view": 1, "istable": 0}, pluck="name", order_by="name")
