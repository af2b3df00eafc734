"""What makes the desk an app that can be installed: its manifest, its service worker, the page shown without a connection.

Invariant: none of them holds data of the site or of a user, so browsers may keep them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from frappe_engine.desk.boot import app_name
from frappe_engine.http.pages import html_page
from werkzeug.wrappers import Response

import frappe
from frappe import _

ICONS = "/assets/frappe/images"
COLOUR = "#1769aa"


class AppFiles:
    """The renderer of `manifest.webmanifest`, `service-worker.js` and `offline.html`."""

    def __init__(self, path: str, http_status_code: int = 200) -> None:
        self.path = path

    def can_render(self) -> bool:
        """Tell whether this is one of the app's own files."""
        return self.path in _FILES

    def render(self) -> Response:
        """Give the file."""
        return _FILES[self.path]()


def manifest() -> Response:
    """Give the manifest: the site's name, the icons, and that the desk is what is installed."""
    name = app_name()
    icons = [
        {"src": f"{ICONS}/desk-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": f"{ICONS}/desk-512.png", "sizes": "512x512", "type": "image/png"},
        {"src": f"{ICONS}/desk-512-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    content = {
        "name": name,
        "short_name": name[:12],
        "id": "/app",
        "start_url": "/app",
        "scope": "/",
        "display": "standalone",
        "lang": str(frappe.local.lang or "en"),
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": icons,
    }
    return _kept(Response(json.dumps(content, ensure_ascii=False), content_type="application/manifest+json"))


def service_worker() -> Response:
    """Give the service worker, which may look after the whole site."""
    path = frappe.get_app_path("frappe", "public", "js", "service_worker.js")
    with open(path, encoding="utf-8") as file:
        response = Response(file.read(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


def offline() -> Response:
    """Give the page that is shown without a connection."""
    title = _("No connection")
    text = _("The site can't be reached. What was typed is kept on this device and offered again in its form.")
    again = _("Try again")
    body = f'<h1>{escape(title)}</h1><p>{escape(text)}</p><p><a href="/app">{escape(again)}</a></p>'
    return _kept(html_page(title, body))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response


_FILES: dict[str, Callable[[], Response]] = {
    "manifest.webmanifest": manifest,
    "service-worker.js": service_worker,
    "offline.html": offline,
}
