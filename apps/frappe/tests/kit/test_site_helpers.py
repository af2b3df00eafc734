"""The helpers that know the site: its address, its clock, its settings, its language."""

from __future__ import annotations

import multiprocessing
import os
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from frappe import utils
from frappe.utils import data, telemetry
from frappe.utils.caching import redis_cache, request_cache, site_cache
from frappe.utils.commands import render_table
from frappe.utils.csvutils import UnicodeWriter, build_csv_response
from frappe.utils.deprecations import FrappeDeprecationWarning, deprecated
from frappe.utils.formatters import format_value
from frappe.utils.image import optimize_image, strip_exif_data
from frappe.utils.synchronization import LockTimeoutError, filelock
from frappe.utils.xlsxutils import build_xlsx_response
from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.kit.attrdict import _dict

# --- addresses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conf", "uri", "expected"),
    [
        ({}, None, "http://oracle.localhost"),
        ({"webserver_port": 8000}, "/x", "http://oracle.localhost:8000/x"),
        ({"host_name": "https://erp.example.com"}, "x", "https://erp.example.com/x"),
        ({"host_name": "erp.example.com", "webserver_port": 8000}, "x", "http://erp.example.com:8000/x"),
        (
            {"ssl_certificate": "c", "webserver_port": 8000, "restart_supervisor_on_update": 1},
            "x",
            "https://oracle.localhost/x",
        ),
        ({}, "http://a.b/c", "http://a.b/c"),
    ],
)
def test_the_site_has_an_address(site: Any, conf: dict[str, Any], uri: str | None, expected: str) -> None:
    site().conf = conf
    assert utils.get_url(uri) == expected


def test_a_request_tells_the_address(site: Any) -> None:
    site().request = SimpleNamespace(host="shop.example.com", scheme="https", full_path="/list?a=1")
    assert utils.get_url("/x") == "https://shop.example.com/x"
    assert utils.get_url(full_address=True) == "https://shop.example.com/list?a=1"
    assert utils.get_url(allow_header_override=False) == "http://oracle.localhost:18100"


def test_documents_lists_and_reports_have_addresses(site: Any) -> None:
    base = "http://oracle.localhost:18100/app"
    assert utils.get_url_to_form("Sales Order", "S 1") == f"{base}/sales-order/S%201"
    assert utils.get_url_to_list("Sales Order") == f"{base}/sales-order"
    assert utils.get_link_to_form("ToDo", "<x>") == f'<a href="{base}/todo/%3Cx%3E">&lt;x&gt;</a>'
    link = utils.get_link_to_report("GL", "lbl", "Report Builder", "ToDo", {"a": 1, "b": [["in", "x,y"], ["!=", "z"]]})
    assert f"'{base}/todo/view/report?a=1&b=%5B%22in%22%2C%20%22x%2Cy%22%5D&b=" in link


# --- clock and language --------------------------------------------------------------------------------------------


def test_today_is_the_sites(site: Any) -> None:
    assert utils.nowdate() == utils.today() == "2024-02-29"
    assert utils.now() == "2024-02-29 13:14:15.678901"
    assert utils.getdate() == date(2024, 2, 29)
    assert utils.get_datetime() == datetime(2024, 2, 29, 13, 14, 15, 678901)


def test_a_simulation_can_set_the_day_of_now(site: Any) -> None:
    site().flags = _dict(current_date="2020-05-06")
    assert utils.now() == "2020-05-06 13:14:15.678901"


def test_rounding_and_formats_follow_the_settings(site: Any) -> None:
    site(rounding_method="Commercial Rounding", date_format="dd.mm.yyyy", number_format="#.###,##")
    assert utils.flt(2.665, 2) == 2.67
    assert utils.formatdate("2024-01-05") == "05.01.2024"
    assert utils.fmt_money(1234.5, currency="EUR") == "€ 1.234,50"


def test_weeks_begin_as_the_site_says(site: Any) -> None:
    site(first_day_of_the_week="Monday")
    assert utils.get_first_day_of_week("2024-02-29") == date(2024, 2, 26)
    assert utils.get_timespan_date_range("this week") == (date(2024, 2, 26), date(2024, 3, 3))


def test_values_read_in_the_users_language(site: Any) -> None:
    site(lang="zh")
    assert utils.formatdate("2024-01-05", "long") == "2024年1月5日"
    assert utils.pretty_date("2024-02-29 12:14:15") == "1小时前"
    assert utils.money_in_words(12.5, "CNY") == "人民币壹拾贰元伍角整"


def test_bad_dates_are_validation_errors(site: Any) -> None:
    for call in (utils.getdate, utils.get_first_day, utils.formatdate, lambda text: utils.add_days(text, 1)):
        with pytest.raises(ValidationError, match="is not a valid date string"):
            call("<b>abc</b>")


def test_fields_of_documents_tell_their_currency(site: Any) -> None:
    field = {"fieldtype": "Currency", "options": "currency"}
    assert format_value(5, field, _dict(currency="EUR")) == "€ 5.00"
    assert format_value(5, field, _dict()) == "5.00"


# --- files and answers ---------------------------------------------------------------------------------------------


def test_paths_are_below_the_site(site: Any) -> None:
    site().sites_path = "/bench/sites"
    assert utils.get_site_path("a") == "/bench/sites/oracle.localhost/a"
    assert utils.get_files_path("a.txt", is_private=1) == "/bench/sites/oracle.localhost/private/files/a.txt"


def test_the_bench_is_where_the_apps_are() -> None:
    assert (Path(utils.get_bench_path()) / "apps" / "frappe").is_dir()


def test_files_answer_a_request(site: Any) -> None:
    context = site()
    context.response = _dict()
    build_csv_response([["a", 1]], "list")
    assert context.response == {"result": '"a",1\r\n', "doctype": "list", "type": "csv"}
    build_xlsx_response([["a", 1]], "list")
    assert (context.response.filename, context.response.type) == ("list.xlsx", "binary")


def test_rows_are_collected_as_csv() -> None:
    writer = UnicodeWriter()
    writer.writerow(["编号", 1])
    assert writer.getvalue() == '"编号",1\r\n'


def test_shell_commands_tell_their_failure(site: Any) -> None:
    assert utils.execute_in_shell("echo hi; echo no >&2") == (b"no\n", b"hi\n")
    with pytest.raises(utils.CommandFailedError):
        utils.execute_in_shell("exit 3", check_exit_code=True)


def test_tracebacks_name_files_of_the_bench_by_their_short_path() -> None:
    assert utils.get_traceback() == ""
    try:
        raise KeyError("here")
    except KeyError:
        trace = utils.get_traceback()
    assert "KeyError: 'here'" in trace
    assert utils.get_bench_path() not in trace


def test_progress_is_shown_on_a_terminal(
    site: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    utils.update_progress_bar("Loading", 1, 10)
    assert capsys.readouterr().out == f"\r{'Loading':<35} : [{'=' * 8:<40}] 20%"


def test_tables_are_drawn_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    render_table([["app", "version"], ["frappe", None]])
    assert "| frappe |         |" in capsys.readouterr().out


# --- keeping results -----------------------------------------------------------------------------------------------


def test_results_are_kept_for_a_request(site: Any) -> None:
    calls = []
    function = request_cache(lambda value: calls.append(value))
    assert [function(1), function(1), function(2)] == [None, None, None]
    function([3])
    function([3])
    assert calls == [1, 2, [3], [3]]
    current().request_cache.clear()
    function(1)
    assert calls[-1] == 1


def test_results_are_kept_for_a_site(site: Any) -> None:
    calls: list[int] = []

    @site_cache(maxsize=2)
    def square(value: int) -> int:
        calls.append(value)
        return value * value

    assert [square(2), square(2), square(3), square(4), square(2)] == [4, 4, 9, 16, 4]
    assert calls == [2, 3, 4, 2]
    current().site = "other.localhost"
    square(4)
    assert calls[-1] == 4
    square.clear_cache()
    square(4)
    assert calls[-2:] == [4, 4]


def test_kept_results_of_a_site_expire(site: Any) -> None:
    calls: list[int] = []
    function = site_cache(ttl=-1)(lambda: calls.append(1))
    function()
    function()
    assert len(calls) == 2


class Cache:
    """Stands for the cache that processes share."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get_value(self, name: str, user: Any = None, **_options: Any) -> Any:
        return self.values.get(f"{user}{name}")

    def set_value(self, name: str, value: Any, user: Any = None, **_options: Any) -> None:
        self.values[f"{user}{name}"] = value

    def delete_keys(self, prefix: str) -> None:
        self.values = {name: value for name, value in self.values.items() if prefix not in name}


def test_results_are_kept_for_all_processes(site: Any) -> None:
    site().cache_server = Cache()
    calls: list[int] = []
    function = redis_cache(ttl=60)(lambda value: calls.append(value))
    assert [function(1), function(1), function(value=1)] == [None] * 3
    assert calls == [1, 1]
    function.clear_cache()
    function(1)
    assert calls == [1, 1, 1]


# --- the rest ------------------------------------------------------------------------------------------------------


def test_deprecated_functions_work_and_warn() -> None:
    function = deprecated(lambda value: value + 1)
    with pytest.warns(FrappeDeprecationWarning):
        assert function(1) == 2


def test_nothing_is_reported_to_anybody(site: Any) -> None:
    assert not telemetry.is_enabled()
    assert telemetry.capture("event", "app", properties={"a": 1}) is None
    assert telemetry.site_age() is None


def _hold(folder: str, ready: Any, done: Any) -> None:
    current().site, current().sites_path = "s", folder
    with filelock("work"):
        ready.set()
        done.wait(10)


def test_a_lock_is_held_by_one_process(site: Any, tmp_path: Path) -> None:
    context = site()
    context.site, context.sites_path = "s", str(tmp_path)
    ready, done = multiprocessing.Event(), multiprocessing.Event()
    holder = multiprocessing.Process(target=_hold, args=(str(tmp_path), ready, done))
    holder.start()
    assert ready.wait(10)
    with pytest.raises(LockTimeoutError), filelock("work", timeout=0.1):
        pass
    done.set()
    holder.join(10)
    with filelock("work", timeout=5):
        assert os.path.exists(tmp_path / "s" / "locks" / "work.lock")


def picture(width: int, height: int, kind: str = "PNG", **options: Any) -> bytes:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def size_of(content: bytes) -> tuple[int, int]:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(content)) as opened:
        return opened.size


def test_pictures_are_scaled_down_in_proportion() -> None:
    small = optimize_image(picture(2000, 1000), "image/png", max_width=100, max_height=100)
    assert size_of(small) == (100, 50)


def test_what_is_no_picture_stays() -> None:
    assert optimize_image(b"no picture", "image/png") == b"no picture"
    assert optimize_image(b"%PDF", "application/pdf") == b"%PDF"


def test_pictures_lose_what_the_camera_knew() -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    content = picture(10, 10, "JPEG", exif=exif)
    assert b"Camera maker" in content
    assert b"Camera maker" not in strip_exif_data(content, "image/jpeg")


def test_filters_are_evaluated_on_documents() -> None:
    doc = {"doctype": "X", "a": 1, "b": "axb", "c": "5"}
    assert data.evaluate_filters(doc, {"a": [">", 0], "b": ["like", "%x%"]})
    assert not data.evaluate_filters(doc, [["X", "a", "=", 2]])
    assert data.compare("5", "<", "10", "Int")
    with pytest.raises(ValidationError, match="Operator must be one of"):
        data.get_filter("X", ["a", "resembles", 1])
