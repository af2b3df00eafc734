"""The fixtures for pytest: a site per run, a connection per test, undone after it.

A `conftest.py` takes them with `from frappe_engine.testing.fixtures import *  # noqa: F403` and, where its tests need
apps, overrides `site_apps`. What each does is in docs/testing.md.

Invariant: a test that does not commit leaves nothing for the next one; one that commits uses `own_site`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import pytest

from frappe_engine.context.local import Context
from frappe_engine.testing.sites import TestSite, temporary_site
from frappe_engine.testing.statements import Statements, counted_statements

__all__ = ["connected_site", "frappe_connected", "own_site", "site", "site_apps", "site_of_test_case", "sql_count"]


@pytest.fixture(scope="session")
def site_apps() -> tuple[str, ...]:
    """The apps of the site besides the framework; override it to have some."""
    return ()


@pytest.fixture(scope="session")
def site(site_apps: tuple[str, ...]) -> Iterator[TestSite]:
    """One site for all tests that commit nothing."""
    with temporary_site(site_apps) as made:
        yield made


@pytest.fixture
def own_site(site_apps: tuple[str, ...]) -> Iterator[TestSite]:
    """A fresh site for this test alone, which may commit and destroy whatever it likes."""
    with temporary_site(site_apps) as made:
        yield made


@pytest.fixture
def connected_site(site: TestSite) -> Iterator[Context]:
    """A connection to `site` as Administrator; what the test wrote is undone after it."""
    with site.connected() as context:
        yield context


@pytest.fixture
def frappe_connected(connected_site: Context) -> Any:
    """The public package `frappe`, connected to `site` as Administrator; what the test wrote is undone after it."""
    return import_module("frappe")


@pytest.fixture
def sql_count() -> Callable[[], AbstractContextManager[Statements]]:
    """A with-block that counts statements: `with sql_count() as seen: …; assert len(seen) <= 3`."""
    return counted_statements


@pytest.fixture(scope="class", autouse=True)
def site_of_test_case(request: pytest.FixtureRequest) -> Iterator[None]:
    """Connect classes that derive from `frappe.tests.utils.FrappeTestCase` to a site of their own, before `setUpClass`."""
    if not getattr(request.cls, "needs_site", False):
        yield
        return
    with temporary_site(request.getfixturevalue("site_apps")) as made, made.connected():
        yield
