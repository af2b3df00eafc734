"""Google's REST interfaces as their own Python client spells them: `service.events().insert(calendarId=…).execute()`.

Invariant: a call goes out when `execute` is called, once, with the access token of its account.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

CALENDAR_URL = "https://www.googleapis.com/calendar/v3"
SECONDS = 20
ROUTES = {
    ("events", "insert"): ("POST", "/calendars/{calendarId}/events"),
    ("events", "get"): ("GET", "/calendars/{calendarId}/events/{eventId}"),
    ("events", "update"): ("PUT", "/calendars/{calendarId}/events/{eventId}"),
    ("events", "patch"): ("PATCH", "/calendars/{calendarId}/events/{eventId}"),
    ("events", "delete"): ("DELETE", "/calendars/{calendarId}/events/{eventId}"),
    ("events", "list"): ("GET", "/calendars/{calendarId}/events"),
    ("calendars", "get"): ("GET", "/calendars/{calendarId}"),
    ("calendars", "insert"): ("POST", "/calendars"),
}


class GoogleError(Exception):
    """Google answered with an error; `status` is that of HTTP."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class Call:
    """One call that is ready to go out."""

    def __init__(self, verb: str, url: str, token: str, query: dict[str, Any], body: Any) -> None:
        self.verb, self.url, self.token, self.query, self.body = verb, url, token, query, body

    def execute(self) -> Any:
        """Send it and give what came back, None for an empty answer. Raises `GoogleError`."""
        import requests  # few sites talk to Google

        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(
            self.verb, self.url, params=self.query, json=self.body, headers=headers, timeout=SECONDS
        )
        if answer.status_code >= 400:
            raise GoogleError(answer.status_code, answer.text[:500])
        return answer.json() if answer.content else None


class Collection:
    """The calls on one kind of resource."""

    def __init__(self, name: str, base: str, token: str) -> None:
        self.name, self.base, self.token = name, base, token

    def __getattr__(self, action: str) -> Any:
        route = ROUTES.get((self.name, action))
        if route is None:
            raise AttributeError(f"{self.name}.{action}")
        verb, path = route

        def call(body: Any = None, **values: Any) -> Call:
            taken = {name: quote(str(value), safe="") for name, value in values.items() if f"{{{name}}}" in path}
            query = {name: value for name, value in values.items() if name not in taken and value is not None}
            return Call(verb, self.base + path.format(**taken), self.token, query, body)

        return call


class CalendarService:
    """Calendars and their events, for one account."""

    def __init__(self, token: str, base: str = CALENDAR_URL) -> None:
        self.token, self.base = token, base

    def events(self) -> Collection:
        """Events of calendars."""
        return Collection("events", self.base, self.token)

    def calendars(self) -> Collection:
        """Calendars."""
        return Collection("calendars", self.base, self.token)
