"""What a job is: the call to make, for whom, on which queue, and how it travels as bytes.

Invariant: pure; a call that was packed is unpacked equal, in another process, or refused when it is packed.
"""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SHORT, DEFAULT, LONG = "short", "default", "long"
SEPARATOR = "::"
NAME_LENGTH = 140


class UnfitArgumentsError(TypeError):
    """The function or an argument of a job can't travel to another process."""


@dataclass(frozen=True)
class JobCall:
    """A function to call in the background: a dotted path or a function, with its keyword arguments."""

    id: str
    method: str | Callable[..., Any]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    queue: str = DEFAULT
    user: str = "Administrator"
    timeout_s: int = 300
    job_name: str = ""
    event: str | None = None
    at_front: bool = False
    deduplicate: bool = False
    has_own_id: bool = False
    on_success: Callable[..., Any] | str | None = None
    on_failure: Callable[..., Any] | str | None = None

    @property
    def title(self) -> str:
        """What people know the job by."""
        return (self.job_name or method_name(self.method))[:NAME_LENGTH]


def method_name(method: str | Callable[..., Any]) -> str:
    """Give the dotted path of a function."""
    if isinstance(method, str):
        return method
    target = getattr(method, "func", method)
    return f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', type(target).__name__)}"


def pack(call: JobCall) -> str:
    """Give the parts of a call that only Python can read, as text. Raises `UnfitArgumentsError` naming what can't travel."""
    parts = (call.method, dict(call.arguments), call.on_success, call.on_failure)
    try:
        return base64.b64encode(pickle.dumps(parts, protocol=pickle.HIGHEST_PROTOCOL)).decode()
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise UnfitArgumentsError(
            f"{method_name(call.method)} can't be run in the background: {_culprit(call)}: {error}"
        ) from error


def _culprit(call: JobCall) -> str:
    for name, value in {"the function itself": call.method, **call.arguments}.items():
        try:
            pickle.dumps(value)
        except Exception:  # noqa: BLE001 - any failure names the culprit
            return f"argument {name!r}" if name != "the function itself" else name
    return "a callback"


def unpack(payload: str) -> tuple[Any, dict[str, Any], Any, Any]:
    """Give function, keyword arguments, and what to call on success and on failure."""
    method, arguments, on_success, on_failure = pickle.loads(base64.b64decode(payload))
    return method, arguments, on_success, on_failure


def full_id(site: str, job_id: str) -> str:
    """Give the id by which a job is known in the whole bench: `<site>::<id>`."""
    return job_id if job_id.startswith(f"{site}{SEPARATOR}") else f"{site}{SEPARATOR}{job_id}"
