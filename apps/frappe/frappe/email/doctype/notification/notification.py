"""Controller of the DocType Notification: rules that write to people when something happens to a document.

Invariant: a rule that fails is logged and never keeps a document from being saved; one rule tells of one save once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any

from frappe_engine.documents.listeners import forget_listeners
from frappe_engine.kit.html import unescape_html

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import (
    add_to_date,
    cint,
    evaluate_filters,
    get_datetime,
    getdate,
    now_datetime,
    nowdate,
    validate_email_address,
)
from frappe.utils.jinja import validate_template

EVENTS = {
    "New": "after_insert",
    "Save": "on_update",
    "Submit": "on_submit",
    "Cancel": "on_cancel",
    "Value Change": "on_change",
}
DAYS, MINUTES = ("Days After", "Days Before"), ("Minutes After", "Minutes Before")


class Notification(Document):
    """A rule: which documents, when, to whom, in which words."""

    def validate(self) -> None:
        """Refuse rules that could never work, and texts that are no templates."""
        wanted = {
            "date_changed": self.event in DAYS,
            "datetime_changed": self.event in MINUTES,
            "value_changed": self.event == "Value Change",
            "method": self.event == "Method",
        }
        for fieldname, needed in wanted.items():
            if needed and not self.get(fieldname):
                frappe.throw(_("{0} is required").format(_(self.meta.get_label(fieldname))), frappe.MandatoryError)
        validate_template(self.subject)
        validate_template(self.message)
        self._check_condition()
        if self.document_type in ("Notification", "Notification Log", "Email Queue", "Error Log"):
            frappe.throw(_("A notification about {0} would tell of itself").format(_(self.document_type)))

    def _check_condition(self) -> None:
        document = frappe.new_doc(self.document_type)
        try:
            self.meets_condition(document, get_context(document))
        except Exception as error:  # noqa: BLE001 - whatever an expression of an administrator raises
            frappe.throw(_("The Condition '{0}' is invalid: {1}").format(self.condition, error))

    def on_update(self) -> None:
        """Let the rule count at once, in every process."""
        before = self.get_doc_before_save()
        for doctype in {self.document_type, before.document_type if before else self.document_type}:
            forget_listeners(doctype)

    def on_trash(self) -> None:
        """Listen no longer."""
        forget_listeners(self.document_type)

    def meets_condition(self, doc: Any, context: dict[str, Any]) -> bool:
        """Tell whether a document is one of those the rule is about."""
        if self.condition_type == "Filters":
            return not self.filters or bool(evaluate_filters(doc, json.loads(self.filters)))
        return not self.condition or bool(frappe.safe_eval(self.condition, None, context))

    # what is sent

    def send(self, doc: Any) -> None:
        """Tell of a document, by the rule's channel; what goes wrong is logged."""
        context = get_context(doc) | {"alert": self, "comments": None}
        if doc.get("_comments"):
            context["comments"] = json.loads(doc.get("_comments"))
        mark = f"notification_{frappe.generate_hash(length=8)}"
        frappe.db.savepoint(mark)
        try:
            self._send(doc, context)
            frappe.db.release_savepoint(mark)
        except Exception:  # noqa: BLE001 - a rule that fails must not keep the document from being saved
            frappe.db.rollback(save_point=mark)
            frappe.clear_last_message()
            self.log_error(f"Failed to send notification {self.name}")

    def log_error(self, title: str) -> None:
        """Keep the present error for administrators."""
        frappe.log_error(title=title, reference_doctype="Notification", reference_name=self.name)

    def _send(self, doc: Any, context: dict[str, Any]) -> None:
        if self.channel == "Email":
            self.send_an_email(doc, context)
        elif self.channel == "Slack":
            self.send_a_slack_msg(doc, context)
        elif self.channel == "SMS":
            self.send_sms(doc, context)
        if self.channel == "System Notification" or self.send_system_notification:
            self.create_system_notification(doc, context)
        if self.set_property_after_alert:
            self._set_property(doc, context)

    def subject_for(self, context: dict[str, Any]) -> str:
        """Give the subject for a document."""
        return frappe.render_template(self.subject, context) if "{" in (self.subject or "") else str(self.subject or "")

    def message_for(self, context: dict[str, Any]) -> str:
        """Give the text for a document, as HTML."""
        text = frappe.render_template(self.get_template(), context)
        if self.message_type == "Plain Text":
            return frappe.utils.escape_html(text).replace("\n", "<br>")
        return str(frappe.utils.md_to_html(text) or "") if self.message_type == "Markdown" else text

    def get_template(self) -> str:
        """Give the text of the rule: of its file, when it is one of an app."""
        if self.is_standard and self.module:
            folder = frappe.get_module_path(self.module, "notification", frappe.scrub(self.name))
            for ending in (".html", ".md", ".txt"):
                path = os.path.join(folder, f"{frappe.scrub(self.name)}{ending}")
                if os.path.exists(path):
                    return frappe.read_file(path) or ""
        return self.message or ""

    def send_an_email(self, doc: Any, context: dict[str, Any]) -> None:
        """Queue a mail to the rule's readers."""
        recipients, cc, bcc = self.get_list_of_recipients(doc, context)
        if not (recipients or cc or bcc):
            return
        sender = None
        if self.sender:
            sender = formataddr((self.sender, self.sender_email)) if self.sender_email else None
        frappe.sendmail(
            recipients=recipients,
            cc=cc,
            bcc=bcc,
            sender=sender or "",
            subject=self.subject_for(context),
            message=self.message_for(context),
            reference_doctype=doc.doctype,
            reference_name=doc.name,
            attachments=self.get_attachment(doc),
            expose_recipients="header",
            is_notification=True,
        )

    def send_a_slack_msg(self, doc: Any, context: dict[str, Any]) -> None:
        """Post the text to a chat's incoming webhook."""
        from frappe.integrations.utils import make_post_request

        url = frappe.get_doc("Slack Webhook URL", self.slack_webhook_url).webhook_url
        make_post_request(url, json={"text": frappe.utils.strip_html(self.message_for(context))})

    def send_sms(self, doc: Any, context: dict[str, Any]) -> None:
        """Have the text sent to the rule's phone numbers after the commit, by the gateway of SMS Settings."""
        numbers = self.get_receiver_list(doc, context)
        if not numbers:
            return
        frappe.enqueue(
            "frappe.core.doctype.sms_settings.sms_settings.send_sms",
            queue="short",
            enqueue_after_commit=True,
            receiver_list=numbers,
            msg=unescape_html(frappe.utils.strip_html(self.message_for(context))).strip(),
            success_msg=False,
        )

    def get_receiver_list(self, doc: Any, context: dict[str, Any]) -> list[str]:
        """Give the phone numbers that are written to: of fields, of users named there, of users with a role."""
        found: list[str] = []
        for row in self.recipients:
            if row.condition and not frappe.safe_eval(row.condition, None, context):
                continue
            values = _values_of_field(row.receiver_by_document_field, doc)
            found += [number for value in values for number in _numbers(value)]
            found += _numbers_of_role(row.receiver_by_role)
        if self.send_to_all_assignees:
            found += [number for user in get_assignees(doc) for number in _numbers(user)]
        return list(dict.fromkeys(found))

    def create_system_notification(self, doc: Any, context: dict[str, Any]) -> None:
        """Write a notice in the desk for each reader who is a user."""
        from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification

        recipients, cc, bcc = self.get_list_of_recipients(doc, context)
        notice = {
            "type": "Alert",
            "document_type": doc.doctype,
            "document_name": doc.name,
            "subject": self.subject_for(context),
            "from_user": doc.modified_by or doc.owner,
            "email_content": self.message_for(context),
        }
        enqueue_create_notification([*recipients, *cc, *bcc], notice)

    def get_list_of_recipients(self, doc: Any, context: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
        """Give who is written to: readers, copies, blind copies."""
        found: tuple[list[str], list[str], list[str]] = ([], [], [])
        for row in self.recipients:
            if row.condition and not frappe.safe_eval(row.condition, None, context):
                continue
            found[0].extend(self._of_field(row.receiver_by_document_field, doc))
            found[0].extend(_addresses_of_role(row.receiver_by_role))
            for texts, kept in ((row.cc, found[1]), (row.bcc, found[2])):
                kept.extend(_addresses(frappe.render_template(texts, context) if texts and "{" in texts else texts))
        if self.send_to_all_assignees:
            found[0].extend(_address_of_user(user) for user in get_assignees(doc))
        first, copies, blind = (list(dict.fromkeys(one for one in group if one)) for group in found)
        return first, copies, blind

    def _of_field(self, named: str | None, doc: Any) -> list[str]:
        """Give the addresses in a field; the users Administrator and Guest have none that is read."""
        found: list[str] = []
        for value in _values_of_field(named, doc):
            found += _addresses(_address_of_user(value))
        return found

    def get_attachment(self, doc: Any) -> list[dict[str, Any]]:
        """Give what goes along: a print of the document, its files."""
        found: list[dict[str, Any]] = []
        if self.attach_print:
            printed = {
                "doctype": doc.doctype,
                "name": doc.name,
                "print_format": self.print_format,
                "print_letterhead": 1,
            }
            found.append({"print_format_attachment": 1, "lang": frappe.local.lang, **printed})
        if self.attach_files == "All":
            filters = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}
            found += [{"fid": name} for name in frappe.get_all("File", filters, pluck="name")]
        elif self.attach_files == "From Attach Field" and doc.get(self.from_attach_field):
            found.append({"file_url": doc.get(self.from_attach_field)})
        return found

    def _set_property(self, doc: Any, context: dict[str, Any]) -> None:
        """Set a field of the document after its people were told."""
        fieldname = self.set_property_after_alert
        field = doc.meta.get_field(fieldname)
        if field is None or (doc.docstatus == 1 and not field.allow_on_submit) or doc.flags.in_notification_update:
            return
        text = self.property_value or ""
        value = frappe.render_template(text, context) if "{" in text else text
        fresh = frappe.get_doc(doc.doctype, doc.name)
        fresh.set(fieldname, value)
        fresh.flags.in_notification_update = True
        fresh.flags.updater_reference = {"doctype": self.doctype, "docname": self.name, "label": _("via Notification")}
        fresh.save(ignore_permissions=True)
        doc.set(fieldname, fresh.get(fieldname))
        doc.modified = fresh.modified

    # rules about dates

    @frappe.whitelist()
    def get_documents_for_today(self) -> list[str]:
        """Give the documents whose date is as many days away as the rule says."""
        days = -cint(self.days_in_advance) if self.event == "Days After" else cint(self.days_in_advance)
        day = getdate(add_to_date(nowdate(), days=days))
        start, end = datetime.combine(day, datetime.min.time()), datetime.combine(day, datetime.max.time())
        return self._matching(self.date_changed, start, end)

    def _matching(self, fieldname: str, start: datetime, end: datetime) -> list[str]:
        field = frappe.get_meta(self.document_type).get_field(fieldname)
        bounds = (start.date(), end.date()) if field is not None and field.fieldtype == "Date" else (start, end)
        names = frappe.get_all(self.document_type, [[fieldname, "between", bounds]], pluck="name")
        found = []
        for name in names:
            document = frappe.get_doc(self.document_type, name)
            if self.meets_condition(document, get_context(document)):
                found.append(name)
        return found

    def get_documents_for_minutes(self, moment: datetime) -> list[str]:
        """Give the documents whose moment came since the rule was looked at, as many minutes away as it says."""
        minutes = cint(self.minutes_offset) * (-1 if self.event == "Minutes After" else 1)
        since = get_datetime(self.datetime_last_run) if self.datetime_last_run else moment - timedelta(minutes=5)
        offset = timedelta(minutes=minutes)
        return self._matching(self.datetime_changed, since + offset, moment + offset - timedelta(microseconds=1))


# who is written to


def _addresses(value: Any) -> list[str]:
    found = []
    for text in frappe.utils.split_emails(str(value or "").replace("\n", ",")):
        try:
            found += [
                one.strip() for one in str(validate_email_address(text, throw=False) or "").split(",") if one.strip()
            ]
        except frappe.InvalidEmailAddressError:
            continue
    return found


def _values_of_field(named: str | None, doc: Any) -> list[Any]:
    """Give what stands in a field of the document, or in "field,table" of its rows."""
    fieldname, _comma, table = (named or "").partition(",")
    if not fieldname:
        return []
    values = [row.get(fieldname) for row in doc.get(table) or []] if table else [doc.get(fieldname)]
    return [value for value in values if value]


def _numbers(value: Any) -> list[str]:
    """Give the phone numbers in a text; a user is written to at the mobile number of the record."""
    if frappe.db.exists("User", str(value)):
        return [number for number in [frappe.db.get_value("User", str(value), "mobile_no")] if number]
    return [text.strip() for text in str(value).replace(";", ",").split(",") if any(sign.isdigit() for sign in text)]


def _numbers_of_role(role: str | None) -> list[str]:
    if not role:
        return []
    from frappe.utils.user import get_users_with_role

    users = get_users_with_role(role)
    found = frappe.get_all("User", {"name": ["in", users], "enabled": 1}, pluck="mobile_no", order_by="name")
    return [str(number) for number in found if number]


def _address_of_user(value: Any) -> str:
    """A user is written to at the address of the record, everybody else at what stands there."""
    if value in frappe.STANDARD_USERS:
        return ""
    return str(frappe.db.get_value("User", value, "email") or value)


def _addresses_of_role(role: str | None) -> list[str]:
    if not role:
        return []
    from frappe.utils.user import get_users_with_role

    users = get_users_with_role(role)
    found = frappe.get_all("User", {"name": ["in", users], "enabled": 1}, pluck="email")
    return [str(email) for email in found if email and "@" in email]


def get_assignees(doc: Any) -> list[str]:
    """Give the users who have an open task about a document."""
    filters = {"status": "Open", "reference_name": doc.name, "reference_type": doc.doctype}
    return frappe.get_all("ToDo", filters, pluck="allocated_to")


def get_context(doc: Any) -> dict[str, Any]:
    """Give the names that conditions and texts may use: `doc`, `nowdate`, `frappe` (what scripts are lent)."""
    from frappe.utils.safe_exec import lent_names

    return {"doc": doc, "nowdate": nowdate, "frappe": lent_names(restrict_commit_rollback=True)["frappe"]}


# when rules are asked


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType: one function per event that an enabled rule names."""
    events = {EVENTS.get(rule.event) or rule.method for rule in rules_for(doctype) if rule.event in (*EVENTS, "Method")}
    return {event: [run_notifications] for event in events if event}


def rules_for(doctype: str) -> list[Any]:
    """Give the enabled rules about a DocType: `name`, `event`, `method`."""
    filters = {"document_type": doctype, "enabled": 1}
    return frappe.get_all("Notification", filters, ["name", "event", "method"], order_by="creation")


def run_notifications(doc: Any, event: str) -> None:
    """Ask the rules for this event of a document; not while apps are installed or data imported."""
    flags = frappe.flags
    if (flags.in_import and flags.mute_emails) or flags.in_patch or flags.in_install or flags.in_migrate:
        return
    told = doc.flags.setdefault("notifications_executed", [])
    for rule in rules_for(doc.doctype):
        wanted = rule.method if rule.event == "Method" else EVENTS.get(rule.event)
        if wanted == event and rule.name not in told and evaluate_alert(doc, rule.name, rule.event):
            told.append(rule.name)


def evaluate_alert(doc: Any, alert: Any, event: str) -> bool:
    """Tell of a document when a rule (or the name of one) is about it; give whether it did.

    A condition that fails to evaluate is logged, and its rule tells nothing.
    """
    rule = frappe.get_cached_doc("Notification", alert) if isinstance(alert, str) else alert
    try:
        if not rule.meets_condition(doc, get_context(doc)) or not _value_changed(rule, doc, event):
            return False
    except Exception:  # noqa: BLE001 - whatever an expression of an administrator raises
        rule.log_error(f"Condition of notification {rule.name} failed")
        return False
    rule.send(doc)
    return True


def _value_changed(rule: Any, doc: Any, event: str) -> bool:
    if event != "Value Change":
        return True
    before = doc.get_doc_before_save()
    if before is None or doc.is_new():
        return False
    fieldname = rule.value_changed
    return bool(before.get(fieldname) != doc.cast(doc.get(fieldname), doc.meta.get_field(fieldname)))


@frappe.whitelist()
def get_documents_for_today(notification: str) -> list[str]:
    """Give the documents that a rule about days would tell of today."""
    rule = frappe.get_doc("Notification", notification)
    rule.check_permission("read")
    return rule.get_documents_for_today()


def trigger_notifications(doc: Any = None, method: str | None = None) -> None:
    """Tell of documents whose day has come (`method` daily) or whose minute has (offset)."""
    if method in (None, "daily", "daily_alerts"):
        trigger_daily_alerts()
    elif method == "offset":
        trigger_offset_alerts()


def trigger_daily_alerts() -> None:
    """Tell of the documents whose day has come; run once a day. Commits after each document."""
    for rule in _dated_rules(DAYS):
        _tell_of(rule, rule.get_documents_for_today())


def trigger_offset_alerts() -> None:
    """Tell of the documents whose minute has come; run every few minutes. Commits after each document."""
    moment = now_datetime()
    for rule in _dated_rules(MINUTES):
        _tell_of(rule, rule.get_documents_for_minutes(moment))
        frappe.db.set_value("Notification", rule.name, "datetime_last_run", moment, update_modified=False)
        frappe.clear_document_cache("Notification", rule.name)
        frappe.db.commit()


def _dated_rules(events: tuple[str, ...]) -> list[Any]:
    names = frappe.get_all("Notification", {"enabled": 1, "event": ["in", events]}, pluck="name")
    return [frappe.get_doc("Notification", name) for name in names]


def _tell_of(rule: Any, names: list[str]) -> None:
    for name in names:
        rule.send(frappe.get_doc(rule.document_type, name))
        frappe.db.commit()
