"""Patches of apps: which there are, which this site has run, and running them.

Invariant: a patch that raised is not logged, and nothing of it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from frappe_engine.documents import patches

import frappe

PatchError = patches.PatchError


class PatchType(Enum):
    """When a patch runs: before or after the tables are brought in line with the DocTypes."""

    pre_model_sync = patches.PRE_MODEL_SYNC
    post_model_sync = patches.POST_MODEL_SYNC


def get_patches_from_app(app: str, patch_type: PatchType | None = None) -> list[str]:
    """Give the patches of an app: all, or those of one time."""
    return patches.get_patches(app, patch_type.value if patch_type else None)


def get_all_patches(patch_type: PatchType | None = None) -> list[str]:
    """Give the patches of all installed apps."""
    return [patch for app in frappe.get_installed_apps() for patch in get_patches_from_app(app, patch_type)]


def run_all(skip_failing: bool = False, patch_type: PatchType | None = None) -> None:
    """Run the patches that this site has not run."""
    for kind in [patch_type] if patch_type else PatchType:
        patches.run_all(kind.value, skip_failing)


def executed(patchmodule: str) -> Any:
    """Give the name of a patch's entry in the Patch Log; None where this site has not run it."""
    return frappe.db.get_value("Patch Log", {"patch": patchmodule, "skipped": 0}, "name")


def run_single(
    patchmodule: str | None = None,
    method: Callable[..., Any] | None = None,
    methodargs: Mapping[str, Any] | None = None,
    force: bool = False,
) -> bool:
    """Run a patch unless this site has run it (or `force`), or a function like a patch."""
    if patchmodule and not force and executed(patchmodule):
        return True
    return execute_patch(patchmodule, method, methodargs)


def execute_patch(
    patchmodule: str | None, method: Callable[..., Any] | None = None, methodargs: Mapping[str, Any] | None = None
) -> bool:
    """Run a patch and log it, or a function. Raises what it raises; what it wrote is undone then."""
    if patchmodule:
        try:
            patches.run_patch(patchmodule)
        except PatchError as error:
            raise (error.__cause__ or error) from None
    elif method:
        method(**(methodargs or {}))
    return True


def update_patch_log(patchmodule: str, skipped: bool = False) -> None:
    """Log a patch as run, or as left out."""
    frappe.get_doc({"doctype": "Patch Log", "patch": patchmodule, "skipped": int(skipped)}).insert(
        ignore_permissions=True
    )
