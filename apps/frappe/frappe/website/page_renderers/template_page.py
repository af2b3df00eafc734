"""Pages of apps: files in their `www` folders, with Jinja and an optional `get_context`.

Invariant: only files below `www` of installed apps are served; folders and files that begin with an underscore, and
Python files, are never a page.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from frappe_engine.http.pages import CONTENT_SECURITY_POLICY
from frappe_engine.http.sessions import csrf_token
from werkzeug.wrappers import Response

import frappe
from frappe.website.page_renderers.base_renderer import BaseRenderer
from frappe.website.utils import get_website_settings

ENDINGS = (".html", ".md")
# Pages of ordinary apps carry scripts in themselves; a page whose module says `strict_csp = True` has the site's policy.
POLICY_OF_APPS = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")


class TemplatePage(BaseRenderer):
    """A page `www/<path>.html` (or `.md`, or `<path>/index.html`) of an app."""

    def __init__(self, path: str | None = None, http_status_code: int | None = None) -> None:
        super().__init__(path, http_status_code)
        self.app = ""
        self.template = ""
        self.context: Any = frappe._dict()
        self.find()

    def find(self) -> None:
        """Look for the page's file in the apps, the one installed last first."""
        if not _is_plain(self.path):
            return
        for app in reversed(frappe.get_installed_apps()):
            root = frappe.get_app_path(app, "www")
            for name in _candidates(self.path):
                full = os.path.join(root, *name.split("/"))
                if os.path.isfile(full) and os.path.realpath(full).startswith(os.path.realpath(root) + os.sep):
                    self.app, self.template = app, name
                    return

    def can_render(self) -> bool:
        """Tell whether an app has a page at the path."""
        return bool(self.template)

    def render(self) -> Response:
        """Give the page, with what its module puts into the context."""
        self.context = self.make_context()
        html = self.render_template()
        response = self.build_response(html)
        if not self.context.get("strict_csp"):
            response.headers["Content-Security-Policy"] = POLICY_OF_APPS
        response.headers["Cache-Control"] = "no-store" if self.context.get("no_cache") else "private, no-cache"
        return response

    def make_context(self) -> Any:
        """Give what the template sees: the site's settings, the path, and what `get_context` adds."""
        context = frappe._dict(get_website_settings())
        context.update(path=self.path, route=self.path, pathname=self.path, lang=frappe.local.lang, dev_server=0)
        if frappe.session.user != "Guest":
            context.csrf_token = csrf_token()
        module = self.page_module()
        if module is not None:
            for name in ("no_cache", "sitemap", "no_header", "no_breadcrumbs", "title", "strict_csp"):
                if hasattr(module, name):
                    context[name] = getattr(module, name)
            if hasattr(module, "get_context"):
                more = module.get_context(context)
                context.update(more or {})
        return context

    def page_module(self) -> Any:
        """Give the Python module beside the page, None when there is none."""
        stem = self.template.rsplit(".", 1)[0].replace("-", "_").replace("/", ".")
        path = f"{self.app}.www.{stem}"
        try:
            return import_module(path) if find_spec(path) is not None else None
        except ModuleNotFoundError as error:
            if error.name and path.startswith(error.name):
                return None
            raise

    def render_template(self) -> str:
        """Give the page's HTML."""
        text = frappe.read_file(frappe.get_app_path(self.app, "www", *self.template.split("/"))) or ""
        if self.template.endswith(".md"):
            text = frappe.utils.md_to_html(text)
        return str(frappe.render_template(text, self.context))


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and not any(
        part in ("", ".", "..") or part.startswith(("_", ".")) or "\\" in part or "\x00" in part for part in parts
    )


def _candidates(path: str) -> list[str]:
    if path.endswith(".py"):
        return []
    if path.endswith(ENDINGS):
        return [path]
    return [f"{path}{ending}" for ending in ENDINGS] + [f"{path}/index{ending}" for ending in ENDINGS]
