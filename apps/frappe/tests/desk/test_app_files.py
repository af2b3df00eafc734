"""The desk as an app that can be installed: manifest, service worker, the page without a connection."""

from __future__ import annotations

from .conftest import Desk


def test_the_manifest_describes_an_app_with_icons_that_are_there(desk: Desk) -> None:
    answer = desk.web.get("/manifest.webmanifest")
    assert answer.content_type == "application/manifest+json"
    assert (answer.json["start_url"], answer.json["display"]) == ("/app", "standalone")
    for icon in answer.json["icons"]:
        found = desk.web.get(icon["src"])
        assert (found.status_code, found.content_type) == (200, "image/png")


def test_the_service_worker_may_look_after_the_whole_site(desk: Desk) -> None:
    answer = desk.web.get("/service-worker.js")
    assert answer.content_type.startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_without_a_connection_holds_no_script_and_nothing_of_the_site(desk: Desk) -> None:
    answer = desk.web.get("/offline.html")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert 'href="/app"' in answer.text
