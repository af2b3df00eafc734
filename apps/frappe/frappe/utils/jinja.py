"""Jinja templates: those in the files of apps, and the texts that administrators write (mails, print formats, subjects).

Invariant: a template reads what the one it is rendered for could read by scripts; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import getmembers, isfunction
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.expressions.templates import TemplateEnvironment
from frappe_engine.kit.html import markdown_to_html
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Template
from jinja2.exceptions import TemplateError

import frappe
from frappe import _

# what scripts are lent and templates are not: they only show
NOT_LENT = frozenset(
    {"call", "delete_doc", "rename_doc", "enqueue", "sendmail", "make_delete_request", "make_get_request"}
    | {"make_patch_request", "make_post_request", "make_put_request", "publish_realtime", "response", "new_doc"}
)
WRITES_OF_DATABASE = frozenset(
    {"set_value", "set_single_value", "commit", "rollback", "savepoint", "release_savepoint"}
    | {"after_commit", "after_rollback", "before_commit"}
)
ENDINGS = (".html", ".md", ".xml", ".css", ".js", ".txt", ".svg")


def get_jenv() -> TemplateEnvironment:
    """Give the environment of the present request: loaders of all apps, lent names, methods and filters of hooks."""
    context = current()
    known = context.get("jenv")
    if known is None:
        known = context.jenv = _make_environment()
    return known  # type: ignore[no-any-return]


def _make_environment() -> TemplateEnvironment:
    from frappe_engine.database.builder import Builder  # only what templates may be handed
    from frappe_engine.schema.meta import Meta, Row

    from frappe.model.document import BaseDocument

    environment = TemplateEnvironment(_loader(), _attribute, (BaseDocument, Meta, Row, Builder))
    environment.globals.update(_lent())
    environment.filters.update(_filters())
    methods, filters = get_jinja_hooks()
    environment.globals.update(methods)
    environment.filters.update(filters)
    return environment


def _loader() -> ChoiceLoader:
    """Templates are found by "templates/x.html" in the app installed last, or by "app/templates/x.html"."""
    apps = list(reversed(frappe.get_installed_apps()))
    loaders = {app: PackageLoader(app, ".") for app in apps}
    return ChoiceLoader([*loaders.values(), PrefixLoader(loaders)])


def _attribute(owner: Any, name: str) -> Any:
    from frappe.utils.safe_exec import RUNNERS, WRITING_METHODS, read_attribute

    if name in WRITING_METHODS or name in RUNNERS:
        raise frappe.PermissionError(_("Templates can't call {0}").format(name))
    return read_attribute(owner, name)


def _lent() -> dict[str, Any]:
    from frappe.utils.safe_exec import Namespace, lent_names

    lent = dict(lent_names(restrict_commit_rollback=True))
    names = {name: value for name, value in lent["frappe"].items() if name not in NOT_LENT}
    names["db"] = Namespace({name: value for name, value in names["db"].items() if name not in WRITES_OF_DATABASE})
    names["_"] = _
    lent.pop("run_script", None)
    return {
        **lent,
        "frappe": Namespace(names),
        "get_url": frappe.utils.get_url,
        "guess_mimetype": _guess_mimetype,
        "include_style": lambda name, **_options: _tag("link", name),
        "include_script": lambda name, **_options: _tag("script", name),
        "is_rtl": is_rtl,
        "json": lent["json"],
        "len": len,
        "_": _,
    }


def _guess_mimetype(name: str) -> str | None:
    import mimetypes

    return mimetypes.guess_type(name)[0]


def _tag(kind: str, name: str) -> str:
    address = frappe.utils.escape_html(name if name.startswith(("/", "http")) else f"/assets/{name}")
    return f'<link rel="stylesheet" href="{address}">' if kind == "link" else f'<script src="{address}"></script>'


def _filters() -> dict[str, Callable[..., Any]]:
    utils = frappe.utils
    return {
        "json": frappe.as_json,
        "len": len,
        "int": utils.cint,
        "str": utils.cstr,
        "flt": utils.flt,
        "abs_url": utils.get_url,
        "global_date_format": utils.global_date_format,
        "markdown": markdown_to_html,
        "unscrub": frappe.unscrub,
    }


def get_jinja_hooks() -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the methods and the filters that apps lend to templates (hook `jinja`).

    Each entry is a module (all its functions), a function, or `function:name`.
    """
    hooks = frappe.get_hooks("jinja") or {}
    if not isinstance(hooks, Mapping):
        return {}, {}
    return _hooked(hooks.get("methods") or ()), _hooked(hooks.get("filters") or ())


def _hooked(paths: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in [paths] if isinstance(paths, str) else paths:
        path, _colon, alias = entry.partition(":")
        target = _named(path)
        if isfunction(target) or callable(target):
            found[alias or path.rsplit(".", 1)[-1]] = target
        else:
            found.update({name: function for name, function in getmembers(target, isfunction)})
    return found


def _named(path: str) -> Any:
    try:
        return import_module(path)
    except ModuleNotFoundError:
        return frappe.get_attr(path)


def get_template(path: str) -> Template:
    """Give a template of an app's files. Raises jinja2's `TemplateNotFound`."""
    return get_jenv().get_template(path)


def render_template(
    template: str, context: Mapping[str, Any] | None = None, is_path: bool | None = None, safe_render: bool = True
) -> str:
    """Render a template, given as text or as the path of a file of an app. Raises `frappe.ValidationError`."""
    if not template:
        return ""
    if is_path or (is_path is None and guess_is_path(template)):
        return get_template(template).render(context or {})
    if safe_render and ".__" in template:
        frappe.throw(_("Illegal template"))
    try:
        return get_jenv().from_string(template).render(context or {})
    except TemplateError as error:
        frappe.throw(frappe.utils.escape_html(str(error)), title=_("Jinja Template Error"))


def guess_is_path(template: str) -> bool:
    """Tell whether a text is the path of a template."""
    text = template.strip()
    return "\n" not in text and "{" not in text and " " not in text and "/" in text and text.endswith(ENDINGS)


def render_include(content: str) -> str:
    """Put the texts of files where a text says `{% include "app/path" %}`."""
    import re

    def included(match: re.Match[str]) -> str:
        app, _slash, rest = match.group(1).partition("/")
        return frappe.read_file(frappe.get_app_path(app, *rest.split("/")), raise_not_found=True) or ""

    text = content or ""
    for _depth in range(5):
        if "{% include" not in text:
            break
        text = re.sub(r"{% include\s['\"](.*?)['\"]\s%}", included, text)
    return text


def with_included_templates(content: str) -> str:
    """Put the sources of templates where a text includes them by name, as `{% include "templates/x.html" %}`."""
    import re

    environment = get_jenv()
    loader = environment.loader
    if loader is None:
        return content
    return re.sub(
        r"{%-?\s*include\s+['\"]([^'\"]+)['\"]\s*-?%}",
        lambda match: loader.get_source(environment, match.group(1))[0],
        content,
    )


def validate_template(html: str) -> None:
    """Raise `frappe.ValidationError` unless a text is a template."""
    if not html:
        return
    try:
        get_jenv().from_string(html)
    except TemplateError as error:
        line = getattr(error, "lineno", "?")
        frappe.throw(_("Syntax error in template as line {0}: {1}").format(line, frappe.utils.escape_html(str(error))))


def is_rtl(rtl: bool | None = None) -> bool:
    """Tell whether the present language is written from right to left."""
    return bool(rtl) if rtl is not None else str(frappe.local.lang).split("-")[0] in ("ar", "he", "fa", "ps", "ur")
