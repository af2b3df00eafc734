"""The public API: `import frappe`.

Everything here is a name for something in `frappe_engine`; the documented behaviour of Frappe 15 is the contract.
What few requests need is imported when its name is first used (`_LATER`), so that a process starts fast.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from frappe_engine.access.decisions import get_role_permissions
from frappe_engine.access.roles import get_roles
from frappe_engine.context.errors import *
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.hooks import (
    append_hook,
    get_all_apps,
    get_app_path,
    get_attr,
    get_hooks,
    get_installed_apps,
    get_module,
)
from frappe_engine.context.local import LocalProxy, local
from frappe_engine.context.messages import clear_last_message, clear_messages, get_message_log, msgprint, throw
from frappe_engine.context.translate import _, get_user_lang
from frappe_engine.context.whitelist import (
    allowed_http_methods,
    guest_methods,
    is_whitelisted,
    whitelist,
    whitelisted,
    xss_safe_methods,
)
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.controllers import get_module_list
from frappe_engine.documents.copying import copy_doc
from frappe_engine.documents.deletion import delete_doc
from frappe_engine.documents.document import (
    forget_document,
    get_cached_doc,
    get_cached_value,
    get_doc,
    get_last_doc,
    get_lazy_doc,
    get_single,
    new_doc,
)
from frappe_engine.documents.errors import get_traceback, log_error
from frappe_engine.documents.listing import get_all, get_list
from frappe_engine.documents.metas import forget_all_metas, forget_meta, get_meta
from frappe_engine.documents.rename import rename_doc
from frappe_engine.documents.site import connect, destroy, init, set_user
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.text import cstr, scrub, unscrub

from frappe import _missing

_missing.install()  # what apps import and this runtime lacks says so when it is used

__version__ = "15.72.0"
__title__ = "Frappe Framework"
STANDARD_USERS = ("Guest", "Administrator")

db: Any = LocalProxy("db")
conf: Any = LocalProxy("conf")
form: Any = LocalProxy("form_dict")
form_dict: Any = LocalProxy("form_dict")
request: Any = LocalProxy("request")
job: Any = LocalProxy("job")
response: Any = LocalProxy("response")
session: Any = LocalProxy("session")
user: Any = LocalProxy("user")
flags: Any = LocalProxy("flags")
error_log: Any = LocalProxy("error_log")
debug_log: Any = LocalProxy("debug_log")
message_log: Any = LocalProxy("message_log")
lang: Any = LocalProxy("lang")
cache: Any = LocalProxy("cache_server")

allowed_http_methods_for_whitelisted_func = allowed_http_methods

_LATER: dict[str, str] = {
    "qb": "frappe._later:qb",
    "as_json": "frappe._later:as_json",
    "attach_print": "frappe.utils.print_format:attach_print",
    "build_match_conditions": "frappe._later:build_match_conditions",
    "call": "frappe._later:call",
    "enqueue": "frappe.utils.background_jobs:enqueue",
    "enqueue_doc": "frappe.utils.background_jobs:enqueue_doc",
    "format": "frappe.utils.formatters:format_value",
    "format_value": "frappe.utils.formatters:format_value",
    "generate_hash": "frappe._later:generate_hash",
    "get_active_domains": "frappe._later:get_active_domains",
    "get_desk_link": "frappe._later:get_desk_link",
    "get_file_items": "frappe._later:get_file_items",
    "get_jenv": "frappe.utils.jinja:get_jenv",
    "get_newargs": "frappe._later:get_newargs",
    "get_precision": "frappe._later:get_precision",
    "get_print": "frappe.utils.print_format:get_print",
    "get_template": "frappe.utils.jinja:get_template",
    "get_website_settings": "frappe._later:get_website_settings",
    "import_doc": "frappe._later:import_doc",
    "log": "frappe._later:log",
    "logger": "frappe.utils.logger:get_logger",
    "make_property_setter": "frappe._later:make_property_setter",
    "client_cache": "frappe._later:client_cache",
    "redirect": "frappe._later:redirect",
    "publish_progress": "frappe.realtime:publish_progress",
    "publish_realtime": "frappe.realtime:publish_realtime",
    "read_file": "frappe._later:read_file",
    "redirect_to_message": "frappe.website.utils:redirect_to_message",
    "reload_doc": "frappe._later:reload_doc",
    "reload_doctype": "frappe._later:reload_doctype",
    "render_template": "frappe.utils.jinja:render_template",
    "request_cache": "frappe.utils.caching:request_cache",
    "respond_as_web_page": "frappe.website.utils:respond_as_web_page",
    "safe_decode": "frappe._later:safe_decode",
    "safe_encode": "frappe._later:safe_encode",
    "safe_eval": "frappe.utils.safe_exec:safe_eval",
    "sendmail": "frappe.email.sending:sendmail",
    "task": "frappe.utils.background_jobs:task",
    "validate_and_sanitize_search_inputs": "frappe._later:validate_and_sanitize_search_inputs",
    "get_system_settings": "frappe._later:get_system_settings",
    "get_site_config": "frappe_engine.context.config:get_site_config",
    "get_controller": "frappe_engine.documents.controllers:get_controller",
    "get_document_cache_key": "frappe._later:get_document_cache_key",
    "get_meta_module": "frappe._later:get_meta_module",
    "get_doctype_app": "frappe._later:get_doctype_app",
    "get_module_path": "frappe._later:get_module_path",
    "get_pymodule_path": "frappe._later:get_pymodule_path",
    "get_app_source_path": "frappe._later:get_app_source_path",
    "get_app_inc_path": "frappe._later:get_app_inc_path",
    "validate_link_exists": "frappe._later:validate_link_exists",
    "get_test_records": "frappe._later:get_test_records",
    "ping": "frappe._later:ping",
    "parse_json": "frappe._later:parse_json",
    "bold": "frappe._later:bold",
    "mock": "frappe._later:mock",
    "get_request_header": "frappe._later:get_request_header",
    "get_domain_data": "frappe._later:get_domain_data",
    "errprint": "frappe._later:errprint",
    "read_only": "frappe._later:read_only",
    "connect_to_replica": "frappe._later:connect_to_replica",
    "create_folder": "frappe._later:create_folder",
    "only_has_select_perm": "frappe._later:only_has_select_perm",
    "has_website_permission": "frappe._later:has_website_permission",
    "get_version": "frappe._later:get_version",
    "setup_module_map": "frappe._later:setup_module_map",
    "get_single_value": "frappe._later:get_single_value",
    "get_file_json": "frappe._later:get_file_json",
    "get_common_site_config": "frappe._later:get_common_site_config",
    "local_cache": "frappe._later:local_cache",
    "get_conf": "frappe._later:get_conf",
    "json": "json",
}


def __getattr__(name: str) -> Any:
    target = _LATER.get(name)
    if target is None and not name.startswith("_") and find_spec(f"frappe.{name}") is not None:
        return import_module(f"frappe.{name}")
    if target is None:
        return _missing.missing(name)
    module, _separator, attribute = target.partition(":")
    found = import_module(module)
    value = getattr(found, attribute) if attribute else found
    globals()[name] = value
    return value


def has_permission(
    doctype: Any = None,
    ptype: str = "read",
    doc: Any = None,
    user: str | None = None,
    throw: bool = False,
    *,
    parent_doctype: str | None = None,
    debug: bool = False,
    ignore_share_permissions: bool = False,
) -> bool:
    """Tell whether a user has a right on a DocType or document; with `throw` raise `PermissionError` when not.

    A document may also stand in the place of `doctype`.
    """
    from frappe_engine.access.decisions import has_permission as decide

    if not doctype and doc is None:
        raise DoesNotExistError(_("{0} {1} not found").format(_("DocType"), doctype or ""))
    if doc is None and hasattr(doctype, "doctype"):
        doc = doctype
    target = doctype if isinstance(doctype, str) and doctype else doc.doctype
    granted = decide(
        target, ptype, doc, user, raise_exception=throw, parent_doctype=parent_doctype,
        ignore_share_permissions=ignore_share_permissions, print_logs=throw,
    )  # fmt: skip
    if throw and not granted:
        what = f"{_(target)} {doc if isinstance(doc, str) else doc.name}" if doc else _(target)
        raise PermissionError(_("No permission for {0}").format(what))
    return granted


def only_for(roles: Any, message: bool = False) -> None:
    """Raise `PermissionError` unless the user has one of `roles`; Administrator and tests pass."""
    if local.session.user == "Administrator":
        return
    wanted = {roles} if isinstance(roles, str) else set(roles)
    if wanted.isdisjoint(get_roles()):
        if not message:
            raise PermissionError
        throw(
            _("This action is only allowed for {0}").format(
                ", ".join(f"<strong>{_(role)}</strong>" for role in sorted(wanted))
            ),
            PermissionError,
            _("Insufficient Permissions"),
        )


def get_value(*args: Any, **kwargs: Any) -> Any:
    """Same as `frappe.db.get_value`."""
    return local.db.get_value(*args, **kwargs)


def set_value(doctype: str, docname: Any, fieldname: Any, value: Any = None) -> Any:
    """Load a document, set fields, save it, and give it as a dict."""
    from frappe.client import set_value as set_and_save

    return set_and_save(doctype, docname, fieldname, value)


def delete_doc_if_exists(doctype: str, name: Any, force: Any = 0) -> None:
    """Delete a document when it is there."""
    delete_doc(doctype, name, ignore_missing=True, force=force)


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
    """Forget what is remembered of a user, of a DocType and its documents, or everything of this site."""
    from frappe_engine.access.roles import forget_user
    from frappe_engine.context.hooks import forget_hooks
    from frappe_engine.context.translate import forget_translations

    if doctype:
        forget_meta(doctype)
        clear_document_cache(doctype)
        return
    if user:
        forget_user(user)
        return
    forget_all_metas()
    forget_hooks()
    forget_translations()
    _clear_everything()


def _clear_everything() -> None:
    from frappe_engine.context.local import current

    context = current()
    process_cache_of(context).clear()
    context.cache_server.flushall()
    context.system_settings = None
    context.document_cache = {}
    context.role_permissions = {}
    for function in get_hooks("clear_cache"):
        get_attr(function)()


def clear_document_cache(doctype: str, name: Any = None) -> None:
    """Let every process read a document anew (all of a DocType when `name` is None)."""
    if name is None:
        process_cache_of_current().forget_kind(f"doc|{doctype}")
        local.document_cache = {}
        return
    forget_document(doctype, name)


def process_cache_of_current() -> Any:
    """Give this process's cache of the site."""
    from frappe_engine.context.local import current

    return process_cache_of(current())


def get_site_path(*joins: str) -> str:
    """Give the path of the site's folder, joined with `joins`."""
    import os

    return os.path.join(local.site_path, *joins)


def get_pymodule(name: str) -> Any:
    """Import a module."""
    return get_module(name)


def set_user_lang(user: str, user_language: str | None = None) -> None:
    """Answer in the language of a user."""
    local.lang = user_language or get_user_lang()


def connect_replica() -> bool:
    """Read from a replica where the site has one; here the one database answers."""
    return False


@contextmanager
def init_site(site: str | None = None) -> Any:
    """Enter a site for a block."""
    site_name = site or ""
    init(site_name)
    try:
        yield local
    finally:
        destroy()


def get_user(username: str | None = None) -> Any:
    """Give what is known of a user's rights (`can_read`, `get_roles` …)."""
    from frappe.utils.user import UserPermissions

    if not username:
        username = local.session.user
    return UserPermissions(username)


def get_user_permissions(user: str | None = None) -> Any:
    """Give what a user is limited to, per DocType."""
    from frappe_engine.access.roles import get_user_permissions as load

    return load(user)


def get_all_doctypes() -> list[str]:
    """Give the names of all DocTypes."""
    return [row[0] for row in local.db.rows("SELECT `name` FROM `tabDocType`")]


def remove_no_copy_fields(doc: Any) -> None:
    """Empty the fields of a document that are marked "no copy"."""
    for field in doc.meta.get("fields", {"no_copy": 1}):
        if hasattr(doc, field.fieldname):
            doc.set(field.fieldname, None)


def is_setup_complete() -> bool:
    """Tell whether the site was set up."""
    return bool(int(local.db.get_single_value("System Settings", "setup_complete") or 0))


def is_table(doctype: str) -> bool:
    """Tell whether a DocType is that of rows."""
    return bool(get_meta(doctype).istable)


def in_test() -> bool:
    """Tell whether tests are running."""
    return bool(local.flags.in_test)


def compare(val1: Any, condition: str, val2: Any) -> bool:
    """Compare two values by an operator of filters."""
    from frappe_engine.documents.base import compare as compare_values

    return compare_values(val1, condition, val2)


def as_unicode(text: Any, encoding: str = "utf-8") -> str:
    """Give a text."""
    return cstr(text, encoding)


def get_installed_versions() -> dict[str, str]:
    """Give the version of each installed app."""
    return {app: getattr(get_module(app), "__version__", "0.0.1") for app in get_installed_apps()}
