"""A site with the DocTypes of these tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from frappe_engine.testing import TestSite, temporary_site

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

import doctypes  # noqa: E402 - importable from here on


@pytest.fixture(scope="session")
def site() -> Iterator[TestSite]:
    """One site for all tests that commit nothing, in English."""
    with temporary_site() as made:
        with made.connected() as context:
            frappe = import_module("frappe")
            frappe.db.set_single_value("System Settings", "language", "en")
            doctypes.make(frappe)
            context.db.commit()
        yield made
