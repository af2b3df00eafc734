"""Signing in with a code besides the password, and by a link in a mail; mails and text messages go to real servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import frappe
import pyotp
import pytest
from frappe_engine.context.cache import SharedCache

from ..core.servers import http_server, mail_server
from .conftest import PASSWORD, Web

HERE = {"REMOTE_ADDR": "127.0.0.1"}
WHO, WHOM = "/api/method/frappe.auth.get_logged_user", "tester@example.com"


@pytest.fixture
def mails(served: Any) -> Iterator[Any]:
    """What arrives at the mail server that the site sends by."""
    with mail_server() as (port, got):
        with served.connected() as context:
            values = {
                "email_account_name": "Out",
                "email_id": "out@example.com",
                "enable_outgoing": 1,
                "default_outgoing": 1,
            }
            server = {"smtp_server": "127.0.0.1", "smtp_port": str(port), "no_smtp_authentication": 1, "use_tls": 0}
            frappe.delete_doc_if_exists("Email Account", "Out", force=True)
            frappe.get_doc({"doctype": "Email Account", **values, **server}).insert()
            context.db.commit()
        yield got


@pytest.fixture
def site(served: Any, mails: Any) -> Iterator[Any]:
    """Change System Settings: `site(two_factor_method="Email")`; undone after the test."""

    def put(**values: Any) -> None:
        with served.connected() as context:
            frappe.get_single("System Settings").update(values).save()
            context.db.commit()

    put(enable_two_factor_auth=1, two_factor_method="OTP App", allow_consecutive_login_attempts=0)
    yield put
    put(enable_two_factor_auth=0, login_with_email_link=0, bypass_2fa_for_retricted_ip_users=0)
    with served.connected() as context:
        for name in ("otp_secret", "otp_enrolled"):
            frappe.db.sql("delete from `__Auth` where fieldname = %s", name)
        frappe.db.set_value("User", WHOM, {"restrict_ip": None, "mobile_no": "13800001234"})
        frappe.db.set_value("Role", "Oracle Role", "two_factor_auth", 0)
        context.db.commit()


def begin(web: Web) -> Any:
    """The first step: its answer carries no session."""
    answer = web.login(WHOM)
    assert answer.status_code == 200, answer.text
    assert "home_page" not in answer.json
    assert web.get(WHO).status_code == 403
    return answer.json


def finish(web: Web, begun: Any, code: str) -> Any:
    return web.post("/api/method/login", data={"tmp_id": begun["tmp_id"], "otp": code})


def text_of(mails: Any) -> str:
    return str(mails.to(WHOM).get_body(("html",)).get_content())


def page_of(web: Web, mails: Any) -> Any:
    return web.get(re.search(r"/qrcode\?k=\w+", text_of(mails)).group(), headers={"Accept": "text/html"})


def test_a_code_of_the_app_completes_the_sign_in(web: Web, mails: Any, site: Any) -> None:
    begun = begin(web)
    assert (begun["verification"]["method"], begun["verification"]["setup"]) == ("OTP App", False)
    page = page_of(web, mails)
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text).group(1)
    assert "<svg" in page.text
    answer = finish(web, begun, pyotp.TOTP(secret).now())
    assert (answer.status_code, answer.json["message"]) == (200, "Logged In")
    assert web.get(WHO).json == {"message": WHOM}


def test_an_app_is_set_up_once(web: Web, other_web: Web, mails: Any, site: Any) -> None:
    begun = begin(web)
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page_of(web, mails).text).group(1)
    finish(web, begun, pyotp.TOTP(secret).now())
    again = begin(other_web)
    assert again["verification"]["setup"] is True
    assert len(mails.mails) == 1
    assert finish(other_web, again, pyotp.TOTP(secret).now()).status_code == 401  # the code that was used


def test_the_page_of_the_code_is_only_for_the_key(web: Web) -> None:
    assert web.get("/qrcode?k=none", headers={"Accept": "text/html"}).status_code == 403


def test_a_code_by_mail(web: Web, mails: Any, site: Any) -> None:
    site(two_factor_method="Email")
    begun = begin(web)
    assert "te***@example.com" in begun["verification"]["prompt"]
    code = re.search(r"<b>(\d{6})</b>", text_of(mails)).group(1)
    assert finish(web, begun, code).json["message"] == "Logged In"
    assert finish(web, begun, code).status_code == 401


def test_a_code_by_text_message(web: Web, site: Any, served: Any) -> None:
    with http_server() as (address, calls):
        with served.connected() as context:
            gateway = {
                "sms_gateway_url": address,
                "message_parameter": "text",
                "receiver_parameter": "to",
                "use_post": 0,
            }
            frappe.get_single("SMS Settings").update(gateway).save()
            frappe.db.set_value("User", WHOM, "mobile_no", "13800001234")
            context.db.commit()
        site(two_factor_method="SMS", otp_sms_template="Code {{ otp }}")
        begun = begin(web)
        assert begun["verification"]["prompt"].endswith("******234")
        code = re.search(r"text=Code\+(\d{6})", calls[0]["path"]).group(1)
        assert "to=13800001234" in calls[0]["path"]
        assert finish(web, begun, code).json["message"] == "Logged In"


def test_five_wrong_codes_end_the_try(web: Web, mails: Any, site: Any) -> None:
    site(two_factor_method="Email")
    begun = begin(web)
    code = re.search(r"<b>(\d{6})</b>", text_of(mails)).group(1)
    wrong = "000000" if code != "000000" else "111111"
    assert [finish(web, begun, wrong).status_code for _time in range(5)] == [401] * 5
    assert finish(web, begun, code).status_code == 401


def test_a_wrong_password_gets_no_code(web: Web, mails: Any, site: Any) -> None:
    site(two_factor_method="Email")
    assert web.login(WHOM, "wrong").status_code == 401
    assert mails.mails == []


@pytest.mark.parametrize(
    "given", [{"tmp_id": "none", "otp": "1"}, {"tmp_id": ["x"], "otp": "1"}, {"tmp_id": "none", "otp": {}}]
)
def test_a_code_without_a_try_is_refused(web: Web, site: Any, given: dict[str, Any]) -> None:
    assert web.post("/api/method/login", json=given).status_code == 401


def test_only_some_roles_are_asked(web: Web, site: Any, served: Any) -> None:
    with served.connected() as context:
        frappe.db.set_value("Role", "System Manager", "two_factor_auth", 1)
        context.db.commit()
    assert web.login(WHOM).json["message"] == "Logged In"
    with served.connected() as context:
        frappe.db.set_value("Role", "System Manager", "two_factor_auth", 0)
        context.db.commit()


def test_who_comes_from_the_own_address_may_be_spared(web: Web, site: Any, served: Any) -> None:
    with served.connected() as context:
        frappe.db.set_value("User", WHOM, "restrict_ip", "127.0.0.1")
        context.db.commit()
    given = {"data": {"usr": WHOM, "pwd": PASSWORD}, "environ_overrides": HERE}
    assert "tmp_id" in web.post("/api/method/login", **given).json
    site(bypass_2fa_for_retricted_ip_users=1)
    assert web.post("/api/method/login", **given).json["message"] == "Logged In"


def test_a_secret_is_reset_by_oneself_or_who_manages(
    web: Web, other_web: Web, mails: Any, site: Any, served: Any
) -> None:
    begin(web)
    reset = "/api/method/frappe.twofactor.reset_otp_secret"
    token, manager = "token plainkey:plainsecret", "token managerkey:managersecret"
    assert web.post(reset, data={"user": WHOM}, auth=token).status_code == 403
    assert web.post(reset, data={"user": WHOM}, auth=manager).status_code == 200
    with served.connected():
        assert not frappe.db.sql("select 1 from `__Auth` where name = %s and fieldname = 'otp_secret'", WHOM)


# links by mail

SEND = "/api/method/frappe.www.login.send_login_link"


def link_in(mails: Any) -> str:
    return re.search(r"/api/method/frappe\.www\.login\.login_via_key\?key=\w+", text_of(mails)).group()


def test_a_link_signs_in_once(web: Web, other_web: Web, mails: Any, site: Any) -> None:
    site(login_with_email_link=1, enable_two_factor_auth=0)
    assert web.post(SEND, data={"email": WHOM}).status_code == 200
    link = link_in(mails)
    answer = web.get(link)
    assert (answer.status_code, answer.headers["Location"].endswith("/app")) == (302, True)
    assert web.get(WHO).json == {"message": WHOM}
    assert other_web.get(link, headers={"Accept": "text/html"}).status_code == 403
    assert other_web.get(WHO).status_code == 403


def test_nobody_learns_who_has_an_account(web: Web, mails: Any, site: Any) -> None:
    site(login_with_email_link=1)
    for email in ("nobody@example.com", "off@example.com", "Administrator", "x' or 1=1 --"):
        answer = web.post(SEND, data={"email": email})
        assert (answer.status_code, answer.json) == (200, {})
    assert mails.mails == []


def test_a_link_counts_for_some_minutes(web: Web, mails: Any, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    put = SharedCache.set_value

    def noted(self: Any, key: Any, *values: Any, **options: Any) -> None:
        kept[str(key).partition(":")[0]] = options.get("expires_in_sec")
        put(self, key, *values, **options)

    monkeypatch.setattr(SharedCache, "set_value", noted)
    site(login_with_email_link=1, login_with_email_link_expiry=3, rate_limit_email_link_login=100)
    web.post(SEND, data={"email": WHOM})
    assert kept["one_time_login_key"] == 180
    assert "3 minutes" in text_of(mails)


def test_links_are_limited_and_can_be_switched_off(web: Web, site: Any) -> None:
    assert web.post(SEND, data={"email": WHOM}).status_code == 417
    site(login_with_email_link=1, rate_limit_email_link_login=1)
    asked = {"data": {"email": "nobody@example.com"}, "environ_overrides": {"REMOTE_ADDR": "10.1.2.3"}}
    assert [web.post(SEND, **asked).status_code for _time in range(2)] == [200, 429]


def test_without_passwords_links_are_left(web: Web, mails: Any, site: Any) -> None:
    site(login_with_email_link=1, disable_user_pass_login=1, enable_two_factor_auth=0, rate_limit_email_link_login=1000)
    assert web.login(WHOM, PASSWORD).status_code == 401
    site(disable_user_pass_login=0)
