"""Controller of the DocType Event: meetings, calls and other things at a time, some of them again and again.

Invariant: private events are seen by their owner, those they are shared with and their participants alone.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from frappe_engine.documents.incoming import filter_parameter
from frappe_engine.documents.listing import check_filter_fields

import frappe
from frappe import _
from frappe._parameters import dict_parameter
from frappe.model.document import Document
from frappe.utils import cint, escape_html, format_datetime, get_datetime, getdate, now_datetime, nowdate

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = {"Monthly": 1, "Quarterly": 3, "Half Yearly": 6, "Yearly": 12}
SHOWN = (
    "name", "subject", "description", "color", "starts_on", "ends_on", "owner", "all_day", "event_type", "event_category",
    "repeat_this_event", "repeat_on", "repeat_till", "status", "send_reminder", *WEEKDAYS,
)  # fmt: skip


class Event(Document):
    """A meeting, call or other thing at a time."""

    def validate(self) -> None:
        """Fill in when it starts, and refuse what ends before."""
        self.starts_on = self.starts_on or now_datetime()
        if self.ends_on:
            self.validate_from_to_dates("starts_on", "ends_on")
        if self.repeat_this_event and not self.repeat_on:
            frappe.throw(_("{0} is required").format(_(self.meta.get_label("repeat_on"))), frappe.MandatoryError)
        if self.repeat_on == "Daily" and self.ends_on and getdate(self.starts_on) != getdate(self.ends_on):
            frappe.throw(_("Daily Events should finish on the Same Day."))
        self._fill_addresses()
        if self.sync_with_google_calendar and not self.google_calendar:
            frappe.throw(_("Select the Google Calendar that the event goes to."))

    def after_insert(self) -> None:
        """Write it to Google, where somebody asked for it."""
        if self.sync_with_google_calendar:
            _google().insert_event_in_google_calendar(self)

    def _fill_addresses(self) -> None:
        for row in self.event_participants:
            if not row.email and row.reference_doctype and row.reference_docname:
                meta = frappe.get_meta(row.reference_doctype)
                name = next((field for field in ("email_id", "email") if meta.has_field(field)), None)
                row.email = name and frappe.db.get_value(row.reference_doctype, row.reference_docname, name)

    def on_update(self) -> None:
        """Keep it on the timelines of those who take part, and at Google where somebody asked for it."""
        if self.sync_with_google_calendar:
            _google().update_event_in_google_calendar(self)
        for row in self.event_participants:
            if row.reference_doctype and row.reference_docname:
                self._keep_on_timeline(row)

    def _keep_on_timeline(self, row: Any) -> None:
        target = {"reference_doctype": self.doctype, "reference_name": self.name, "communication_medium": "Event"}
        name = frappe.db.get_value(
            "Communication Link",
            {"link_doctype": row.reference_doctype, "link_name": row.reference_docname, "parent": ["in", self._kept()]},
            "parent",
        )
        document = frappe.get_doc("Communication", name) if name else frappe.new_doc("Communication")
        values = {
            "subject": self.subject,
            "content": self.description or self.subject,
            "communication_date": self.starts_on,
        }
        document.update(
            {**target, **values, "sender": frappe.db.get_value("User", self.owner, "email"), "status": "Linked"}
        )
        if not name:
            document.append(
                "timeline_links", {"link_doctype": row.reference_doctype, "link_name": row.reference_docname}
            )
        document.flags.ignore_links = True
        document.save(ignore_permissions=True)

    def _kept(self) -> list[str]:
        filters = {"reference_doctype": self.doctype, "reference_name": self.name, "communication_medium": "Event"}
        return frappe.get_all("Communication", filters, pluck="name") or [""]

    def on_trash(self) -> None:
        """Take it from the timelines, and from Google."""
        if self.google_calendar_event_id:
            _google().delete_event_from_google_calendar(self)
        for name in self._kept():
            if name:
                frappe.delete_doc("Communication", name, ignore_permissions=True, force=True)


def _google() -> Any:
    from frappe.integrations.doctype.google_calendar import google_calendar  # few sites talk to Google

    return google_calendar


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see an event: public ones, their own, those they take part in or that are shared."""
    who = user or frappe.session.user
    if doc.event_type == "Public" or who in ("Administrator", doc.owner) or doc.is_new():
        return True
    if any(row.reference_doctype == "User" and row.reference_docname == who for row in doc.event_participants):
        return ptype == "read"
    return bool(frappe.db.exists("DocShare", {"share_doctype": "Event", "share_name": doc.name, "user": who}))


def get_permission_query_conditions(user: str | None = None) -> str:
    """Give the SQL condition of the events a user sees in lists."""
    who = user or frappe.session.user
    if who == "Administrator":
        return ""
    name = frappe.db.escape(who)
    part = (
        "select parent from `tabEvent Participants` where parenttype = 'Event'"
        f" and reference_doctype = 'User' and reference_docname = {name}"
    )
    return f"(`tabEvent`.event_type = 'Public' or `tabEvent`.owner = {name} or `tabEvent`.name in ({part}))"


# when


@frappe.whitelist()
def get_events(
    start: Any, end: Any, user: str | None = None, for_reminder: Any = False, filters: Any = None
) -> list[dict[str, Any]]:
    """Give the events between two days that a user sees, repeated ones once for each time."""
    if user and user != frappe.session.user:
        frappe.only_for("System Manager")
    first, last = getdate(start), getdate(end)
    either = [
        ["Event", "repeat_this_event", "=", 1],
        ["Event", "ends_on", ">=", str(first)],
        ["Event", "starts_on", ">=", str(first)],
    ]
    wanted: list[Any] = [["Event", "starts_on", "<=", f"{last} 23:59:59"], ["Event", "status", "=", "Open"]]
    given = filter_parameter({"filters": filters}, "filters") or []
    wanted += given if isinstance(given, list) else [["Event", key, "=", value] for key, value in given.items()]
    check_filter_fields("Event", wanted)
    if cint(for_reminder):
        wanted.append(["Event", "send_reminder", "=", 1])
    rows = _as_user(user, wanted, either)
    found = [shown for row in rows for shown in _shown(row, first, last)]
    return sorted(found, key=lambda event: str(event["starts_on"]))


def _as_user(user: str | None, filters: list[Any], either: list[Any]) -> list[Any]:
    return frappe.get_list(
        "Event", fields=list(SHOWN), filters=filters, or_filters=either, limit_page_length=0,
        user=user or frappe.session.user,
    )  # fmt: skip


def _shown(event: Any, first: date, last: date) -> Iterator[dict[str, Any]]:
    begins = get_datetime(event.starts_on)
    lasts = get_datetime(event.ends_on) - begins if event.ends_on else None
    for day in occurrences(event, first, last):
        moved = datetime.combine(day, begins.time())
        yield frappe._dict(event, starts_on=moved, ends_on=moved + lasts if lasts is not None else None)


def occurrences(event: Any, first: date, last: date) -> Iterator[date]:
    """Give the days between two days on which an event begins; one that does not repeat also when it began before.

    `event` has `starts_on`, `ends_on`, `repeat_this_event`, `repeat_on`, `repeat_till` and a mark per weekday.
    """
    begin = getdate(event.starts_on)
    if not event.repeat_this_event:
        if begin <= last and getdate(event.ends_on or event.starts_on) >= first:
            yield begin
        return
    until = min(last, getdate(event.repeat_till)) if event.repeat_till else last
    if event.repeat_on in MONTHS:
        yield from _monthly(begin, MONTHS[event.repeat_on], first, until)
        return
    day = max(begin, first)
    while day <= until:
        if _repeats_on(event, begin, day):
            yield day
        day += timedelta(days=1)


def _repeats_on(event: Any, begin: date, day: date) -> bool:
    if event.repeat_on == "Daily":
        return True
    marked = [index for index, name in enumerate(WEEKDAYS) if cint(event.get(name))]
    return day.weekday() in (marked or [begin.weekday()])


def _monthly(begin: date, months: int, first: date, until: date) -> Iterator[date]:
    """The same day of the month, the last one where a month is shorter."""
    number = 0
    while True:
        month = begin.month - 1 + number * months
        year, month = begin.year + month // 12, month % 12 + 1
        day = date(year, month, min(begin.day, calendar.monthrange(year, month)[1]))
        if day > until:
            return
        if day >= first:
            yield day
        number += 1


# telling


def send_event_digest() -> None:
    """Send each user who wants it the events of today; run once a day. Commits user by user."""
    today = nowdate()
    readers = frappe.get_all(
        "User", {"enabled": 1, "user_type": "System User", "name": ["not in", ["Administrator", "Guest"]]},
        ["name", "email", "language"],
    )  # fmt: skip
    for reader in readers:
        events = get_events(today, today, reader.name, for_reminder=True)
        if not events:
            continue
        lines = "".join(
            f"<li>{escape_html(format_datetime(event.starts_on))} — {escape_html(event.subject)}</li>"
            for event in events
        )
        words = _("Upcoming Events for Today", lang=reader.language)
        frappe.sendmail(
            recipients=[reader.email or reader.name], subject=words, message=f"<h3>{words}</h3><ul>{lines}</ul>",
            add_unsubscribe_link=0,
        )  # fmt: skip
        frappe.db.commit()


@frappe.whitelist(methods=["POST", "PUT"])
def delete_communication(event: Any, reference_doctype: str, reference_docname: str) -> dict[str, Any]:
    """Take an event from the timeline of one who took part; gives how many entries are gone."""
    is_object = isinstance(event, dict) or str(event).startswith("{")
    document = frappe.get_doc("Event", str(dict_parameter(event, "event").name if is_object else event))
    document.check_permission("write")
    rows = frappe.get_all(
        "Communication Link",
        {"link_doctype": reference_doctype, "link_name": reference_docname, "parent": ["in", document._kept()]},
        pluck="parent",
    )
    for name in rows:
        frappe.delete_doc("Communication", name, ignore_permissions=True, force=True)
    return {"deleted": len(rows)}
