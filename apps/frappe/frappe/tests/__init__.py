"""Test cases and helpers for apps, under the names of version 16; version 15's are in `frappe.tests.utils`."""

from frappe.tests.classes import FrappeTestCase, IntegrationTestCase, UnitTestCase
from frappe.tests.helpers import change_settings, debug_on, patch_hooks, timeout

__all__ = [
    "FrappeTestCase",
    "IntegrationTestCase",
    "UnitTestCase",
    "change_settings",
    "debug_on",
    "patch_hooks",
    "timeout",
]
