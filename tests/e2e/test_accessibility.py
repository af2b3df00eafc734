"""Pages of the desk in light and dark, looked at by axe: nothing that keeps people out. And ways by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from .conftest import Served
from .desk_pages import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "apps/frappe/desk/node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
RUN_AXE = "() => axe.run(document, { resultTypes: ['violations'] })"
PAGES = {
    "home": ("/app", "#main .workspace .block"),
    "workspace": ("/app/inventory", "#main .workspace .block"),
    "list": ("/app/sales-order", "table.list tbody tr"),
    "new document": ("/app/purchase-order/new", '.field[data-fieldname="supplier"]'),
    "grid": ("/app/sales-order/view/report", "table.report tbody tr"),
    "board": ("/app/sales-order/view/kanban", ".kanban .card"),
    "calendar": ("/app/sales-order/view/calendar", ".calendar .event"),
    "tree": ("/app/account/view/tree", '[role="treeitem"]'),
    "dashboard": ("/app/dashboard-view/Business", ".dashboard .number-card"),
    "images": ("/app/sku/view/image", ".images .card"),
    "import": ("/app/data-import/new", ".begin"),
    "shaping a form": ("/app/customize-form", '.field[data-fieldname="doc_type"]'),
    "settings": ("/app/order-settings", ".form-head"),
}


def grave_faults(page: Page) -> list[str]:
    """Return what axe finds serious or critical, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(RUN_AXE)
    faults = [fault for fault in found["violations"] if fault["impact"] in GRAVE]
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in faults for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_pages_keep_nobody_out(page: Page, served: Served, theme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not there: npm ci in apps/frappe/desk")
    page.emulate_media(color_scheme="dark" if theme == "Dark" else "light")
    Desk(page).enter(served.user, served.password)
    faults = {}
    for name, (address, sign) in PAGES.items():
        page.goto(address)
        page.locator(sign).first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("data-theme") == theme.lower()
        faults[name] = grave_faults(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_list_is_found_and_a_document_opened_by_keyboard_alone(page: Page, served: Served) -> None:
    Desk(page).log_in(served.user, served.password)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").wait_for()
    page.keyboard.type("Sales Order", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("table.list tbody tr").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".form-head h1").wait_for()
    assert "/sales-order/" in page.url


def test_nothing_is_wider_than_a_phone(served: Served, browser: Any) -> None:
    context = browser.new_context(base_url=served.url, viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    Desk(page).enter(served.user, served.password)
    wide = {}
    for name, (address, _sign) in PAGES.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[name] = width
    context.close()
    assert wide == {}
