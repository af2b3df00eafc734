"""Names of the public API that this runtime does not have.

Code may import what `MISSING` lists: an app is not stopped by what it may never call. Calling it, or taking anything
from it, raises `NotImplementedError` that says which name it is.

Invariant: any name that a module of the package lacks raises `MissingAPI` naming it; to Python that is no attribute.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any, NoReturn

from frappe_engine.context.missing import refuse

# module: names that are missing in it (the module itself may be missing too)
MISSING = {
    "frappe": "enqueue_at enqueue_in setup_replica attach_doc get_default_company uploaded_file warn",
    "frappe.boot": "load_translations",
    "frappe.core.doctype.data_import.importer": "ImportFile get_autoname_field get_id_field",
    "frappe.core.doctype.dynamic_link.dynamic_link": "deduplicate_dynamic_links",
    "frappe.database.query": "OPERATOR_MAP",
    "frappe.database.utils": "dangerously_reconnect_on_connection_abort",
    "frappe.desk.doctype.global_search_settings.global_search_settings": "update_global_search_doctypes",
    "frappe.integrations.frappe_providers.frappecloud_billing": "get_base_url get_headers",
    "frappe.parallel_test_runner": "ParallelTestRunner ParallelTestResult ParallelTestWithOrchestrator",
    "frappe.push_notification": "subscribe unsubscribe",
    "frappe.search.web_search": "WebsiteSearch",
    "frappe.utils.goal": "get_monthly_results",
    "frappe.utils.pdf": "get_print_format_styles pdf_body_html pdf_footer_html pdf_header_html toggle_visible_pdf",
    "frappe.website.doctype.website_settings.website_settings": "modify_header_footer_items",
    "frappe.www.list": "get_list",
    "frappe.www.login": "get_context",
}
_PACKAGES = frozenset(
    ".".join(path.split(".")[:length]) for path in MISSING for length in range(2, path.count(".") + 1)
)


class _MissingType(type):
    """Refuses every use of the classes that stand for missing names."""

    is_missing_api = True

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(cls.__qualname__)

    def __getattr__(cls, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)  # what Python itself asks of a class
        refuse(f"{cls.__qualname__}.{name}")


def stand_in(name: str) -> Any:
    """Give what stands for a missing name: it can be imported, and refuses everything else."""
    return _MissingType(name, (), {"__module__": name.rpartition(".")[0], "__qualname__": name})


def missing(name: str) -> NoReturn:
    """Refuse a name of the package itself."""
    if name.startswith("__"):
        raise AttributeError(name)  # what Python itself asks of a module
    refuse(f"frappe.{name}")


class _Finder:
    """Finds the package's modules, and makes those that are missing as a whole."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give the specification of a module of the package; None for any other."""
        if not fullname.startswith("frappe."):
            return None
        found = PathFinder.find_spec(fullname, path)
        if found is not None and isinstance(found.loader, SourceFileLoader):
            found.loader = _Loader(fullname, found.loader.path)
        if found is not None or (fullname not in MISSING and fullname not in _PACKAGES):
            return found
        return ModuleSpec(fullname, _Empty(), is_package=fullname in _PACKAGES)


class _Loader(SourceFileLoader):
    """Loads a module, gives it stand-ins for what it lacks, and lets it name whatever else it lacks."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        super().exec_module(module)
        _complete(module)


class _Empty:
    """Makes a module of nothing but stand-ins."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Let Python make the module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Put the stand-ins in."""
        module.__doc__ = "A module that this runtime does not have: whatever is called of it says so."
        _complete(module)


def _complete(module: ModuleType) -> None:
    for name in MISSING.get(module.__name__, "").split():
        if not hasattr(module, name):
            setattr(module, name, stand_in(f"{module.__name__}.{name}"))
    if "__getattr__" not in module.__dict__:
        module.__dict__["__getattr__"] = _naming(module.__name__)


def _naming(module: str) -> Callable[[str], NoReturn]:
    def missing_member(name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)  # what Python itself asks of a module
        refuse(f"{module}.{name}")

    return missing_member


def install() -> None:
    """Let Python ask for missing modules here; the second time it changes nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
