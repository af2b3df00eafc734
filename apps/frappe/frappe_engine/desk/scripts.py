"""The scripts of forms, lists, trees and calendars of a DocType: files of apps, then what the site itself added.

They reach the browser as files with an address of their own (the page forbids evaluating text); the address holds a
hash of the content, so that it can be kept for ever.

Invariant: a script is only given to who may read its DocType.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.errors import PermissionError, ValidationError
from frappe_engine.context.hooks import get_app_path, get_hooks
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.controllers import module_app
from frappe_engine.documents.incoming import check_doctype
from frappe_engine.kit.text import scrub
from frappe_engine.schema.meta import Meta

KINDS = {"form": "", "list": "_list", "tree": "_tree", "calendar": "_calendar"}
HOOKS = {"form": "doctype_js", "list": "doctype_list_js", "tree": "doctype_tree_js", "calendar": "doctype_calendar_js"}
CLIENT_SCRIPT_VIEWS = {"form": "Form", "list": "List"}
KEYS = {"form": "__js_url", "list": "__list_js_url", "tree": "__tree_js_url", "calendar": "__calendar_js_url"}
PATH = "/api/method/frappe.desk.form.load.script"


def script_text(meta: Meta, kind: str) -> str:
    """Give the whole script of one kind for a DocType, "" when there is none."""
    parts = [*_file_texts(meta, kind), *_site_texts(meta.name, kind)]
    return "\n\n".join(parts)


def _file_texts(meta: Meta, kind: str) -> list[str]:
    if kind not in KINDS:
        throw(_("Parameter {0} must be one of {1}").format("kind", ", ".join(KINDS)), ValidationError)
    return [text for path in _paths(meta, kind) if (text := read_if_there(path))]


def _paths(meta: Meta, kind: str) -> list[str]:
    paths: list[str] = []
    if meta.module and not meta.custom:
        name = scrub(meta.name)
        folder = get_app_path(module_app(meta.module), scrub(meta.module), "doctype", name)
        paths.append(os.path.join(folder, f"{name}{KINDS[kind]}.js"))
    hooks = get_hooks(HOOKS[kind], {})
    if isinstance(hooks, dict):
        for entry in hooks.get(meta.name, ()):
            paths += [path for path in _hooked_paths(HOOKS[kind], meta.name, str(entry)) if path not in paths]
    return paths


def _hooked_paths(hook: str, doctype: str, entry: str) -> list[str]:
    """A hook names a file of the app that sets it."""
    from frappe_engine.context.hooks import get_installed_apps  # only where an app adds scripts

    found = []
    for app in get_installed_apps():
        own = get_hooks(hook, {}, app_name=app)
        if isinstance(own, dict) and entry in own.get(doctype, ()):
            found.append(get_app_path(app, *entry.split("/")))
    return found


def read_if_there(path: str) -> str:
    """Give a text file, "" when it is not there; read again when it changed."""
    try:
        stamp = os.stat(path)
    except FileNotFoundError:
        return ""
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=2048)
def _read(path: str, _stamp: int, _size: int) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _site_texts(doctype: str, kind: str) -> list[str]:
    view = CLIENT_SCRIPT_VIEWS.get(kind)
    if view is None:
        return []
    rows = current().db.rows(
        "SELECT `script` FROM `tabClient Script` WHERE `dt` = ? AND `view` = ? AND `enabled` = 1 ORDER BY `creation`",
        (doctype, view),
    )
    return [str(row[0]) for row in rows if row[0]]


def script_urls(meta: Meta) -> dict[str, str]:
    """Give the addresses of a DocType's scripts by the keys the desk knows them; kinds without a script are absent."""
    found: dict[str, str] = {}
    for kind, key in KEYS.items():
        text = script_text(meta, kind)
        if text:
            found[key] = f"{PATH}?{urlencode({'doctype': meta.name, 'kind': kind, 'v': content_hash(text)})}"
    return found


def content_hash(text: str) -> str:
    """Give what tells one script from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def script_for_browser(doctype: Any, kind: Any) -> tuple[str, str]:
    """Give a script as the browser runs it, and its hash. Raises `PermissionError` without the right to read."""
    meta = check_doctype(doctype)
    if not has_permission(meta.name, "read", print_logs=False, raise_exception=False) and not meta.istable:
        throw(_("Not permitted"), PermissionError)
    text = script_text(meta, str(kind or "form"))
    return f"(function () {{\n{text}\n}}).call(window);\n", content_hash(text)
