"""Work on many documents at once, as the server does it in the background, and a board whose cards are dragged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from .conftest import Served
from .desk_pages import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANY = 60

MAKE = """async ([doctype, rows]) => {
  const token = JSON.parse(document.querySelector('#boot').textContent).csrf_token;
  const names = [];
  for (const row of rows) {
    const headers = { 'Content-Type': 'application/json', 'X-Frappe-CSRF-Token': token };
    const answer = await fetch(`/api/resource/${doctype}`, { method: 'POST', headers, body: JSON.stringify(row) });
    names.push((await answer.json()).data.name);
  }
  return names;
}"""


def make(page: Page, doctype: str, rows: list[dict[str, str]]) -> list[str]:
    """Store documents as the person at work; give their names."""
    names: list[str] = page.evaluate(MAKE, [doctype, rows])
    return names


def test_sixty_documents_are_deleted_by_the_server_while_somebody_watches(page: Page, served: Served) -> None:
    page.add_init_script("localStorage.setItem('desk-preferences', JSON.stringify({ pageLength: 100 }))")
    desk = Desk(page)
    desk.log_in(served.user, served.password)
    mark = f"e2e-{time.time_ns():x}"
    make(page, "ToDo", [{"description": f"{mark} {number}", "priority": "Low"} for number in range(MANY)])
    page.goto(f'/app/todo?description=["like","%25{mark}%25"]')
    page.locator("table.list tbody tr").nth(MANY - 1).wait_for()
    page.locator("table.list thead input[type=checkbox]").click()
    page.locator("button.danger").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".names li")).to_have_count(MANY)
    dialog.locator("footer button.primary").click()
    expect(dialog).to_have_count(0, timeout=60_000)
    expect(page.locator("table.list tbody tr")).to_have_count(0)
    assert desk.errors == []


def test_a_card_keeps_the_place_it_was_dragged_to(page: Page, served: Served) -> None:
    desk = Desk(page)
    desk.log_in(served.user, served.password)
    mark = f"e2e-{time.time_ns():x}"
    make(page, "ToDo", [{"description": f"{mark} {place}"} for place in ("one", "two")])
    column = {"status": "Active", "indicator": "Gray"}
    columns = [{"column_name": name, **column} for name in ("Open", "Closed")]
    board = {"kanban_board_name": mark, "reference_doctype": "ToDo", "field_name": "status", "columns": columns}
    make(page, "Kanban Board", [board])  # type: ignore[list-item]
    page.goto(f'/app/todo/view/kanban?description=["like","%25{mark}%25"]')
    page.locator(".kanban select").select_option(f"board:{mark}")
    cards = page.locator(".kanban .column").first.locator(".card")
    expect(cards).to_have_count(2)
    above = cards.first.inner_text()
    cards.nth(1).drag_to(cards.first)
    expect(cards.nth(1)).to_have_text(above, use_inner_text=True)
    page.reload()
    expect(cards.nth(1)).to_have_text(above, use_inner_text=True)
    cards.first.drag_to(page.locator(".kanban .column").nth(1))
    expect(page.locator(".kanban .column").nth(1).locator(".card")).to_have_count(1)
    assert desk.errors == []


def test_ticked_rows_of_a_grid_are_worked_on_as_in_the_list(page: Page, served: Served) -> None:
    desk = Desk(page)
    desk.log_in(served.user, served.password)
    mark = f"e2e-{time.time_ns():x}"
    make(page, "ToDo", [{"description": f"{mark} {number}"} for number in range(4)])
    page.goto(f'/app/todo/view/report?description=["like","%25{mark}%25"]')
    boxes = page.locator(".report-view tbody input[type=checkbox]")
    expect(boxes).to_have_count(4)
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    page.locator("button.danger").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".names li")).to_have_count(3)
    dialog.locator("footer button.primary, footer button.danger").last.click()
    expect(dialog).to_have_count(0)
    expect(boxes).to_have_count(1)
    assert desk.errors == []
