"""Logging in to the desk, with the keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .conftest import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK = re.compile(r"/app/?$")


def log_in(page: Page, user: str, password: str) -> None:
    page.goto("/")
    page.locator("input").first.fill(user)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_the_printed_login_leads_to_the_desk(page: Page, served: Served) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    log_in(page, served.user, served.password)
    page.wait_for_url(DESK)
    page.get_by_role("main").wait_for()
    assert errors == []


def test_a_wrong_password_is_refused_on_the_spot(page: Page, served: Served) -> None:
    log_in(page, served.user, served.password + "x")
    page.get_by_role("alert").wait_for()
    assert page.url.endswith("/login")
