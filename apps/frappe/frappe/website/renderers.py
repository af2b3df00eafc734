"""The framework's own pages, in the order they are asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from frappe_engine.context.local import current
from frappe_engine.desk import shell
from frappe_engine.desk.boot import get_boot
from frappe_engine.http.answers import compressed, redirect_to
from frappe_engine.http.login import same_origin_path
from frappe_engine.http.pages import message_page
from frappe_engine.http.sessions import csrf_token
from frappe_engine.http.users import user_facts
from werkzeug.wrappers import Response

import frappe
from frappe import _
from frappe.website.path_resolver import redirect_for, resolve_path
from frappe.website.utils import get_home_page

DESK = ("app", "desk")
PASSWORD = "update-password"


class Shell:
    """The page the desk runs in: `/app`, `/desk`, everything below them, `/login`, and where a new password is set."""

    def __init__(self, path: str, http_status_code: int = 200) -> None:
        self.path = path
        self.first = path.split("/", 1)[0]

    def can_render(self) -> bool:
        """Tell whether this is a path of the desk or the login."""
        return self.first in DESK or self.path in ("login", PASSWORD)

    def render(self) -> Response:
        """Give the page; who is not signed in is sent to the login, who is there already away from it."""
        user = frappe.session.user
        if self.path == "login":
            return self.login_page(user)
        if self.path == PASSWORD:
            return page_of(get_boot(), logged_in=user != "Guest")
        if user == "Guest":
            return redirect_to(f"/login?redirect-to={quote(self.asked_path(), safe='')}")
        facts = user_facts(user)
        if facts is None or not facts.is_system_user:
            return message_page(_("Not Permitted"), _("This account has no access to the desk."), 403)
        return page_of(get_boot(), logged_in=True)

    def login_page(self, user: str) -> Response:
        """Give the login, or go where a user who is signed in wanted to go."""
        facts = user_facts(user) if user != "Guest" else None
        if facts is not None and facts.is_system_user:
            wanted = str(frappe.form_dict.get("redirect-to") or "")
            return redirect_to(same_origin_path(wanted) or "/app")
        return page_of(get_boot(), logged_in=False)

    def asked_path(self) -> str:
        """Give the path with its query, as it was asked for."""
        request = current().request
        query = request.query_string.decode("latin-1")
        return f"{request.path}?{query}" if query else str(request.path)


def page_of(boot: Any, *, logged_in: bool) -> Response:
    """Give the shell with its data."""
    if logged_in:
        boot["csrf_token"] = csrf_token()
    text = shell.page(boot, logged_in=logged_in)
    if text is None:
        return message_page(_("Not Built"), _("The desk was not built yet: run “make build”."), 503)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return compressed(response)


class Message:
    """The page that shows a message: one of this request, or one that was kept for the next."""

    def __init__(self, path: str, http_status_code: int = 200) -> None:
        self.path = path

    def can_render(self) -> bool:
        """Tell whether this is the path of messages."""
        return self.path == "message"

    def render(self) -> Response:
        """Give the message."""
        found = current().get("web_message")
        key = frappe.form_dict.get("id")
        if found is None and isinstance(key, str):
            found = frappe.cache.get_value(f"message_id:{key}", expires=True)
        if not found:
            return message_page(_("Not Found"), _("This message is no longer here."), 404)
        status = int(found["http_status_code"])
        return message_page(str(found["title"]), str(found["message"]), status, action=found.get("action"))


class Elsewhere:
    """Paths that lead to others: redirects, the page at "/", and rules that map a path to a page."""

    def __init__(self, path: str, http_status_code: int = 200) -> None:
        self.path = path
        self.status = http_status_code
        self.target: tuple[str, int] | None = None
        self.page = path

    def can_render(self) -> bool:
        """Tell whether the path leads elsewhere."""
        request = current().request
        query = request.query_string.decode("latin-1") if request is not None else ""
        self.target = redirect_for(self.path, query)
        if self.target is None and not self.path:
            self.target = (f"/{get_home_page()}", 302)
        if self.target is None:
            self.page = resolve_path(self.path)
        return self.target is not None or self.page != self.path

    def render(self) -> Response:
        """Redirect, or give the page the path stands for."""
        if self.target is not None:
            return redirect_to(*self.target)
        from frappe_engine.http.website import render_path

        return render_path(self.page, self.status)


class Robots:
    """What search engines may read."""

    def __init__(self, path: str, http_status_code: int = 200) -> None:
        self.path = path

    def can_render(self) -> bool:
        """Tell whether this is the file for search engines."""
        return self.path == "robots.txt"

    def render(self) -> Response:
        """Give the site's own text; without one nothing is to be read."""
        text = frappe.db.get_single_value("Website Settings", "robots_txt") or "User-agent: *\nDisallow: /\n"
        return Response(text, content_type="text/plain; charset=utf-8")
