"""The framework's own pages: the shell of the desk and of the login."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from frappe_engine.context.local import current
from frappe_engine.desk import shell
from frappe_engine.desk.boot import get_boot
from frappe_engine.http.answers import redirect_to
from frappe_engine.http.login import same_origin_path
from frappe_engine.http.pages import message_page
from frappe_engine.http.sessions import csrf_token
from frappe_engine.http.users import user_facts
from werkzeug.wrappers import Response

import frappe
from frappe import _

DESK = ("app", "desk")


class Shell:
    """The page the desk runs in: `/app`, `/desk`, everything below them, and `/login`."""

    def __init__(self, path: str, http_status_code: int = 200) -> None:
        self.path = path
        self.first = path.split("/", 1)[0]

    def can_render(self) -> bool:
        """Tell whether this is a path of the desk or the login."""
        return self.first in DESK or self.path == "login"

    def render(self) -> Response:
        """Give the page; who is not signed in is sent to the login, who is there already away from it."""
        user = frappe.session.user
        if self.path == "login":
            return self.login_page(user)
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
    return response
