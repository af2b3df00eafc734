"""Lists, their filters, sorting and grouping, through every door that takes them: found by Hypothesis, not by us."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile import as_text, fields, filters, texts, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_under_fire import CLERK, STAFF, Sent, SiteUnderFire

OPTIONS = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
DOCTYPE = "ToDo"


def asked(fire: SiteUnderFire, path: str, **parameters: Any) -> None:
    query = {key: as_text(value) for key, value in parameters.items()}
    for who in (CLERK, STAFF):
        assert fire.send(Sent("GET", path, query, None, who)) is None


@OPTIONS
@given(chosen=st.lists(fields, max_size=3), wanted=filters, either=filters, order=fields, group=fields, limit=values)
def test_rest(
    fire: SiteUnderFire, chosen: list[str], wanted: Any, either: Any, order: str, group: str, limit: Any
) -> None:
    asked(fire, f"/api/resource/{DOCTYPE}", fields=json.dumps(chosen), filters=wanted)
    asked(fire, f"/api/resource/{DOCTYPE}", or_filters=either, order_by=order, limit_page_length=limit)
    asked(fire, f"/api/v2/document/{DOCTYPE}", filters=wanted, group_by=group, limit=limit)


@OPTIONS
@given(chosen=st.lists(fields, max_size=3), wanted=filters, order=fields, group=fields, start=values)
def test_list_views(fire: SiteUnderFire, chosen: list[str], wanted: Any, order: str, group: str, start: Any) -> None:
    view = {"doctype": DOCTYPE, "fields": json.dumps(chosen), "filters": wanted}
    asked(fire, "/api/method/frappe.desk.reportview.get", **view, order_by=order, start=start)
    asked(fire, "/api/method/frappe.desk.reportview.get", **view, group_by=group)
    asked(fire, "/api/method/frappe.desk.reportview.get_count", doctype=DOCTYPE, filters=wanted)
    asked(fire, "/api/method/frappe.desk.reportview.export_query", **view, file_format_type="CSV", title=order)


@OPTIONS
@given(text=texts, wanted=filters, field=fields, size=values)
def test_search(fire: SiteUnderFire, text: str, wanted: Any, field: str, size: Any) -> None:
    path = "/api/method/frappe.desk.search.search_link"
    asked(fire, path, doctype="User", txt=text, filters=wanted, searchfield=field, page_length=size)
    asked(fire, "/api/method/frappe.client.get_value", doctype=DOCTYPE, fieldname=field, filters=wanted)
    asked(fire, "/api/method/frappe.client.validate_link", doctype="User", docname=text, fields=json.dumps([field]))


SECRETS = [
    ("frappe.client.get_list", {"doctype": "User", "fields": '["api_secret"]'}),
    ("frappe.client.get_list", {"doctype": "__Auth", "fields": '["password"]'}),
    ("frappe.client.get_value", {"doctype": "User", "fieldname": "bio", "filters": '{"name": "Administrator"}'}),
    ("frappe.client.get_list", {"doctype": "ToDo", "fields": '["description"]', "filters": '{"allocated_to": "Administrator"}'}),
    ("frappe.client.get_list", {"doctype": "ToDo", "fields": '["description", "(select 1)"]'}),
    ("frappe.desk.reportview.get", {"doctype": "Error Log", "fields": '["error"]'}),
    ("frappe.client.get_password", {"doctype": "User", "name": "Administrator", "fieldname": "api_secret"}),
]  # fmt: skip


@pytest.mark.parametrize(("function", "parameters"), SECRETS)
def test_secrets_stay_where_they_are(fire: SiteUnderFire, function: str, parameters: dict[str, str]) -> None:
    asked(fire, f"/api/method/{function}", **parameters)
