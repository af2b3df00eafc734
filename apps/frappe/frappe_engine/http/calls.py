"""Calling functions by their dotted path: `/api/method/<path>`, `cmd=<path>`, and methods of documents.

Order of looking a name up: hook `override_whitelisted_methods`, server scripts of type API, a function of this server
(names without a dot), the function of the module. A path that leads nowhere is refused with 417.

Invariant: only what `whitelist` marked runs, for guests only what is marked for guests; texts of guests are cleaned of
mark-up unless the function says it is safe.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

from frappe_engine.context.errors import AppNotInstalledError, PermissionError, ValidationError
from frappe_engine.context.hooks import get_all_apps, get_attr, get_hooks
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import is_valid_http_method, is_whitelisted, xss_safe_methods
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import json_parameter
from frappe_engine.http.arguments import signature_of
from frappe_engine.kit.html import sanitize_html

SERVER_FUNCTIONS: dict[str, Callable[..., Any]] = {}


def server_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function be called by its bare name (`ping`, `logout`, `upload_file` …)."""
    SERVER_FUNCTIONS[function.__name__] = function
    return function


def run_command(command: str) -> Any:
    """Run what `command` names with the request's parameters; give what it returns.

    Raises `ValidationError` when it leads nowhere, `PermissionError` when it may not be called so.
    """
    name = str(command).split("/", 1)[0]
    overrides = get_hooks("override_whitelisted_methods", {})
    if isinstance(overrides, Mapping) and overrides.get(name):
        name = str(overrides[name][-1])
    if providers.has("api_script"):
        script = providers("api_script", name)
        if script is not None:
            return script()
    return call_function(find_function(name))


def find_function(name: str) -> Any:
    """Give the function that a dotted path or a bare name stands for. Raises `ValidationError`, for values too."""
    if "." not in name:
        function = SERVER_FUNCTIONS.get(name)
        if function is None:
            throw(_("Failed to get method for command {0}").format(name[:140]))
        return function
    try:
        function = get_attr(name) if _is_of_an_app(name) else None
    except (AttributeError, ImportError, AppNotInstalledError, ValueError) as error:
        if isinstance(error, ModuleNotFoundError) and not _is_part_of(error.name, name):
            raise  # a module that is there needs one that is not: a fault of ours, not of the caller
        function = None
    if not callable(function):
        throw(_("Failed to get method for command {0}").format(name[:140]))
    return function


def _is_of_an_app(path: str) -> bool:
    """A request makes this process load modules of the bench's apps, and no others."""
    return path.rpartition(".")[0] in sys.modules or path.split(".", 1)[0] in get_all_apps()


def _is_part_of(module: str | None, path: str) -> bool:
    return module is None or path == module or path.startswith(f"{module}.")


def call_function(function: Any) -> Any:
    """Call a whitelisted function with the request's parameters."""
    check_callable(function)
    return call_with_parameters(function, current().form_dict)


def check_callable(function: Any) -> None:
    """Raise `PermissionError` unless the user may call `function` over HTTP with the verb of the request."""
    context = current()
    user = context.session.user
    is_whitelisted(function, user)
    request = context.get("request")
    if request is not None:
        verb = "GET" if request.method == "HEAD" else request.method
        if not is_valid_http_method(function, verb):
            throw(_("Not permitted"), PermissionError)
    if user == "Guest" and getattr(function, "__func__", function) not in xss_safe_methods:
        clean_texts(context.form_dict)


def clean_texts(parameters: Any) -> None:
    """Take mark-up that could run out of the texts a guest sent."""
    for key, value in parameters.items():
        if isinstance(value, str) and "<" in value:
            parameters[key] = sanitize_html(value)


def call_with_parameters(function: Any, values: Mapping[str, Any]) -> Any:
    """Call a function with those of `values` that it takes, in the types it declares."""
    return function(**signature_of(function).arguments(values))


# methods of documents


def call_document_method(document: Any, method: str, values: Mapping[str, Any]) -> Any:
    """Call a whitelisted method of a document. Raises `PermissionError` when it is none, `ValidationError` for arguments."""
    function = None if str(method).startswith("_") else getattr(type(document), str(method), None)
    if function is None or not callable(function):
        throw(
            _("{0} has no method {1}").format(_(document.doctype), str(method)[:140]),
            PermissionError,
            _("Method Not Allowed"),
        )
    check_callable(function)
    return function(document, **signature_of(function, skip_first=True).arguments(values))


def method_arguments(values: Any) -> Any:
    """Give the arguments for a document's method: `args` (a JSON object, or one value), or what else was sent."""
    given = values.get("args")
    if given in (None, ""):
        skipped = ("method", "docs", "dt", "dn", "args", "arg", "cmd", "as_csv")
        return {key: value for key, value in values.items() if key not in skipped}
    if isinstance(given, str) and given.lstrip()[:1] not in ("{", "["):
        return given
    return json_parameter(values, "args")


def run_doc_method(
    method: Any, docs: Any = None, dt: Any = None, dn: Any = None, arg: Any = None, args: Any = None
) -> None:
    """Call a method of a document that was sent (`docs`) or is stored (`dt`, `dn`); the document goes with the answer."""
    context = current()
    values = context.form_dict
    if not isinstance(method, str):
        throw(_("Missing argument: {0}").format("method"), ValidationError)
    if dt:
        document = get_doc(str(dt), dn if dn not in (None, "") else str(dt))
    else:
        content = json_parameter({"docs": docs}, "docs", (dict,))
        if not content or not isinstance(content.get("doctype"), str):
            throw(_("Missing argument: {0}").format("docs"), ValidationError)
        document = get_doc(content)
        document.__dict__["_original_modified"] = document.get("modified")
        document.check_if_latest()
    document.check_permission("read")
    arguments = method_arguments(values)
    if isinstance(arguments, Mapping):
        result = call_document_method(document, method, arguments)
    else:
        result = _call_with_one(document, method, arguments)
    context.response.docs.append(document)
    if context.form_dict.get("as_csv"):
        context.response.update(type="csv", result=result, doctype=document.doctype)
    elif result is not None:
        context.response["message"] = result


def _call_with_one(document: Any, method: str, value: Any) -> Any:
    """Older forms send a single value instead of named arguments."""
    function = getattr(type(document), method, None)
    names = [] if function is None or not callable(function) else list(inspect.signature(function).parameters)[1:]
    return call_document_method(document, method, {names[0]: value} if names else {})
