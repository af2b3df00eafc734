"""Modules that apps import by their path: contacts, first steps, integrations, installer, logs, charts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from doctypes import voucher


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The package, connected as Administrator."""
    return frappe_connected


class Echo(BaseHTTPRequestHandler):
    """Answers every request with what it got, as JSON."""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        status = 500 if "fail" in self.path else 200
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"method": self.command, "path": self.path, "body": body}).encode())

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names http.server asks for

    def log_message(self, *_words: object) -> None:
        """Keep quiet."""


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of a server that answers with what it got."""
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_other_servers_are_asked(frappe: Any, echo: str) -> None:
    from frappe.integrations.utils import make_get_request, make_post_request

    assert make_post_request(f"{echo}/a", data="x=1")["body"] == "x=1"
    assert make_get_request(f"{echo}/b", params={"q": 2})["path"] == "/b?q=2"


def test_an_answer_that_is_an_error_is_raised_and_logged(frappe: Any, echo: str) -> None:
    import requests
    from frappe.integrations.utils import make_post_request

    before = frappe.db.count("Error Log")
    with pytest.raises(requests.HTTPError):
        make_post_request(f"{echo}/fail", headers={"Authorization": "secret"})
    assert frappe.db.count("Error Log") == before + 1


def test_requests_are_kept(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.integrations.utils import create_request_log

    monkeypatch.setattr(type(frappe.local.db), "commit", lambda self, *given, **named: None)
    about = {"a": 1, "reference_doctype": "User", "reference_docname": "Guest"}
    log = create_request_log(about, service_name="Svc", request_headers={"h": 1}, output={"o": 2})
    assert (log.status, log.is_remote_request, log.reference_docname) == ("Queued", 0, "Guest")
    assert frappe.parse_json(log.data)["a"] == 1
    assert create_request_log({}, integration_type="Remote", error={"e": 2}).is_remote_request == 1


@pytest.fixture
def people(frappe: Any) -> Any:
    """Two addresses and a contact of the user Guest."""
    link = [{"link_doctype": "User", "link_name": "Guest"}]
    template = "{{ address_line1 }}<br>{{ city }}"
    if not frappe.db.exists("Address Template", {"country": "China"}):
        frappe.get_doc(
            {"doctype": "Address Template", "country": "China", "is_default": 1, "template": template}
        ).insert()
    common = {"doctype": "Address", "country": "China", "links": link}
    frappe.get_doc(
        {**common, "address_title": "One", "address_type": "Billing", "address_line1": "L1", "city": "A"}
    ).insert()
    second = {"address_title": "Two", "address_type": "Shipping", "address_line1": "L2", "city": "B"}
    frappe.get_doc({**common, **second, "is_primary_address": 1}).insert()
    numbers = [{"phone": "13800138000", "is_primary_mobile_no": 1}]
    frappe.get_doc({"doctype": "Contact", "first_name": "Ann", "phone_nos": numbers, "links": link}).insert()
    return frappe


def test_addresses_are_found_and_written(people: Any) -> None:
    from frappe.contacts.doctype.address.address import get_address_display, get_default_address

    assert get_default_address("User", "Guest") == "Two-Shipping"
    assert get_default_address("User", "Administrator") is None
    assert "L1<br>" in get_address_display("One-Billing")
    assert "X<br>" in get_address_display({"address_line1": "X", "city": "Y", "country": "China"})
    assert get_address_display(None) is None


def test_contacts_are_found(people: Any) -> None:
    from frappe.contacts.doctype.contact.contact import get_contact_with_phone_number, get_default_contact

    assert get_default_contact("User", "Guest") == "Ann-Guest"
    assert get_contact_with_phone_number("13800138000") == "Ann-Guest"
    assert get_contact_with_phone_number("99") is None


def test_forms_get_addresses_and_contacts(people: Any) -> None:
    from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact

    user = people.get_doc("User", "Guest")
    load_address_and_contact(user)
    given = user.get("__onload")
    assert [row["name"] for row in given["addr_list"]] == ["Two-Shipping", "One-Billing"]
    assert [row["name"] for row in given["contact_list"]] == ["Ann-Guest"]
    delete_contact_and_address("User", "Guest")
    assert not people.db.exists("Address", "One-Billing")
    assert not people.db.exists("Contact", "Ann-Guest")


def test_first_records_are_made_once(frappe: Any) -> None:
    from frappe.desk.page.setup_wizard.setup_wizard import add_all_roles_to, make_records

    records = [
        {"doctype": "ToDo", "description": "never", "__condition": lambda: False},
        {"doctype": "Gender", "gender": "Zed"},
        {"doctype": "Gender", "gender": "Zed"},
        {"doctype": "ToDo", "description": "broken", "priority": "Nonsense"},
    ]
    make_records(records)
    assert frappe.db.exists("Gender", "Zed")
    assert not frappe.db.exists("ToDo", {"description": ["in", ["never", "broken"]]})
    add_all_roles_to("api@example.com")
    assert {"System Manager", "Website Manager"} <= set(frappe.get_roles("api@example.com"))


def test_a_site_is_set_up_once(own_site: Any) -> None:
    from importlib import import_module

    with own_site.connected():
        frappe = import_module("frappe")
        from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

        frappe.db.set_single_value("System Settings", "setup_complete", 0)
        assert setup_complete({"language": "en", "country": "China", "timezone": "Asia/Tokyo"})["status"] == "ok"
        assert frappe.is_setup_complete()
        assert frappe.db.get_single_value("System Settings", "time_zone") == "Asia/Tokyo"
        setup_complete({"timezone": "Asia/Shanghai"})
        assert frappe.db.get_single_value("System Settings", "time_zone") == "Asia/Tokyo"


def test_the_sites_configuration_is_changed(frappe: Any, tmp_path: Path) -> None:
    from frappe.installer import update_site_config

    path = tmp_path / "site_config.json"
    path.write_text('{"a": "x"}')
    update_site_config("b", "1", site_config_path=str(path))
    update_site_config("a", None, site_config_path=str(path))
    assert json.loads(path.read_text())["b"] == 1
    assert not json.loads(path.read_text()).get("a")


def test_apps_are_put_on_the_list(frappe: Any) -> None:
    from frappe.installer import add_to_installed_apps, remove_from_installed_apps

    add_to_installed_apps("frappe")
    before = frappe.get_installed_apps()
    assert before.count("frappe") == 1
    remove_from_installed_apps("no_such_app")
    assert frappe.get_installed_apps() == before


def test_logs_are_written_to_files(frappe: Any) -> None:
    logger = frappe.logger("api_test", allow_site=True)
    logger.error("it happened")
    files = [handler.baseFilename for handler in logger.handlers if hasattr(handler, "baseFilename")]
    assert any("it happened" in Path(file).read_text() for file in files)
    assert frappe.logger("api_test") is logger


def test_monitor_takes_facts_and_never_fails(frappe: Any) -> None:
    from frappe.monitor import add_data_to_monitor

    assert add_data_to_monitor(a=1) is None


def test_differences_of_documents_are_listed(frappe: Any) -> None:
    from frappe.core.doctype.version.version import get_diff

    old = frappe.get_doc("API Voucher", voucher(frappe).insert().name)
    new = frappe.get_doc("API Voucher", old.name)
    assert get_diff(old, new) is None
    new.title = "U"
    new.append("rows", {"item": "y"})
    found = get_diff(old, new)
    assert [tuple(change) for change in found.changed] == [("title", "T", "U")]
    assert [(field, row["item"]) for field, row in found.added] == [("rows", "y")]


CHART = [(date(2024, 1, 5), 3, 1), (date(2024, 1, 20), 2, 3), (date(2024, 3, 1), 4, 2)]


@pytest.mark.parametrize(("kind", "expected"), [("Sum", [5, 0, 4]), ("Count", [4, 0, 2]), ("Average", [1.25, 0, 2])])
def test_points_of_a_chart(frappe: Any, kind: str, expected: list[float]) -> None:
    from frappe.desk.doctype.dashboard_chart.dashboard_chart import get_result

    rows = get_result([list(row) for row in CHART], "Monthly", date(2024, 1, 1), date(2024, 3, 31), kind)
    assert [value for _day, value in rows] == expected
    assert rows[1][0] == date(2024, 2, 29)


def test_sources_of_charts_are_kept(frappe: Any) -> None:
    from frappe.utils.dashboard import cache_source

    calls: list[Any] = []

    @cache_source
    def source(**given: Any) -> int:
        calls.append(given)
        return len(calls)

    chart = frappe.as_json({"name": "API chart", "document_type": "ToDo"})
    filters = frappe.generate_hash(length=8)
    assert source(chart=chart, filters=filters, no_cache=1) == 1
    assert source(filters=filters) == 2


def test_text_messages_need_a_gateway(frappe: Any) -> None:
    from frappe.core.doctype.sms_settings.sms_settings import send_sms

    frappe.clear_messages()
    send_sms(["123"], "hi")
    assert "SMS Settings" in str(frappe.message_log[-1])


def test_text_messages_go_to_the_gateway(frappe: Any, echo: str) -> None:
    from frappe.core.doctype.sms_settings.sms_settings import send_sms

    gateway = {"sms_gateway_url": f"{echo}/sms", "message_parameter": "text", "receiver_parameter": "to"}
    frappe.get_doc("SMS Settings").update(gateway).save()
    send_sms(["138 0013"], "hi")
    assert "1380013" in str(frappe.message_log[-1])
    assert frappe.db.count("SMS Log") >= 1


def test_signing_in_elsewhere_has_an_address(frappe: Any) -> None:
    from frappe.utils.oauth import get_oauth2_authorize_url, get_oauth_keys

    key = {
        "doctype": "Social Login Key", "provider_name": "Api Provider", "social_login_provider": "Custom", "client_id": "id",
        "client_secret": "shh", "enable_social_login": 1, "base_url": "https://id.example.com", "authorize_url": "/authorize",
        "access_token_url": "/token", "redirect_url": "/back", "api_endpoint": "/me", "custom_base_url": 1, "sign_ups": "Allow",
        "auth_url_data": '{"response_type": "code", "scope": "openid"}', "user_id_property": "sub",
    }  # fmt: skip
    name = frappe.get_doc(key).insert().name
    assert get_oauth_keys(name) == {"client_id": "id", "client_secret": "shh"}
    address = get_oauth2_authorize_url(name, "/app")
    assert address.startswith("https://id.example.com/authorize?")
    assert "response_type=code" in address
    assert "client_id=id" in address


def test_what_others_host_is_not_used(frappe: Any) -> None:
    from frappe.integrations.frappe_providers.frappecloud_billing import is_fc_site
    from frappe.push_notification import PushNotification
    from frappe.utils.telemetry import POSTHOG_HOST_FIELD, POSTHOG_PROJECT_FIELD, capture, site_age

    assert not is_fc_site()
    assert not PushNotification("raven").is_enabled()
    assert capture("event", "app") is None
    assert site_age() is not None
    assert (POSTHOG_HOST_FIELD, POSTHOG_PROJECT_FIELD) == ("posthog_host", "posthog_project_id")


def test_mails_are_put_into_the_queue(frappe: Any) -> None:
    account = {
        "email_id": "shop@example.com",
        "email_account_name": "Shop",
        "enable_outgoing": 1,
        "default_outgoing": 1,
    }
    server = {"smtp_server": "127.0.0.1", "smtp_port": "1", "no_smtp_authentication": 1}
    frappe.flags.mute_emails = False
    frappe.get_doc({"doctype": "Email Account", **account, **server}).insert(
        ignore_permissions=True, ignore_mandatory=True
    )
    frappe.sendmail(recipients=["a@example.com"], subject="Hello", message="<b>text</b>", delayed=True)
    queued = frappe.get_last_doc("Email Queue")
    assert [row.recipient for row in queued.recipients] == ["a@example.com"]
    assert "Subject: Hello" in queued.message


def test_texts_of_mails_are_filled_in(frappe: Any) -> None:
    from frappe.email.doctype.email_template.email_template import get_email_template

    values = {"name": "API Hi", "subject": "Hello {{ who }}", "response": "<p>{{ who }}!</p>"}
    frappe.get_doc({"doctype": "Email Template", **values}).insert()
    found = get_email_template("API Hi", '{"who": "Bo"}')
    assert (found["subject"], "Bo!" in found["message"]) == ("Hello Bo", True)


def test_documents_are_printed(frappe: Any) -> None:
    from frappe.utils.pdf import get_pdf
    from frappe.utils.print_utils import get_print
    from frappe.www.printview import get_letter_head

    doc = voucher(frappe, note="printed note").insert()
    assert "printed note" in frappe.get_print("API Voucher", doc.name)
    assert "printed note" in get_print("API Voucher", doc.name)
    attached = frappe.attach_print("API Voucher", doc.name, file_name="paper")
    assert (attached["fname"], attached["fcontent"][:4]) == ("paper.pdf", b"%PDF")
    assert get_pdf("<p>text</p>")[:4] == b"%PDF"
    head = {"letter_head_name": "LH", "content": "<b>head</b>", "source": "HTML", "is_default": 1}
    frappe.get_doc({"doctype": "Letter Head", **head}).insert()
    assert "head" in get_letter_head(doc, False)["content"]
    assert not get_letter_head(doc, True).get("content")


def test_documents_are_downloaded_as_pdf(frappe: Any) -> None:
    from frappe.utils.print_format import download_pdf

    doc = voucher(frappe).insert()
    download_pdf("API Voucher", doc.name)
    assert frappe.local.response.filecontent[:4] == b"%PDF"
    assert frappe.local.response.filename.endswith(".pdf")


def test_languages_are_written_from_the_right_or_not(frappe: Any) -> None:
    from frappe.utils.jinja_globals import is_rtl

    frappe.local.lang = "en"
    assert not is_rtl()
    frappe.local.lang = "ar"
    assert is_rtl()


def test_scripts_are_lent_names(frappe: Any) -> None:
    from frappe.utils.safe_exec import get_safe_globals

    lent = get_safe_globals()
    assert lent["frappe"]["utils"]["flt"]("1.5") == 1.5
    assert "open" not in lent


def test_a_document_type_has_its_workflow(frappe: Any) -> None:
    from frappe.model.workflow import get_workflow_name

    assert not get_workflow_name("API Voucher")
    for doctype, field, names in (
        ("Workflow State", "workflow_state_name", ("Draft API", "Done API")),
        ("Workflow Action Master", "workflow_action_name", ("Finish API",)),
    ):
        for name in names:
            frappe.get_doc({"doctype": doctype, field: name}).insert()
    states = [
        {"state": "Draft API", "doc_status": "0", "allow_edit": "System Manager"},
        {"state": "Done API", "doc_status": "0", "allow_edit": "System Manager"},
    ]
    way = {"state": "Draft API", "action": "Finish API", "next_state": "Done API", "allowed": "System Manager"}
    flow = {"workflow_name": "API Flow", "document_type": "API Voucher", "workflow_state_field": "kind", "is_active": 1}
    frappe.get_doc({"doctype": "Workflow", **flow, "states": states, "transitions": [way]}).insert()
    assert get_workflow_name("API Voucher") == "API Flow"


def test_templates_are_rendered(frappe: Any) -> None:
    from frappe.utils.jinja import get_jenv, validate_template

    assert frappe.render_template("{{ a }}-{{ frappe.utils.flt('1.5') }}", {"a": 1}) == "1-1.5"
    assert "len" in get_jenv().filters
    with pytest.raises(frappe.ValidationError):
        validate_template("{% if x %}")
