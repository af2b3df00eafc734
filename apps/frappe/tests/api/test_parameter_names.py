"""Apps call functions by the names of their parameters: these are as documented."""

from __future__ import annotations

import inspect
from importlib import import_module

import frappe
import frappe.utils
import pytest

DOCUMENTED = """
frappe.utils.cint s, default · frappe.cstr s, encoding · frappe.get_app_path app_name · frappe.get_attr method_string
frappe.get_module modulename · frappe.get_module_list app_name · frappe.get_roles username · frappe.is_whitelisted method
frappe.scrub txt · frappe.unscrub txt · frappe.utils.ceil s · frappe.utils.floor s · frappe.utils.encode obj, encoding
frappe.utils.format_timedelta o · frappe.utils.get_abbr string, max_len · frappe.utils.get_string_between start, string, end
frappe.utils.has_common l1, l2 · frappe.utils.is_image filepath · frappe.utils.is_subset list_a, list_b
frappe.utils.data.sha256_hash input · frappe.utils.strip val, chars · frappe.utils.to_markdown html · frappe.utils.unique seq
frappe.utils.html_utils.sanitize_html html, linkify · frappe.utils.password.encrypt txt, encryption_key
frappe.utils.password.decrypt txt, encryption_key · frappe.translate.get_parent_language lang
"""
CALLS = [entry.strip().partition(" ")[::2] for line in DOCUMENTED.strip().splitlines() for entry in line.split("·")]


@pytest.mark.parametrize(("name", "parameters"), CALLS)
def test_parameters_are_named_as_documented(name: str, parameters: str) -> None:
    wanted = parameters.split(", ")
    module, _, function_name = name.rpartition(".")
    function = getattr(import_module(module), function_name)
    assert list(inspect.signature(function).parameters)[: len(wanted)] == wanted


def test_values_come_by_these_names() -> None:
    assert frappe.utils.cint(s="7.9") == 7
    assert frappe.cstr(s=None) == ""
    assert frappe.scrub(txt="Sales Order") == "sales_order"
    assert frappe.utils.has_common(l1=[1, 2], l2=[2])
    assert frappe.utils.get_abbr(string="Blue Mug", max_len=1) == "B"
