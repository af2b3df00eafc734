"""Controller of the DocType Google Calendar, and the way of this site's events to Google.

Events marked for it are written to Google when they are made, changed and deleted. What is entered at Google comes here
with `sync` (see `pulling`).

Invariant: an event that Google did not take stays as it is here; the reason is logged and told.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.integrations.google_oauth import GoogleOAuth
from frappe.integrations.google_service import CalendarService, GoogleError
from frappe.model.document import Document
from frappe.utils import get_datetime, get_system_timezone, get_url, getdate

DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
RHYTHM = {"Daily": ("DAILY", 1), "Weekly": ("WEEKLY", 1), "Monthly": ("MONTHLY", 1), "Quarterly": ("MONTHLY", 3),
          "Half Yearly": ("MONTHLY", 6), "Yearly": ("YEARLY", 1)}  # fmt: skip
RHYTHM_HERE = {rhythm: name for name, rhythm in RHYTHM.items()}
GONE = (404, 410)


class GoogleCalendar(Document):
    """A calendar at Google into which events of this site are written, and from which events come."""

    def validate(self) -> None:
        """Refuse it while this site is not known to Google."""
        settings = frappe.get_single("Google Settings")
        if not settings.enable:
            frappe.throw(_("Please enable {0} before continuing.").format(_("Google Settings")))
        if not (settings.client_id and settings.client_secret):
            frappe.throw(_("Enter Client Id and Client Secret in Google Settings."))

    def get_access_token(self) -> str:
        """Give a fresh access token. Raises `ValidationError` while its user has not consented."""
        refresh_token = self.get_password("refresh_token", raise_exception=False)
        if not refresh_token:
            frappe.throw(_("{0} is not authorized yet: open it and authorize access.").format(self.name))
        return str(GoogleOAuth("calendar").refresh_access_token(refresh_token)["access_token"])


@frappe.whitelist(methods=["POST"])
def authorize_access(g_calendar: Any, reauthorize: Any = None) -> dict[str, str]:
    """Give, under `url`, the address where the user lets this site into a calendar."""
    calendar = frappe.get_doc("Google Calendar", g_calendar)
    calendar.check_permission("write")
    return GoogleOAuth("calendar").get_authentication_url({"calendar": calendar.name})


def take_consent(state: dict[str, Any], code: str | None, error: str | None) -> str:
    """Keep the tokens of a user who comes back from Google; give the path of the calendar's form."""
    calendar = frappe.get_doc("Google Calendar", str(state.get("calendar")))
    calendar.check_permission("write")
    if error or not code:
        frappe.throw(_("Google gave no access: {0}").format(error or ""))
    tokens = GoogleOAuth("calendar").authorize(str(code))
    if tokens.get("refresh_token"):
        calendar.refresh_token = tokens["refresh_token"]
    calendar.save()
    frappe.db.commit()  # a redirection follows, and the answer to a GET undoes what it wrote
    return f"/app/google-calendar/{calendar.name}"


@frappe.whitelist(methods=["POST"])
def sync(g_calendar: str | None = None) -> str | None:
    """Fetch what changed at Google in one calendar, or in all that are enabled (as the hourly job does); say how much.

    Of all calendars, one that fails is logged and stops no other. Raises `ValidationError` where Google refuses one that
    was named, `PermissionError` when the user may not change it.
    """
    from frappe.integrations.doctype.google_calendar.pulling import pull_all, pull_one  # few sites talk to Google

    if g_calendar is None:
        frappe.only_for("System Manager")
        return pull_all()
    frappe.get_doc("Google Calendar", g_calendar).check_permission("write")
    return pull_one(g_calendar)


def get_google_calendar_object(g_calendar: str) -> tuple[Any, Any]:
    """Give the interface of a calendar and its document; its calendar at Google is made when it has none."""
    account = frappe.get_doc("Google Calendar", g_calendar)
    service = CalendarService(account.get_access_token())
    if not account.google_calendar_id:
        body = {"summary": account.calendar_name, "timeZone": get_system_timezone()}
        account.db_set("google_calendar_id", service.calendars().insert(body=body).execute()["id"])
    return service, account


# events of this site


def _calendar_of(doc: Any) -> tuple[Any, str]:
    service, account = get_google_calendar_object(doc.google_calendar)
    return service, doc.google_calendar_id or account.google_calendar_id


def _options(doc: Any) -> dict[str, Any]:
    return {"conferenceDataVersion": 1} if doc.add_video_conferencing else {}


def insert_event_in_google_calendar(doc: Any, method: str | None = None) -> None:
    """Write a new event to Google, where it is to be there."""
    if not _goes_to_google(doc):
        return
    service, calendar_id = _calendar_of(doc)
    answer = _told(
        doc,
        lambda: (
            service.events()
            .insert(calendarId=calendar_id, body=_body(doc), sendUpdates="all", **_options(doc))
            .execute()
        ),
    )
    if answer:
        _keep(doc, {"google_calendar_event_id": answer.get("id"), "google_meet_link": answer.get("hangoutLink")})


def update_event_in_google_calendar(doc: Any, method: str | None = None) -> None:
    """Write a changed event to Google, for the first time where it was not there."""
    if doc.is_new() or doc.flags.in_insert or not _goes_to_google(doc):
        return
    if not doc.google_calendar_event_id:
        if doc.get_doc_before_save():
            insert_event_in_google_calendar(doc)
        return
    service, calendar_id = _calendar_of(doc)
    answer = _told(
        doc,
        lambda: (
            service.events()
            .update(
                calendarId=calendar_id,
                eventId=doc.google_calendar_event_id,
                body=_body(doc),
                sendUpdates="all",
                **_options(doc),
            )
            .execute()
        ),
    )
    if answer:
        _keep(doc, {"google_meet_link": answer.get("hangoutLink")})


def delete_event_from_google_calendar(doc: Any, method: str | None = None) -> None:
    """Take a deleted event from Google; one that is gone there already is no fault."""
    if not (doc.google_calendar_event_id and _goes_to_google(doc)):
        return
    service, calendar_id = _calendar_of(doc)
    _told(doc, lambda: service.events().delete(calendarId=calendar_id, eventId=doc.google_calendar_event_id).execute())


def _goes_to_google(doc: Any) -> bool:
    if not doc.sync_with_google_calendar or doc.pulled_from_google_calendar or not doc.google_calendar:
        return False
    if doc.flags.from_google_calendar:  # what comes from there does not go back
        return False
    wanted = frappe.db.get_value("Google Calendar", doc.google_calendar, ["enable", "push_to_google_calendar"])
    return bool(wanted and all(wanted))


def _told(doc: Any, call: Any) -> Any:
    try:
        return call()
    except GoogleError as error:
        if error.status in GONE:
            return None
        doc.log_error(title="Google Calendar")
        frappe.msgprint(
            _("Google Calendar did not take the event {0}: {1}").format(doc.name, str(error)), indicator="red"
        )
        return None


def _keep(doc: Any, values: dict[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if value and value != doc.get(name)}
    if changed:
        doc.db_set(changed, update_modified=False)


def _body(doc: Any) -> dict[str, Any]:
    body = {
        "summary": doc.subject,
        "description": doc.description,
        "location": doc.location,
        "recurrence": repeat_on_to_google_calendar_recurrence_rule(doc) if doc.repeat_this_event else [],
        "attendees": get_attendees(doc),
        "status": "cancelled" if doc.status == "Cancelled" else "confirmed",
        **format_date_according_to_google_calendar(doc.all_day, doc.starts_on, doc.ends_on),
    }
    return {**body, **get_conference_data(doc)} if doc.add_video_conferencing else body


def get_attendees(doc: Any) -> list[dict[str, str]]:
    """Give those who take part and have an address, as Google wants them."""
    return [{"email": row.email} for row in doc.event_participants if row.email]


def get_conference_data(doc: Any) -> dict[str, Any]:
    """Give what makes Google add a video meeting to an event."""
    request = {"requestId": doc.name, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
    return {"conferenceData": {"createRequest": request}}


def format_date_according_to_google_calendar(all_day: Any, starts_on: Any, ends_on: Any = None) -> dict[str, Any]:
    """Give start and end as Google wants them: days for whole days, moments with the time zone of the site else."""
    begins = get_datetime(starts_on)
    ends = get_datetime(ends_on) if ends_on else begins + timedelta(minutes=10)
    if all_day:
        last = ends.date() + timedelta(days=1)  # Google does not count the day of the end
        values = {"start": {"date": str(begins.date())}, "end": {"date": str(last)}}
    else:
        values = {"start": {"dateTime": begins.isoformat()}, "end": {"dateTime": ends.isoformat()}}
    zone = {"timeZone": get_system_timezone()}
    return {name: {**value, **zone} for name, value in values.items()}


# repeating


def repeat_on_to_google_calendar_recurrence_rule(doc: Any) -> list[str]:
    """Give the rule (RFC 5545) after which an event repeats, in a list."""
    frequency, interval = RHYTHM[doc.repeat_on]
    parts = [f"FREQ={frequency}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    days = [short for name, short in DAYS.items() if doc.get(name)]
    if frequency == "WEEKLY" and days:
        parts.append(f"BYDAY={','.join(days)}")
    if doc.repeat_till:
        parts.append(f"UNTIL={getdate(doc.repeat_till):%Y%m%d}T235959Z")
    return [f"RRULE:{';'.join(parts)}"]


def google_calendar_to_repeat_on(*, start: Any, end: Any, recurrence: Any = None) -> dict[str, Any]:
    """Give the fields of an event from Google's start, end and rule; a rhythm events here don't know is left out."""
    ends_on = parse_google_calendar_date(end)
    fields: dict[str, Any] = {
        "starts_on": parse_google_calendar_date(start),
        "ends_on": ends_on - timedelta(days=1) if "date" in end else ends_on,  # Google does not count that day
        "all_day": int("date" in start),
        "repeat_this_event": int(bool(recurrence)),
        "repeat_on": None,
        "repeat_till": None,
        **dict.fromkeys(DAYS, 0),
    }
    if recurrence:
        lines = [recurrence] if isinstance(recurrence, str) else list(recurrence)
        rule = next((line for line in lines if line.startswith("RRULE")), lines[0])
        fields.update(_repeats(rule, getdate(fields["starts_on"])))
    return fields


def _repeats(rule: str, starts_on: date) -> dict[str, Any]:
    parts = dict(re.findall(r"([A-Z]+)=([^;]+)", rule))
    rhythm = RHYTHM_HERE.get((parts.get("FREQ", ""), int(parts.get("INTERVAL", "1"))))
    if rhythm is None or "COUNT" in parts:
        return {"repeat_this_event": 0}
    until = parts.get("UNTIL", "")[:8]
    days = set(parts.get("BYDAY", "").split(","))
    if rhythm == "Weekly" and "BYDAY" not in parts:
        days = {list(DAYS.values())[starts_on.weekday()]}
    return {
        "repeat_on": rhythm,
        "repeat_till": datetime.strptime(until, "%Y%m%d").date() if until else None,
        **{name: int(rhythm == "Weekly" and short in days) for name, short in DAYS.items()},
    }


def parse_google_calendar_date(dt: dict[str, str]) -> datetime | date:
    """Give what Google says of a start or end: a day, or a moment on the clock of this site."""
    if "date" in dt:
        return getdate(dt["date"])
    moment = datetime.fromisoformat(dt["dateTime"].replace("Z", "+00:00"))
    return frappe.utils.convert_utc_to_system_timezone(moment).replace(tzinfo=None) if moment.tzinfo else moment


def get_authentication_url(client_id: str | None = None, redirect_uri: str | None = None) -> dict[str, str]:
    """Give, under `url`, the address of Google's consent for calendars."""
    from frappe.integrations.google_oauth import AUTHORIZE_URL, SCOPES

    query = (
        f"access_type=offline&response_type=code&prompt=consent&client_id={client_id}&include_granted_scopes=true"
        f"&scope={SCOPES['calendar']}&redirect_uri={redirect_uri or get_url()}"
    )
    return {"url": f"{AUTHORIZE_URL}?{query}"}
