"""Helpers of `frappe.utils` and their like: name, arguments, what comes back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("in_english")
DAY, MOMENT = date(2024, 2, 29), datetime(2024, 2, 29, 13, 14, 15)

NUMBERS = [
    ("frappe.utils.flt", ("1,234.567", 2), 1234.57),
    ("frappe.utils.cint", ("7.9",), 7),
    ("frappe.utils.cstr", (None,), ""),
    ("frappe.utils.rounded", (2.675, 2), 2.68),
    ("frappe.utils.ceil", (1.2,), 2),
    ("frappe.utils.floor", ("1.8",), 1),
    ("frappe.utils.sbool", ("true",), True),
    ("frappe.utils.money_in_words", (120.5, "USD"), "USD One Hundred And Twenty and Fifty Cent only."),
    ("frappe.utils.fmt_money", (1234.5, 2, "USD"), "$ 1,234.50"),
    ("frappe.utils.get_number_format_info", ("#.###,##",), (",", ".", 2)),
    ("frappe.utils.comma_and", (["a", "b", "c"],), "'a', 'b' and 'c'"),
    ("frappe.utils.parse_json", ('{"a": [1]}',), {"a": [1]}),
    ("frappe.parse_json", ("[1, 2]",), [1, 2]),
    ("frappe.utils.unique", (["b", "a", "b"],), ["b", "a"]),
    ("frappe.safe_eval", ("a * 2 + 1", None, {"a": 3}), 7),
]
DATES = [
    ("frappe.utils.getdate", ("2024-02-29",), DAY),
    ("frappe.utils.get_datetime", ("2024-02-29 13:14:15",), MOMENT),
    ("frappe.utils.get_time", ("13:14:15",), time(13, 14, 15)),
    ("frappe.utils.to_timedelta", ("01:30:00",), timedelta(hours=1, minutes=30)),
    ("frappe.utils.add_days", ("2024-02-28", 2), "2024-03-01"),
    ("frappe.utils.add_months", (date(2024, 1, 31), 1), DAY),
    ("frappe.utils.add_years", (DAY, 1), date(2025, 2, 28)),
    ("frappe.utils.add_to_date", (MOMENT, 0, 0, 0, 2), datetime(2024, 3, 2, 13, 14, 15)),
    ("frappe.utils.date_diff", ("2024-03-01", "2024-02-28"), 2),
    ("frappe.utils.month_diff", ("2024-03-01", "2024-01-31"), 3),
    ("frappe.utils.time_diff", ("2024-02-29 13:00:00", "2024-02-29 12:30:00"), timedelta(minutes=30)),
    ("frappe.utils.time_diff_in_seconds", (MOMENT, "2024-02-29 13:14:00"), 15.0),
    ("frappe.utils.time_diff_in_hours", ("2024-02-29 14:30:00", "2024-02-29 13:00:00"), 1.5),
    ("frappe.utils.get_first_day", (DAY,), date(2024, 2, 1)),
    ("frappe.utils.get_last_day", ("2024-02-03",), DAY),
    ("frappe.utils.is_last_day_of_the_month", (DAY,), True),
    ("frappe.utils.get_quarter_start", (DAY,), date(2024, 1, 1)),
    ("frappe.utils.get_weekday", (MOMENT,), "Thursday"),
    (
        "frappe.utils.get_weekdays",
        (),
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ),
    ("frappe.utils.get_date_str", (DAY,), "2024-02-29"),
    ("frappe.utils.get_datetime_str", (MOMENT,), "2024-02-29 13:14:15.000000"),
    ("frappe.utils.formatdate", ("2024-02-29", "dd/mm/yyyy"), "29/02/2024"),
    ("frappe.utils.format_date", ("2024-02-29", "dd.mm.yyyy"), "29.02.2024"),
    ("frappe.utils.format_time", ("13:14:15", "HH:mm"), "13:14"),
    ("frappe.utils.format_datetime", (MOMENT, "dd-MM-yyyy HH:mm"), "29-02-2024 13:14"),
]
TEXTS = [
    ("frappe.scrub", ("Sales Order-Item",), "sales_order_item"),
    ("frappe.unscrub", ("sales_order",), "Sales Order"),
    ("frappe.bold", (12,), "<strong>12</strong>"),
    ("frappe.utils.strip_html", ("<b>a</b> b",), "a b"),
    ("frappe.utils.strip_html_tags", ("<p>a</p>",), "a"),
    ("frappe.utils.escape_html", ("<a>&",), "&lt;a&gt;&amp;"),
    ("frappe.utils.html_utils.sanitize_html", ("<b onclick='x()'>a</b>",), "<b>a</b>"),
    ("frappe.utils.md_to_html", ("**a**",), "<p><strong>a</strong></p>\n"),
    ("frappe.utils.to_markdown", ("<b>a</b>",), "**a**"),
    ("frappe.core.utils.html2text", ("<p>b <a href='http://q'>l</a></p>", True), "b l"),
    ("frappe.utils.split_emails", ("a@x.com, b@y.com",), ["a@x.com", "b@y.com"]),
    ("frappe.utils.validate_email_address", ("a@x.com, wrong",), "a@x.com"),
    ("frappe.utils.validate_phone_number", ("+86 138-0013",), True),
    ("frappe.utils.get_table_name", ("User",), "tabUser"),
    ("frappe.website.utils.cleanup_page_name", ("Hello, World!",), "hello-world"),
    ("frappe.safe_encode", ("é",), "é".encode()),
    ("frappe.safe_decode", ("é".encode(),), "é"),
    ("frappe.utils.csvutils.read_csv_content", ('a,"b,c"\r\n1,2\r\n',), [["a", "b,c"], ["1", "2"]]),
    ("frappe.desk.page.setup_wizard.install_fixtures._", ("Nobody translates this",), "Nobody translates this"),
]


@pytest.fixture
def in_english(frappe_connected: Any) -> None:
    """Answers in English, whatever the site's language."""
    frappe_connected.local.lang = "en"


def plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize(("name", "given", "expected"), NUMBERS + DATES + TEXTS)
def test_it_gives(frappe_connected: Any, name: str, given: tuple[Any, ...], expected: Any) -> None:
    assert plain(frappe_connected.get_attr(name)(*given)) == plain(expected)


def test_today_and_now_are_of_the_sites_clock(frappe_connected: Any) -> None:
    utils = frappe_connected.utils
    now = utils.now_datetime()
    assert utils.nowdate() == utils.today() == str(now.date())
    assert abs(utils.get_datetime(utils.now()) - now) < timedelta(minutes=1)
    assert utils.get_datetime(f"{utils.nowdate()} {utils.nowtime()}") >= now.replace(microsecond=0)


def test_a_timestamp_counts_seconds(frappe_connected: Any) -> None:
    timestamp = frappe_connected.utils.get_timestamp
    assert timestamp("2024-03-01") - timestamp("2024-02-29") == 86400


def test_the_time_zone_is_the_sites(frappe_connected: Any) -> None:
    frappe_connected.db.set_single_value("System Settings", "time_zone", "Asia/Shanghai")
    frappe_connected.clear_cache()
    assert frappe_connected.utils.get_system_timezone() == "Asia/Shanghai"


def test_weeks_begin_as_the_site_says(frappe_connected: Any) -> None:
    from frappe.utils.data import get_first_day_of_week

    for first, expected in (("Sunday", 25), ("Monday", 26)):
        frappe_connected.db.set_single_value("System Settings", "first_day_of_the_week", first)
        frappe_connected.clear_cache()
        assert get_first_day_of_week(DAY) == date(2024, 2, expected)


def test_lists_are_cut_into_batches(frappe_connected: Any) -> None:
    assert [list(batch) for batch in frappe_connected.utils.create_batch([1, 2, 3], 2)] == [[1, 2], [3]]


def test_json_is_at_hand(frappe_connected: Any) -> None:
    assert frappe_connected.json.loads(frappe_connected.json.dumps({"a": [1]})) == {"a": [1]}


def test_random_texts_differ(frappe_connected: Any) -> None:
    made = {frappe_connected.utils.random_string(10) for _ in range(20)}
    assert len(made) == 20
    assert {len(text) for text in made} == {10}
    digest = frappe_connected.generate_hash(length=12)
    assert len(digest) == 12
    assert set(digest) <= set("0123456789abcdef")


def test_json_text_holds_dates_and_documents(frappe_connected: Any) -> None:
    values = {"b": DAY, "a": Decimal("1.5"), "user": frappe_connected.get_doc("User", "Guest")}
    back = frappe_connected.parse_json(frappe_connected.as_json(values))
    assert (back["b"], back["a"], back["user"]["name"]) == ("2024-02-29", 1.5, "Guest")


def test_links_lead_to_forms(frappe_connected: Any) -> None:
    link = frappe_connected.utils.get_link_to_form("User", "Guest", "Visitor")
    assert link.startswith("<a")
    assert "/app/user/Guest" in link
    assert ">Visitor<" in link
    assert frappe_connected.utils.get_url_to_form("User", "Guest").endswith("/app/user/Guest")
    assert "User Guest" in frappe_connected.get_desk_link("User", "Guest")
    assert frappe_connected.utils.get_url("/a/b").endswith("/a/b")


def test_full_names_are_known(frappe_connected: Any) -> None:
    assert frappe_connected.utils.get_fullname("Administrator") == "Administrator"
    assert frappe_connected.utils.has_gravatar("") == ""
    assert 'class="icon' in frappe_connected.utils.html_utils.get_icon_html("fa fa-tag") or "fa-tag" in (
        frappe_connected.utils.html_utils.get_icon_html("fa fa-tag")
    )


def test_formatting_follows_the_field(frappe_connected: Any) -> None:
    field = frappe_connected.get_meta("User").get_field("birth_date")
    assert frappe_connected.format("2024-02-29", {"fieldtype": "Date"}) == frappe_connected.format_value(DAY, field)
    assert frappe_connected.format_value(0.5, {"fieldtype": "Percent"}).endswith("%")


def test_fields_tell_their_decimals(frappe_connected: Any) -> None:
    from frappe.model.meta import get_field_precision

    frappe = frappe_connected
    frappe.db.set_single_value("System Settings", "currency_precision", "2")
    frappe.clear_cache()
    assert get_field_precision(frappe._dict(fieldtype="Currency")) == 2
    assert get_field_precision(frappe._dict(fieldtype="Float", precision="6")) == 6
    assert get_field_precision(frappe._dict(fieldtype="Float")) == 3
    field = frappe.get_meta("Currency").get_field("smallest_currency_fraction_value")
    assert frappe.get_precision("Currency", field.fieldname) == get_field_precision(field)
