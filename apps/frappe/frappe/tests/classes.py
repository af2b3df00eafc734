"""Base classes of apps' tests.

`UnitTestCase` has the assertions; `IntegrationTestCase` (in version 15: `FrappeTestCase`) adds a connected site: records
of the DocType under test are made first, what the class wrote is undone after it.

Invariant: a class that commits nothing leaves the site as it was.
"""

# ruff: noqa: PT009 - unittest's assertions are what these classes are made of
from __future__ import annotations

import datetime
import sys
import unittest
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from frappe_engine.context import clock
from frappe_engine.testing.records import make_test_records
from frappe_engine.testing.statements import counted_statements

import frappe
from frappe.tests.helpers import change_settings
from frappe.utils import cint, cstr, flt, get_datetime

PRECISION = 9


class UnitTestCase(unittest.TestCase):
    """Assertions for documents, queries and texts."""

    maxDiff = None

    def assertSequenceSubset(self, larger: Sequence[Any], smaller: Sequence[Any], msg: str | None = None) -> None:  # noqa: N802
        """Assert that everything in `smaller` is in `larger`."""
        self.assertTrue(set(smaller).issubset(set(larger)), msg)

    def assertDocumentEqual(self, expected: Any, actual: Any) -> None:  # noqa: N802
        """Assert that a document has the expected values, rows included; numbers to nine digits."""
        wanted: Mapping[str, Any] = expected.as_dict() if hasattr(expected, "as_dict") else expected
        for name, value in wanted.items():
            if isinstance(value, list):
                rows = actual.get(name)
                self.assertEqual(len(value), len(rows), f"{name} should have as many rows")
                for row, actual_row in zip(value, rows, strict=True):
                    self.assertDocumentEqual(row, actual_row)
            else:
                self._assert_value(value, actual.get(name), name)

    def _assert_value(self, expected: Any, actual: Any, name: str) -> None:
        if isinstance(expected, float):
            self.assertAlmostEqual(expected, flt(actual), places=PRECISION, msg=f"{name} should be the same")
        elif isinstance(expected, (bool, int)):
            self.assertEqual(expected, cint(actual), msg=f"{name} should be the same")
        elif isinstance(expected, (datetime.date, datetime.time, datetime.timedelta)):
            self.assertEqual(cstr(expected), cstr(actual), msg=f"{name} should be the same")
        else:
            self.assertEqual(expected, actual, msg=f"{name} should be the same")

    def assertQueryEqual(self, first: Any, second: Any) -> None:  # noqa: N802
        """Assert that two statements are the same but for spaces, quotes and letter case."""
        self.assertEqual(self.normalize_sql(str(first)), self.normalize_sql(str(second)))

    def normalize_sql(self, query: str) -> str:
        """Give a statement in one form."""
        import sqlglot

        return sqlglot.transpile(query.replace('"', "`"), read="mysql", write="mysql", normalize=True, pretty=True)[
            0
        ].lower()

    def normalize_html(self, code: str) -> str:
        """Give HTML in one form."""
        from bs4 import BeautifulSoup

        return str(BeautifulSoup(code, "html.parser").prettify(formatter=None))

    @contextmanager
    def set_user(self, user: str) -> Iterator[None]:
        """Act as another user in a block."""
        before = frappe.session.user
        frappe.set_user(user)
        try:
            yield
        finally:
            frappe.set_user(before)

    @contextmanager
    def freeze_time(self, time_to_freeze: Any, is_utc: bool = False, *args: Any, **kwargs: Any) -> Iterator[None]:
        """Let the site's clock stand still at a moment (the site's time unless `is_utc`) in a block."""
        moment = get_datetime(time_to_freeze)
        if is_utc:
            aware = moment.replace(tzinfo=datetime.UTC)
            moment = aware.astimezone(clock.zone(clock.get_system_timezone())).replace(tzinfo=None)
        with _still_clock(moment):
            yield


@contextmanager
def _still_clock(moment: datetime.datetime) -> Iterator[None]:
    """Every module that took `now_datetime` by name gets the still one."""
    original = clock.now_datetime
    holders = [
        (module, name)
        for module in list(sys.modules.values())
        for name in ("now_datetime", "_now_datetime")
        if module is not None and getattr(module, "__dict__", {}).get(name) is original
    ]
    patches = [patch.object(module, name, lambda: moment) for module, name in holders]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


class IntegrationTestCase(UnitTestCase):
    """A test case on a connected site."""

    change_settings = staticmethod(change_settings)
    needs_site = True
    TEST_SITE = "test_site"
    SHOW_TRANSACTION_COMMIT_WARNINGS = False

    @classmethod
    def setUpClass(cls) -> None:
        """Make the records that the class asks for, and undo what it writes when it ends."""
        super().setUpClass()
        cls.TEST_SITE = frappe.local.site or cls.TEST_SITE
        frappe.flags.in_test = True
        cls.addClassCleanup(_undo)
        if not frappe.flags.skip_test_records:
            for doctype in cls.doctypes_with_records():
                make_test_records(doctype, commit=True)
        frappe.db.commit()

    @classmethod
    def doctypes_with_records(cls) -> list[str]:
        """Give the DocTypes whose records are made: the one whose folder the test lies in, and what its module names."""
        parts = cls.__module__.split(".")
        module = sys.modules.get(cls.__module__)
        named = [
            name for key in ("test_dependencies", "EXTRA_TEST_RECORD_DEPENDENCIES") for name in getattr(module, key, ())
        ]
        if len(parts) >= 3 and parts[-3] == "doctype" and parts[-1] == f"test_{parts[-2]}":
            own = frappe.db.get_value("DocType", {"name": ["in", _possible_names(parts[-2])]}, "name")
            named = [*named, own] if own else named
        return named

    @contextmanager
    def assertQueryCount(self, count: int) -> Iterator[None]:  # noqa: N802
        """Assert that a block sends at most `count` statements to the database."""
        with counted_statements() as seen:
            yield
        self.assertLessEqual(len(seen), count, f"{len(seen)} statements, {count} allowed:\n{seen}")

    @contextmanager
    def primary_connection(self) -> Iterator[None]:
        """Use the first connection of the test in a block; there is one."""
        yield

    @contextmanager
    def switch_site(self, site: str) -> Iterator[None]:
        """Work on another site in a block."""
        before = frappe.local.site
        frappe.init(site, sites_path=frappe.local.sites_path, force=True)
        frappe.connect()
        try:
            yield
        finally:
            frappe.init(before, sites_path=frappe.local.sites_path, force=True)
            frappe.connect()


def _possible_names(folder: str) -> list[str]:
    names = [row[0] for row in frappe.db.sql("select name from tabDocType")]
    return [name for name in names if frappe.scrub(name) == folder] or [folder]


def _undo() -> None:
    if frappe.local.get("db") if hasattr(frappe.local, "get") else getattr(frappe.local, "db", None):
        frappe.db.rollback()
    frappe.set_user("Administrator")


class FrappeTestCase(IntegrationTestCase):
    """Version 15's name of `IntegrationTestCase`."""
