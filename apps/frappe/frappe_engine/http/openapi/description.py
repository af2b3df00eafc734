"""The description of the API for who asks: DocTypes they may read, verbs their rights allow, functions they may call.

Invariant: guests learn of functions for guests alone; a field above the asker's permission levels is not described.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frappe_engine.access.decisions import permitted_fields
from frappe_engine.access.summary import RightsSummary, rights_summary
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.hooks import get_hooks, get_installed_apps, get_module
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.controllers import get_controller, module_app
from frappe_engine.documents.metas import get_meta
from frappe_engine.http.calls import SERVER_FUNCTIONS
from frappe_engine.http.openapi.functions import Endpoint, described, document_methods, endpoints_of
from frappe_engine.http.openapi.operations import LIST_PARAMETERS, document_paths, fixed_paths, function_path
from frappe_engine.http.openapi.schemas import Schema, document_schema, row_doctypes, schema_name
from frappe_engine.schema.meta import Meta

RIGHTS = ("read", "write", "create", "delete", "submit", "cancel")
MEANINGS = {
    "NotAllowed": "The asker has no right to this",
    "NotThere": "There is no such document, DocType or route",
    "Taken": "A document of this name exists",
    "Refused": "The values are refused; the messages say why",
    "Other": (
        "400: the request or its CSRF token is wrong; 401: nobody is signed in, or the credentials are wrong; 405: the verb"
        " is wrong; 413: the body is too large; 429: too many requests; 500: a fault of the site, kept in its Error Log;"
        " 503: the site is being maintained; 508: the site was busy"
    ),
}


def describe(app: str | None = None, doctypes: Iterable[str] = ()) -> dict[str, Any]:
    """Give the OpenAPI document of what the present user may do, of one `app` or of some `doctypes` alone if given.

    Raises `DoesNotExistError` for an app that is not installed, `PermissionError` for a DocType the user may not read.
    """
    apps = tuple(get_installed_apps())
    if app and app not in apps:
        throw(_("App {0} is not installed").format(app[:140]), DoesNotExistError)
    wanted = list(doctypes)
    metas = _metas(app, wanted)
    functions = [] if wanted else [found for found in _functions(apps) if not app or found.app == app]
    rows = _rows(metas)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": [], "csrf": []}, {"oauth": []}],
        "tags": _tags(metas, functions),
        "paths": _paths(metas, functions),
        "components": {
            "securitySchemes": _security(),
            "parameters": LIST_PARAMETERS,
            "responses": {name: _refusal(MEANINGS[name]) for name in MEANINGS},
            "schemas": {
                **{schema_name(meta.name): document_schema(meta, _hidden(meta)) for meta in (*metas, *rows)},
                **_own_schemas(),
            },
        },
    }


def _info() -> dict[str, Any]:
    framework = get_module("frappe")
    title = (get_hooks("app_title") or ["Frappe"])[-1]
    return {
        "title": f"{title} – {current().site}",
        "version": str(framework.__version__),
        "description": _(
            "What you may read and change here, made from this site's DocTypes, functions and your rights."
        ),
    }


# what is described


def _metas(app: str | None, wanted: list[str]) -> list[Meta]:
    """The DocTypes to describe, by name; without those the user may not read."""
    if current().session.user == "Guest":
        if wanted:
            throw(_("Not permitted"), PermissionError)
        return []
    readable = rights_summary().can_read
    refused = [name for name in wanted if name not in readable]
    if refused:
        throw(_("Insufficient Permission for {0}").format(refused[0][:140]), PermissionError)
    metas = [get_meta(name) for name in sorted(wanted or readable)]
    if app:
        metas = [meta for meta in metas if module_app(str(meta.module)) == app]
    return [meta for meta in metas if not meta.istable]


def _rows(metas: list[Meta]) -> list[Meta]:
    """The DocTypes of the rows of what is described, and of their rows."""
    known = {meta.name for meta in metas}
    found: list[Meta] = []
    level = metas
    while level:
        level = [get_meta(name) for name in row_doctypes(level) if name and name not in known]
        known.update(meta.name for meta in level)
        found += level
    return found


def _hidden(meta: Meta) -> Any:
    allowed = None if meta.istable else permitted_fields(meta)
    return lambda field: allowed is not None and bool(field.get("permlevel")) and field.fieldname not in allowed


def _functions(apps: tuple[str, ...]) -> list[Endpoint]:
    guest = current().session.user == "Guest"
    return [endpoint for endpoint in endpoints_of(apps) if endpoint.for_guests or not guest]


def _paths(metas: list[Meta], functions: list[Endpoint]) -> dict[str, Any]:
    paths: dict[str, Any] = fixed_paths([meta.name for meta in metas], _named)
    summary = None if current().session.user == "Guest" else rights_summary()
    for meta in metas:
        rights = frozenset() if summary is None else _rights(summary, meta.name)
        paths.update(document_paths(meta, rights, document_methods(get_controller(meta.name))))
    for endpoint in functions:
        paths[f"/api/method/{endpoint.path}"] = function_path(endpoint)
    return paths


def _named(name: str) -> Endpoint | None:
    function = SERVER_FUNCTIONS.get(name)
    if function is None:
        return None
    endpoint = described(f"handler.{name}", "frappe", function)
    return endpoint if endpoint.for_guests or current().session.user != "Guest" else None


def _rights(summary: RightsSummary, doctype: str) -> frozenset[str]:
    return frozenset(right for right in RIGHTS if doctype in getattr(summary, f"can_{right}"))


def _tags(metas: list[Meta], functions: list[Endpoint]) -> list[dict[str, str]]:
    names = [*(str(meta.module) for meta in metas), *(endpoint.path.rsplit(".", 1)[0] for endpoint in functions)]
    return [{"name": name} for name in dict.fromkeys(("session", "files", "version 2", *sorted(names)))]


# parts that are the same everywhere


def _refusal(meaning: str) -> dict[str, Any]:
    error = {"anyOf": [{"$ref": "#/components/schemas/-refusal"}, {"$ref": "#/components/schemas/-refusal_v2"}]}
    return {"description": meaning, "content": {"application/json": {"schema": error}}}


def _own_schemas() -> dict[str, Schema]:
    messages: Schema = {
        "type": "string",
        "contentMediaType": "application/json",
        "description": "a list of texts, each a JSON object with message, title, indicator",
    }
    text: Schema = {"type": "string"}
    refusal = {"exc_type": text, "exception": text, "exc": text, "_server_messages": messages, "_error_message": text}
    entry = {"type": "object", "required": ["type"], "properties": {"type": text, "title": text, "exception": text}}
    return {
        "-messages": messages,
        "-refusal": {"type": "object", "required": ["exc_type"], "properties": refusal},
        "-refusal_v2": {
            "type": "object",
            "required": ["errors"],
            "properties": {"errors": {"type": "array", "items": entry}},
        },
    }


def _security() -> dict[str, Any]:
    oauth = "/api/method/frappe.integrations.oauth2"
    flow = {
        "authorizationUrl": f"{oauth}.authorize",
        "tokenUrl": f"{oauth}.get_token",
        "refreshUrl": f"{oauth}.get_token",
        "scopes": {"all": "everything the user may do", "openid": "who the user is"},
    }
    return {
        "token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`token <api_key>:<api_secret>`",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sid", "description": "set by signing in"},
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Frappe-CSRF-Token",
            "description": "for sessions of the desk",
        },
        "oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}},
    }
