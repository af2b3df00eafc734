"""A site that is sent hostile requests, and what must hold after each of them."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from frappe_engine.http.app import Application
from frappe_engine.testing import TestSite, temporary_site
from hostile import ARITHMETIC, CANARY
from werkzeug.test import Client, TestResponse

ADMINISTRATOR, CLERK, STAFF = "token adminkey:adminsecret", "token clerkkey:clerksecret", "token staffkey:staffsecret"
NOT_STAFFS = ("Administrator", "System Manager", "Script Manager", "Guest", "All", "Desk User")
EXPECTED_5XX = frozenset({503})
KEEPS_REFUSALS = ("/api/method/login",)  # a sign-in that failed is kept in the Activity Log


@dataclass(frozen=True)
class Sent:
    """One request, so that a failure can be repeated."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorization: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path} query={self.query!r} body={self.body!r} as {self.authorization}"


class SiteUnderFire:
    """A fresh site; `send` asks it and gives what is wrong with the answer."""

    def __init__(self, apps: tuple[str, ...]) -> None:
        self.apps = apps
        self.sent = 0
        self._made: AbstractContextManager[TestSite] | None = None
        self.renew()

    def renew(self) -> None:
        """Take a fresh site: the last one was changed beyond use."""
        self.close()
        self._made = temporary_site(self.apps)
        self.site = self._made.__enter__()
        with self.site.connected():
            prepare()
        self.client = Client(Application(self.site.sites_path, self.site.name), use_cookies=False)
        self.watch = Watch(self.site)

    def close(self) -> None:
        """Leave the site."""
        if self._made is not None:
            self.watch.close()
            self._made.__exit__(None, None, None)
            self._made = None

    def send(self, sent: Sent) -> str | None:
        """Send a request; give what is wrong with what followed, None when nothing is."""
        self.sent += 1
        self.watch.begin()
        answer = self.ask(sent)
        wrong = self.fault_in(sent, answer)
        if sent.method != "GET" and answer.status_code < 400 and not self.is_usable():
            self.renew()
        return f"{wrong}: {sent}" if wrong else None

    def ask(self, sent: Sent) -> TestResponse:
        """Give the answer to a request."""
        headers = {"Accept": "application/json"}
        if sent.authorization:
            headers["Authorization"] = sent.authorization
        options: dict[str, Any] = {"json": sent.body} if sent.body is not None else {}
        return self.client.open(
            sent.path, method=sent.method, query_string=sent.query, headers=headers, buffered=True, **options
        )

    def fault_in(self, sent: Sent, answer: TestResponse) -> str | None:
        """Say what is wrong: a fault of the server, a change by a refused request, something that leaked or was evaluated."""
        if answer.status_code >= 500 and answer.status_code not in EXPECTED_5XX:
            return f"{answer.status_code} {reason(answer)}"
        if answer.status_code >= 400:
            if self.watch.has_changed() and sent.path not in KEEPS_REFUSALS:
                return f"{answer.status_code}, and yet something was stored"
            if not says_why(answer):
                return f"{answer.status_code} without a word"
        text = answer.get_data().decode(errors="replace")
        if ARITHMETIC in text:
            return "a sum in a value was evaluated"
        if CANARY in text and sent.authorization != ADMINISTRATOR:
            return "a secret was given away"
        if "root:x:0" in text:
            return "a file of the machine was given away"
        return None

    def is_usable(self) -> bool:
        """Tell whether the site still knows its users, after a request that was allowed to change it."""
        for authorization in (ADMINISTRATOR, CLERK, STAFF):
            probe = Sent("GET", "/api/resource/ToDo", {"limit": "1"}, None, authorization)
            if self.ask(probe).status_code != 200:
                return False
        return True


class Watch:
    """Tells whether anything was committed since it began: SQLite counts the changes others make to its file."""

    def __init__(self, site: TestSite) -> None:
        with site.connected() as context:
            path = context.db.driver.path if context.db.is_sqlite else None
        self.counter = sqlite3.connect(path) if path else None
        self.version = 0

    def begin(self) -> None:
        """Remember how things are."""
        self.version = self._count()

    def has_changed(self) -> bool:
        """Tell whether something was stored since."""
        return self._count() != self.version

    def close(self) -> None:
        """Let the file go."""
        if self.counter is not None:
            self.counter.close()

    def _count(self) -> int:
        return int(self.counter.execute("PRAGMA data_version").fetchone()[0]) if self.counter else 0


def reason(answer: TestResponse) -> str:
    """Give the last line of the fault, and the last place in our code."""
    body = answer.json if answer.is_json else {}
    trace = (json.loads(body.get("exc") or "[]") or [""])[0]
    places = [line.strip() for line in trace.splitlines() if "/apps/" in line]
    where = os.path.basename(places[-1].split('"')[1]) + places[-1].split('"')[2] if places else ""
    return f"{body.get('exception') or answer.get_data().decode(errors='replace')[:200]} ({where})"


def says_why(answer: TestResponse) -> bool:
    """Tell whether a refusal has a body that names its kind."""
    body = answer.json if answer.is_json else None
    return not isinstance(body, dict) or bool(body.get("exc_type") or body.get("errors") or body.get("error"))


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, list[dict[str, Any]], dict[str, Any]]]:
    """Give (verb, path, parameters, properties of the body) of every operation of a description."""
    shared = description["components"]["parameters"]
    for path, item in description["paths"].items():
        for verb in ("get", "post", "put", "patch", "delete"):
            if verb not in item:
                continue
            given = [*item.get("parameters", ()), *item[verb].get("parameters", ())]
            parameters = [shared[entry["$ref"].rsplit("/", 1)[1]] if "$ref" in entry else entry for entry in given]
            content = item[verb].get("requestBody", {}).get("content", {})
            schema = next(iter(content.values()), {}).get("schema", {})
            yield verb.upper(), path, parameters, properties_of(schema, description)


def properties_of(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    """Give the properties of a schema, through references and `allOf`."""
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        found.update(properties_of(part, description))
    return found


def filled(path: str, names: dict[str, str]) -> str:
    """Put names into a path."""
    for key, value in names.items():
        path = path.replace(f"{{{key}}}", quote(value, safe=""))
    return path


def prepare() -> None:
    """Make a user without roles, one with every role but those that manage the system, and a secret neither may read."""
    import frappe

    frappe.db.set_single_value("System Settings", {"setup_complete": 1, "language": "en", "allow_error_traceback": 1})
    make_user("clerk", [])
    make_user("staff", frappe.get_all("Role", {"name": ["not in", NOT_STAFFS]}, pluck="name"))
    admin = frappe.get_doc("User", "Administrator")
    admin.update({"api_key": "adminkey", "api_secret": "adminsecret", "language": "en", "bio": CANARY})
    admin.save()
    frappe.get_doc({"doctype": "Error Log", "method": CANARY, "error": CANARY}).insert()
    task = {"doctype": "ToDo", "description": CANARY, "allocated_to": "Administrator"}
    frappe.get_doc(task).insert()
    frappe.get_doc({**task, "description": "mine", "allocated_to": "clerk@example.com"}).insert()
    frappe.get_doc({"doctype": "File", "file_name": "secret.txt", "content": CANARY, "is_private": 1}).insert()
    frappe.db.commit()


def make_user(name: str, roles: list[str]) -> None:
    """Make a user of the desk, with keys."""
    import frappe

    values = {"doctype": "User", "email": f"{name}@example.com", "first_name": name.title(), "send_welcome_email": 0}
    held = [{"role": role} for role in roles]
    user = frappe.get_doc({**values, "user_type": "System User", "roles": held}).insert()
    user.update({"api_key": f"{name}key", "api_secret": f"{name}secret", "language": "en"})
    user.save()
