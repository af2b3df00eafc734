"""The functions of the installed apps that may be called over HTTP, found by their files, and what they take.

A file that says `whitelist` is imported, as a call of its functions would do; of the framework's own package every
module is, as its functions live below it.

Invariant: finding them runs no function; a module that can't be imported is left out and logged.
"""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType, ModuleType
from typing import Any

from frappe_engine.context.whitelist import HTTP_METHODS, allowed_http_methods, guest_methods, whitelisted

LOG = logging.getLogger("frappe.http")
FRAMEWORK, ENGINE = "frappe", "frappe_engine"
SKIPPED_FOLDERS = frozenset({"tests", "patches", "public", "node_modules", "templates", "translations", "__pycache__"})
Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function that may be called over HTTP: its path, the app it belongs to, the verbs it takes."""

    path: str
    app: str
    function: Function
    verbs: tuple[str, ...]
    for_guests: bool

    @property
    def summary(self) -> str:
        """The first sentence of its documentation."""
        text = inspect.getdoc(self.function) or ""
        return text.split("\n\n", 1)[0].replace("\n", " ").strip()


@lru_cache(maxsize=8)
def endpoints_of(apps: tuple[str, ...]) -> tuple[Endpoint, ...]:
    """Give the functions of `apps` that may be called over HTTP, by path."""
    found: dict[str, Endpoint] = {}
    for app in apps:
        for module in _modules(app):
            for name, value in vars(module).items():
                if type(value) is FunctionType and value in whitelisted and _app_of(value) == app:
                    path = f"{module.__name__}.{name}"
                    found[path] = described(path, app, value)
    return tuple(found[path] for path in sorted(found))


def described(path: str, app: str, function: Function) -> Endpoint:
    """Give what is known of a whitelisted function."""
    verbs = tuple(verb for verb in allowed_http_methods.get(function, HTTP_METHODS) if verb in HTTP_METHODS)
    return Endpoint(path, app, function, verbs, function in guest_methods)


def _app_of(function: Function) -> str:
    package = str(function.__module__).split(".", 1)[0]
    return FRAMEWORK if package == ENGINE else package


def _modules(app: str) -> Iterator[ModuleType]:
    spec = find_spec(app)
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in _files(folder):
            if app != FRAMEWORK and not _marks_functions(path):
                continue
            relative = os.path.relpath(path, os.path.dirname(folder)).removesuffix(".py").removesuffix("/__init__")
            try:
                yield import_module(relative.replace(os.sep, "."))
            except Exception as error:  # noqa: BLE001 - an app's broken module must not hide the rest
                LOG.warning("not described: %s (%s)", path, error)


def _files(folder: str) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        if entry.is_dir():
            if entry.name not in SKIPPED_FOLDERS:
                yield from _files(entry.path)
        elif entry.name == "__init__.py" or (entry.name.endswith(".py") and not entry.name.startswith(("test_", "_"))):
            yield entry.path


def _marks_functions(path: str) -> bool:
    with open(path, encoding="utf-8", errors="replace") as file:
        return "whitelist" in file.read()


def document_methods(controller: type) -> list[tuple[str, Function]]:
    """Give the methods of a controller that may be called over HTTP, as (name, function), without `submit` and `cancel`."""
    found: list[tuple[str, Function]] = []
    for name in dir(controller):
        value = inspect.getattr_static(controller, name, None)
        if type(value) is FunctionType and value in whitelisted and name not in ("submit", "cancel"):
            found.append((name, value))
    return found
