"""Gives the tests of this folder a site with the whole product to shoot at, and its helpers.

`FUZZ_SECONDS` says for how long the search goes on (each test does one round at least); the default suits every run.
"""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from site_under_fire import ADMINISTRATOR, Sent, SiteUnderFire  # noqa: E402


@pytest.fixture(scope="session")
def seconds() -> float:
    """How long each search goes on."""
    return float(os.environ.get("FUZZ_SECONDS") or 15)


@pytest.fixture(scope="module")
def fire(site_apps: tuple[str, ...]) -> Iterator[SiteUnderFire]:
    """A site of the module's own; faults are asserted on, not printed."""
    logging.disable(logging.CRITICAL)
    shot_at = SiteUnderFire(site_apps)
    yield shot_at
    shot_at.close()
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def description(fire: SiteUnderFire) -> dict:
    """The API as Administrator sees it."""
    answer = fire.ask(Sent("GET", "/api/openapi.json", {}, None, ADMINISTRATOR))
    assert answer.status_code == 200
    return answer.json
