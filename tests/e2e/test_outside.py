"""The desk and what is outside it: other programs, files that come in and go out, paper, the camera, a lost connection."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import openpyxl
import pypdf
from playwright.sync_api import expect

from .test_people import CUSTOMER, SHOP, bought, sku_of

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Person, Rest, Served
    from .desk_pages import Desk

Seat = Callable[..., "Desk"]
People = Callable[[str, str], "Person"]

SLOW_LISTENER = 8
# Chromium on Linux reads no barcodes by itself: this reader says what it saw once a picture has come.
READER = """
globalThis.BarcodeDetector = class {
  async detect(video) { return video.videoWidth > 0 ? [{ rawValue: globalThis.codeInView }] : []; }
};
"""


def test_what_a_program_sends_appears_in_an_open_list(at_desk: Seat, served: Served, rest: Rest) -> None:
    sku = sku_of(rest)
    desk = at_desk(served)
    desk.open(f"/app/sales-order?platform_order_id={quote(json.dumps(['like', f'API-{sku}%']))}")
    rows = desk.page.locator("table.list tbody tr")
    expect(
        desk.page.get_by_role("button", name="Clear all conditions").or_(desk.page.get_by_text("清除全部条件"))
    ).to_be_visible()
    customer = rest.rows("Customer", [["customer_name", "like", f"%{CUSTOMER}%"]])[0]["name"]
    items = [{"sku": sku, "qty": 2, "rate": 59}]
    sent: list[str] = []
    while not rows.count() and len(sent) < SLOW_LISTENER:  # the first subscription of a fresh server takes its time
        made = rest.insert(
            "Sales Order", shop=SHOP, customer=customer, platform_order_id=f"API-{sku}-{len(sent)}", items=items
        )
        sent.append(made["name"])
        desk.page.wait_for_timeout(2000)
    expect(rows.filter(has_text=sent[-1])).to_be_visible()
    expect(rows).to_have_count(len(sent))
    assert desk.errors == []


def test_a_chart_leads_to_its_documents_and_they_to_a_file(
    at_desk: Seat, served: Served, rest: Rest, tmp_path: Path
) -> None:
    desk = at_desk(served)
    page = desk.page
    desk.open("/app/dashboard-view/Business")
    chart = page.get_by_role("img", name=re.compile("Orders by Shop|各店铺订单数"))
    chart.wait_for()
    box = chart.bounding_box()
    assert box
    page.wait_for_load_state("networkidle")
    # A point on the ring: right of its middle, by the radius between its edges.
    page.mouse.click(box["x"] + 0.34 * box["width"] + 0.315 * box["height"], box["y"] + 0.5 * box["height"])
    page.wait_for_url("**/sales-order?**")
    shown = page.locator('table.list tbody td[data-fieldname="shop"]')
    shown.first.wait_for()
    assert len(set(shown.all_inner_texts())) == 1
    desk.open("/app/query-report/Stock%20As%20Of")
    page.locator("table.report tbody tr").first.wait_for()
    page.get_by_role("main").get_by_role("button", name=re.compile("^(More|更多)$")).click()
    with page.expect_download() as loading:
        page.get_by_role("menuitem", name=re.compile("Excel")).first.click()
    loading.value.save_as(tmp_path / "stock.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "stock.xlsx").active
    kept = {(row["sku"], row["on_hand"]) for row in rest.rows("Stock Balance", [["on_hand", ">", 0]], "sku", "on_hand")}
    printed = {(row[0], row[2]) for row in sheet.iter_rows(values_only=True)}
    assert kept & printed
    page.locator("table.report tbody a").first.click()
    expect(page.locator(".form-head h1")).to_be_visible()
    assert desk.errors == []


def test_a_list_from_excel_comes_in_with_its_faults_told_and_can_be_taken_back(
    at_desk: Seat, served: Served, rest: Rest, tmp_path: Path
) -> None:
    desk = at_desk(served, locale="zh-CN")
    page = desk.page
    mark = f"{time.time_ns() % 10**9}"
    heads = "客户名称,默认币种" if desk.language == "zh" else "Customer Name,Default Currency"
    lines = [heads, f"杭州湖畔店{mark},CNY", f"绍兴黄酒坊{mark},币{mark}", f"嘉兴粽子铺{mark},CNY"]
    file = tmp_path / "客户.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))

    def found() -> set[str]:
        return {row["name"].removesuffix(mark) for row in rest.rows("Customer", [["name", "like", f"%{mark}"]])}

    desk.open("/app/data-import/new")
    page.get_by_role("combobox").fill("Customer")
    page.get_by_role("option").first.click()
    desk.button("Go on").click()
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text(f"杭州湖畔店{mark}").first).to_be_visible()
    desk.button("Try it out").click()
    expect(page.locator(".problems")).to_contain_text(f"币{mark}")
    assert found() == set()
    page.get_by_role("button", name="Import 3").or_(page.get_by_role("button", name="导入 3")).click()
    expect(desk.button("Try the failed rows again")).to_be_visible(timeout=30_000)
    assert found() == {"杭州湖畔店", "嘉兴粽子铺"}
    rest.insert("Currency", currency_name=f"币{mark}", enabled=1)
    desk.button("Try the failed rows again").click()
    expect(desk.button("Try the failed rows again")).to_have_count(0, timeout=30_000)
    expect(desk.button("Take it back")).to_be_visible(timeout=30_000)
    assert found() == {"杭州湖畔店", "绍兴黄酒坊", "嘉兴粽子铺"}
    desk.button("Take it back").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(desk.button("Take it back")).to_have_count(0, timeout=30_000)
    assert found() == set()
    assert desk.errors == []


def test_a_delivery_note_is_printed_with_its_barcode(at_desk: Seat, served: Served, rest: Rest) -> None:
    note = rest.rows("Delivery Note", {"docstatus": 1})[0]["name"]
    desk = at_desk(served)
    page = desk.page
    desk.open(f"/app/delivery-note/{note}")
    desk.button("Print").click()
    page.wait_for_url(f"**/print/**{note}")
    choice = page.get_by_role("main").locator("select").first
    choice.select_option(
        label=choice.locator("option", has_text="Packing Slip")
        .or_(choice.locator("option", has_text="装箱单"))
        .first.inner_text()
    )
    paper = page.frame_locator("iframe")
    expect(paper.locator("svg, img").first).to_be_visible()
    expect(paper.locator("body")).to_contain_text(note)
    address = page.get_by_role("link", name="PDF").get_attribute("href")
    assert address
    answer = page.context.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert note in pypdf.PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
    assert desk.errors == []


def test_the_camera_counts_what_it_sees(at_desk: Seat, people: People, rest: Rest) -> None:
    barcode = str(time.time_ns())[-13:]
    sku = sku_of(rest, barcodes=[{"barcode": barcode}])
    desk = at_desk(people("Buyer", "en"), phone=True)
    page = desk.page
    page.add_init_script(READER + f"globalThis.codeInView = '{barcode}';")
    desk.open("/app/purchase-order/new")
    desk.pick("supplier", "永康")
    desk.button("Scan").first.tap()
    scanning = page.get_by_role("dialog")
    scanning.get_by_role("button", name="Camera").tap()
    expect(scanning.get_by_role("listitem").first).to_contain_text(barcode)
    scanning.get_by_role("button", name="Done").tap()
    expect(page.get_by_role("button").filter(has_text=sku)).to_be_visible()
    assert desk.errors == []


def test_what_was_typed_outlives_a_lost_connection(at_desk: Seat, people: People) -> None:
    desk = at_desk(people("Buyer", "en"))
    page = desk.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    desk.open("/app/supplier/new")
    expect(desk.field("supplier_name")).to_be_visible()
    name = f"Typed offline {time.time_ns()}"
    page.context.set_offline(True)
    desk.fill("supplier_name", name)
    desk.button("Save").click()
    expect(page.get_by_role("alert").or_(page.get_by_role("status")).first).to_be_visible()
    page.wait_for_timeout(1500)  # drafts are written a moment after the last key
    page.goto("/app/supplier/new")
    expect(page.get_by_role("link")).to_have_attribute("href", "/app")
    page.context.set_offline(False)
    desk.open("/app/supplier/new")
    desk.button("Put it back").click()
    expect(desk.field("supplier_name")).to_have_value(name)
    assert desk.save() == name


def test_an_order_that_is_short_says_so_to_everybody(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest)
    bought(rest, sku, 1)
    desk = at_desk(people("EC Manager", "zh"))
    desk.open("/app/inventory")
    tiles = desk.page.locator("a.queue")
    expect(tiles.first).to_be_visible()
    shown: dict[str, Any] = {}
    for tile in tiles.all():
        expect(tile.locator(".count")).not_to_have_text("–")
        shown[tile.locator(".name").inner_text()] = int(
            tile.locator(".count").inner_text().replace(",", "").rstrip("+")
        )
    assert shown["待处理库存异常"] == len(rest.rows("Stock Incident", {"status": "Open"}))
    assert shown["盘点中"] == len(rest.rows("Stock Count", {"docstatus": 0}))
