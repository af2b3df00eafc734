"""Controller of the DocType Web Page View, and how visits are counted where a site wants it.

Invariant: nothing is stored unless Website Settings say that views are counted.
"""

from __future__ import annotations

from urllib.parse import urlparse

import frappe
from frappe.model.document import Document
from frappe.utils import cint


class WebPageView(Document):
    """A visit to a page of the site."""


def is_tracking_enabled() -> bool:
    """Tell whether visits are counted."""
    return bool(cint(frappe.db.get_single_value("Website Settings", "enable_view_tracking")))


@frappe.whitelist(allow_guest=True)
def get_page_view_count(path: str) -> int:
    """Give how often a page was visited."""
    return frappe.db.count("Web Page View", {"path": path})


@frappe.whitelist(allow_guest=True, methods=["POST"])
def make_view_log(
    referrer: str | None = None,
    browser: str | None = None,
    version: str | None = None,
    user_tz: str | None = None,
    source: str | None = None,
    campaign: str | None = None,
    medium: str | None = None,
    visitor_id: str | None = None,
) -> None:
    """Count a visit to the page that the request comes from, where visits are counted."""
    request = frappe.local.request
    if not is_tracking_enabled() or request is None:
        return
    came_from = str(request.headers.get("Referer") or "")
    address = urlparse(came_from)
    if address.netloc != request.host:
        return
    path = address.path.strip("/") or "index"
    again = bool(visitor_id) and frappe.db.exists("Web Page View", {"visitor_id": visitor_id, "path": path})
    values = {
        "path": path, "referrer": referrer, "browser": browser, "browser_version": version, "time_zone": user_tz,
        "source": source, "campaign": campaign, "medium": medium, "visitor_id": visitor_id,
        "user_agent": request.headers.get("User-Agent"), "is_unique": "0" if again else "1",
    }  # fmt: skip
    view = frappe.new_doc("Web Page View")
    view.update({name: str(value)[:140] for name, value in values.items() if value})
    view.insert(ignore_permissions=True)
