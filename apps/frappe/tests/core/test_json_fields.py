"""JSON fields hold JSON or nothing, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest


def test_empty_text_is_no_json_and_broken_text_is_refused(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("Box", [{"fieldname": "data", "label": "Data", "fieldtype": "JSON"}])
    assert frappe.get_doc({"doctype": "Box", "data": ""}).insert().data is None
    assert frappe.get_doc({"doctype": "Box", "data": {"a": 1}}).insert().name
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc({"doctype": "Box", "data": "{broken"}).insert()


def test_a_dict_is_told_as_its_text(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype("Box", [{"fieldname": "data", "label": "Data", "fieldtype": "JSON"}])
    box = frappe.get_doc({"doctype": "Box", "data": {"a": 1}}).insert()
    assert (box.data, box.as_dict().data) == ({"a": 1}, '{"a":1}')
