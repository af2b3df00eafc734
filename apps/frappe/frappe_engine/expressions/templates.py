"""Jinja templates of administrators and apps: what a template may read of what it is lent.

Invariant: a template reads; attributes that lead to code, and those the lender's rule refuses, are errors, never values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jinja2 import BaseLoader, DebugUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from frappe_engine.expressions.guards import UNSAFE_ATTRIBUTES

AttributeRule = Callable[[Any, str], Any]
MAX_RANGE: Final = 100_000
_FORMATS: Final = frozenset({"format", "format_map"})  # texts format under jinja's own guard


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja's sandbox, with a rule of the lender for attributes of the objects it lends."""

    def __init__(self, loader: BaseLoader | None, attribute_rule: AttributeRule, ruled: tuple[type, ...]) -> None:
        super().__init__(
            loader=loader, undefined=DebugUndefined, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]
        )
        self._rule, self._ruled = attribute_rule, ruled

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read an attribute: of lent objects by their rule, of others as jinja's sandbox has it."""
        if isinstance(obj, self._ruled):
            return self._by_rule(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Read an item; a text names an attribute where there is no such item, under the same rule."""
        if isinstance(obj, self._ruled) and isinstance(argument, str):
            return self._by_rule(obj, argument)
        return super().getitem(obj, argument)

    def _by_rule(self, owner: Any, name: str) -> Any:
        if name.startswith("_") or name in UNSAFE_ATTRIBUTES:
            raise SecurityError(f"{name} is not available to templates")
        try:
            return self._rule(owner, name)
        except AttributeError:
            return self.undefined(obj=owner, name=name)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether an attribute leads nowhere near code."""
        if attr in UNSAFE_ATTRIBUTES and attr not in _FORMATS:
            return False
        return super().is_safe_attribute(obj, attr, value)
