"""A browser, and a served site with the demo company, for the journeys; `make test-e2e` starts both."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]  # `make test-e2e` installs it
SCREENSHOTS = Path(__file__).parent / "screenshots"
ADDRESS = "EC_E2E_URL"
LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that no journey is run without a server by mistake."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@dataclass(frozen=True)
class Served:
    """Where the site is, and how Administrator logs in."""

    url: str
    password: str
    user: str = "Administrator"


@pytest.fixture(scope="session")
def served() -> Served:
    """Return the served site."""
    if ADDRESS not in os.environ:
        pytest.skip(f"no site is served for the journeys ({ADDRESS} is not set): make test-e2e")
    return Served(url=os.environ[ADDRESS], password=os.environ["EC_E2E_PASSWORD"])


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Yield Chromium, as Debian packages it."""
    from playwright.sync_api import sync_playwright  # other test runs do not install it

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=os.environ["EC_E2E_BROWSER"], args=LAUNCH_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=["desktop"])
def page(request: pytest.FixtureRequest, served: Served, browser: "Browser") -> Iterator["Page"]:
    """Yield a page of a fresh session, desktop-sized unless the test asks for "phone"; a failure leaves a screenshot."""
    size = PHONE if request.param == "phone" else DESKTOP
    context = browser.new_context(base_url=served.url, viewport=size, locale="en-GB", timezone_id="Asia/Shanghai")
    opened = context.new_page()
    yield opened
    if request.session.testsfailed:
        SCREENSHOTS.mkdir(exist_ok=True)
        opened.screenshot(path=SCREENSHOTS / f"failed-{request.node.name}.png")
    context.close()
