"""Messages to the person who asked: collected during a request, sent with the answer.

Invariant: `throw` always raises, and what it says is in the message log of the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.kit.attrdict import _dict

_TAGS = re.compile(r"<[^>]*>")


def message_log() -> list[Any]:
    """Give the messages of this request, oldest first."""
    return current().__dict__.setdefault("message_log", [])  # type: ignore[no-any-return]


def msgprint(
    msg: Any,
    title: str | None = None,
    raise_exception: bool | type[BaseException] | BaseException = False,
    as_table: bool = False,
    as_list: bool = False,
    indicator: str | None = None,
    alert: bool = False,
    primary_action: dict[str, Any] | None = None,
    is_minimizable: bool = False,
    wide: bool = False,
    *,
    realtime: bool = False,
) -> None:
    """Show `msg` to the user with the answer; raise when `raise_exception` says so.

    `msg` is text, or a list with `as_list` or a list of rows with `as_table`. Nothing is kept when
    `flags.mute_messages` is set, but an exception is raised all the same.
    """
    context = current()
    entry = _dict(message=_as_text(msg, as_table=as_table, as_list=as_list))
    entry.update(_shape(title, indicator, alert, primary_action, is_minimizable, wide, as_table, as_list))
    exception = _exception_for(raise_exception, entry.message)
    if exception is not None:
        entry.setdefault("indicator", "red")
        entry.raise_exception = 1
        entry.__frappe_exc_id = _exception_id(exception)
    if not context.get("flags", {}).get("mute_messages"):
        message_log().append(entry)
        if realtime and context.get("publish_message"):
            context.publish_message(entry)
    if exception is not None:
        raise exception


def throw(
    msg: Any,
    exc: type[BaseException] | BaseException = ValidationError,
    title: str | None = None,
    is_minimizable: bool = False,
    wide: bool = False,
    as_list: bool = False,
    primary_action: dict[str, Any] | None = None,
) -> NoReturn:
    """Stop with `msg`: raise `exc` (a class or an instance) and show the message with a red mark."""
    msgprint(
        msg,
        raise_exception=exc,
        title=title,
        indicator="red",
        is_minimizable=is_minimizable,
        wide=wide,
        as_list=as_list,
        primary_action=primary_action,
    )
    raise AssertionError("msgprint must raise")


def clear_messages() -> None:
    """Forget the messages of this request."""
    current().message_log = []


def get_message_log() -> list[Any]:
    """Give the messages of this request as dicts."""
    return [_dict(entry) if isinstance(entry, dict) else _dict(json.loads(entry)) for entry in message_log()]


def clear_last_message() -> None:
    """Forget the newest message."""
    messages = message_log()
    if messages:
        messages.pop()


def plain_text(message: Any) -> str:
    """Give a message without its mark-up, as one line for logs and exceptions."""
    return _TAGS.sub("", str(message)).strip()


def _as_text(msg: Any, *, as_table: bool, as_list: bool) -> Any:
    if isinstance(msg, (list, tuple)):
        if as_table:
            return [[_text(cell) for cell in row] for row in msg]
        return [_text(item) for item in msg] if as_list or len(msg) > 1 else _text(msg[0] if msg else "")
    return _text(msg)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _shape(
    title: str | None,
    indicator: str | None,
    alert: bool,
    primary_action: dict[str, Any] | None,
    is_minimizable: bool,
    wide: bool,
    as_table: bool,
    as_list: bool,
) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": title or "Message"}
    options = {
        "indicator": indicator,
        "alert": 1 if alert else None,
        "primary_action": primary_action,
        "is_minimizable": is_minimizable or None,
        "wide": wide or None,
        "as_table": 1 if as_table else None,
        "as_list": 1 if as_list else None,
    }
    shape.update({name: value for name, value in options.items() if value is not None})
    return shape


def _exception_for(raise_exception: bool | type[BaseException] | BaseException, message: Any) -> BaseException | None:
    if raise_exception is False or raise_exception is None:
        return None
    if isinstance(raise_exception, BaseException):
        return raise_exception
    text = "; ".join(map(str, message)) if isinstance(message, list) else str(message)
    if isinstance(raise_exception, type) and issubclass(raise_exception, BaseException):
        return raise_exception(text)
    return ValidationError(text)


def _exception_id(exception: BaseException) -> str:
    identifier = f"{id(exception):x}"
    exception.__frappe_exc_id = identifier  # type: ignore[attr-defined]
    return identifier


Translate = Callable[..., str]
