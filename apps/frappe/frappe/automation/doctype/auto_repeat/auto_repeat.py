"""Controller of the DocType Auto Repeat: a document of which a copy is made on the dates of a schedule.

Invariant: a date makes one copy, however often the daily job runs; one schedule's trouble stops no other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from frappe_engine.automation.recurrence import Schedule, dates, first_date, next_date

import frappe
from frappe import _
from frappe.email.sending import addresses
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate, validate_email_address
from frappe.utils.jinja import validate_template

MOST_DATES_SHOWN = 1000


class AutoRepeat(Document):
    """What is repeated, how often, until when, and who is told."""

    def validate(self) -> None:
        """Refuse schedules without dates, and documents that can't be copied."""
        self._check_document()
        self._check_not_repeated_yet()
        self._check_dates()
        self._check_mail()
        self.update_status()

    def _check_document(self) -> None:
        if not frappe.get_meta(self.reference_doctype).allow_auto_repeat and not frappe.flags.in_test:
            words = _("Enable Allow Auto Repeat for the doctype {0} in Customize Form")
            frappe.throw(words.format(self.reference_doctype))
        if self.submit_on_creation and not frappe.get_meta(self.reference_doctype).is_submittable:
            frappe.throw(_("Cannot enable {0} for a non-submittable doctype").format(_("Submit on Creation")))

    def _check_not_repeated_yet(self) -> None:
        if self.disabled or not frappe.get_meta(self.reference_doctype).has_field("auto_repeat"):
            return
        other = frappe.db.get_value(self.reference_doctype, self.reference_document, "auto_repeat")
        if other and other != self.name and frappe.db.get_value("Auto Repeat", other, "status") == "Active":
            frappe.throw(_("The {0} is already on auto repeat {1}").format(self.reference_document, other))

    def _check_dates(self) -> None:
        if self.is_new() and not frappe.flags.in_test and getdate(self.start_date) < getdate(nowdate()):
            self.start_date = nowdate()
        self.validate_from_to_dates("start_date", "end_date")
        days = [row.day for row in self.repeat_on_days]
        if len(days) != len(set(days)):
            frappe.throw(_("Auto Repeat Day {0} has been repeated.").format(next(d for d in days if days.count(d) > 1)))
        before = self.get_doc_before_save()
        fields = ("start_date", "end_date", "frequency", "repeat_on_day", "repeat_on_last_day", "disabled")
        changed = before is None or any(str(before.get(name)) != str(self.get(name)) for name in fields)
        if changed or [row.day for row in before.repeat_on_days] != days:
            self.next_schedule_date = None if self.disabled else first_date(self.schedule, getdate(nowdate()))

    def _check_mail(self) -> None:
        if not self.notify_by_email:
            return
        if not addresses(self.recipients):
            frappe.throw(_("'Recipients' not specified"))
        for address in addresses(self.recipients):
            if not validate_email_address(address):
                frappe.throw(_("{0} is an invalid email address in 'Recipients'").format(address))
        validate_template(self.subject or "")
        validate_template(self.message or "")

    @property
    def schedule(self) -> Schedule:
        """The dates as a rule."""
        return Schedule(
            start=getdate(self.start_date),
            frequency=str(self.frequency),
            end=getdate(self.end_date) if self.end_date else None,
            day_of_month=cint(self.repeat_on_day),
            on_last_day=bool(self.repeat_on_last_day),
            weekdays=tuple(row.day for row in self.repeat_on_days),
        )

    def update_status(self) -> None:
        """Say whether the schedule goes on."""
        over = self.next_schedule_date is None and not self.disabled
        self.status = "Disabled" if self.disabled else "Completed" if over else "Active"

    def is_completed(self) -> bool:
        """Tell whether no date is left."""
        return self.status == "Completed"

    def on_update(self) -> None:
        """Let the document know by which schedule it is repeated."""
        if frappe.get_meta(self.reference_doctype).has_field("auto_repeat"):
            frappe.db.set_value(self.reference_doctype, self.reference_document, "auto_repeat", self.name)

    def on_trash(self) -> None:
        """Let the document forget the schedule."""
        if frappe.get_meta(self.reference_doctype).has_field("auto_repeat"):
            frappe.db.set_value(self.reference_doctype, {"auto_repeat": self.name}, "auto_repeat", None)

    @frappe.whitelist()
    def get_auto_repeat_schedule(self) -> list[dict[str, Any]]:
        """Give the next date, of a schedule with an end all that come: `reference_document`, `frequency`, `next_scheduled_date`."""
        if self.status != "Active":
            return []
        yesterday = getdate(nowdate()) - timedelta(days=1)
        coming = dates(self.schedule, yesterday, MOST_DATES_SHOWN if self.end_date else 1)
        row = {"reference_document": self.reference_document, "frequency": self.frequency}
        return [{**row, "next_scheduled_date": day} for day in coming]

    def get_next_schedule_date(self, schedule_date: Any, for_full_schedule: bool = False) -> date | None:
        """Give the date a rhythm after `schedule_date`: the first that is not past, whichever with `for_full_schedule`."""
        begin = getdate(schedule_date)
        schedule = replace(self.schedule, start=begin, end=None)
        return next_date(schedule, begin) if for_full_schedule else first_date(schedule, getdate(nowdate()))

    def create_documents(self) -> list[Any]:
        """Make the copies of today (one, or one for each assignee), tell who wants to know."""
        for_each = self.generate_separate_documents_for_each_assignee and [row.user for row in self.assignee]
        made = [self.make_new_document(user) for user in for_each] if for_each else [self.make_new_document()]
        if self.notify_by_email and self.recipients:
            for document in made:
                self.send_notification(document)
        return made

    def make_new_document(self, assignee: str | None = None) -> Any:
        """Make a copy of the document, and give it to its assignees."""
        source = frappe.get_doc(self.reference_doctype, self.reference_document)
        copy = frappe.copy_doc(source, ignore_no_copy=False)
        self.update_doc(copy, source)
        copy.flags.updater_reference = {"doctype": self.doctype, "docname": self.name, "label": _("via Auto Repeat")}
        copy.insert(ignore_permissions=True)
        if self.submit_on_creation:
            copy.submit()
        users = [assignee] if assignee else [row.user for row in self.assignee]
        if users:
            from frappe.desk.form.assign_to import _add

            _add({"doctype": copy.doctype, "name": copy.name, "assign_to": users}, ignore_permissions=True)
        return copy

    def update_doc(self, new_doc: Any, reference_doc: Any) -> None:
        """Give a copy what is of today; `on_recurring` of its controller may do more."""
        new_doc.docstatus = 0
        meta = new_doc.meta
        if meta.has_field("auto_repeat"):
            new_doc.set("auto_repeat", self.name)
        day = self.next_schedule_date or nowdate()
        for fieldname in ("transaction_date", "posting_date"):
            if meta.has_field(fieldname):
                new_doc.set(fieldname, day)
        if meta.has_field("set_posting_time"):
            new_doc.set("set_posting_time", 1)
        new_doc.run_method("on_recurring", reference_doc=reference_doc, auto_repeat_doc=self)

    def send_notification(self, new_doc: Any) -> None:
        """Queue a mail about a copy."""
        document = new_doc
        subject, message = self._words(document)
        attachments = []
        if self.print_format:
            printed = {"doctype": document.doctype, "name": document.name, "print_format": self.print_format}
            attachments.append({"print_format_attachment": 1, **printed})
        frappe.sendmail(
            recipients=addresses(self.recipients),
            subject=subject,
            message=message,
            attachments=attachments,
            reference_doctype=document.doctype,
            reference_name=document.name,
        )

    def _words(self, document: Any) -> tuple[str, str]:
        context = {"doc": document}
        if self.template:
            text = frappe.get_doc("Email Template", self.template).get_formatted_email(document)
            return text["subject"], text["message"]
        subject = frappe.render_template(self.subject, context) if self.subject else ""
        message = frappe.render_template(self.message or "", context)
        return subject or _("New {0}: {1}").format(_(document.doctype), document.name), message

    @frappe.whitelist()
    def fetch_linked_contacts(self) -> str:
        """Fill in the addresses of the contacts of the document."""
        filters = {
            "link_doctype": self.reference_doctype,
            "link_name": self.reference_document,
            "parenttype": "Contact",
        }
        contacts = frappe.get_all("Dynamic Link", filters, pluck="parent")
        emails = frappe.get_all("Contact", {"name": ["in", contacts or [""]]}, pluck="email_id")
        self.recipients = ", ".join(email for email in emails if email)
        return self.recipients

    def disable_auto_repeat(self) -> None:
        """Stop the schedule."""
        frappe.db.set_value(self.doctype, self.name, {"disabled": 1, "status": "Disabled"})


def get_next_schedule_date(schedule_date: Any, frequency: str, start_date: Any, **given: Any) -> date | None:
    """Give the date after `schedule_date`; `repeat_on_day`, `repeat_on_last_day`, `end_date` as in the DocType."""
    return next_date(
        Schedule(
            start=getdate(start_date),
            frequency=frequency,
            end=getdate(given["end_date"]) if given.get("end_date") else None,
            day_of_month=cint(given.get("repeat_on_day")),
            on_last_day=bool(given.get("repeat_on_last_day")),
        ),
        getdate(schedule_date),
    )


def make_auto_repeat_entry() -> None:
    """Make the copies that are due; run daily. Commits (or undoes, and logs) schedule by schedule."""
    for entry in get_auto_repeat_entries(getdate(nowdate())):
        name = entry.name
        try:
            _repeat(name)
            frappe.db.commit()
        except Exception:  # noqa: BLE001 - one schedule's trouble stops no other, and is kept for who looks after it
            frappe.db.rollback()
            _give_up(name)


def _give_up(name: str) -> None:
    document = frappe.get_doc("Auto Repeat", name)
    frappe.log_error(f"Auto Repeat {name} failed", reference_doctype="Auto Repeat", reference_name=name)
    document.disable_auto_repeat()
    from frappe.desk.doctype.notification_log.notification_log import make_notification_logs

    words = _("Auto Repeat {0} was stopped: see the error log").format(name)
    make_notification_logs(
        frappe._dict(type="Alert", subject=words, document_type="Auto Repeat", document_name=name), [document.owner]
    )
    frappe.db.commit()


def get_auto_repeat_entries(date: Any = None) -> list[Any]:
    """Give the schedules (their `name`) with a date on a day or before that was not dealt with."""
    filters = {"next_schedule_date": ["<=", getdate(date or nowdate())], "status": "Active", "disabled": 0}
    return frappe.get_all("Auto Repeat", filters, ["name"], order_by="creation")


def create_repeated_entries(data: list[Any]) -> None:
    """Make the copies that are due of schedules (rows with their `name`), and note when the next ones are."""
    for entry in data:
        _repeat(str(entry.get("name")))


def _repeat(name: str) -> None:
    document = frappe.get_doc("Auto Repeat", name, for_update=True)
    today = getdate(nowdate())
    if document.status != "Active" or not document.next_schedule_date or getdate(document.next_schedule_date) > today:
        return
    document.create_documents()
    following = next_date(document.schedule, today)
    values = {"next_schedule_date": following, "status": "Active" if following else "Completed"}
    frappe.db.set_value("Auto Repeat", name, values)


def set_auto_repeat_as_completed() -> None:
    """Note which schedules are over."""
    filters = {"status": "Active", "end_date": ["<", nowdate()], "disabled": 0}
    for name in frappe.get_all("Auto Repeat", filters, pluck="name"):
        frappe.db.set_value("Auto Repeat", name, "status", "Completed")


@frappe.whitelist()
def make_auto_repeat(
    doctype: str, docname: str, frequency: str = "Daily", start_date: Any = None, end_date: Any = None
) -> Any:
    """Repeat a document; give the Auto Repeat."""
    document = frappe.new_doc("Auto Repeat")
    document.update(
        {
            "reference_doctype": doctype,
            "reference_document": docname,
            "frequency": frequency,
            "start_date": start_date or nowdate(),
            "end_date": end_date,
        }
    )
    frappe.get_doc(doctype, docname).check_permission("read")
    return document.insert()


@frappe.whitelist()
def get_auto_repeat_doctypes(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> Any:
    """Give the DocTypes that may be repeated, for a link's search."""
    found = frappe.get_all("DocType", {"allow_auto_repeat": 1, "name": ["like", f"%{txt}%"]}, pluck="name")
    setters = {"property": "allow_auto_repeat", "value": "1", "doc_type": ["like", f"%{txt}%"]}
    found += frappe.get_all("Property Setter", setters, pluck="doc_type")
    return [[name] for name in sorted(set(found))][cint(start) : cint(start) + (cint(page_len) or 20)]


@frappe.whitelist()
def update_reference(docname: str, reference: str) -> str:
    """Repeat another document from now on."""
    document = frappe.get_doc("Auto Repeat", docname)
    document.check_permission("write")
    document.db_set("reference_document", reference)
    return "success"


@frappe.whitelist()
def generate_message_preview(
    reference_dt: str, reference_doc: str, message: str | None = None, subject: str | None = None
) -> dict[str, str]:
    """Give the `subject` and `message` of a mail about a document, from their templates."""
    document = frappe.get_doc(reference_dt, reference_doc)
    document.check_permission("read")
    context = {"doc": document}
    return {
        "message": frappe.render_template(message, context) if message else "",
        "subject": frappe.render_template(subject, context) if subject else _("Please add a subject to your email"),
    }
