"""Types of arguments that Python code passes to whitelisted functions.

Such a function may be called over HTTP, so its annotations are held to while a request is answered and while tests run:
what stands for the wanted type becomes it, anything else is refused. Elsewhere, and for annotations that are text (as
all are under `from __future__ import annotations`), nothing is checked.

Invariant: calls that follow the annotations get what they passed, in the type that is annotated.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Union

from frappe_engine.context.errors import FrappeTypeError
from frappe_engine.context.local import current
from frappe_engine.context.translate import _
from frappe_engine.kit.annotations import MISFIT, fitting
from frappe_engine.kit.dates import get_datetime, getdate

_WORDS = {"true": True, "yes": True, "on": True, "t": True, "y": True,
          "false": False, "no": False, "off": False, "f": False, "n": False}  # fmt: skip


def with_checked_types(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give `function` so that calls of it check the types of its arguments; itself where it declares none."""
    wanted = declared_types(function)
    if not wanted:
        return function
    positions = tuple(inspect.signature(function).parameters)

    @functools.wraps(function)
    def checked(*arguments: Any, **options: Any) -> Any:
        if not types_count():
            return function(*arguments, **options)
        given = [
            fitted(name, value, wanted[name]) if name in wanted else value
            for name, value in zip(positions, arguments, strict=False)
        ]
        named = {
            name: fitted(name, value, wanted[name]) if name in wanted else value for name, value in options.items()
        }
        return function(*given, *arguments[len(given) :], **named)

    return checked


def declared_types(function: Callable[..., Any]) -> dict[str, Any]:
    """Give the types that the named parameters of a function are annotated with; those that are text are left out."""
    kinds = inspect.Parameter
    found: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        hint = parameter.annotation
        if hint is kinds.empty or isinstance(hint, (str, typing.ForwardRef)):
            continue
        if parameter.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD):
            found[parameter.name] = Union[hint, None] if parameter.default is None else hint  # noqa: UP007 - any hint
    return found


def types_count() -> bool:
    """Tell whether types are checked now: while a request is answered, and in tests."""
    context = current().__dict__
    return context.get("request") is not None or bool((context.get("flags") or {}).get("in_test"))


def fitted(name: str, value: Any, wanted: Any) -> Any:
    """Give an argument as the type `wanted`. Raises `FrappeTypeError` when it does not stand for one."""
    if type(value) is wanted:
        return value
    found = fitting(value, wanted, _fit_plain)
    if found is MISFIT:
        words = _("Argument '{0}' should be of type '{1}' but got '{2}' instead.")
        raise FrappeTypeError(words.format(name, type_name(wanted), type_name(type(value))))
    return found


def type_name(kind: Any) -> str:
    """Give the name of a type as the message about it says it."""
    if isinstance(kind, type) and not typing.get_args(kind):
        return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return str(kind)


def _fit_plain(value: Any, wanted: Any) -> Any:
    if wanted is None or wanted is type(None):
        return None if value is None else MISFIT
    if not isinstance(wanted, type):
        return value
    reader = _READERS.get(wanted)
    if reader is not None:
        return reader(value)
    return value if isinstance(value, wanted) else MISFIT


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value
    try:
        return value.decode() if isinstance(value, bytes) else MISFIT
    except UnicodeDecodeError:
        return MISFIT


def _number(value: Any) -> Any:
    if isinstance(value, bytes):
        value = _text(value)
    if not isinstance(value, (str, int, float, Decimal)):
        return MISFIT
    try:
        return float(value)
    except (ValueError, OverflowError):
        return MISFIT


def _whole(value: Any) -> Any:
    number = _number(value)
    if number is MISFIT or not number.is_integer():
        return MISFIT
    try:
        return int(value)
    except ValueError:
        return int(number)  # "2.0"


def _switch(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value  # a number stands for itself: callers ask whether it is 0
    if isinstance(value, str) and value.strip().lower() in _WORDS:
        return _WORDS[value.strip().lower()]
    return _whole(value)


def _items(kind: type) -> Callable[[Any], Any]:
    others = (list, tuple, set, frozenset)
    return lambda value: value if isinstance(value, kind) else kind(value) if isinstance(value, others) else MISFIT


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else MISFIT
    return value if isinstance(value, date) else _moment(value, getdate)


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else _moment(value, get_datetime)


def _moment(value: Any, read: Callable[[str], Any]) -> Any:
    if not isinstance(value, str) or not value.strip():
        return MISFIT
    try:
        found = read(value)
    except (ValueError, TypeError, OverflowError):
        return MISFIT
    return MISFIT if found is None else found


def _mapping(value: Any) -> Any:
    return value if isinstance(value, dict) else dict(value) if isinstance(value, Mapping) else MISFIT


_READERS: dict[type, Callable[[Any], Any]] = {
    object: lambda value: value,
    str: _text,
    int: _whole,
    float: _number,
    bool: _switch,
    dict: _mapping,
    list: _items(list),
    tuple: _items(tuple),
    set: _items(set),
    date: _day,
    datetime: _instant,
}
