"""Functions of `frappe` that are imported when their name is first used.

Invariant: nothing here is needed to start a process or to answer a plain request.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
from collections.abc import Callable
from typing import Any, NoReturn

from frappe_engine.context.caches.client import ClientCache
from frappe_engine.context.local import current, local
from frappe_engine.context.translate import _
from frappe_engine.database.builder import QueryBuilderFace
from frappe_engine.documents import sync
from frappe_engine.documents.controllers import get_module_list, module_app, module_of
from frappe_engine.documents.naming import hash_name
from frappe_engine.kit import jsontext
from frappe_engine.kit.text import random_string, scrub

import frappe


class _Builder(QueryBuilderFace):
    """`frappe.qb` with PyPika's terms."""

    @property
    def terms(self) -> Any:
        """PyPika's terms."""
        from pypika import terms

        return terms


qb = _Builder()
client_cache = ClientCache()


def as_json(obj: Any, indent: int | None = 1, separators: Any = None, ensure_ascii: bool = True) -> str:
    """Give a value as JSON text; documents become dicts."""
    return jsontext.as_json(
        obj, indent=indent, separators=separators, ensure_ascii=ensure_ascii, default=_document_as_dict
    )


def _document_as_dict(value: Any) -> Any:
    if hasattr(value, "as_dict"):
        return value.as_dict()
    return jsontext.json_default(value)


def parse_json(val: Any) -> Any:
    """Give a value that may be JSON text as what it stands for."""
    return jsontext.parse_json(val)


def bold(text: Any) -> str:
    """Give a text in bold."""
    return f"<strong>{text}</strong>"


def generate_hash(txt: str | None = None, length: int = 56) -> str:
    """Give random hexadecimal digits."""
    if length is None:
        return random_string(56)
    digits = os.urandom(length // 2 + 1).hex()
    return digits[:length]


def call(fn: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a function (or what a dotted path names) with those keyword arguments that it takes."""
    function = frappe.get_attr(fn) if isinstance(fn, str) else fn
    return function(*args, **get_newargs(function, kwargs))


def build_match_conditions(doctype: str, as_condition: bool = True) -> Any:
    """Give what limits the list of a DocType for the one who asks, as SQL; "" when nothing does."""
    from frappe.desk.reportview import build_match_conditions as conditions  # it knows lists

    return conditions(doctype, as_condition=as_condition)


def get_newargs(fn: Callable[..., Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Give those keyword arguments that a function takes."""
    parameters = inspect.signature(fn).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        taken = dict(kwargs)
    else:
        taken = {name: value for name, value in kwargs.items() if name in parameters}
    for name in ("ignore_permissions", "flags"):
        taken.pop(name, None)
    return taken


def get_active_domains() -> list[str]:
    """Give the domains that are switched on."""
    rows = local.db.rows("SELECT `domain` FROM `tabHas Domain` WHERE `parent` = 'Domain Settings'")
    return ["", *(row[0] for row in rows)]


def get_domain_data(module: str) -> Any:
    """Give what an app says of a domain."""
    hooks = frappe.get_hooks("domains")
    path = hooks.get(module) if isinstance(hooks, dict) else None
    return frappe.get_attr(f"{path[0]}.data") if path else frappe._dict()


def get_desk_link(doctype: str, name: Any, show_title_with_name: bool = False, open_in_new_tab: bool = False) -> str:
    """Give HTML that links to a form."""
    from frappe.utils import escape_html, get_url_to_form  # many helpers

    meta = frappe.get_meta(doctype)
    title = frappe.db.get_value(doctype, name, meta.get_title_field()) if show_title_with_name else None
    text = f"{_(doctype)} {name}: {title}" if title and title != name else f"{_(doctype)} {name}"
    target = ' target="_blank"' if open_in_new_tab else ""
    return f'<a href="{get_url_to_form(doctype, name)}"{target} style="font-weight: bold;">{escape_html(text)}</a>'


def get_precision(doctype: str, fieldname: str, currency: str | None = None, doc: Any = None) -> int | None:
    """Give the decimals of a number field."""
    from frappe_engine.documents.precision import field_precision  # settings

    return field_precision(frappe.get_meta(doctype).get_field(fieldname), doc)


def import_doc(path: str, pre_process: Any = None) -> None:
    """Import the documents in a JSON file, or in all JSON files of a folder."""
    paths = (
        [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".json")]
        if os.path.isdir(path)
        else [path]
    )
    for file_path in paths:
        with open(file_path, encoding="utf-8") as file:
            content = json.load(file)
        for values in content if isinstance(content, list) else [content]:
            document = frappe.get_doc(values)
            document.flags.ignore_permissions = True
            if pre_process:
                pre_process(document)
            if frappe.db.exists(document.doctype, document.name):
                stored = frappe.get_doc(document.doctype, document.name)
                stored.update({k: v for k, v in values.items() if k not in ("modified", "creation")})
                stored.save(ignore_permissions=True)
            else:
                document.insert(ignore_permissions=True, set_name=values.get("name"))
    local.db.commit()


def redirect(url: str) -> NoReturn:
    """Answer the request with a redirection to an address."""
    frappe.local.flags.redirect_location = url
    raise frappe.Redirect


def log(msg: Any) -> None:
    """Add a line to what developers see with the answer."""
    current().debug_log.append(str(msg))


def errprint(msg: Any) -> None:
    """Add an error to what developers see with the answer."""
    local.error_log.append({"exc": str(msg)})


def make_property_setter(
    args: Any, ignore_validate: bool = False, validate_fields_for_doctype: bool = True, is_system_generated: bool = True
) -> None:
    """Change a property of a DocType or of one of its fields on this site; `args`: doctype, fieldname, property, value …"""
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter as make

    wanted = frappe._dict(args)
    if not wanted.doctype_or_field:
        wanted.doctype_or_field = "DocField" if wanted.fieldname else "DocType"
    for doctype in [wanted.doctype] if wanted.doctype else _doctypes_with(wanted.fieldname):
        make(
            doctype,
            wanted.fieldname,
            wanted.property,
            wanted.value,
            wanted.property_type or "Data",
            for_doctype=wanted.doctype_or_field == "DocType",
            validate_fields_for_doctype=validate_fields_for_doctype,
            is_system_generated=is_system_generated,
        )


def _doctypes_with(fieldname: str) -> list[str]:
    return [
        row[0]
        for row in local.db.rows("SELECT DISTINCT `parent` FROM `tabDocField` WHERE `fieldname` = ?", (fieldname,))
    ]


def read_file(path: str, raise_not_found: bool = False, as_base64: bool = False) -> Any:
    """Give the text of a file, None when it is not there."""
    if not os.path.exists(path):
        if raise_not_found:
            raise OSError(f"{path} Not Found")
        return None
    with open(path, "rb") as file:
        content = file.read()
    if as_base64:
        import base64

        return base64.b64encode(content).decode()
    return content.decode("utf-8")


def get_file_items(path: str, raise_not_found: bool = False, ignore_empty_lines: bool = True) -> list[str]:
    """Give the lines of a text file that are no comments."""
    content = read_file(path, raise_not_found=raise_not_found)
    lines = [line.strip() for line in (content or "").splitlines()]
    return [line for line in lines if not line.startswith("#") and (line or not ignore_empty_lines)]


def reload_doc(
    module: str, dt: str | None = None, dn: str | None = None, force: bool = False, reset_permissions: bool = False
) -> bool:
    """Bring one standard document of an app in line with its file."""
    return sync.reload_doc(module, dt, dn, force=force, reset_permissions=reset_permissions)


def reload_doctype(doctype: str, force: bool = False, reset_permissions: bool = False) -> bool:
    """Bring a DocType in line with its file."""
    return sync.reload_doc(
        scrub(module_of(doctype)), "doctype", scrub(doctype), force=force, reset_permissions=reset_permissions
    )


def safe_decode(param: Any, encoding: str = "utf-8", fallback_map: dict[str, str] | None = None) -> Any:
    """Give bytes as text where that is possible."""
    return _coded(param, "decode", encoding, fallback_map)


def safe_encode(param: Any, encoding: str = "utf-8", fallback_map: dict[str, str] | None = None) -> Any:
    """Give text as bytes where that is possible."""
    return _coded(param, "encode", encoding, fallback_map)


def _coded(param: Any, method: str, encoding: str, fallback_map: dict[str, str] | None) -> Any:
    convert = getattr(param, method, None)
    if convert is None:
        return param
    try:
        return convert((fallback_map or {}).get(encoding, encoding))
    except (UnicodeError, LookupError):
        return param


def get_system_settings(key: str) -> Any:
    """Give a system setting."""
    from frappe_engine.context.settings import system_setting

    return system_setting(key)


def get_document_cache_key(doctype: str, name: Any) -> str:
    """Give the cache key of a document."""
    return f"document_cache::{doctype}::{name}"


def get_meta_module(doctype: str) -> Any:
    """Import the controller module of a DocType."""
    from frappe_engine.documents.controllers import load_doctype_module

    return load_doctype_module(doctype)


def get_doctype_app(doctype: str) -> str:
    """Give the app a DocType belongs to."""
    return module_app(module_of(doctype))


def get_module_path(module: str, *joins: str) -> str:
    """Give the folder of a module, joined with `joins`."""
    return frappe.get_app_path(module_app(module), scrub(module), *joins)


def get_pymodule_path(modulename: str, *joins: str) -> str:
    """Give the folder of a Python module, joined with `joins`."""
    if "public" not in joins:
        joins = tuple(scrub(part) if "." not in part else part for part in joins)
    return os.path.join(os.path.dirname(str(frappe.get_module(scrub(modulename)).__file__)), *joins)


def get_app_source_path(app: str, *joins: str) -> str:
    """Give the folder an app's repository is in, joined with `joins`."""
    return os.path.join(frappe.get_app_path(app, ".."), *joins)


def get_app_inc_path(*joins: str) -> str:
    """Give the path of bundled files, joined with `joins`."""
    return os.path.join(local.sites_path, "assets", *joins)


def validate_link_exists(doctype: str, name: Any) -> bool:
    """Tell whether a document is there."""
    return bool(frappe.db.exists(doctype, name))


def get_test_records(doctype: str) -> list[Any]:
    """Give the records in a DocType's `test_records.json`."""
    path = os.path.join(get_module_path(module_of(doctype)), "doctype", scrub(doctype), "test_records.json")
    content = read_file(path)
    return json.loads(content) if content else []


def ping() -> str:
    """Say that the site answers."""
    return "pong"


frappe.whitelist(allow_guest=True)(ping)


def mock(type: str, size: int = 1, locale: str = "en") -> Any:
    """Made-up values are not part of this runtime."""
    raise NotImplementedError("frappe.mock is not part of this runtime")


def get_request_header(key: str, default: str | None = None) -> str | None:
    """Give a header of the request."""
    return local.request.headers.get(key, default) if local.request else default


def only_has_select_perm(doctype: str, user: str | None = None, ignore_permissions: bool = False) -> bool:
    """Tell whether a user may choose documents in links but not read them."""
    if ignore_permissions:
        return False
    rights = frappe.get_role_permissions(doctype, user)
    return bool(rights.get("select") and not rights.get("read"))


def has_website_permission(
    doc: Any = None, ptype: str = "read", user: str | None = None, verbose: bool = False, doctype: str | None = None
) -> bool:
    """Tell whether a user may see a document on the website: what `has_website_permission` hooks say."""
    who = user or local.session.user
    document = doc if doc is None or not isinstance(doc, str) else frappe.get_doc(doctype, doc)
    target = doctype or document.doctype
    if hasattr(document, "has_website_permission") and not document.has_website_permission(ptype, who, verbose=verbose):
        return False
    hooks = frappe.get_hooks("has_website_permission")
    paths = hooks.get(target, []) if isinstance(hooks, dict) else []
    return bool(paths) and all(call(path, doc=document, ptype=ptype, user=who, verbose=verbose) for path in paths)


def get_website_settings(key: str) -> Any:
    """Give a value of the Website Settings."""
    return frappe.get_cached_doc("Website Settings").get(key)


def get_version(
    doctype: str, name: str, limit: int | None = None, head: bool = False, raise_err: bool = True
) -> list[Any]:
    """Give the versions of a document, the newest first."""
    meta = frappe.get_meta(doctype)
    if not meta.track_changes:
        if raise_err:
            raise ValueError(_("{0} has no versions tracked.").format(doctype))
        return []
    return frappe.get_all(
        "Version",
        filters={"ref_doctype": doctype, "docname": name},
        fields=["name", "owner", "creation", "data"],
        order_by="creation desc",
        limit=limit or (1 if head else 0),
    )


def setup_module_map(include_all_apps: bool = True) -> None:
    """Keep which module belongs to which app on `frappe.local`."""
    apps = frappe.get_all_apps() if include_all_apps else frappe.get_installed_apps()
    local.app_modules = {app: [scrub(module) for module in get_module_list(app)] for app in apps}
    local.module_app = {module: app for app, modules in local.app_modules.items() for module in modules}


def validate_and_sanitize_search_inputs(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check the arguments of a link search: the DocType exists, the field is one of it, numbers are numbers."""

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        from frappe.utils import cint

        given = dict(zip(function.__code__.co_varnames, args, strict=False))
        given.update(kwargs)
        search_field = given.get("searchfield")
        if search_field:
            sanitize_searchfield(str(search_field))
        given["start"] = cint(given.get("start"))
        given["page_len"] = cint(given.get("page_len"))
        if given.get("doctype") and not frappe.db.exists("DocType", given["doctype"]):
            return []
        return function(**given)

    return checked


def sanitize_searchfield(searchfield: str) -> None:
    """Raise `DataError` when a search field is more than a name."""
    if not searchfield.replace("_", "").replace(".", "").isalnum():
        frappe.throw(_("Invalid Search Field {0}").format(searchfield), frappe.DataError)


def get_single_value(setting: str, fieldname: str, /) -> Any:
    """Give a value of a Single, of the kind its field says."""
    return frappe.get_cached_doc(setting).get(fieldname)


def get_file_json(path: str) -> Any:
    """Read a JSON file. Raises `OSError`, `ValueError`."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def get_common_site_config(sites_path: str | None = None) -> Any:
    """Give the configuration that all sites of the bench share."""
    path = os.path.join(sites_path or local.sites_path, "common_site_config.json")
    return frappe._dict(get_file_json(path) if os.path.exists(path) else {})


def get_conf(site: str | None = None) -> Any:
    """Give the configuration of the site."""
    return local.conf


def local_cache(namespace: str, key: str, generator: Callable[[], Any], regenerate_if_none: bool = False) -> Any:
    """Give what this request remembers under a namespace and key, made by `generator` when first asked for."""
    known = local.cache.setdefault(namespace, {})
    if key not in known or (known[key] is None and regenerate_if_none):
        known[key] = generator()
    return known[key]


def read_only() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function that only reads, for sites that read from a copy of their database; no site here has one."""
    return lambda function: function


def connect_to_replica() -> bool:
    """Read from a copy of the database from now on, where there is one: tell whether there is, which is never."""
    return False


def create_folder(path: str, with_init: bool = False) -> None:
    """Make a folder and those above it; `with_init` makes it a Python package."""
    os.makedirs(path, exist_ok=True)
    if with_init:
        with open(os.path.join(path, "__init__.py"), "a", encoding="utf-8"):
            pass


__all__ = ["as_json", "hash_name", "qb"]
