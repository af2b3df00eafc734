"""The class behind a DocType: its controller, as apps write or override it.

Invariant: one class per DocType and process; overriding apps win in install order, mixins come before the class.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.hooks import get_all_apps, get_app_path, get_attr, get_hooks, get_installed_apps, read_lines
from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of
from frappe_engine.kit.text import scrub


def get_controller(doctype: str) -> type:
    """Give the class of a DocType's documents."""
    context = current()
    try:  # a plan is of the class as it is now
        return context.definitions.plans[doctype].controller  # type: ignore[no-any-return]
    except (KeyError, AttributeError):
        pass
    cache = process_cache_of(context)
    controller: type = cache.get_or_load(f"controller|{doctype}", lambda: _load_controller(doctype))
    return controller


def _load_controller(doctype: str) -> type:
    overrides = get_hooks("override_doctype_class", {})
    paths = overrides.get(doctype) if isinstance(overrides, dict) else None
    base = get_attr(paths[-1]) if paths else _own_controller(doctype)
    extensions = get_hooks("extend_doctype_class", {})
    mixins = [get_attr(path) for path in reversed(extensions.get(doctype, []))] if isinstance(extensions, dict) else []
    if not mixins:
        return base
    return type(base.__name__, (*mixins, base), {"__module__": base.__module__})


def _own_controller(doctype: str) -> type:
    meta = providers("meta", doctype)
    if meta.custom or not meta.module:
        return _plain_class(bool(meta.is_tree))
    module = load_doctype_module(doctype, meta.module)
    name = doctype.replace(" ", "").replace("-", "")
    controller = getattr(module, name, None)
    if controller is None:
        raise ImportError(f"{module.__name__} has no class {name}")
    return controller  # type: ignore[no-any-return]


def _plain_class(is_tree: bool) -> type:
    from frappe_engine.documents.document import Document  # documents need controllers, controllers a base class
    from frappe_engine.documents.nestedset import NestedSet

    return NestedSet if is_tree else Document


def load_doctype_module(doctype: str, module: str | None = None, prefix: str = "", suffix: str = "") -> ModuleType:
    """Import a module of a DocType's folder: the controller, `<name>_dashboard` (suffix), `test_<name>` (prefix).

    Raises `ImportError` when it is not there or the DocType is unknown.
    """
    module_name = module or module_of(doctype)
    path = doctype_module_path(doctype, module_name, prefix, suffix)
    try:
        return import_module(path)
    except ImportError as error:
        raise ImportError(
            f"Module import failed for {doctype}, the DocType you're trying to open might be deleted. Error: {error}"
        ) from error


def doctype_module_path(doctype: str, module: str, prefix: str = "", suffix: str = "") -> str:
    """Give the dotted path of a module in a DocType's folder."""
    name = scrub(doctype)
    return f"{module_app(module)}.{scrub(module)}.doctype.{name}.{prefix}{name}{suffix}"


def module_of(doctype: str) -> str:
    """Give the module a DocType belongs to; raises `DoesNotExistError`."""
    try:
        return str(providers("meta", doctype).module)
    except DoesNotExistError as error:
        raise ImportError(
            f"Module import failed for {doctype}, the DocType you're trying to open might be deleted. Error: {error}"
        ) from error


def module_app(module: str) -> str:
    """Give the app that a module belongs to; raises `DoesNotExistError` when no app of the bench has it."""
    app = module_apps().get(scrub(module))
    if app is None:
        app = _app_of_custom_module(module)
    if app is None:
        raise DoesNotExistError(f"Module {module} not found")
    return app


def _app_of_custom_module(module: str) -> str | None:
    database = current().get("db")
    if database is None or not database.table_exists("Module Def"):
        return None
    return database.get_value_by_name("Module Def", module, "app_name")  # type: ignore[no-any-return]


def module_apps() -> dict[str, str]:
    """Give the app of every module (by its scrubbed name) of the bench's apps."""
    return _module_apps(tuple(dict.fromkeys([*get_installed_apps(), *get_all_apps()])))


@lru_cache(maxsize=16)
def _module_apps(apps: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for app in apps:
        if find_spec(app) is None:
            continue
        for module in get_module_list(app):
            found.setdefault(scrub(module), app)
    return found


def get_module_list(app_name: str) -> list[str]:
    """Give the modules of an app, from its `modules.txt`."""
    return read_lines(get_app_path(app_name, "modules.txt"))


def forget_modules() -> None:
    """Read the apps' modules again at next use."""
    _module_apps.cache_clear()


def is_virtual_controller(controller: Any) -> bool:
    """Tell whether a class keeps its documents elsewhere (a virtual DocType)."""
    return all(hasattr(controller, name) for name in ("db_insert", "load_from_db", "db_update"))
