"""Controller of the DocType Webhook: other systems are called when something happens to a document.

What is sent is made while the document is saved, so it says what that save did; it is sent after the commit, by a job.
A call that fails is tried again; each is in the Webhook Request Log, from where it can be sent once more.

Invariant: nothing is sent of what was undone; the signature is of the very bytes that are sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from frappe_engine.documents.listeners import forget_listeners

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, nowdate
from frappe.utils.jinja import validate_template

SIGNATURE_HEADER = "X-Frappe-Webhook-Signature"
TRIES = 3
FIRST_PAUSE_S = 2.0
HIDDEN = "***"
SECRET_HEADERS = frozenset({"authorization", "x-api-key", "api-key", "cookie", SIGNATURE_HEADER.lower()})
MAX_KEPT_ANSWER = 10_000


class Webhook(Document):
    """Which documents, at which event, called where, with what."""

    def validate(self) -> None:
        """Refuse calls that could not be made."""
        self._check_event()
        self._check_address()
        self._check_condition()
        if self.request_structure == "Form URL-Encoded":
            self.webhook_json = None
        elif self.request_structure == "JSON":
            self.webhook_data = []
            validate_template(self.webhook_json)
        names = [row.fieldname for row in self.webhook_data]
        if len(names) != len(set(names)):
            frappe.throw(_("Same Field is entered more than once"))
        if self.enable_security and not self.webhook_secret:
            frappe.throw(_("{0} is required").format(_("Webhook Secret")), frappe.MandatoryError)

    def _check_event(self) -> None:
        submittable = frappe.get_meta(self.webhook_doctype).is_submittable
        if not submittable and self.webhook_docevent in ("on_submit", "on_cancel", "on_update_after_submit"):
            frappe.throw(_("DocType must be Submittable for the selected Doc Event"))

    def _check_address(self) -> None:
        if self.is_dynamic_url:
            validate_template(self.request_url)
            return
        parts = urlsplit(str(self.request_url))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            frappe.throw(_("Check Request URL"), frappe.ValidationError)

    def _check_condition(self) -> None:
        if self.condition:
            try:
                frappe.safe_eval(self.condition, None, get_context(frappe.new_doc(self.webhook_doctype)))
            except Exception as error:  # noqa: BLE001 - whatever an expression of an administrator raises
                frappe.throw(_("Invalid Condition: {0}").format(error))

    def on_update(self) -> None:
        """Let the webhook count at once, in every process."""
        before = self.get_doc_before_save()
        for doctype in {self.webhook_doctype, before.webhook_doctype if before else self.webhook_doctype}:
            forget_listeners(doctype)

    def on_trash(self) -> None:
        """Call no longer."""
        forget_listeners(self.webhook_doctype)

    @frappe.whitelist()
    def preview_meets_condition(self, preview_document: str) -> str:
        """Say whether a document is one that is told of."""
        if not self.condition:
            return _("Yes")
        context = get_context(frappe.get_doc(self.webhook_doctype, preview_document))
        return _("Yes") if frappe.safe_eval(self.condition, None, context) else _("No")

    @frappe.whitelist()
    def preview_request_body(self, preview_document: str) -> str:
        """Give what would be sent for a document."""
        return frappe.as_json(get_webhook_data(frappe.get_doc(self.webhook_doctype, preview_document), self))


def get_context(doc: Any) -> dict[str, Any]:
    """Give the names that conditions and templates may use."""
    from frappe.utils.safe_exec import lent_names

    return {"doc": doc, "utils": lent_names()["frappe"]["utils"], "nowdate": nowdate}


def get_webhook_data(doc: Any, webhook: Any) -> Any:
    """Give what a call carries about a document: chosen fields, or what a template makes."""
    if webhook.webhook_data:
        return {row.key: doc.get(row.fieldname) for row in webhook.webhook_data}
    if webhook.webhook_json:
        return json.loads(frappe.render_template(webhook.webhook_json, get_context(doc)))
    return {}


def get_webhook_headers(doc: Any, webhook: Any) -> dict[str, str]:
    """Give the headers a call is made with, the signature left out."""
    headers = {str(row.key): str(row.value) for row in webhook.webhook_headers if row.key and row.value}
    if not any(name.lower() == "content-type" for name in headers):
        form = webhook.request_structure == "Form URL-Encoded"
        headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
    return headers


def get_webhook_signature(body: bytes, secret: str) -> str:
    """Give the signature of a body: HMAC-SHA256 in base64, as receivers check it."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


# when webhooks are asked


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType: one function per event that an enabled webhook names."""
    return {hook.webhook_docevent: [run_webhooks] for hook in _webhooks(doctype) if hook.webhook_docevent}


def _webhooks(doctype: str) -> list[Any]:
    filters = {"webhook_doctype": doctype, "enabled": 1}
    return frappe.get_all("Webhook", filters, ["name", "webhook_docevent"], order_by="creation")


def run_webhooks(doc: Any, method: str) -> None:
    """Ask the webhooks for this event of a document; each tells once of a save."""
    flags = frappe.flags
    if flags.in_import or flags.in_patch or flags.in_install or flags.in_migrate:
        return
    told = doc.flags.setdefault("notifications_executed", [])  # every save begins with none
    for hook in _webhooks(doc.doctype):
        key = f"Webhook {hook.name}"
        if hook.webhook_docevent == method and key not in told and _queue(doc, hook.name, method):
            told.append(key)


def _queue(doc: Any, name: str, event: str) -> bool:
    """Have a call made after the commit; what can't be made is logged, and keeps no document from being saved."""
    webhook = frappe.get_cached_doc("Webhook", name)
    try:
        if webhook.condition and not frappe.safe_eval(webhook.condition, None, get_context(doc)):
            return False
        call = prepare(doc, webhook, event)
    except Exception:  # noqa: BLE001 - templates and conditions of administrators raise anything
        frappe.clear_last_message()
        frappe.log_error(f"Webhook {name} failed", reference_doctype="Webhook", reference_name=name)
        return False
    frappe.enqueue(
        "frappe.integrations.doctype.webhook.webhook.make_call",
        queue=webhook.background_jobs_queue or "default",
        enqueue_after_commit=True,
        webhook=name,
        call=call,
    )
    return True


def prepare(doc: Any, webhook: Any, event: str) -> dict[str, Any]:
    """Give a call as values that travel: url, method, headers, data (JSON text), and what it is about."""
    url = webhook.request_url
    if webhook.is_dynamic_url:
        url = frappe.render_template(url, get_context(doc))
    return {
        "url": url.strip(),
        "headers": get_webhook_headers(doc, webhook),
        "data": frappe.as_json(get_webhook_data(doc, webhook), indent=None),
        "reference_doctype": doc.doctype,
        "reference_document": str(doc.name),
        "event": event,
    }


# calling


def enqueue_webhook(doc: Any, webhook: Any) -> str:
    """Call a webhook (a document, dict or name) about a document at once, in this process; see `make_call`."""
    name = webhook if isinstance(webhook, str) else webhook.get("name")
    hook = frappe.get_doc("Webhook", name)
    return make_call(hook.name, prepare(doc, hook, str(hook.webhook_docevent)))


def make_call(webhook: str, call: dict[str, Any]) -> str:
    """Make a call, and again when it fails, with growing pauses; keep it in the log and give the log's name."""
    hook = frappe.get_doc("Webhook", webhook)
    outcome: dict[str, Any] = {}
    for attempt in range(1, TRIES + 1):
        outcome = attempt_call(hook, call) | {"attempts": attempt}
        if outcome["status"] == "Success":
            break
        if attempt < TRIES:
            time.sleep(_pause_s() * 3 ** (attempt - 1))
    return _log(webhook, call, outcome)


def log_request(
    webhook: str, docname: str, url: str, headers: dict[str, Any], data: dict[str, Any], res: Any = None
) -> str:
    """Keep a call that somebody else made in the Webhook Request Log; `res` is its answer, None when there was none."""
    outcome = {"status": "Failed", "response": None, "error": None, "attempts": 1}
    if res is not None:
        outcome |= _outcome(res)
    doctype = frappe.db.get_value("Webhook", webhook, "webhook_doctype")
    about = {"reference_doctype": doctype, "reference_document": docname}
    return _log(webhook, {"url": url, "headers": headers or {}, "data": frappe.as_json(data), **about}, outcome)


def _pause_s() -> float:
    configured = frappe.conf.get("webhook_pause_s")
    return FIRST_PAUSE_S if configured is None else float(configured)


def attempt_call(hook: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Make a call once; give `status` (Success, Failed), `response`, `error`."""
    body = _body(hook, call["data"])
    headers = dict(call["headers"])
    if hook.enable_security:
        headers[SIGNATURE_HEADER] = get_webhook_signature(body, hook.get_password("webhook_secret"))
    try:
        answer = requests.request(
            hook.request_method or "POST", call["url"], data=body, headers=headers, timeout=cint(hook.timeout) or 5
        )
    except requests.RequestException as error:
        return {"status": "Failed", "response": None, "error": str(error)}
    return _outcome(answer)


def _outcome(answer: Any) -> dict[str, Any]:
    text = answer.text[:MAX_KEPT_ANSWER]
    if answer.ok:
        return {"status": "Success", "response": text, "error": None}
    return {"status": "Failed", "response": text, "error": f"{answer.status_code} {answer.reason}"}


def _body(hook: Any, data: str) -> bytes:
    if hook.request_structure != "Form URL-Encoded":
        return data.encode()
    from urllib.parse import urlencode

    return urlencode({name: "" if value is None else value for name, value in json.loads(data).items()}).encode()


def _log(webhook: str, call: dict[str, Any], outcome: dict[str, Any]) -> str:
    shown = {name: HIDDEN if name.lower() in SECRET_HEADERS else value for name, value in call["headers"].items()}
    log = frappe.get_doc(
        {
            "doctype": "Webhook Request Log",
            "webhook": webhook,
            "reference_doctype": call["reference_doctype"],
            "reference_document": call["reference_document"],
            "user": frappe.session.user,
            "url": call["url"],
            "headers": frappe.as_json(shown),
            "data": call["data"],
            **outcome,
        }
    ).insert(ignore_permissions=True, ignore_links=True)
    return str(log.name)


@frappe.whitelist()
def replay(log: str) -> dict[str, Any]:
    """Make a logged call once more, with the webhook's present headers and secret; give `status` and `error`."""
    frappe.only_for("System Manager")
    entry = frappe.get_doc("Webhook Request Log", log)
    hook = frappe.get_doc("Webhook", entry.webhook)
    kept = json.loads(entry.headers or "{}")
    own = get_webhook_headers(None, hook)
    headers = {name: own.get(name, value) for name, value in kept.items() if value != HIDDEN or name in own}
    outcome = attempt_call(hook, {"url": entry.url, "headers": headers, "data": entry.data or "{}"})
    entry.update({**outcome, "attempts": cint(entry.attempts) + 1})
    entry.save(ignore_permissions=True)
    return {"status": outcome["status"], "error": outcome["error"]}


@frappe.whitelist()
def replay_failed(webhook: str) -> dict[str, int]:
    """Make all failed calls of a webhook once more, the oldest first; give how many `succeeded` and `failed`."""
    frappe.only_for("System Manager")
    filters = {"webhook": webhook, "status": "Failed"}
    states = [
        replay(name)["status"]
        for name in frappe.get_all("Webhook Request Log", filters, pluck="name", order_by="creation")
    ]
    return {"succeeded": states.count("Success"), "failed": states.count("Failed")}
