"""Pages of the desk that a script draws."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from frappe_engine.desk.scripted_pages import files_of, page_for_user, with_includes
from frappe_engine.desk.scripts import content_hash
from frappe_engine.documents.controllers import module_app
from werkzeug.wrappers import Response

import frappe

PATH = "/api/method/frappe.desk.desk_page.script"
JINJA_MARK = "<!-- jinja -->"


@frappe.whitelist()
def getpage(name: str) -> None:
    """Give a page under `docs`: the document, its `style`, and under `__js_url` the address of its script."""
    page = page_for_user(name)
    files = files_of(page)
    described: dict[str, Any] = page.as_dict()
    described["style"] = files.get(f"{frappe.scrub(page.name)}.css", "")
    described["__js_url"] = f"{PATH}?{urlencode({'name': page.name, 'v': content_hash(_script_of(page, files))})}"
    frappe.local.response.docs.append(described)


@frappe.whitelist()
def script(name: str, v: str | None = None) -> Response:
    """Send the script of a page; with its present hash as `v` it may be kept for ever."""
    page = page_for_user(name)
    text = _script_of(page, files_of(page))
    response = Response(f"(function () {{\n{text}\n}}).call(window);\n", content_type="text/javascript; charset=utf-8")
    lasting = "private, max-age=31536000, immutable" if v == content_hash(text) else "private, no-cache"
    response.headers["Cache-Control"] = lasting
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _script_of(page: Any, files: dict[str, str]) -> str:
    """Give the page's templates, then its script."""
    templates = [
        f"frappe.templates[{json.dumps(file[:-5])}] = {json.dumps(_template(page, text))};"
        for file, text in files.items()
        if file.endswith(".html")
    ]
    return "\n".join([*templates, with_includes(files.get(f"{frappe.scrub(page.name)}.js", ""))])


def _template(page: Any, text: str) -> str:
    """Give a template; one that is marked so is filled by the server, with what `get_context` of the page's module gives."""
    if JINJA_MARK not in text:
        return text
    context: dict[str, Any] = {}
    fill = getattr(_module_of(page), "get_context", None)
    if fill:
        fill(context)
    return str(frappe.render_template(text.replace(JINJA_MARK, ""), context))


def _module_of(page: Any) -> ModuleType | None:
    """Give the Python module beside a page, None when it has none."""
    stem = frappe.scrub(page.name)
    path = f"{module_app(page.module)}.{frappe.scrub(page.module)}.page.{stem}.{stem}"
    try:
        return import_module(path) if find_spec(path) else None
    except ModuleNotFoundError as missing:
        if missing.name and path.startswith(missing.name):
            return None  # a folder on the way has no Python of its own
        raise
