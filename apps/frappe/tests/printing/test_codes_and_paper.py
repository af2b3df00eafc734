"""Barcodes, QR codes, and the sheet of paper."""

from __future__ import annotations

import re

import pytest
from frappe_engine.printing.codes import code_svg, plain_value
from frappe_engine.printing.paper import Paper, page_css

QUIET = 10


def bars_of(svg: str) -> list[tuple[int, int]]:
    """Where bars begin and how wide they are, in modules."""
    return [(int(start) - QUIET, int(width)) for start, width in re.findall(r"M(\d+) 2h(\d+)v", svg)]


def test_an_ean13_has_its_guards_and_ninety_five_modules() -> None:
    bars = bars_of(code_svg("6901234567892", "ean13"))
    assert bars[:2] == [(0, 1), (2, 1)]
    assert bars[-1] == (94, 1)
    assert (46, 1) in bars
    assert (48, 1) in bars


def test_code_128_begins_with_its_start_and_ends_with_its_stop() -> None:
    bars = bars_of(code_svg("DN-261123-00001"))
    widths = [width for _start, width in bars]
    assert widths[:3] == [2, 1, 1]  # start B
    assert widths[-4:] == [2, 3, 1, 2]  # stop


def test_what_a_kind_can_not_hold_is_drawn_as_code_128() -> None:
    assert bars_of(code_svg("not a number", "ean13")) == bars_of(code_svg("not a number"))


def test_a_qr_code_has_its_three_corners() -> None:
    svg = code_svg("https://example.com/单据", "qr", height_mm=30)
    assert 'width="30.00mm"' in svg
    size = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))  # type: ignore[union-attr]
    for corner in ("M4 4h7v1", f"M{size - 11} 4h7v1", f"M4 {size - 11}h7v1"):
        assert corner in svg


def test_text_that_bars_can_not_hold_becomes_a_qr_code() -> None:
    assert 'class="qr-code"' in code_svg("青禾")


def test_a_value_is_never_mark_up() -> None:
    assert "<script" not in code_svg("<script>alert(1)</script>")
    assert code_svg('"><script>', "qr").count("<") == code_svg("abcdefghij", "qr").count("<")


@pytest.mark.parametrize(
    ("stored", "value"),
    [("123", "123"), ('<svg data-barcode-value="456"><g/></svg>', "456"), ("<svg onload=x>", ""), (None, "")],
)
def test_the_value_of_a_barcode_field(stored: str, value: str) -> None:
    assert plain_value(stored) == value


def test_paper_has_its_size_margins_and_numbers() -> None:
    css = page_css(Paper("A5", landscape=True, margins_mm=(10, 8, 10, 8), page_number="Top Right"))
    assert "size: A5 landscape; margin: 10.0mm 8.0mm 10.0mm 8.0mm" in css
    assert "@top-right { content: counter(page)" in css


def test_paper_of_ones_own_size() -> None:
    assert "size: 100.0mm 60.0mm;" in page_css(Paper("Custom", width_mm=100, height_mm=60))


def test_the_name_of_a_font_can_not_break_out() -> None:
    assert "evil" not in page_css(Paper(font='x"; } evil { '))
