"""Helpers of web pages: messages, redirects, names in addresses."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current
from frappe_engine.kit.text import url_slug
from werkzeug.wrappers import Response

import frappe
from frappe.utils import cint

MESSAGE_KEPT_S = 60


def respond_as_web_page(
    title: str,
    html: str,
    success: bool | None = None,
    http_status_code: int | None = None,
    context: dict[str, Any] | None = None,
    indicator_color: str | None = None,
    primary_action: str = "/",
    primary_label: str | None = None,
    fullpage: bool = False,
    width: int = 0,
    template: str = "message",
) -> None:
    """Answer with a page that shows a message; with a label, also where the reader can go on: `primary_action`."""
    action = (primary_action, primary_label) if primary_label and primary_action.startswith(("/", "http")) else None
    message = {"title": title, "message": html, "http_status_code": http_status_code or 200, "action": action}
    current().web_message = message
    frappe.local.response.update(type="page", route=template, http_status_code=http_status_code or 200)


def redirect_to_message(
    title: str,
    html: str,
    http_status_code: int | None = None,
    context: dict[str, Any] | None = None,
    indicator_color: str | None = None,
) -> str | None:
    """Answer with a redirect to a page that shows a message; to a script, give the address of that page."""
    key = frappe.generate_hash(length=16)
    message = {"title": title, "message": html, "http_status_code": http_status_code or 200}
    frappe.cache.set_value(f"message_id:{key}", message, expires_in_sec=MESSAGE_KEPT_S)
    location = f"/message?id={key}"
    if getattr(frappe.local, "is_ajax", False):
        return location
    frappe.local.response.update(type="redirect", location=location)
    return None


def cleanup_page_name(title: str) -> str:
    """Give a title as a part of an address."""
    return url_slug(title) if title else ""


def is_signup_disabled() -> bool:
    """Tell whether people can't make an account by themselves."""
    return bool(cint(frappe.db.get_single_value("Website Settings", "disable_signup")))


def get_website_settings(context: Any = None) -> Any:
    """Give what every page shows: name, logo, menus, footer."""
    settings = frappe.get_cached_doc("Website Settings")
    shown = (
        "app_name",
        "app_logo",
        "favicon",
        "footer_powered",
        "copyright",
        "brand_html",
        "hide_login",
        "navbar_search",
    )
    found = frappe._dict({name: settings.get(name) for name in shown})
    for fieldname in ("top_bar_items", "footer_items"):
        found[fieldname] = [row.as_dict() for row in settings.get(fieldname) or ()]
    if context is not None:
        context.update(found)
        return context
    return found


def get_home_page() -> str:
    """Give the path of the page at "/": the site's, an app's, or the desk or the login."""
    for path in frappe.get_hooks("website_user_home_page") + frappe.get_hooks("home_page"):
        return str(path).strip("/")
    chosen = frappe.db.get_single_value("Website Settings", "home_page")
    if chosen:
        return str(chosen).strip("/")
    return "login" if frappe.session.user == "Guest" else "app"


def get_boot_data() -> dict[str, Any]:
    """Give what pages of the website know of the site."""
    shown = ("float_precision", "date_format", "time_format", "first_day_of_the_week", "number_format")
    zone = frappe.get_system_settings("time_zone")
    return {
        "lang": frappe.local.lang or "en",
        "sysdefaults": {key: frappe.get_system_settings(key) for key in shown},
        "time_zone": {"system": zone, "user": zone},
    }


def build_response(path: str, data: Any, http_status_code: int, headers: dict[str, str] | None = None) -> Response:
    """Give an answer with a page's content."""
    response = Response(data, status=http_status_code, content_type="text/html; charset=utf-8")
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def can_cache(no_cache: bool = False) -> bool:
    """Pages are made for each request here."""
    return False


def clear_cache(path: str | None = None) -> None:
    """Pages are made for each request here, so there is nothing to forget."""


clear_website_cache = clear_cache


def delete_page_cache(path: str) -> None:
    """Pages are made for each request here, so there is nothing to forget."""


def get_html_content_based_on_type(doc: Any, fieldname: str, content_type: str) -> str:
    """Give a text field as HTML: its Rich Text, Markdown or HTML."""
    suffix = {"Markdown": "_md", "HTML": "_html"}.get(content_type, "")
    content = doc.get(fieldname + suffix)
    return frappe.utils.md_to_html(content) if content_type == "Markdown" and content else content or ""
