"""Gives the tests that span apps a site with the whole product; see docs/testing.md."""

import pytest
from frappe_engine.testing.fixtures import *  # noqa: F403


@pytest.fixture(scope="session")
def site_apps() -> tuple[str, ...]:
    """The apps of the site besides the framework."""
    return ("ec_erp",)
