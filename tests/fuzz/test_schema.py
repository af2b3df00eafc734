"""Schemathesis on the API's own description: what is promised is kept, for values that fit it and values that do not.

Which operations have their turn in a short run depends on nothing; a long one (`FUZZ_SECONDS`) has all of them.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance
from site_under_fire import ADMINISTRATOR, SiteUnderFire

CHECKS = (not_a_server_error, response_schema_conformance)
DOCTYPES = "ToDo,SKU,Sales Order,Warehouse,Company,Supplier,File,Note,Event,Custom Field"
FUNCTIONS = (
    "frappe.client.get", "frappe.client.get_list", "frappe.client.get_value", "frappe.client.get_count", "frappe.client.insert",
    "frappe.client.save", "frappe.client.set_value", "frappe.client.validate_link", "frappe.desk.search.search_link",
    "frappe.desk.form.load.getdoc", "frappe.desk.form.load.getdoctype", "frappe.desk.form.save.savedocs", "ping",
)  # fmt: skip
OPTIONS = settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def chosen(description: dict[str, Any], short: bool) -> dict[str, Any]:
    """The description, for a short run of some DocTypes and functions alone."""
    if not short:
        return description
    names = {name.replace(" ", "%20") for name in DOCTYPES.split(",")}
    functions = {f"/api/method/{name}" for name in FUNCTIONS}

    def has_its_turn(path: str) -> bool:
        return path in functions or (path.startswith("/api/resource/") and path.split("/")[3] in names)

    return {**description, "paths": {path: item for path, item in description["paths"].items() if has_its_turn(path)}}


def test_the_api_is_as_described(fire: SiteUnderFire, description: dict[str, Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    schema = schemathesis.openapi.from_dict(chosen(description, short=seconds < 60))
    asked: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in GenerationMode:
            ask = OPTIONS(given(case=operation.as_strategy(generation_mode=mode))(lambda case: check(fire, case)))
            with suppress(Unsatisfiable):  # an operation that takes nothing can't be sent anything wrong
                ask()
        asked.append(operation.label)
        if time.monotonic() > until:
            break
    assert asked


def check(fire: SiteUnderFire, case: Any) -> None:
    """Send a case; raises when the answer is not as described."""
    headers = {"Authorization": ADMINISTRATOR, "Accept": "application/json"}
    response = case.call(app=fire.client.application, base_url="http://localhost", headers=headers)
    case.validate_response(response, checks=CHECKS)
