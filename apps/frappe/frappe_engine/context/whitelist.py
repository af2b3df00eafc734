"""Which functions may be called over HTTP, and how.

Invariant: a function that was not marked by `whitelist` is never called by name from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from frappe_engine.context.argument_types import with_checked_types
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _

Function = TypeVar("Function", bound=Callable[..., Any])
HTTP_METHODS = ("GET", "POST", "PUT", "DELETE")

whitelisted: set[Callable[..., Any]] = set()
guest_methods: set[Callable[..., Any]] = set()
xss_safe_methods: set[Callable[..., Any]] = set()
allowed_http_methods: dict[Callable[..., Any], Sequence[str]] = {}


def whitelist(
    allow_guest: bool = False, xss_safe: bool = False, methods: Sequence[str] | None = None
) -> Callable[[Function], Function]:
    """Let a function be called over HTTP: by users who are logged in, or by anybody with `allow_guest`.

    `methods` limits the HTTP verbs; `xss_safe` says that a guest's texts need no cleaning. While a request is answered
    and in tests, arguments of the wrong type raise `FrappeTypeError`, whoever calls (see `argument_types`).
    """

    def mark(function: Function) -> Function:
        target: Any = getattr(function, "__func__", None)
        if target is None:
            target = function = cast(Function, with_checked_types(function))
        whitelisted.add(target)
        allowed_http_methods[target] = tuple(methods or HTTP_METHODS)
        if allow_guest:
            guest_methods.add(target)
        if xss_safe:
            xss_safe_methods.add(target)
        return function

    return mark


def is_whitelisted(method: Any, user: str = "") -> None:
    """Raise `PermissionError` unless `method` may be called over HTTP (by Guest: unless guests may)."""
    target = getattr(method, "__func__", method)
    allowed = target in guest_methods if user == "Guest" else target in whitelisted
    if not allowed:
        name = f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', target)}"
        throw(_("Function {0} is not whitelisted.").format(name), PermissionError, title=_("Method Not Allowed"))


def is_valid_http_method(function: Any, method: str) -> bool:
    """Tell whether `function` may be called with this HTTP verb."""
    target = getattr(function, "__func__", function)
    return method in allowed_http_methods.get(target, HTTP_METHODS)
