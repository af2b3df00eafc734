"""What settings of the site do: formats, time zone, sessions, sign-ins, passwords, mail."""

import datetime
import io
import re
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.http.app import Application
from werkzeug.test import Client

PASSWORD = "Tall-Blue-Boxes-7"
WHO = "/api/method/frappe.auth.get_logged_user"


def put(frappe: Any, **values: Any) -> Any:
    settings = frappe.get_single("System Settings")
    settings.update(values)
    return settings.save()


# formats and time


@pytest.mark.parametrize(
    ("pattern", "shown"), [("dd.mm.yyyy", "05.01.2026"), ("mm/dd/yyyy", "01/05/2026"), ("yyyy-mm-dd", "2026-01-05")]
)
def test_dates_are_written_as_the_site_says(frappe: Any, pattern: str, shown: str) -> None:
    put(frappe, date_format=pattern)
    assert frappe.utils.formatdate("2026-01-05") == shown


@pytest.mark.parametrize(
    ("pattern", "shown"), [("#,###.##", "1,234,567.50"), ("#.###,##", "1.234.567,50"), ("#,##,###.##", "12,34,567.50")]
)
def test_numbers_are_written_as_the_site_says(frappe: Any, pattern: str, shown: str) -> None:
    put(frappe, number_format=pattern, use_number_format_from_currency=0)
    assert frappe.utils.fmt_money(1234567.5, precision=2) == shown


def test_precision_and_rounding_are_the_sites(frappe: Any) -> None:
    put(frappe, rounding_method="Commercial Rounding", float_precision="2")
    assert frappe.utils.rounded(2.5) == 3
    put(frappe, rounding_method="Banker's Rounding")
    assert frappe.utils.rounded(2.5) == 2


def test_the_time_zone_sets_the_clock(frappe: Any) -> None:
    put(frappe, time_zone="Asia/Shanghai")
    east = frappe.utils.now_datetime()
    put(frappe, time_zone="America/New_York")
    west = frappe.utils.now_datetime()
    assert datetime.timedelta(hours=11) < east - west < datetime.timedelta(hours=14)


def test_settings_that_mean_nothing_are_refused(frappe: Any) -> None:
    for values in (
        {"time_zone": "Mars/Base"},
        {"session_expiry": "soon"},
        {"enable_password_policy": 1, "minimum_password_score": ""},
    ):
        with pytest.raises(frappe.ValidationError):
            put(frappe, **values)


# passwords


def test_weak_passwords_are_refused_where_the_policy_says_so(frappe: Any, make_user: Any) -> None:
    put(frappe, enable_password_policy=1, minimum_password_score="3")
    user = make_user("p@example.com", send_welcome_email=0)
    user.new_password = "12345678"
    with pytest.raises(frappe.ValidationError):
        user.save()
    put(frappe, enable_password_policy=0)
    user.reload()
    user.new_password = "12345678"
    user.save()


def test_the_footer_of_mails_has_the_sites_address(frappe: Any) -> None:
    put(frappe, email_footer_address="1 Main Street")
    account = {"doctype": "Email Account", "email_account_name": "S", "email_id": "s@example.com", "enable_outgoing": 1}
    frappe.get_doc({**account, "default_outgoing": 1, "smtp_server": "127.0.0.1"}).insert()
    assert "1 Main Street" in frappe.sendmail(["a@example.com"], message="x").message


# sessions and sign-ins


@pytest.fixture
def served(own_site: Any) -> Any:
    """A site with a user, and a browser: (site, browser)."""
    import frappe
    from frappe.utils.password import update_password

    with own_site.connected():
        user = {"doctype": "User", "email": "u@example.com", "first_name": "u", "send_welcome_email": 0}
        frappe.get_doc({**user, "roles": [{"role": "System Manager"}]}).insert()
        update_password("u@example.com", PASSWORD)
        frappe.db.set_single_value("System Settings", "setup_complete", 1)
        frappe.db.commit()
    return own_site, lambda: Client(Application(own_site.sites_path, own_site.name))


def settle(site: Any, **values: Any) -> None:
    import frappe

    with site.connected():
        put(frappe, **values)
        frappe.db.commit()


def sign_in(browser: Any, password: str = PASSWORD) -> int:
    return int(browser.post("/api/method/login", data={"usr": "u@example.com", "pwd": password}).status_code)


def is_signed_in(browser: Any) -> bool:
    return bool(browser.get(WHO).status_code == 200)


def test_a_session_ends_after_its_time(served: Any) -> None:
    site, browser = served
    settle(site, session_expiry="00:10")
    desk = browser()
    assert sign_in(desk) == 200
    assert is_signed_in(desk)
    import frappe
    from frappe_engine.context.cache import drop_caches

    with site.connected():
        long_ago = frappe.utils.now_datetime() - datetime.timedelta(minutes=11)
        for sid, data in frappe.db.sql("select sid, sessiondata from tabSessions where user = 'u@example.com'"):
            stored = frappe.parse_json(data)
            stored["last_updated"] = str(long_ago)
            frappe.db.sql(
                "update tabSessions set lastupdate = %s, sessiondata = %s where sid = %s",
                (long_ago, frappe.as_json(stored), sid),
            )
        frappe.db.commit()
        frappe.cache.flushall()
    drop_caches(site.sites_path, site.name)
    assert not is_signed_in(desk)


def test_sign_ins_are_locked_after_as_many_failures_as_the_site_allows(served: Any) -> None:
    site, browser = served
    settle(site, allow_consecutive_login_attempts=2, allow_login_after_fail=60)
    answers = [sign_in(browser(), "wrong"), sign_in(browser(), "wrong"), sign_in(browser())]
    assert answers == [401, 401, 417]


def test_a_second_session_ends_the_first_where_one_is_allowed(served: Any) -> None:
    site, browser = served
    settle(site, deny_multiple_sessions=1)
    import frappe

    with site.connected():
        frappe.db.set_value("User", "u@example.com", "simultaneous_sessions", 1)
        frappe.db.commit()
    first, second = browser(), browser()
    sign_in(first)
    sign_in(second)
    assert (is_signed_in(first), is_signed_in(second)) == (False, True)


def test_a_new_password_ends_sessions_where_the_site_says_so(served: Any) -> None:
    site, browser = served
    settle(site, logout_on_password_reset=1)
    desk = browser()
    sign_in(desk)
    import frappe
    from frappe.core.doctype.user.passwords import set_password

    with site.connected():
        set_password("u@example.com", "Other-Green-Doors-3")
        frappe.db.commit()
    assert not is_signed_in(desk)
    assert sign_in(browser(), "Other-Green-Doors-3") == 200


def test_signing_in_by_name_of_user_is_a_choice(served: Any) -> None:
    site, browser = served
    import frappe

    with site.connected():
        frappe.db.set_value("User", "u@example.com", "username", "uwe")
        frappe.db.commit()
    login = {"usr": "uwe", "pwd": PASSWORD}
    settle(site, allow_login_using_user_name=0)
    assert browser().post("/api/method/login", data=login).status_code == 401
    settle(site, allow_login_using_user_name=1)
    assert browser().post("/api/method/login", data=login).status_code == 200


@pytest.mark.parametrize("disabled", [0, 1])
def test_sharing_is_a_choice(frappe: Any, make_user: Any, acting_as: Any, disabled: int) -> None:
    make_user("s@example.com", "System Manager", send_welcome_email=0)
    note = frappe.get_doc({"doctype": "Note", "title": "n", "public": 1}).insert()
    put(frappe, disable_document_sharing=disabled)
    with acting_as("s@example.com"):
        assert bool(frappe.has_permission("Note", "share", note)) is not bool(disabled)


# reports and files


def test_a_report_has_as_many_rows_as_the_site_says(frappe: Any) -> None:
    from frappe.desk.query_report import run

    query = {"report_name": "All Roles", "ref_doctype": "Role", "report_type": "Query Report", "is_standard": "No"}
    frappe.get_doc({"doctype": "Report", **query, "query": "select name as `Name:Data:100` from tabRole"}).insert()
    put(frappe, max_report_rows=2)
    assert len(run("All Roles")["result"]) == 2
    put(frappe, max_report_rows=0)
    assert len(run("All Roles")["result"]) > 2


def picture(kind: str, turned: int = 1) -> bytes:
    from PIL import Image

    made, file = Image.new("RGB", (8, 4), "red"), io.BytesIO()
    notes = made.getexif()
    notes[0x010F], notes[0x0112] = "Spying Camera", turned
    made.save(file, kind, exif=notes)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_lose_what_the_camera_noted(frappe: Any, kind: str) -> None:
    from PIL import Image

    def stored(name: str) -> bytes:
        values = {"file_name": f"{name}.{kind.lower()}", "content": picture(kind, turned=6), "is_private": 1}
        return bytes(frappe.get_doc({"doctype": "File", **values}).insert().get_content())

    put(frappe, strip_exif_metadata_from_uploaded_images=1)
    content = stored("plain")
    assert b"Spying" not in content
    shown = Image.open(io.BytesIO(content))
    assert (shown.size, shown.getpixel((1, 1))[0] > 200) == ((8, 4), True)
    if kind == "JPEG":
        assert shown.getexif()[0x0112] == 6  # how it is to be turned
    put(frappe, strip_exif_metadata_from_uploaded_images=0)
    assert b"Spying" in stored("with notes")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\x00", b"\x89PNG\r\n\x1a\n\x00\x00", b"text"])
def test_what_is_hardly_a_picture_stays_as_it_is(content: bytes) -> None:
    from frappe_engine.kit.images import without_notes

    assert without_notes(content) == content


def test_what_is_shown_in_the_form_has_an_effect(frappe: Any) -> None:
    """Each setting a person can see is read somewhere besides its own form."""
    root = Path(frappe.__file__).parents[1]
    folders = [root / "frappe", root / "frappe_engine", root / "desk/src"]
    files = [file for folder in folders for end in ("*.py", "*.ts", "*.vue") for file in folder.rglob(end)]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files if "node_modules" not in file.parts)
    words = set(re.findall(r"\w+", code))
    shown = [field.fieldname for field in frappe.get_meta("System Settings").data_fields if not field.hidden]
    assert [name for name in shown if name not in words] == []
