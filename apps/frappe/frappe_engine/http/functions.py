"""The functions that clients call by their bare name: `ping`, `version`, `logout`, `run_doc_method` …

Invariant: importing this module registers all of them.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from frappe_engine.context.hooks import get_module
from frappe_engine.context.local import current
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.http import calls
from frappe_engine.http.calls import server_function
from frappe_engine.http.login import current_login_manager
from frappe_engine.http.pages import html_page


@server_function
@whitelist(allow_guest=True)
def ping() -> str:
    """Say that the site answers."""
    return "pong"


@server_function
@whitelist(allow_guest=True)
def version() -> str:
    """Give the version of the framework."""
    return str(get_module("frappe").__version__)


@server_function
@whitelist(allow_guest=True)
def logout() -> None:
    """End the session."""
    current_login_manager().logout()
    current().db.commit()


@server_function
@whitelist(allow_guest=True)
def web_logout() -> Response:
    """End the session and show a page that says so."""
    current_login_manager().logout()
    current().db.commit()
    link = f'<p><a href="/login">{_("Login")}</a></p>'
    return html_page(
        _("Logged Out"), f"<h1>{_('Logged Out')}</h1><p>{_('You have been successfully logged out')}</p>{link}"
    )


@server_function
@whitelist()
def run_doc_method(
    method: Any, docs: Any = None, dt: Any = None, dn: Any = None, arg: Any = None, args: Any = None
) -> None:
    """Call a whitelisted method of a document that is sent or stored."""
    calls.run_doc_method(method, docs, dt, dn, arg, args)


runserverobj = server_function(run_doc_method)
