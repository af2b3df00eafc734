"""Makes the helpers of this folder importable, and serves a site over HTTP for those that ask."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.testing import temporary_site
from frappe_engine.testing.serving import served

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)


@pytest.fixture(scope="module")
def http_site(site_apps: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    """A site of the module's own with the clients of `trade_api`, and the address it is served at."""
    from trade_api import make_clients

    with temporary_site(site_apps) as site:
        with site.connected():
            import frappe

            make_clients(frappe)
        with served(site) as address:
            yield site, address
