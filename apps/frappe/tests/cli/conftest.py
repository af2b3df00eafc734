"""Commands run in this process, in the `sites` folder of a bench of the test's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from frappe_engine.context.hooks import forget_hooks
from frappe_engine.documents.controllers import forget_modules
from frappe_engine.testing import TestSite

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from command_lines import Commands  # noqa: E402 - importable from here on


@pytest.fixture
def bench(own_site: TestSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Commands]:
    """Commands for a site of the test's own."""
    monkeypatch.chdir(own_site.sites_path)
    monkeypatch.delenv("FRAPPE_SITE", raising=False)
    monkeypatch.setenv("EC_TEST_DB_ROOT_PASSWORD", os.environ.get("EC_TEST_DB_ROOT_PASSWORD", ""))
    yield Commands(own_site)
    forget_hooks()


@pytest.fixture
def app(bench: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A small app in the test's bench, not installed yet, made by make-app."""
    name = f"sample_{abs(hash(str(tmp_path))) % 10**8}"
    bench.bare("make-app", str(tmp_path), name, "--no-git")
    monkeypatch.syspath_prepend(str(tmp_path / name))
    with open("apps.txt", "a", encoding="utf-8") as file:
        file.write(f"{name}\n")
    forget_modules()
    yield name
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]
    forget_modules()
