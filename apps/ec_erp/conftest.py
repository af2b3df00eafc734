"""Gives the app's tests a site with the app installed, on this bench's own runtime; see docs/testing.md.

Not part of the app: on another runtime the tests run by `bench run-tests`, which needs nothing from here.
"""

import pytest
from frappe_engine.testing.fixtures import *  # noqa: F403


@pytest.fixture(scope="session")
def site_apps() -> tuple[str, ...]:
    """The apps of the site besides the framework."""
    return ("ec_erp",)
