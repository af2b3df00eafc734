"""What apps ask of `frappe.db` and the layers above answer: lists with permissions, defaults, trees.

Invariant: nothing is decided here.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import providers


class PassedOn:
    """Mixed into `Database`."""

    def get_all(self, *args: Any, **kwargs: Any) -> Any:
        """Same as `frappe.get_all`."""
        return providers("get_all", *args, **kwargs)

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """Same as `frappe.get_list`."""
        return providers("get_list", *args, **kwargs)

    def get_default(self, key: str, parent: str = "__default") -> Any:
        """Give a default (of the site, or of `parent`, a user): one value, or a list when there are several."""
        return providers("get_default", key, parent)

    def set_default(self, key: str, val: Any, parent: str = "__default", parenttype: str | None = None) -> None:
        """Set a default."""
        providers("set_default", key, val, parent, parenttype)

    def get_defaults(self, key: str | None = None, parent: str = "__default") -> Any:
        """Give one default, or all as a dict."""
        return providers("get_defaults", key, parent)

    def get_global(self, key: str, user: str = "__global") -> Any:
        """Give a value kept for the whole site."""
        return self.get_default(key, user)

    def set_global(self, key: str, val: Any, user: str = "__global") -> None:
        """Keep a value for the whole site."""
        self.set_default(key, val, user)

    def get_descendants(self, doctype: str, name: str) -> list[str]:
        """Give the nodes below a node of a tree."""
        return providers("get_descendants", doctype, name)  # type: ignore[no-any-return]
