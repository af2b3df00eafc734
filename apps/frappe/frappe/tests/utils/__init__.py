"""Test cases and helpers for apps, under the names of version 15."""

from frappe.test_runner import make_test_objects, make_test_records
from frappe.tests.classes import FrappeTestCase, IntegrationTestCase, UnitTestCase
from frappe.tests.helpers import change_settings, debug_on, patch_hooks, timeout

__all__ = [
    "FrappeTestCase",
    "IntegrationTestCase",
    "UnitTestCase",
    "change_settings",
    "debug_on",
    "make_test_objects",
    "make_test_records",
    "patch_hooks",
    "timeout",
]
