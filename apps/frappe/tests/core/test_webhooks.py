"""Webhooks against a real server: what is sent, its signature, trying again, the log, and sending once more."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from .servers import http_server


@pytest.fixture
def receiver() -> Iterator[Any]:
    with http_server() as (address, calls):
        calls.address = address
        yield calls


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """Connected to a site that may commit: webhooks are called after the commit."""
    import frappe as face

    own_site.set_config("webhook_pause_s", 0)
    with own_site.connected():
        yield face


def webhook(frappe: Any, receiver: Any, **values: Any) -> Any:
    given = {
        "doctype": "Webhook", "name": f"Hook {frappe.generate_hash(length=5)}", "webhook_doctype": "Note",
        "webhook_docevent": "after_insert", "request_url": f"{receiver.address}/notes", "request_structure": "JSON",
        "webhook_json": '{"title": "{{ doc.title }}"}', "enabled": 1, **values,
    }  # fmt: skip
    return frappe.get_doc(given).insert()


def note(frappe: Any, title: str = "a") -> Any:
    return frappe.get_doc({"doctype": "Note", "title": title}).insert()


def run_jobs(frappe: Any) -> int:
    """Commit, and do what was queued for webhooks."""
    from frappe.integrations.doctype.webhook.webhook import make_call

    frappe.db.commit()
    done = 0
    for job in waiting(frappe):
        make_call(**dict(job.kwargs.items()))
        done += 1
    return done


def sent(frappe: Any, receiver: Any) -> list[Any]:
    run_jobs(frappe)
    return [json.loads(call["body"]) for call in receiver]


def waiting(frappe: Any) -> list[Any]:
    from frappe_engine.jobs.queries import active_jobs

    return [job for job in active_jobs() if "webhook.make_call" in str(job.method)]


def test_a_call_carries_what_the_template_says(frappe: Any, receiver: Any) -> None:
    webhook(frappe, receiver, webhook_headers=[{"key": "X-Shop", "value": "1"}])
    note(frappe, "包裹")
    assert receiver == []
    assert run_jobs(frappe) == 1
    assert (receiver[0]["method"], receiver[0]["path"], receiver[0]["headers"]["X-Shop"]) == ("POST", "/notes", "1")
    assert receiver.body() == {"title": "包裹"}


def test_a_call_carries_chosen_fields(frappe: Any, receiver: Any) -> None:
    rows = [{"fieldname": "title", "key": "name_of_note"}, {"fieldname": "public", "key": "public"}]
    webhook(frappe, receiver, request_structure="Form URL-Encoded", webhook_data=rows, webhook_json=None)
    note(frappe, "a b")
    run_jobs(frappe)
    assert receiver[0]["body"] == b"name_of_note=a+b&public=0"


def test_nothing_is_sent_of_what_was_undone(frappe: Any, receiver: Any) -> None:
    webhook(frappe, receiver)
    frappe.db.commit()
    note(frappe)
    frappe.db.rollback()
    assert (run_jobs(frappe), receiver) == (0, [])


def test_the_signature_is_of_the_bytes_that_are_sent(frappe: Any, receiver: Any) -> None:
    webhook(frappe, receiver, enable_security=1, webhook_secret="s3cret")
    note(frappe, "签名")
    run_jobs(frappe)
    expected = base64.b64encode(hmac.new(b"s3cret", receiver[0]["body"], hashlib.sha256).digest()).decode()
    assert receiver[0]["headers"]["X-Frappe-Webhook-Signature"] == expected


def test_a_call_that_fails_is_tried_again_and_logged(frappe: Any, receiver: Any) -> None:
    receiver.status = 503
    made = webhook(frappe, receiver)
    note(frappe)
    run_jobs(frappe)
    assert len(receiver) == 3
    (log,) = frappe.get_all("Webhook Request Log", {"webhook": made.name}, ["status", "attempts", "error", "response"])
    assert (log.status, log.attempts, log.error) == ("Failed", 3, "503 Service Unavailable")
    assert json.loads(log.response) == {"taken": True}


def test_failed_calls_are_sent_once_more(frappe: Any, receiver: Any) -> None:
    from frappe.integrations.doctype.webhook.webhook import replay_failed

    receiver.status = 500
    made = webhook(frappe, receiver, enable_security=1, webhook_secret="k")
    note(frappe)
    run_jobs(frappe)
    receiver.status = 200
    assert replay_failed(made.name) == {"succeeded": 1, "failed": 0}
    assert receiver[-1]["body"] == receiver[0]["body"]
    assert receiver[-1]["headers"]["X-Frappe-Webhook-Signature"]
    assert frappe.db.get_value("Webhook Request Log", {"webhook": made.name}, ["status", "attempts"]) == ("Success", 4)


def test_secrets_are_not_in_the_log(frappe: Any, receiver: Any) -> None:
    webhook(frappe, receiver, webhook_headers=[{"key": "Authorization", "value": "Bearer topsecret"}])
    note(frappe)
    run_jobs(frappe)
    assert receiver[0]["headers"]["Authorization"] == "Bearer topsecret"
    assert "topsecret" not in str(frappe.get_all("Webhook Request Log", fields=["*"]))


def test_conditions_and_addresses_depend_on_the_document(frappe: Any, receiver: Any) -> None:
    address = receiver.address + "/{{ doc.title }}"
    webhook(frappe, receiver, condition="doc.title != 'quiet'", is_dynamic_url=1, request_url=address)
    note(frappe, "quiet")
    note(frappe, "loud")
    run_jobs(frappe)
    assert [call["path"] for call in receiver] == ["/loud"]


def test_a_save_calls_once_and_a_broken_template_stops_nobody(frappe: Any, receiver: Any) -> None:
    webhook(frappe, receiver, webhook_docevent="on_change")
    webhook(frappe, receiver, webhook_json="{{ 1 / 0 }}")
    made = note(frappe)
    made.title = "b"
    made.save()
    assert [body["title"] for body in sent(frappe, receiver)] == ["a", "b"]
    assert frappe.db.exists("Error Log", {"reference_doctype": "Webhook"})


def test_webhooks_that_can_not_work_are_refused(frappe: Any, receiver: Any) -> None:
    for values in (
        {"request_url": "ftp://x"},
        {"webhook_docevent": "on_submit"},
        {"condition": "doc.x =="},
        {"enable_security": 1},
    ):
        with pytest.raises(frappe.ValidationError):
            webhook(frappe, receiver, **values)


def test_a_form_is_really_encoded_as_one(frappe: Any, receiver: Any) -> None:
    fields = [{"fieldname": "title", "key": "t"}, {"fieldname": "content", "key": "c"}]
    webhook(frappe, receiver, request_structure="Form URL-Encoded", webhook_json=None, webhook_data=fields)
    frappe.get_doc({"doctype": "Note", "title": "a b&c", "content": "<p>中</p>"}).insert()
    run_jobs(frappe)
    assert receiver[0]["headers"]["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(receiver[0]["body"].decode()) == {"t": ["a b&c"], "c": ["<p>中</p>"]}


def test_code_calls_a_webhook_about_a_document(frappe: Any, receiver: Any) -> None:
    from frappe.integrations.doctype.webhook.webhook import enqueue_webhook

    made = webhook(frappe, receiver, enabled=0)
    document = note(frappe, "by hand")
    for given in (made, made.name, {"name": made.name}):
        log = enqueue_webhook(document, given)
    assert [json.loads(call["body"]) for call in receiver] == [{"title": "by hand"}] * 3
    stored = frappe.get_doc("Webhook Request Log", log)
    assert (stored.reference_document, stored.status) == (document.name, "Success")


def test_code_keeps_calls_of_its_own_in_the_log(frappe: Any, receiver: Any) -> None:
    import requests
    from frappe.integrations.doctype.webhook.webhook import log_request

    made = webhook(frappe, receiver)
    receiver.status = 418
    answer = requests.post(receiver.address, timeout=5)
    names = [log_request(made.name, "N1", "http://x", {"X-Api-Key": "k"}, {"a": 1}, res) for res in (answer, None)]
    kept = [frappe.get_doc("Webhook Request Log", name) for name in names]
    assert [(log.status, (log.error or "")[:3], log.response) for log in kept] == [
        ("Failed", "418", '{"taken": true}'), ("Failed", "", None),
    ]  # fmt: skip
    assert (json.loads(kept[0].headers), kept[0].reference_doctype) == ({"X-Api-Key": "***"}, "Note")
