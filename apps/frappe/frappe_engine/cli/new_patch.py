"""Files of new patches.

Invariant: an existing file is never overwritten; a patch is listed once.
"""

from __future__ import annotations

import os
import re

from frappe_engine.context.hooks import get_app_path
from frappe_engine.documents.controllers import module_of
from frappe_engine.kit.text import scrub

TEMPLATE = '''"""{description}."""

import frappe


def execute():
    """Change what is stored; run once per site."""
    raise NotImplementedError("{dotted}: say what the patch does")
'''
SECTION = "[post_model_sync]"


def create_patch_file(app: str, description: str, doctype: str = "") -> tuple[str, str]:
    """Make a patch in the app's `patches` folder (or the DocType's) and list it; gives its path and dotted path."""
    words = re.sub(r"[^a-z0-9]+", "_", description.lower()).strip("_")[:60] or "patch"
    parts = [scrub(module_of(doctype)), "doctype", scrub(doctype), "patches"] if doctype else ["patches"]
    folder = get_app_path(app, *parts)
    os.makedirs(folder, exist_ok=True)
    name, number = words, 1
    while os.path.exists(os.path.join(folder, f"{name}.py")):
        number += 1
        name = f"{words}_{number}"
    dotted = ".".join([app, *parts, name])
    open(os.path.join(folder, "__init__.py"), "a", encoding="utf-8").close()
    path = os.path.join(folder, f"{name}.py")
    with open(path, "x", encoding="utf-8") as file:
        file.write(TEMPLATE.format(description=description.rstrip("."), dotted=dotted))
    _list_patch(get_app_path(app, "patches.txt"), dotted)
    return path, dotted


def _list_patch(path: str, dotted: str) -> None:
    text = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            text = file.read().rstrip("\n")
    if (SECTION not in text and "[pre_model_sync]" in text) or not text:
        text = f"{text}\n\n{SECTION}".lstrip("\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{text}\n{dotted}\n")
