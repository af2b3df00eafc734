"""What changed in calendars at Google comes here as events.

Google lists all events the first time, and with the token of the last time only what changed since; a token it no longer
knows (410) means: all of them again. Events and the new token are written in one transaction, so a run that fails is
simply done again.

Invariant: an event at Google is one event here, whichever side it was made on; what comes from there is not written back.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.integrations.doctype.google_calendar.google_calendar import (
    get_google_calendar_object,
    google_calendar_to_repeat_on,
)
from frappe.integrations.google_service import GoogleError

PAGE = 2000
TOKEN_GONE = 410
CANCELLED = "cancelled"


def pull_all() -> str:
    """Fetch from all calendars that want it; one that fails is logged and stops no other. Commits each."""
    wanted = {"enable": 1, "pull_from_google_calendar": 1}
    said = []
    for name in frappe.get_all("Google Calendar", wanted, pluck="name", order_by="creation"):
        try:
            said.append(pull_one(name))
            frappe.db.commit()
        except Exception:  # noqa: BLE001 - one calendar's trouble stops no other, and is kept for who looks after it
            frappe.db.rollback()
            frappe.log_error(f"Google Calendar {name}", reference_doctype="Google Calendar", reference_name=name)
            frappe.db.commit()
    return " ".join(text for text in said if text)


def pull_one(name: str) -> str | None:
    """Fetch what changed in one calendar; None when it is not to be fetched. Raises `ValidationError`."""
    service, account = get_google_calendar_object(name)
    if not (account.enable and account.pull_from_google_calendar):
        return None
    try:
        events, token = _changes(service, account)
    except GoogleError as error:
        frappe.throw(_("Google Calendar did not give the events of {0}: {1}").format(name, str(error)))
    taken = sum(_take(account, event) for event in events)
    account.db_set("next_sync_token", token, update_modified=False)
    return _("{0} events came from Google Calendar.").format(taken)


def _changes(service: Any, account: Any) -> tuple[list[dict[str, Any]], str | None]:
    token = account.get_password("next_sync_token", raise_exception=False)
    try:
        return _pages(service, account, token)
    except GoogleError as error:
        if error.status != TOKEN_GONE or not token:
            raise
        return _pages(service, account, None)


def _pages(service: Any, account: Any, token: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Give all events of a list, page by page, and the token that says where the next list goes on."""
    found: list[dict[str, Any]] = []
    page: str | None = None
    while True:
        call = service.events().list(
            calendarId=account.google_calendar_id, maxResults=PAGE, pageToken=page, syncToken=token
        )
        answer = call.execute()
        found += answer.get("items") or []
        page = answer.get("nextPageToken")
        if not page:
            return found, answer.get("nextSyncToken")


def _take(account: Any, event: dict[str, Any]) -> int:
    """Write one event; gives 1 when something was written. One that can't be an event here is logged and left out."""
    mark = f"google_{frappe.generate_hash(length=8)}"
    frappe.db.savepoint(mark)
    try:
        written = _write(account, event)
        frappe.db.release_savepoint(mark)
    except frappe.ValidationError:
        frappe.db.rollback(save_point=mark)
        frappe.clear_last_message()
        frappe.log_error(
            f"Google Calendar: {event.get('id')}", reference_doctype="Google Calendar", reference_name=account.name
        )
        return 0
    return int(written)


def _write(account: Any, event: dict[str, Any]) -> bool:
    place = {"google_calendar_id": account.google_calendar_id, "google_calendar_event_id": event.get("id")}
    names = {"google_calendar": account.name, "google_calendar_event_id": event.get("id")}
    name = frappe.db.exists("Event", place) or frappe.db.exists("Event", names)
    if event.get("status") == CANCELLED:
        return _close(name)
    document = frappe.get_doc("Event", name) if name else _new(account, place)
    document.update(_values(event))
    document.flags.from_google_calendar = True
    document.save(ignore_permissions=True) if name else document.insert(ignore_permissions=True)
    return True


def _close(name: Any) -> bool:
    """An event that was taken away at Google is closed here, and says why."""
    if not name:
        return False
    document = frappe.get_doc("Event", name)
    if document.status == "Closed":
        return False
    document.status = "Closed"
    document.flags.from_google_calendar = True
    document.save(ignore_permissions=True)
    document.add_comment("Info", _("Deleted in Google Calendar"))
    return True


def _new(account: Any, place: dict[str, Any]) -> Any:
    return frappe.get_doc(
        {
            "doctype": "Event",
            "owner": account.user,
            "event_type": "Public" if account.sync_as_public else "Private",
            "google_calendar": account.name,
            "sync_with_google_calendar": 1,
            "pulled_from_google_calendar": 1,
            **place,
        }
    )


def _values(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": event.get("summary") or _("No Subject"),
        "description": event.get("description"),
        "location": event.get("location"),
        "google_meet_link": event.get("hangoutLink"),
        "status": "Open",
        **google_calendar_to_repeat_on(start=event["start"], end=event["end"], recurrence=event.get("recurrence")),
    }
