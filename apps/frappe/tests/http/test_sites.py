"""Which site answers, and what holds for a whole site: maintenance, limits, origins."""

from __future__ import annotations

from typing import Any

import pytest
from frappe_engine.context.config import update_json_file
from frappe_engine.http.app import Application
from frappe_engine.testing import TestSite
from werkzeug.test import Client

from .conftest import ADMIN, Web

PING = "/api/method/ping"


@pytest.fixture
def unpinned(served: TestSite) -> Client:
    """A client of the bench, which has to say which site it means."""
    return Client(Application(served.sites_path))


def test_the_site_is_named_by_header_or_host(unpinned: Client, served: TestSite) -> None:
    assert unpinned.get(PING, headers={"X-Frappe-Site-Name": served.name}).status_code == 200
    assert unpinned.get(PING, headers={"Host": f"{served.name}:8000"}).status_code == 200


@pytest.mark.parametrize("name", ["nosuch.localhost", "../etc", "..", "a/b", "", "assets"])
def test_unknown_sites_are_not_found(unpinned: Client, name: str) -> None:
    assert unpinned.get(PING, headers={"X-Frappe-Site-Name": name, "Host": "example.com"}).status_code == 404


def test_the_machine_itself_gets_the_default_site(unpinned: Client, served: TestSite) -> None:
    config = f"{served.sites_path}/common_site_config.json"
    assert unpinned.get(PING, headers={"Host": "127.0.0.1:8000"}).status_code == 404
    update_json_file(config, "default_site", served.name)
    try:
        assert unpinned.get(PING, headers={"Host": "127.0.0.1:8000"}).status_code == 200
        assert unpinned.get(PING, headers={"Host": "shop.example.com"}).status_code == 404
        update_json_file(config, "serve_default_site", True)
        assert unpinned.get(PING, headers={"Host": "shop.example.com"}).status_code == 200
    finally:
        update_json_file(config, "default_site", None)
        update_json_file(config, "serve_default_site", None)


@pytest.fixture
def configured(web: Web) -> Any:
    """Sets keys of the site's configuration for a test."""
    keys: list[str] = []

    def configure(**values: Any) -> None:
        for key, value in values.items():
            keys.append(key)
            web.site.set_config(key, value)

    yield configure
    for key in keys:
        web.site.set_config(key, None)


def test_maintenance_refuses_everything(web: Web, configured: Any) -> None:
    configured(maintenance_mode=1)
    answer = web.get(PING)
    assert (answer.status_code, answer.json["exc_type"]) == (503, "SessionStopped")


def test_maintenance_may_allow_reading(web: Web, configured: Any) -> None:
    configured(maintenance_mode=1, allow_reads_during_maintenance=1)
    assert web.get("/api/resource/HP Doc", auth=ADMIN).status_code == 200
    answer = web.post("/api/resource/HP Doc", json={"title": "x"}, auth=ADMIN)
    assert (answer.status_code, answer.json["exc_type"]) == (503, "InReadOnlyMode")


def test_other_origins_need_to_be_allowed(web: Web, configured: Any) -> None:
    origin = {"Origin": "https://shop.example.com"}
    assert "Access-Control-Allow-Origin" not in web.get(PING, headers=origin).headers
    configured(allow_cors=["https://shop.example.com"])
    answer = web.get(PING, headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example.com"
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in web.get(PING, headers={"Origin": "https://evil.example.com"}).headers


def test_a_preflight_says_what_is_allowed(web: Web, configured: Any) -> None:
    configured(allow_cors="*")
    asked = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "X-Y",
    }
    answer = web.ask("OPTIONS", "/api/resource/HP Doc", headers=asked)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Methods"]) == (200, "PUT")
    assert answer.headers["Access-Control-Allow-Headers"] == "X-Y"


def test_a_site_may_limit_what_it_does(web: Web, configured: Any) -> None:
    configured(rate_limit={"window": 3600, "limit": 10})
    answer = web.get(PING)
    assert answer.headers["X-RateLimit-Limit"] == "10000000"
    configured(rate_limit={"window": 3600, "limit": 0})
    refused = web.get(PING)
    assert (refused.status_code, refused.json["exc_type"]) == (429, "TooManyRequestsError")
    assert int(refused.headers["Retry-After"]) <= 3600


def test_bodies_have_a_limit(web: Web, configured: Any) -> None:
    configured(max_file_size=200)
    answer = web.post("/api/resource/HP Doc", json={"title": "x" * 500}, auth=ADMIN)
    assert answer.status_code == 413


def test_only_a_proxy_on_this_machine_says_who_asks(web: Web, configured: Any) -> None:
    forwarded = {"X-Forwarded-For": "10.1.2.3"}
    near = web.post("/api/method/login", data={"usr": "x", "pwd": "y"}, headers=forwarded)
    far = web.post(
        "/api/method/login",
        data={"usr": "x", "pwd": "y"},
        headers=forwarded,
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert near.status_code == far.status_code == 401
    with web.site.connected() as context:
        found = [
            row[0]
            for row in context.db.rows("SELECT `ip_address` FROM `tabActivity Log` ORDER BY `creation` DESC LIMIT 2")
        ]
    assert found == ["203.0.113.9", "10.1.2.3"]
