"""What a person does in the desk, in words: opens a list, fills a field, types rows, submits, follows a button.

Invariant: everything is found as a person finds it, by its field, its name or its role, never by a position or a style;
nothing waits for a time, everything waits for what it needs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

IN_DESK = re.compile(r"/(app|desk)(/|$)")
NEW = re.compile(r"/new(\?|$)")


class Desk:
    """One open desk; `language` is what the user reads, "en" or "zh"."""

    WORDS: ClassVar[dict[str, str]] = {
        "New": "新建",
        "Save": "保存",
        "Submit": "提交",
        "Add row": "添加行",
        "Create": "新建",
        "Search or go to": "搜索或前往",
        "Purchase Receipt": "采购入库单",
        "Delivery Note": "发货单",
        "Mark as Paid": "标记为已付款",
        "Release": "审核通过",
        "Approve": "审批",
        "Print": "打印",
        "Go on": "继续",
        "Try the failed rows again": "重试失败的行",
        "Take it back": "撤销导入",
        "Put it back": "恢复",
        "Try it out": "试导入",
    }

    def __init__(self, page: Page) -> None:
        self.page = page
        self.language = "en"
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))

    def word(self, english: str) -> str:
        """Return what stands on the screen for an English word."""
        return self.WORDS[english] if self.language == "zh" else english

    def log_in(self, user: str, password: str) -> None:
        """Log in and find out in which language the desk speaks."""
        page = self.page
        page.goto("/")
        page.locator("input").first.fill(user)
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        page.wait_for_url(IN_DESK)
        page.get_by_role("main").wait_for()
        self.language = "zh" if (page.locator("html").get_attribute("lang") or "").startswith("zh") else "en"

    def enter(self, user: str, password: str) -> None:
        """Come in without the login page, and find out in which language the desk speaks."""
        answer = self.page.context.request.post("/api/method/login", form={"usr": user, "pwd": password})
        assert answer.ok, answer.text()
        self.open("/app")
        self.language = "zh" if (self.page.locator("html").get_attribute("lang") or "").startswith("zh") else "en"

    def open(self, path: str) -> None:
        """Go to an address of the desk and wait for its page."""
        self.page.goto(path)
        self.page.get_by_role("main").wait_for()

    def go_to(self, doctype: str) -> None:
        """Open a list by the search that is reachable from everywhere."""
        page = self.page
        page.keyboard.press("Control+k")
        box = page.get_by_role("dialog").get_by_role("combobox")
        box.fill(doctype)
        option = page.get_by_role("option").filter(has=page.locator(f'[data-command="list {doctype}"]'))
        option.click()
        page.wait_for_url(re.compile(f"/{doctype.lower().replace(' ', '-')}($|[?])"))

    def new(self, doctype: str) -> None:
        """Begin a document from its list."""
        self.go_to(doctype)
        self.page.get_by_role("main").get_by_role("link", name=self.word("New"), exact=True).click()
        self.page.wait_for_url(NEW)
        self.button("Save").wait_for()

    def button(self, english: str) -> Locator:
        """Return a button of the page."""
        return self.page.get_by_role("main").get_by_role("button", name=self.word(english), exact=True)

    def field(self, fieldname: str) -> Locator:
        """Return the input of a field of the open form."""
        return self.page.locator(f'.field[data-fieldname="{fieldname}"]').locator("input, select, textarea").first

    def fill(self, fieldname: str, value: str) -> None:
        """Type a value into a field and leave it."""
        self.field(fieldname).fill(value)
        self.page.keyboard.press("Tab")

    def pick(self, fieldname: str, text: str) -> None:
        """Choose what a link field finds for a text, as its first suggestion."""
        box = self.field(fieldname)
        box.fill(text)
        self.suggestion(text).click()
        expect(box).not_to_have_value("")

    def suggestion(self, text: str) -> Locator:
        """Return the first document among the suggestions that has the text in it."""
        return self.page.locator('[role="option"][data-value]').filter(has_text=text).first

    def add_row(self, sku: str, qty: str) -> None:
        """Add a row to the goods of an order: the SKU and how many of it."""
        grid = self.page.get_by_role("grid").first
        rows = grid.get_by_role("row").filter(has=self.page.get_by_role("rowheader"))
        before = rows.count()
        self.button("Add row").first.click()
        expect(rows).to_have_count(before + 1)
        row = rows.nth(before)
        row.get_by_role("combobox").fill(sku)
        self.suggestion(sku).click()
        self.cell(row, "qty").click()
        self.cell(row, "qty").get_by_role("textbox").fill(qty)
        self.page.keyboard.press("Tab")
        expect(self.cell(row, "qty")).to_contain_text(f"{float(qty):,g}")

    def cell(self, row: Locator, fieldname: str) -> Locator:
        """Return the cell of a row."""
        return row.locator(f'[role="gridcell"][data-fieldname="{fieldname}"]')

    def save(self) -> str:
        """Save the new document and return its name."""
        self.button("Save").click()
        self.page.wait_for_url(lambda url: not NEW.search(url))
        self.page.locator(".form-head").wait_for()
        return self.name()

    def name(self) -> str:
        """Return the name of the open document."""
        return unquote(self.page.url.split("?")[0].rsplit("/", 1)[1])

    def submit(self) -> None:
        """Submit the open document and confirm it."""
        self.button("Submit").click()
        asked = self.page.get_by_role("dialog")
        asked.get_by_role("button", name=self.word("Submit"), exact=True).click()
        expect(asked).to_have_count(0)
        expect(self.button("Submit")).to_have_count(0)

    def pick_quick_filter(self, fieldname: str, text: str) -> None:
        """Narrow the open list to one linked document, by the filter above it."""
        self.page.locator(f'[data-filter="{fieldname}"]').get_by_role("combobox").fill(text)
        self.suggestion(text).click()
        self.page.wait_for_url(re.compile(f"[?&]{fieldname}="))

    def create_next(self, doctype: str) -> None:
        """Make the document that follows on this one, by the menu of its form."""
        self._choose_next(doctype, "new")
        self.button("Save").wait_for()

    def go_on_with(self, doctype: str) -> str:
        """Open the draft that follows on this document already, by the same menu; return its name."""
        self._choose_next(doctype, "(?!new)")
        self.page.locator(".form-head").wait_for()
        return self.name()

    def _choose_next(self, doctype: str, place: str) -> None:
        self.button("Create").click()
        self.page.get_by_role("menuitem", name=self.word(doctype), exact=True).click()
        self.page.wait_for_url(re.compile(f"/{doctype.lower().replace(' ', '-')}/{place}"))
