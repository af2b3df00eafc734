"""Arguments of whitelisted functions: which of the parameters a function takes, and values as it declares them.

What arrives over HTTP is text or JSON; an annotation says what the function expects. Text that stands for the wanted
type becomes that type; anything else is refused.

Invariant: a function never sees a value of another type than its annotation names.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from frappe_engine.context.errors import FrappeTypeError, ValidationError
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.kit.annotations import MISFIT, fitting
from frappe_engine.kit.dates import get_datetime, getdate
from frappe_engine.kit.jsontext import safe_json_loads

_TRUE, _FALSE = frozenset({"1", "true", "yes", "on", "t", "y"}), frozenset({"0", "false", "no", "off", "f", "n"})


class Signature:
    """What a function takes, worked out once."""

    __slots__ = ("annotations", "has_rest", "names", "required")

    def __init__(self, function: Callable[..., Any], skip_first: bool = False) -> None:
        parameters = list(_parameters(function))[1 if skip_first else 0 :]
        kinds = inspect.Parameter
        named = [
            p for p in parameters if p.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY, kinds.POSITIONAL_ONLY)
        ]
        self.names = frozenset(p.name for p in named)
        self.required = tuple(p.name for p in named if p.default is kinds.empty)
        self.has_rest = any(p.kind is kinds.VAR_KEYWORD for p in parameters)
        hints = _hints(function)
        self.annotations = {
            p.name: hints[p.name] | None if p.default is None and _is_type(hints[p.name]) else hints[p.name]
            for p in named
            if p.name in hints
        }

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give those of `values` that the function takes, as it declares them.

        Raises `FrappeTypeError` for a value of the wrong type, `ValidationError` naming what is missing.
        """
        taken = dict(values) if self.has_rest else {name: values[name] for name in self.names if name in values}
        taken.pop("flags", None)
        taken.pop("ignore_permissions", None)
        for name, wanted in self.annotations.items():
            if name in taken:
                taken[name] = checked(name, taken[name], wanted)
        missing = [name for name in self.required if name not in taken]
        if missing:
            throw(_("Missing argument: {0}").format(", ".join(missing)), ValidationError, title=_("Missing Arguments"))
        return taken


def _parameters(function: Callable[..., Any]) -> Any:
    return inspect.signature(function).parameters.values()


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    target = inspect.unwrap(function)
    try:
        hints = typing.get_type_hints(target)
    except (NameError, TypeError, AttributeError):
        return {}  # names that exist for type checkers alone
    hints.pop("return", None)
    return hints


def _is_type(hint: Any) -> bool:
    return isinstance(hint, (type, types.UnionType, types.GenericAlias)) or typing.get_origin(hint) is not None


@lru_cache(maxsize=4096)
def signature_of(function: Callable[..., Any], skip_first: bool = False) -> Signature:
    """Give what a function takes; `skip_first` leaves out `self`."""
    return Signature(function, skip_first)


def checked(name: str, value: Any, wanted: Any) -> Any:
    """Give `value` as the type `wanted`. Raises `FrappeTypeError` when it does not stand for one."""
    found = fitting(value, wanted, _of_plain)
    if found is MISFIT:
        raise FrappeTypeError(
            _("Argument '{0}' should be of type '{1}' but got '{2}' instead.").format(
                name, _type_name(wanted), type(value).__name__
            )
        )
    return found


def _type_name(wanted: Any) -> str:
    return (
        wanted.__name__
        if isinstance(wanted, type) and not typing.get_args(wanted)
        else str(wanted).replace("typing.", "")
    )


def _of_plain(value: Any, wanted: Any) -> Any:
    if wanted is type(None):
        return None if value is None or value in ("null", "") else MISFIT
    if not isinstance(wanted, type):
        return value
    converter = _CONVERTERS.get(wanted)
    if converter is not None:
        return converter(value)
    if isinstance(value, wanted):
        return value
    if wanted.__module__ in ("collections.abc", "builtins") or issubclass(wanted, (Mapping, list, tuple, set)):
        return _from_text(value, wanted)
    return MISFIT


def _from_text(value: Any, wanted: type) -> Any:
    if isinstance(value, (str, bytes)):
        value = safe_json_loads(value)
    if isinstance(value, list) and wanted in (tuple, set, frozenset):
        return wanted(value)
    return value if isinstance(value, wanted) and not isinstance(value, (str, bytes)) else MISFIT


def _to_text(value: Any) -> Any:
    return (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else MISFIT
    )


def _to_int(value: Any) -> Any:
    if isinstance(value, (bool, int)):
        return int(value)
    try:
        number = float(value) if isinstance(value, (str, float, Decimal)) else None
        whole = int(value) if isinstance(value, str) and value.strip().lstrip("+-").isdigit() else None
    except (ValueError, OverflowError):
        return MISFIT
    if whole is not None:
        return whole
    return int(number) if number is not None and number.is_integer() else MISFIT


def _to_float(value: Any) -> Any:
    try:
        return float(value) if isinstance(value, (str, int, float, Decimal)) else MISFIT
    except (ValueError, OverflowError):
        return MISFIT


def _to_bool(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, (str, int)) else ""
    return True if text in _TRUE else False if text in _FALSE else MISFIT


def _to_dict(value: Any) -> Any:
    return _from_text(value, dict)


def _to_list(value: Any) -> Any:
    return _from_text(value, list)


def _to_decimal(value: Any) -> Any:
    try:
        return Decimal(str(value)) if isinstance(value, (str, int, float, Decimal)) else MISFIT
    except InvalidOperation:
        return MISFIT


def _to_date(value: Any) -> Any:
    return _moment(value, lambda text: getdate(text), date)


def _to_datetime(value: Any) -> Any:
    return _moment(value, lambda text: get_datetime(text), datetime)


def _moment(value: Any, read: Callable[[str], Any], kind: type) -> Any:
    if isinstance(value, kind):
        return value
    if not isinstance(value, str) or not value.strip():
        return MISFIT
    try:
        found = read(value)
    except (ValueError, TypeError, OverflowError):
        return MISFIT
    return found if isinstance(found, kind) else MISFIT


def _to_time(value: Any) -> Any:
    try:
        return value if isinstance(value, time) else time.fromisoformat(value) if isinstance(value, str) else MISFIT
    except ValueError:
        return MISFIT


_CONVERTERS: dict[type, Callable[[Any], Any]] = {
    str: _to_text,
    int: _to_int,
    float: _to_float,
    bool: _to_bool,
    dict: _to_dict,
    list: _to_list,
    Decimal: _to_decimal,
    date: _to_date,
    datetime: _to_datetime,
    time: _to_time,
    object: lambda value: value,
}
