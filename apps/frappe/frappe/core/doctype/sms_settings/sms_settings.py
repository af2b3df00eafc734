"""Controller of the DocType SMS Settings, and sending text messages by its gateway."""

from __future__ import annotations

from typing import Any

import requests

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

TIMEOUT_S = 20


class SMSSettings(Document):
    """The gateway that sends text messages."""


def validate_receiver_nos(receiver_list: Any) -> list[str]:
    """Give phone numbers without the signs people write in them. Raises `ValidationError` when there are none."""
    given = frappe.parse_json(receiver_list) if isinstance(receiver_list, str) else receiver_list
    numbers = ["".join(sign for sign in str(number) if sign not in " -()") for number in given or ()]
    found = [number for number in numbers if number]
    if not found:
        frappe.throw(_("Please enter valid mobile nos"))
    return found


@frappe.whitelist()
def send_sms(receiver_list: Any, msg: str, sender_name: str = "", success_msg: bool = True) -> None:
    """Send a text to phone numbers (a list or its JSON) by the site's gateway; without one, say so and send nothing."""
    numbers = validate_receiver_nos(receiver_list)
    settings = frappe.get_doc("SMS Settings")
    if not settings.sms_gateway_url:
        frappe.msgprint(_("Please fill in SMS Settings first"))
        return
    sent = [number for number in numbers if _deliver(settings, number, msg)]
    _keep_log(sender_name, numbers, sent, msg)
    if sent and success_msg:
        frappe.msgprint(_("SMS sent to the following numbers: {0}").format(", ".join(sent)))


def _deliver(settings: Any, number: str, text: str) -> bool:
    values = {row.parameter: row.value for row in settings.parameters if not row.header}
    headers = {row.parameter: row.value for row in settings.parameters if row.header}
    values |= {settings.receiver_parameter: number, settings.message_parameter: text}
    send = requests.post if cint(settings.use_post) else requests.get
    carried = {"data": values} if cint(settings.use_post) else {"params": values}
    answer = send(settings.sms_gateway_url, headers=headers, timeout=TIMEOUT_S, **carried)
    answer.raise_for_status()
    return True


def _keep_log(sender: str, asked: list[str], sent: list[str], text: str) -> None:
    log = frappe.new_doc("SMS Log")
    values = {
        "sender_name": sender,
        "sent_on": now_datetime().date(),
        "message": text,
        "no_of_requested_sms": len(asked),
        "requested_numbers": "\n".join(asked),
        "no_of_sent_sms": len(sent),
        "sent_to": "\n".join(sent),
    }
    log.update({field: value for field, value in values.items() if log.meta.has_field(field)})
    log.insert(ignore_permissions=True)
