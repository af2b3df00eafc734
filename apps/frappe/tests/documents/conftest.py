"""A site of the folder's own, as its tests commit; what a test left unsaved is undone after it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from frappe_engine.testing import TestSite, temporary_site


@pytest.fixture(scope="session")
def lab_site() -> Iterator[TestSite]:
    """A site with nothing but what every site has."""
    with temporary_site() as made:
        yield made


@pytest.fixture
def frappe(lab_site: TestSite) -> Iterator[Any]:
    """The public package, connected as Administrator."""
    with lab_site.connected() as context:
        yield import_module("frappe")
        context.db.rollback()
