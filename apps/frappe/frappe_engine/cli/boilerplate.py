"""A new app: the folder that `bench new-app` asks for.

Invariant: what is made installs, migrates and passes its own tests as it is.
"""

from __future__ import annotations

import keyword
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

SPDX = {"mit": "MIT", "gpl-3.0": "GPL-3.0-only", "agpl-3.0": "AGPL-3.0-only", "apache-2.0": "Apache-2.0"}


@dataclass(frozen=True)
class AppFacts:
    """What an app says about itself."""

    name: str
    title: str
    description: str
    publisher: str
    email: str
    license: str


def create_app(destination: str, facts: AppFacts, *, git: bool) -> str:
    """Make an app below `destination`; gives its folder. Raises `ValueError` when it has no proper name or is there."""
    check_name(facts.name)
    folder = os.path.join(os.path.abspath(destination), facts.name)
    if os.path.exists(folder):
        raise ValueError(f"{folder} is there already")
    for path, content in files_of(facts):
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(content)
    if git:
        make_repository(folder)
    return folder


def check_name(name: str) -> None:
    """Raise `ValueError` unless an app's name can be that of a Python package."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise ValueError(f"{name!r} can't be the name of an app: small letters, digits and underscores, a letter first")


def make_repository(folder: str) -> None:
    """Make a git repository with a first commit. Raises `ValueError` when git fails."""
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        [*identity, "commit", "--quiet", "-m", "Begin the app"],
    ):
        try:
            done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=False)
        except FileNotFoundError as error:
            raise ValueError("git is not installed; use --no-git") from error
        if done.returncode:
            raise ValueError(f"git {words[-1]}: {done.stderr.strip()}")


def files_of(facts: AppFacts) -> Iterator[tuple[str, str]]:
    """Give the files of a new app: path below its folder, content."""
    name = facts.name
    yield "pyproject.toml", _pyproject(facts)
    yield "README.md", f"# {facts.title}\n\n{facts.description}\n\n    bench --site <site> install-app {name}\n"
    yield "license.txt", f"License: {facts.license}\n"
    yield ".gitignore", "__pycache__/\n*.py[co]\n*.egg-info/\nnode_modules/\n"
    yield f"{name}/__init__.py", f'"""{_text(facts.title)}."""\n\n__version__ = "0.0.1"\n'
    yield f"{name}/hooks.py", _hooks(facts)
    yield f"{name}/modules.txt", f"{facts.title}\n"
    yield f"{name}/patches.txt", "[pre_model_sync]\n\n[post_model_sync]\n"
    yield f"{name}/{_module_folder(facts)}/__init__.py", ""
    for folder in ("config", "templates", "templates/pages", "tests", "www"):
        yield f"{name}/{folder}/__init__.py", ""
    yield f"{name}/public/.gitkeep", ""
    yield f"{name}/tests/test_installed.py", _first_test(facts)


def _module_folder(facts: AppFacts) -> str:
    return re.sub(r"[ -]", "_", facts.title.lower())


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').rstrip(".")


def _pyproject(facts: AppFacts) -> str:
    license_line = f'license = {{ text = "{_text(SPDX.get(facts.license.lower(), facts.license))}" }}'
    return f'''[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "{facts.name}"
description = "{_text(facts.description)}"
authors = [{{ name = "{_text(facts.publisher)}", email = "{_text(facts.email)}" }}]
{license_line}
requires-python = ">=3.10"
readme = "README.md"
dynamic = ["version"]

[tool.setuptools.dynamic]
version = {{ attr = "{facts.name}.__version__" }}

[tool.setuptools.packages.find]
include = ["{facts.name}", "{facts.name}.*"]
'''


def _hooks(facts: AppFacts) -> str:
    return f'''"""What the app hooks into the framework."""

app_name = "{facts.name}"
app_title = "{_text(facts.title)}"
app_publisher = "{_text(facts.publisher)}"
app_description = "{_text(facts.description)}"
app_email = "{_text(facts.email)}"
app_license = "{_text(facts.license)}"

# doc_events = {{"ToDo": {{"on_update": "{facts.name}.events.on_update"}}}}
# scheduler_events = {{"daily": ["{facts.name}.tasks.daily"]}}
'''


def _first_test(facts: AppFacts) -> str:
    return f'''"""The app is installed."""

import frappe
from frappe.tests.utils import FrappeTestCase


class TestInstalled(FrappeTestCase):
    """What holds on every site with the app."""

    def test_app_is_installed(self):
        self.assertIn("{facts.name}", frappe.get_installed_apps())
'''
