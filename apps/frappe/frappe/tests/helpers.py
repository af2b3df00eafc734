"""Helpers of tests: settings and hooks changed for a while, a limit of time, another user.

Invariant: what a helper changed is as it was when its block ends, however it ends.
"""

from __future__ import annotations

import functools
import pdb
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from frappe_engine.context.hooks import get_installed_apps, merged_hooks
from frappe_engine.documents.metas import forget_all_metas

import frappe

Function = Callable[..., Any]


@contextmanager
def change_settings(
    doctype: str, settings_dict: dict[str, Any] | None = None, commit: bool = False, **settings: Any
) -> Iterator[None]:
    """Change values of a settings DocType for a block, or for a test as a decorator."""
    wanted = {**(settings_dict or {}), **settings}
    document = frappe.get_doc(doctype)
    before = {name: document.get(name) for name in wanted}
    _save_settings(document, wanted, commit)
    try:
        yield
    finally:
        _save_settings(frappe.get_doc(doctype), before, commit)


def _save_settings(document: Any, values: dict[str, Any], commit: bool) -> None:
    for name, value in values.items():
        document.set(name, value)
    document.flags.ignore_mandatory = True
    document.save(ignore_permissions=True)
    frappe.db.value_cache = {}
    if commit:
        frappe.db.commit()


@contextmanager
def patch_hooks(overridden_hooks: dict[str, Any]) -> Iterator[None]:
    """Let hooks have other values for a block, or for a test as a decorator."""
    hooks = merged_hooks(tuple(get_installed_apps()))
    missing = object()
    before = {name: hooks.get(name, missing) if name in hooks else missing for name in overridden_hooks}
    hooks.update(overridden_hooks)
    forget_all_metas()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is missing:
                hooks.pop(name, None)
            else:
                hooks[name] = value
        forget_all_metas()


def timeout(seconds: Any = 30, error_message: str = "Test timed out.") -> Any:
    """Fail a test that takes longer than `seconds`; also usable as a plain `@timeout`."""
    if callable(seconds):
        return timeout()(seconds)

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def limited(*args: Any, **kwargs: Any) -> Any:
            def too_late(_number: int, _frame: object) -> None:
                raise TimeoutError(error_message)

            before = signal.signal(signal.SIGALRM, too_late)
            signal.setitimer(signal.ITIMER_REAL, float(seconds))
            try:
                return function(*args, **kwargs)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)

        return limited

    return decorate


def debug_on(*exceptions: type[BaseException]) -> Callable[[Function], Function]:
    """Open the debugger where a test raises one of `exceptions` (`AssertionError` by default)."""
    wanted = exceptions or (AssertionError,)

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except wanted:
                traceback.print_exc()
                pdb.post_mortem(sys.exc_info()[2])
                raise

        return watched

    return decorate
