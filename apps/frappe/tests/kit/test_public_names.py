"""`frappe.utils` has the names that apps import, and loads no library before it is needed."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

UTILS = """
flt getdate cint get_link_to_form cstr add_days nowdate get_datetime now now_datetime get_url today date_diff
add_to_date formatdate get_last_day get_time add_months format_date fmt_money get_first_day random_string
validate_email_address get_system_timezone time_diff_in_seconds get_fullname nowtime parse_json rounded comma_and
get_link_to_report ceil add_years money_in_words time_diff_in_hours md_to_html escape_html format_datetime
get_datetime_str get_weekdays get_url_to_list floor strip_html pretty_date is_last_day_of_the_month
update_progress_bar to_timedelta get_url_to_form sbool create_batch strip_html_tags get_weekday format_time
get_date_str month_diff get_files_path get_timespan_date_range split_emails get_quarter_start get_bench_path
validate_phone_number to_markdown get_number_format_info time_diff get_first_day_of_week sanitize_html has_gravatar
get_timestamp get_table_name unique call_hook_method get_user_info_for_avatar comma_or has_common comma_sep
format_duration validate_url get_request_site_address strip safe_div round_based_on_smallest_currency_fraction
filter_strip_join safe_json_loads validate_phone_number_with_country_code get_year_ending get_year_start DATE_FORMAT
get_last_day_of_week get_quarter_ending get_frappe_version get_site_url make_filter_tuple guess_date_format
get_formatted_email new_line_sep get_time_str sha256_hash get_abbr global_date_format get_user_date_format
get_timedelta get_host_name get_site_path get_build_version set_request validate_json_string validate_name quoted
generate_hash get_traceback execute_in_shell is_markdown markdown DATETIME_FORMAT TIME_FORMAT datetime
"""
SUBMODULES = {
    "formatters": "format_value",
    "csvutils": "UnicodeWriter read_csv_content getlink build_csv_response check_record import_doc to_csv "
    "read_csv_content_from_attached_file",
    "xlsxutils": "ILLEGAL_CHARACTERS_RE handle_html make_xlsx read_xlsx_file_from_attached_file build_xlsx_response "
    "read_xls_file_from_attached_file",
    "html_utils": "get_icon_html sanitize_html clean_html is_json acceptable_attributes acceptable_elements "
    "mathml_elements svg_attributes svg_elements unescape_html",
    "dateutils": "get_period_ending get_dates_from_timegrain get_from_date_from_timespan parse_date get_period getdate "
    "dateformats",
    "caching": "redis_cache request_cache site_cache",
    "deprecations": "deprecated deprecation_warning",
    "synchronization": "filelock LockTimeoutError",
    "telemetry": "capture POSTHOG_PROJECT_FIELD POSTHOG_HOST_FIELD site_age",
    "commands": "render_table",
    "image": "optimize_image",
}
HEAVY = "babel num2words bs4 nh3 openpyxl phonenumbers dateutil markdown_it RestrictedPython PIL requests"


@pytest.mark.parametrize("name", UTILS.split())
def test_utils_has(name: str) -> None:
    assert hasattr(importlib.import_module("frappe.utils"), name)


@pytest.mark.parametrize(("module", "names"), SUBMODULES.items())
def test_submodules_have(module: str, names: str) -> None:
    loaded = importlib.import_module(f"frappe.utils.{module}")
    assert [name for name in names.split() if not hasattr(loaded, name)] == []


def test_everything_of_data_is_in_utils() -> None:
    data, utils = (importlib.import_module(f"frappe.utils{part}") for part in (".data", ""))
    assert [name for name in data.__all__ if getattr(utils, name) is not getattr(data, name)] == []


def test_public_functions_are_documented() -> None:
    utils = importlib.import_module("frappe.utils")
    functions = [getattr(utils, name) for name in UTILS.split()]
    undocumented = [each.__name__ for each in functions if callable(each) and not each.__doc__]
    assert undocumented == []


def test_libraries_wait_until_they_are_needed() -> None:
    program = f"import sys, frappe.utils; sys.exit(' '.join(m for m in '{HEAVY}'.split() if m in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
