"""Google: consent and tokens, and events of this site in calendars there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from frappe.integrations import google_oauth, google_service
from frappe.integrations.doctype.google_calendar import google_calendar


class Google(BaseHTTPRequestHandler):
    """Answers as Google does, and keeps what it was asked."""

    asked: list[tuple[str, str, Any, str]]
    lists: list[Any]  # what lists of events are answered with, in turn: pages, or a status of HTTP
    refuse = 0

    def answer(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        body = json.loads(text) if text.startswith("{") else {k: v[0] for k, v in parse_qs(text).items()}
        self.asked.append((self.command, self.path, body, self.headers.get("Authorization") or ""))
        if self.refuse and "/events" in self.path:
            return self.give({"error": "no"}, self.refuse)
        if self.path == "/token":
            bad = body.get("code") == "bad"
            return self.give({"error": "invalid_grant"} if bad else {"access_token": "A1", "refresh_token": "R1"})
        if self.command == "GET" and "/events" in self.path and self.lists:
            found = self.lists.pop(0)
            return self.give({}, found) if isinstance(found, int) else self.give(found)
        found = "event-1" if "/events" in self.path else "calendar-1"
        return self.give({"id": found, "hangoutLink": "https://meet.example.com/1"})

    def give(self, content: Any, status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names http.server asks for

    def log_message(self, *_words: object) -> None:
        """Keep quiet."""


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Google]]:
    """A server that stands for Google."""
    handler = type("Handler", (Google,), {"asked": [], "lists": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(google_oauth, "TOKEN_URL", f"{address}/token")
    monkeypatch.setattr(google_service.CalendarService.__init__, "__defaults__", (address,))
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator, and known to Google."""
    settings = frappe_connected.get_single("Google Settings")
    settings.update({"enable": 1, "client_id": "me", "client_secret": "hush", "api_key": "key", "app_id": "app"})
    settings.save()
    return frappe_connected


@pytest.fixture
def calendar(frappe: Any) -> Any:
    """A calendar whose user has consented."""
    values = {"doctype": "Google Calendar", "calendar_name": "GT Calendar", "user": "Administrator"}
    return frappe.get_doc({**values, "refresh_token": "R0"}).insert()


def event(frappe: Any, calendar: Any, **values: Any) -> Any:
    plain = {
        "subject": "Meet",
        "event_type": "Private",
        "starts_on": "2026-01-05 10:00:00",
        "sync_with_google_calendar": 1,
    }
    return frappe.get_doc({"doctype": "Event", **plain, "google_calendar": calendar.name, **values})


def test_settings_must_be_enabled_and_complete(frappe: Any) -> None:
    frappe.db.set_single_value("Google Settings", "enable", 0)
    with pytest.raises(frappe.ValidationError, match="enable"):
        google_oauth.GoogleOAuth("calendar")
    with pytest.raises(frappe.ValidationError, match="enable"):
        frappe.get_doc({"doctype": "Google Calendar", "calendar_name": "x", "user": "Guest"}).insert()
    with pytest.raises(KeyError):
        google_oauth.GoogleOAuth("weather")


def test_a_user_is_sent_to_google_and_comes_back_with_a_code(frappe: Any, calendar: Any, google: Any) -> None:
    url = google_calendar.authorize_access(calendar.name)["url"]
    query = {key: value[0] for key, value in parse_qs(urlparse(url).query).items()}
    assert query["client_id"] == "me"
    assert query["scope"].endswith("/auth/calendar")
    frappe.db.commit = lambda: None  # the test's own transaction goes on
    google_oauth.callback(query["state"], code="good")
    assert frappe.local.response["location"] == f"/app/google-calendar/{calendar.name}"
    assert frappe.get_doc("Google Calendar", calendar.name).get_password("refresh_token") == "R1"
    assert google.asked[0][2]["client_secret"] == "hush"


def test_a_refusal_of_google_is_told(frappe: Any, calendar: Any, google: Any) -> None:
    with pytest.raises(frappe.ValidationError, match="invalid_grant"):
        google_oauth.GoogleOAuth("calendar").authorize("bad")
    state = json.dumps({"domain": "calendar", "calendar": calendar.name})
    with pytest.raises(frappe.ValidationError, match="access_denied"):
        google_oauth.callback(state, error="access_denied")
    with pytest.raises(frappe.PermissionError):
        google_oauth.callback(json.dumps({"domain": "nobody"}), code="x")


def test_only_those_who_may_change_a_calendar_let_the_site_in(frappe: Any, calendar: Any) -> None:
    frappe.set_user("Guest")
    with pytest.raises(frappe.PermissionError):
        google_calendar.authorize_access(calendar.name)


def test_an_event_is_written_changed_and_taken_away(frappe: Any, calendar: Any, google: Any) -> None:
    meeting = event(frappe, calendar, add_video_conferencing=1).insert()
    assert (meeting.google_calendar_event_id, meeting.google_meet_link) == ("event-1", "https://meet.example.com/1")
    meeting.subject = "Meet later"
    meeting.save()
    meeting.delete()
    calls = [(verb, urlparse(path).path) for verb, path, _body, _token in google.asked if "/events" in path]
    place = "/calendars/calendar-1/events"
    assert calls == [("POST", place), ("PUT", f"{place}/event-1"), ("DELETE", f"{place}/event-1")]
    changed = next(body for verb, _path, body, _token in google.asked if verb == "PUT")
    assert (changed["summary"], changed["conferenceData"]["createRequest"]["requestId"]) == ("Meet later", meeting.name)
    assert {token for _verb, path, _body, token in google.asked if "/events" in path} == {"Bearer A1"}


def test_an_event_that_google_does_not_take_stays(frappe: Any, calendar: Any, google: Any) -> None:
    google.refuse = 403
    meeting = event(frappe, calendar).insert()
    assert not meeting.google_calendar_event_id
    assert "403" in frappe.get_message_log()[-1]["message"]
    assert frappe.db.exists("Event", meeting.name)


def test_events_that_are_not_meant_for_google_stay_here(frappe: Any, calendar: Any, google: Any) -> None:
    event(frappe, calendar, sync_with_google_calendar=0).insert()
    calendar.db_set("push_to_google_calendar", 0)
    event(frappe, calendar).insert()
    assert google.asked == []
    with pytest.raises(frappe.ValidationError, match="Google Calendar"):
        event(frappe, calendar, google_calendar=None).insert()


def test_a_calendar_nobody_let_the_site_into_is_named(frappe: Any, calendar: Any) -> None:
    calendar.db_set("refresh_token", "")
    frappe.utils.password.remove_encrypted_password("Google Calendar", calendar.name, "refresh_token")
    with pytest.raises(frappe.ValidationError, match="GT Calendar"):
        google_calendar.get_google_calendar_object(calendar.name)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"repeat_on": "Weekly", "monday": 1, "friday": 1}, "RRULE:FREQ=WEEKLY;BYDAY=MO,FR"),
        ({"repeat_on": "Daily", "repeat_till": "2026-03-01"}, "RRULE:FREQ=DAILY;UNTIL=20260301T235959Z"),
        ({"repeat_on": "Quarterly"}, "RRULE:FREQ=MONTHLY;INTERVAL=3"),
    ],
)
def test_repeating_is_written_as_google_reads_it(frappe: Any, values: dict[str, Any], rule: str) -> None:
    document = frappe.get_doc({"doctype": "Event", "repeat_this_event": 1, **values})
    assert google_calendar.repeat_on_to_google_calendar_recurrence_rule(document) == [rule]


def test_repeating_is_read_as_google_writes_it(frappe: Any) -> None:
    start, end = {"date": "2026-01-05"}, {"date": "2026-01-06"}
    rule = ["RRULE:FREQ=WEEKLY;UNTIL=20260301T000000Z;BYDAY=MO,WE"]
    fields = google_calendar.google_calendar_to_repeat_on(start=start, end=end, recurrence=rule)
    assert (fields["repeat_on"], fields["repeat_till"], fields["all_day"]) == ("Weekly", date(2026, 3, 1), 1)
    assert [day for day in google_calendar.DAYS if fields[day]] == ["monday", "wednesday"]


def test_moments_are_written_with_the_zone_and_whole_days_to_their_end(frappe: Any) -> None:
    begins, ends = datetime(2026, 1, 5, 10), datetime(2026, 1, 5, 11)
    timed = google_calendar.format_date_according_to_google_calendar(0, begins, ends)
    assert timed["start"] == {"dateTime": "2026-01-05T10:00:00", "timeZone": frappe.utils.get_system_timezone()}
    whole = google_calendar.format_date_according_to_google_calendar(1, begins, ends)
    assert (whole["start"]["date"], whole["end"]["date"]) == ("2026-01-05", "2026-01-06")


# from Google


def at_google(number: int, **values: Any) -> dict[str, Any]:
    """An event as Google lists it."""
    day = f"2026-01-{number:02d}"
    hours = {"start": {"dateTime": f"{day}T10:00:00Z"}, "end": {"dateTime": f"{day}T11:00:00Z"}}
    return {"id": f"g{number}", "summary": f"Talk {number}", "status": "confirmed", **hours, **values}


def pulled(frappe: Any, *fields: str) -> list[tuple[Any, ...]]:
    rows = frappe.get_all("Event", {"pulled_from_google_calendar": 1}, list(fields), order_by="starts_on", as_list=True)
    return [tuple(row) for row in rows]


def queries(google: Any) -> list[dict[str, str]]:
    """What Google was asked for lists of events."""
    asked = [urlparse(path).query for verb, path, _body, _token in google.asked if verb == "GET" and "/events" in path]
    return [{key: value[0] for key, value in parse_qs(query).items()} for query in asked]


def test_events_come_page_by_page_and_then_only_what_changed(frappe: Any, calendar: Any, google: Any) -> None:
    google.lists = [
        {"items": [at_google(5)], "nextPageToken": "P2"},
        {"items": [at_google(6)], "nextSyncToken": "S1"},
        {"items": [at_google(6, summary="Later")], "nextSyncToken": "S2"},
    ]
    assert "2" in str(google_calendar.sync(calendar.name))
    assert pulled(frappe, "subject", "event_type", "owner") == [
        (f"Talk {n}", "Private", "Administrator") for n in (5, 6)
    ]
    assert "1" in str(google_calendar.sync(calendar.name))
    assert pulled(frappe, "subject") == [("Talk 5",), ("Later",)]
    assert [(asked.get("pageToken"), asked.get("syncToken")) for asked in queries(google)] == [
        (None, None), ("P2", None), (None, "S1"),
    ]  # fmt: skip
    assert {verb for verb, path, _body, _token in google.asked if "/events" in path} == {"GET"}  # nothing goes back


def test_an_event_taken_away_at_google_is_closed(frappe: Any, calendar: Any, google: Any) -> None:
    google.lists = [
        {"items": [at_google(5)], "nextSyncToken": "S1"},
        {"items": [{"id": "g5", "status": "cancelled"}, {"id": "unknown", "status": "cancelled"}]},
    ]
    google_calendar.sync(calendar.name)
    google_calendar.sync(calendar.name)
    assert pulled(frappe, "status") == [("Closed",)]


def test_a_change_at_google_of_an_event_made_here_comes_back_to_it(frappe: Any, calendar: Any, google: Any) -> None:
    meeting = event(frappe, calendar).insert()
    google.lists = [{"items": [at_google(7, id="event-1", summary="Moved")], "nextSyncToken": "S1"}]
    google_calendar.sync(calendar.name)
    meeting.reload()
    assert (meeting.subject, frappe.db.count("Event")) == ("Moved", 1)
    assert not [verb for verb, _path, _body, _token in google.asked if verb == "PUT"]


def test_a_token_that_google_forgot_begins_anew(frappe: Any, calendar: Any, google: Any) -> None:
    google.lists = [{"items": [], "nextSyncToken": "S1"}, 410, {"items": [at_google(5)], "nextSyncToken": "S3"}]
    google_calendar.sync(calendar.name)
    google_calendar.sync(calendar.name)
    assert pulled(frappe, "subject") == [("Talk 5",)]
    assert [asked.get("syncToken") for asked in queries(google)] == [None, "S1", None]


def test_whole_days_rhythms_and_events_without_words(frappe: Any, calendar: Any, google: Any) -> None:
    whole = {"start": {"date": "2026-01-05"}, "end": {"date": "2026-01-07"}, "summary": None}
    rules = ["RRULE:FREQ=WEEKLY", "RRULE:FREQ=MONTHLY;INTERVAL=3", "RRULE:FREQ=WEEKLY;INTERVAL=2"]
    repeated = [at_google(8 + number, recurrence=["EXDATE:20260101", rule]) for number, rule in enumerate(rules)]
    google.lists = [{"items": [at_google(5, **whole), *repeated]}]
    google_calendar.sync(calendar.name)
    found = pulled(frappe, "all_day", "repeat_this_event", "repeat_on", "thursday")
    assert found == [(1, 0, "", 0), (0, 1, "Weekly", 1), (0, 1, "Quarterly", 0), (0, 0, "", 0)]
    assert str(pulled(frappe, "ends_on")[0][0]) == "2026-01-06 00:00:00"


def test_an_event_that_can_not_be_one_here_is_logged_and_left_out(frappe: Any, calendar: Any, google: Any) -> None:
    backwards = {"end": {"dateTime": "2026-01-01T10:00:00Z"}}
    google.lists = [{"items": [at_google(5, **backwards), at_google(6)], "nextSyncToken": "S1"}]
    google_calendar.sync(calendar.name)
    assert pulled(frappe, "subject") == [("Talk 6",)]
    assert frappe.db.exists("Error Log", {"reference_doctype": "Google Calendar", "method": ["like", "%g5"]})


def test_a_calendar_is_fetched_only_where_it_is_wanted(frappe: Any, calendar: Any, google: Any) -> None:
    google.lists = [403]
    with pytest.raises(frappe.ValidationError, match="403"):
        google_calendar.sync(calendar.name)
    calendar.db_set("pull_from_google_calendar", 0)
    assert google_calendar.sync(calendar.name) is None
    frappe.set_user("Guest")
    with pytest.raises(frappe.PermissionError):
        google_calendar.sync(calendar.name)
    with pytest.raises(frappe.PermissionError):
        google_calendar.sync()


def test_one_calendar_that_fails_stops_no_other(own_site: Any, google: Any) -> None:
    import frappe

    with own_site.connected():
        settings = frappe.get_single("Google Settings")
        settings.update({"enable": 1, "client_id": "me", "client_secret": "hush"}).save()
        for name in ("First", "Second"):
            values = {"calendar_name": name, "user": "Administrator", "refresh_token": "R0", "google_calendar_id": name}
            frappe.get_doc({"doctype": "Google Calendar", **values}).insert()
        frappe.db.commit()
        google.lists = [500, {"items": [at_google(5)], "nextSyncToken": "S1"}]
        google_calendar.sync()
        assert pulled(frappe, "google_calendar") == [("Second",)]
        assert frappe.get_all("Error Log", {"reference_doctype": "Google Calendar"}, pluck="reference_name") == [
            "First"
        ]


def test_the_file_picker_is_told_what_it_needs(frappe: Any) -> None:
    from frappe.integrations.doctype.google_settings.google_settings import get_file_picker_settings

    assert get_file_picker_settings() == {}
    frappe.db.set_single_value("Google Settings", "google_drive_picker_enabled", 1)
    expected = {"enabled": True, "appId": "app", "developerKey": "key", "clientId": "me"}
    assert get_file_picker_settings() == expected
