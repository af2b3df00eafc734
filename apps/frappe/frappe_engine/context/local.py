"""The current context, and proxies that always point into it.

Invariant: a context belongs to one thread of work (a thread, a task, a request); two never share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any


class Context:
    """Everything one request, job or command knows: site, configuration, user, flags, messages, database.

    Attributes are free: the engine sets its own, apps may add theirs (`frappe.local.<name>`).
    """

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def get(self, name: str, default: Any = None) -> Any:
        """Give the attribute `name`, or `default` when this context does not have it."""
        return self.__dict__.get(name, default)


_current: ContextVar[Context] = ContextVar("frappe_context")


def current() -> Context:
    """Give the context of the running thread of work, made empty at first use."""
    try:
        return _current.get()
    except LookupError:
        return new_context()


def new_context(**values: Any) -> Context:
    """Start a fresh context in this thread of work and give it back."""
    context = Context(**values)
    _current.set(context)
    return context


def known_context() -> Context | None:
    """Give the context of the running thread of work, None when it has none."""
    return _current.get(None)


def return_to(context: Context | None) -> None:
    """Make an earlier context the current one again; with None, a fresh one."""
    _current.set(Context() if context is None else context)


@contextmanager
def use_context(context: Context) -> Iterator[Context]:
    """Run a block inside `context`, then return to the context that was current before."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


class Local:
    """`frappe.local`: attribute access on the current context, whichever that is."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(current(), name)
        except AttributeError:
            raise AttributeError(f"frappe.local has no {name!r}; was frappe.init(site) called?") from None

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(current(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(current(), name)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(current().__dict__.items())

    def __call__(self, name: str) -> LocalProxy:
        """Give a proxy that always points at the attribute `name` of the current context."""
        return LocalProxy(name)


local = Local()


class LocalProxy:
    """Stands in for one attribute of the current context, e.g. `frappe.db` for `frappe.local.db`."""

    __slots__ = ("_proxy_name",)

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_proxy_name", name)

    def _target(self) -> Any:
        try:
            return _current.get().__dict__[self._proxy_name]
        except (LookupError, KeyError):
            raise RuntimeError(f"frappe.{self._proxy_name} is not bound: call frappe.init and frappe.connect") from None

    def _bound(self) -> bool:
        context = _current.get(None)
        return context is not None and self._proxy_name in context.__dict__

    @property
    def __class__(self) -> Any:
        return type(self._target())

    @__class__.setter
    def __class__(self, value: Any) -> None:
        raise AttributeError("the class of a proxy can't be set")

    def __getattr__(self, name: str) -> Any:
        try:  # as `_target` does: `frappe.db` alone is asked for a hundred times a document
            target = _current.get().__dict__[self._proxy_name]
        except (LookupError, KeyError):
            target = self._target()
        return getattr(target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._target(), name)

    def __bool__(self) -> bool:
        return self._bound() and bool(self._target())

    def __getitem__(self, key: Any) -> Any:
        return self._target()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._target()[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._target()[key]

    def __contains__(self, key: Any) -> bool:
        return key in self._target()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._target())

    def __len__(self) -> int:
        return len(self._target())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._target()(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        return bool(self._target() == other)

    def __ne__(self, other: object) -> bool:
        return bool(self._target() != other)

    def __hash__(self) -> int:
        return hash(self._target())

    def __str__(self) -> str:
        return str(self._target())

    def __repr__(self) -> str:
        return repr(self._target()) if self._bound() else f"<frappe.local.{self._proxy_name}, not set>"

    def __or__(self, other: Any) -> Any:
        return self._target() | other

    def __add__(self, other: Any) -> Any:
        return self._target() + other

    def __dir__(self) -> list[str]:
        return dir(self._target())


class Providers:
    """Facts that higher layers own and lower layers need, registered by the module that owns them.

    Each is a plain callable; the module at its home is imported when it is first asked for, so that no answer depends
    on what a process happened to import before. Asking for one without provider and home raises `LookupError`.
    """

    def __init__(self) -> None:
        self._providers: dict[str, Callable[..., Any]] = {}
        self._homes: dict[str, str] = {}

    def live_in(self, homes: Mapping[str, Iterable[str]]) -> None:
        """Say which modules register which names, `{module: names}`."""
        self._homes.update({name: module for module, names in homes.items() for name in names})

    def register(self, name: str, provider: Callable[..., Any]) -> None:
        """Let `provider` answer for `name` from now on."""
        self._providers[name] = provider

    def has(self, name: str) -> bool:
        """Tell whether somebody answers for `name`."""
        return name in self._providers or name in self._homes

    def __call__(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Ask the provider of `name`."""
        provider = self._providers.get(name) or self._at_home(name)
        return provider(*args, **kwargs)

    def _at_home(self, name: str) -> Callable[..., Any]:
        if name in self._homes:
            import_module(self._homes[name])
        try:
            return self._providers[name]
        except KeyError:
            raise LookupError(f"nobody provides {name!r}") from None


providers = Providers()
