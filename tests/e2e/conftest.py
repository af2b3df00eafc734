"""A browser, a served site with the demo company, and the people of the journeys; `make test-e2e` starts both."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import APIRequestContext, Browser, Page, Playwright

    from .desk_pages import Desk

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
    # A camera that shows a test picture, allowed without a question.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
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


@dataclass(frozen=True)
class Rest:
    """The site as another program sees it: what journeys prepare, and by what they prove what happened."""

    requests: "APIRequestContext"

    def rows(self, doctype: str, filters: dict[str, Any] | list[Any], *fields: str) -> list[dict[str, Any]]:
        """Return the documents that answer the filters, the newest first."""
        params = {
            "filters": json.dumps(filters),
            "fields": json.dumps(["name", *fields]),
            "order_by": "creation desc",
            "limit_page_length": "50",
        }
        answer = self.requests.get(f"/api/resource/{doctype}", params=params)
        assert answer.ok, answer.text()
        return list(answer.json()["data"])

    def get(self, doctype: str, name: str) -> dict[str, Any]:
        """Return one document."""
        answer = self.requests.get(f"/api/resource/{doctype}/{name}")
        assert answer.ok, answer.text()
        return dict(answer.json()["data"])

    def insert(self, doctype: str, **values: Any) -> dict[str, Any]:
        """Make a document."""
        answer = self.requests.post(f"/api/resource/{doctype}", data=values)
        assert answer.ok, answer.text()
        return dict(answer.json()["data"])

    def call(self, path: str, **arguments: Any) -> Any:
        """Call a function of the site."""
        answer = self.requests.post(f"/api/method/{path}", data=arguments)
        assert answer.ok, answer.text()
        return answer.json().get("message")


@pytest.fixture(scope="session")
def served() -> Served:
    """Return the served site."""
    if ADDRESS not in os.environ:
        pytest.skip(f"no site is served for the journeys ({ADDRESS} is not set): make test-e2e")
    return Served(url=os.environ[ADDRESS], password=os.environ["EC_E2E_PASSWORD"])


@pytest.fixture(scope="session")
def driver() -> Iterator["Playwright"]:
    """Yield what drives the browser."""
    from playwright.sync_api import sync_playwright  # other test runs do not install it

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(driver: "Playwright") -> Iterator["Browser"]:
    """Yield Chromium, as Debian packages it."""
    launched = driver.chromium.launch(executable_path=os.environ["EC_E2E_BROWSER"], args=LAUNCH_ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def rest(driver: "Playwright", served: Served) -> Iterator[Rest]:
    """Yield the site as a program with Administrator's API key sees it."""
    login = driver.request.new_context(base_url=served.url)
    assert login.post("/api/method/login", form={"usr": served.user, "pwd": served.password}).ok
    made = login.post("/api/method/frappe.core.doctype.user.user.generate_keys", form={"user": served.user})
    secret = made.json()["message"]["api_secret"]
    key = login.get(f"/api/resource/User/{served.user}").json()["data"]["api_key"]
    login.dispose()
    requests = driver.request.new_context(
        base_url=served.url, extra_http_headers={"Authorization": f"token {key}:{secret}"}
    )
    yield Rest(requests)
    requests.dispose()


@dataclass(frozen=True)
class Person:
    """Somebody who works with the site."""

    user: str
    password: str


@pytest.fixture(scope="session")
def people(rest: Rest) -> Callable[[str, str], Person]:
    """Return a function that gives somebody with one role, who reads one language; made when first asked for."""

    def person(role: str, language: str) -> Person:
        user = f"{role.lower().replace(' ', '.')}.{language}@example.com"
        password = f"e2e {role} {language} 7341"
        if not rest.rows("User", {"name": user}):
            rest.insert(
                "User",
                email=user,
                first_name=role,
                language=language,
                new_password=password,
                send_welcome_email=0,
                roles=[{"role": role}],
            )
        return Person(user, password)

    return person


@pytest.fixture
def at_desk(request: pytest.FixtureRequest, served: Served, browser: "Browser") -> Iterator[Callable[..., "Desk"]]:
    """Yield a function that seats a person at a desk of their own: `at_desk(person, phone=True)`."""
    from .desk_pages import Desk

    opened: list[Page] = []

    def seat(person: Person | Served, *, phone: bool = False, **options: Any) -> Desk:
        size = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESKTOP}
        usual = {"base_url": served.url, "locale": "en-GB", "timezone_id": "Asia/Shanghai"}
        context = browser.new_context(**{**usual, **size, **options})
        page = context.new_page()
        opened.append(page)
        desk = Desk(page)
        desk.enter(person.user, person.password)
        return desk

    failed_before = request.session.testsfailed
    yield seat
    for number, page in enumerate(opened):
        if request.session.testsfailed > failed_before:
            keep_picture(page, f"{request.node.name}-{number}")
        page.context.close()


@pytest.fixture(params=["desktop"])
def page(request: pytest.FixtureRequest, served: Served, browser: "Browser") -> Iterator["Page"]:
    """Yield a page of a fresh session, desktop-sized unless the test asks for "phone"; a failure leaves a screenshot."""
    size = PHONE if request.param == "phone" else DESKTOP
    context = browser.new_context(base_url=served.url, viewport=size, locale="en-GB", timezone_id="Asia/Shanghai")
    opened = context.new_page()
    failed_before = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed_before:
        keep_picture(opened, request.node.name)
    context.close()


def keep_picture(page: "Page", name: str) -> None:
    """Keep what the page showed when its test failed."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"failed-{name.replace('/', '-')}.png")
