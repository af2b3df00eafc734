"""Patches: changes of stored data that apps ship, run once per site in the order of `patches.txt`.

Invariant: a patch that raised is not logged, and nothing of it stays.
"""

from __future__ import annotations

import configparser
import os
from importlib import import_module
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.hooks import get_app_path, get_installed_apps
from frappe_engine.context.local import current
from frappe_engine.documents.naming import hash_name

PRE_MODEL_SYNC, POST_MODEL_SYNC = "pre_model_sync", "post_model_sync"


class PatchError(Exception):
    """A patch raised; its name is in the message, its cause chained."""


def get_patches(app: str, section: str | None = None) -> list[str]:
    """Give the patches of an app: all, or those of a section (without sections all are `pre_model_sync`)."""
    path = get_app_path(app, "patches.txt")
    if not os.path.exists(path):
        return []
    parser = configparser.ConfigParser(allow_no_value=True, delimiters="\n", comment_prefixes=("#", ";"), strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # names of patches are case-sensitive
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError:
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
        return [] if section == POST_MODEL_SYNC else lines
    sections = [section] if section else parser.sections()
    return [patch for name in sections if parser.has_section(name) for patch in parser[name]]


def run_all(section: str, skip_failing: bool = False) -> list[str]:
    """Run the patches of all installed apps that this site has not run; give their names."""
    done = {row[0] for row in current().db.rows("SELECT `patch` FROM `tabPatch Log` WHERE `skipped` = 0")}
    ran: list[str] = []
    for app in get_installed_apps():
        for patch in get_patches(app, section):
            if patch in done:
                continue
            try:
                run_patch(patch)
            except PatchError as error:
                if not skip_failing:
                    raise
                _log(patch, skipped=1, traceback=str(error.__cause__))
            ran.append(patch)
    return ran


def run_patch(patch: str, *, force: bool = False, log: bool = True) -> None:
    """Run one patch and log it. Raises `PatchError`; what the patch wrote is undone then."""
    database = current().db
    flags = current().flags
    flags.in_patch = True
    try:
        execute(patch)
        if log:
            _log(patch)
        database.commit()
    except Exception as error:
        database.rollback()
        raise PatchError(f"patch {patch} failed: {error}") from error
    finally:
        flags.in_patch = False


def execute(patch: str) -> Any:
    """Run the code of a patch: `execute()` of a module, or the line behind `execute:`."""
    if patch.startswith("execute:"):
        import frappe_engine.context.local as context_module  # the line may use the public package alone

        public = import_module("frappe")
        return exec(
            patch.removeprefix("execute:").split("#", 1)[0].strip(), {"frappe": public, "_context": context_module}
        )
    module = import_module(patch.split()[0])
    return module.execute()


def _log(patch: str, skipped: int = 0, traceback: str | None = None) -> None:
    moment = now_datetime()
    current().db.write(
        "INSERT INTO `tabPatch Log` (`name`, `creation`, `modified`, `owner`, `modified_by`, `patch`, `skipped`, `traceback`)"
        " VALUES (?, ?, ?, 'Administrator', 'Administrator', ?, ?, ?)",
        (hash_name(), moment, moment, patch, skipped, traceback),
    )


def mark_all_done(app: str) -> None:
    """Log every patch of an app as run: a fresh install needs none of them."""
    done = {row[0] for row in current().db.rows("SELECT `patch` FROM `tabPatch Log`")}
    for patch in get_patches(app):
        if patch not in done:
            _log(patch)
