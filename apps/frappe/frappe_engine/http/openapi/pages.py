"""`/api/openapi.json` and the page `/api/docs` that shows it.

Invariant: the page holds no script of its own and no value of a request; what it shows it reads from the description.
"""

from __future__ import annotations

import hashlib
import json
from html import escape

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.http.answers import JSON_TYPE
from frappe_engine.http.envelopes import as_json_bytes
from frappe_engine.http.openapi.description import describe
from frappe_engine.http.pages import add_security_headers

ASSETS = "/assets/frappe/api"


def openapi_json() -> Response:
    """Give the description; the parameters `app` and `doctype` (one, or several with commas) narrow it down."""
    parameters = current().form_dict
    app, names = parameters.get("app") or None, parameters.get("doctype") or ""
    if not isinstance(names, str) or not isinstance(app, (str, type(None))):
        throw(_("Parameter {0} must be text").format("app, doctype"))
    body = as_json_bytes(describe(app, [name.strip() for name in names.split(",") if name.strip()]))
    response = Response(body, content_type=JSON_TYPE)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha1(body, usedforsecurity=False).hexdigest())
    return response.make_conditional(current().request)


def docs() -> Response:
    """Give the page that shows the description."""
    language = escape(str(current().get("lang") or "en"))
    words = escape(json.dumps(_words(), ensure_ascii=False))
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(_("API"))}</title>'
        f'<link rel="stylesheet" href="{ASSETS}/docs.css"><script type="module" src="{ASSETS}/docs.js"></script></head>'
        f'<body><div id="docs" data-words="{words}"><noscript>{escape(_("This page needs JavaScript."))} '
        '<a href="/api/openapi.json">openapi.json</a></noscript></div></body></html>'
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    add_security_headers(response)
    return response


def _words() -> dict[str, str]:
    return {
        "answers": _("Answers"),
        "body": _("Body"),
        "close": _("Close"),
        "failed": _("The description could not be loaded"),
        "guest": _("You are not signed in: only what anybody may call is shown."),
        "loading": _("Loading"),
        "mandatory": _("mandatory"),
        "none": _("Nothing fits."),
        "parameters": _("Parameters"),
        "readonly": _("read only"),
        "search": _("Search paths, DocTypes, functions"),
        "send": _("Send"),
        "signin": _("Login"),
        "try": _("Try it"),
    }


RULES = [
    Rule("/openapi.json", methods=["GET"], endpoint=openapi_json),
    Rule("/docs", methods=["GET"], endpoint=docs),
]
