"""What the installed apps hook into the framework: `hooks.py` of each, merged in install order.

Invariant: the merged hooks depend on the list of installed apps alone, so they are made once per list.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from frappe_engine.context.errors import AppNotInstalledError
from frappe_engine.context.local import current, providers
from frappe_engine.kit.attrdict import _dict


def get_attr(method_string: str) -> Any:
    """Give what `method_string` names (a function, class or value of an installed app's module).

    Raises `AppNotInstalledError` when its app is not in the bench, `ImportError` or `AttributeError` when the
    path leads nowhere.
    """
    module_name, _, name = method_string.rpartition(".")
    known = sys.modules.get(module_name)
    if known is not None and name in known.__dict__:  # nearly always
        return known.__dict__[name]
    if not all(part.isidentifier() for part in method_string.split(".")):
        raise AppNotInstalledError(f"{method_string} is not a dotted path")
    if not module_name:
        raise AppNotInstalledError(f"{method_string} is not a dotted path")
    app = module_name.split(".", 1)[0]
    if module_name not in sys.modules and find_spec(app) is None:
        raise AppNotInstalledError(f"App {app} is not installed")
    return getattr(import_module(module_name), name)


def get_module(modulename: str) -> ModuleType:
    """Import the module `modulename`."""
    return import_module(modulename)


def get_all_apps(with_internal_apps: bool = True, sites_path: str | None = None) -> list[str]:
    """Give the apps of the bench, from `sites/apps.txt`, the framework first."""
    path = os.path.join(sites_path or current().get("sites_path") or ".", "apps.txt")
    apps = read_lines(path)
    if with_internal_apps:
        apps = ["frappe", *(app for app in apps if app != "frappe")]
    return apps


def get_installed_apps() -> list[str]:
    """Give the apps installed on the site, in install order, the framework first."""
    context = current()
    installed: list[str] | None = context.get("installed_apps")
    if installed is None:
        if context.get("db") is None or not providers.has("installed_apps"):
            return ["frappe"]
        installed = providers("installed_apps") or ["frappe"]
        context.installed_apps = installed
    return installed


def get_hooks(hook: str | None = None, default: Any = None, app_name: str | None = None) -> Any:
    """Give what apps set for `hook`: a list, or a dict of lists where apps set dicts; all hooks when None.

    With `app_name`, what that app alone sets.
    """
    apps = (app_name,) if app_name else tuple(get_installed_apps())
    hooks = merged_hooks(apps)
    if hook is None:
        return hooks
    value = hooks.get(hook)
    if value is None:
        return [] if default is None else default
    return value


@lru_cache(maxsize=32)
def merged_hooks(apps: tuple[str, ...]) -> Any:
    """Merge `hooks.py` of `apps`, later ones behind earlier ones."""
    merged = _dict()
    for app in apps:
        for name, value in _app_hooks(app).items():
            append_hook(merged, name, value)
    return merged


def append_hook(target: dict[str, Any], key: str, value: Any) -> None:
    """Add `value` to the hook `key` of `target`: dicts merge by key, everything else joins a list."""
    if isinstance(value, dict):
        bucket = target.setdefault(key, {})
        for inner_key, inner_value in value.items():
            append_hook(bucket, inner_key, inner_value)
        return
    bucket = target.setdefault(key, [])
    bucket.extend(value if isinstance(value, list) else [value])


def forget_hooks() -> None:
    """Read `hooks.py` again at next use."""
    merged_hooks.cache_clear()
    current().installed_apps = None


def call_hooks(hook: str, *args: Any, **kwargs: Any) -> None:
    """Call every function that apps set for `hook`, in order."""
    for dotted_path in get_hooks(hook):
        hook_function(dotted_path)(*args, **kwargs)


@lru_cache(maxsize=4096)
def hook_function(dotted_path: str) -> Callable[..., Any]:
    """Give the function of a hook, remembered."""
    function: Callable[..., Any] = get_attr(dotted_path)
    return function


def call_with_fitting(function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Call a hook's function with those of the named arguments that it takes: apps write down only what they need."""
    taken = _parameters(function)
    return function(**(arguments if taken is None else {name: arguments[name] for name in arguments if name in taken}))


@lru_cache(maxsize=1024)
def _parameters(function: Callable[..., Any]) -> frozenset[str] | None:
    """Give the names of a function's parameters; None when it takes any."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return frozenset(parameter.name for parameter in parameters)


def get_app_path(app_name: str, *parts: str) -> str:
    """Give the folder of the app's package, joined with `parts`."""
    return os.path.join(os.path.dirname(str(import_module(app_name).__file__)), *parts)


def read_lines(path: str) -> list[str]:
    """Give the lines of a text file that hold something and are no comment; [] when it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip() and not line.strip().startswith("#")]
    except FileNotFoundError:
        return []


def _app_hooks(app: str) -> dict[str, Any]:
    module = import_module(f"{app}.hooks")
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and not callable(value)
    }
