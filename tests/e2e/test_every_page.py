"""Every list, form, and report of the app opens without an error in the browser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .conftest import Rest, Served
from .desk_pages import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

APP = Path(__file__).parents[2] / "apps/ec_erp/ec_erp"


def described(kind: str) -> Iterator[dict[str, Any]]:
    """Return what the app's files say of each DocType or report."""
    for file in sorted(APP.glob(f"*/{kind}/*/*.json")):
        yield json.loads(file.read_text(encoding="utf-8"))


DOCTYPES = [doctype for doctype in described("doctype") if not doctype.get("istable")]
KEPT = [doctype["name"] for doctype in DOCTYPES if not doctype.get("issingle")]


def slug(doctype: str) -> str:
    return doctype.lower().replace(" ", "-")


def faults(page: Page, served: Served, addresses: Iterable[str]) -> dict[str, list[str]]:
    """Open one page after another; return what the browser complained of, by address."""
    desk, found = Desk(page), {}
    desk.enter(served.user, served.password)
    for address in addresses:
        desk.errors.clear()
        page.goto(address, wait_until="networkidle")
        if page.get_by_role("main").inner_text().strip() == "":
            desk.errors.append("nothing is shown")
        if desk.errors:
            found[address] = list(desk.errors)
    return found


def test_every_list_opens(page: Page, served: Served) -> None:
    assert faults(page, served, (f"/app/{slug(name)}" for name in KEPT)) == {}


def test_the_newest_document_of_every_kind_opens(page: Page, served: Served, rest: Rest) -> None:
    newest = {name: rest.rows(name, {}) for name in KEPT}
    assert len([name for name, rows in newest.items() if rows]) > len(KEPT) // 2, "the demo company is not there"
    addresses = [f"/app/{slug(name)}/{quote(rows[0]['name'])}" for name, rows in newest.items() if rows]
    assert faults(page, served, addresses) == {}


def test_every_form_begins(page: Page, served: Served) -> None:
    begun = [f"/app/{slug(doctype['name'])}/new" for doctype in DOCTYPES if not doctype.get("in_create")]
    assert faults(page, served, begun) == {}


def test_every_report_opens(page: Page, served: Served) -> None:
    assert faults(page, served, (f"/app/query-report/{quote(report['name'])}" for report in described("report"))) == {}
