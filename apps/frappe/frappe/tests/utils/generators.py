"""Test records, under the names of version 16."""

from frappe.test_runner import make_test_objects, make_test_records

__all__ = ["make_test_objects", "make_test_records"]
