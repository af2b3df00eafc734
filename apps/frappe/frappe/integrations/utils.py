"""Calls to other systems over HTTP, and records of them.

Invariant: a call has a time limit; an answer that says it failed is an error, kept for administrators.
"""

from __future__ import annotations

from typing import Any

import requests

import frappe
from frappe.utils import get_request_session

TIMEOUT_S = 60


def make_request(
    method: str,
    url: str,
    auth: Any = None,
    headers: dict[str, str] | None = None,
    data: Any = None,
    json: Any = None,
    params: Any = None,
) -> Any:
    """Call an address; give its answer as JSON, form values or text. Raises `requests.HTTPError` and its like."""
    data = "" if data is None and json is None else data
    try:
        answer = get_request_session().request(
            method, url, data=data, auth=auth, headers=headers or {}, json=json, params=params, timeout=TIMEOUT_S
        )
        frappe.flags.integration_request = answer
        answer.raise_for_status()
    except requests.RequestException:
        frappe.log_error(f"{method} {url} failed")
        raise
    return _content(answer)


def _content(answer: Any) -> Any:
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/plain"):
        from urllib.parse import parse_qs  # answers of old payment services

        return parse_qs(answer.text)
    if "json" in kind:
        return answer.json()
    return answer.text or None


def make_get_request(url: str, **kwargs: Any) -> Any:
    """Call an address with GET; see `make_request`."""
    return make_request("GET", url, **kwargs)


def make_post_request(url: str, **kwargs: Any) -> Any:
    """Call an address with POST; see `make_request`."""
    return make_request("POST", url, **kwargs)


def make_put_request(url: str, **kwargs: Any) -> Any:
    """Call an address with PUT; see `make_request`."""
    return make_request("PUT", url, **kwargs)


def make_patch_request(url: str, **kwargs: Any) -> Any:
    """Call an address with PATCH; see `make_request`."""
    return make_request("PATCH", url, **kwargs)


def make_delete_request(url: str, **kwargs: Any) -> Any:
    """Call an address with DELETE; see `make_request`."""
    return make_request("DELETE", url, **kwargs)


def create_request_log(
    data: Any,
    integration_type: str | None = None,
    service_name: str | None = None,
    name: str | None = None,
    error: Any = None,
    request_headers: Any = None,
    output: Any = None,
    **kwargs: Any,
) -> Any:
    """Keep a call to or from another system as an Integration Request."""
    values = frappe.parse_json(data) if isinstance(data, str) else data
    request = frappe.get_doc(
        {
            "doctype": "Integration Request",
            "integration_request_service": service_name,
            "is_remote_request": int(integration_type == "Remote"),
            "status": "Queued",
            "request_headers": _text(request_headers),
            "data": _text(values),
            "output": _text(output),
            "error": _text(error),
            "reference_doctype": (values or {}).get("reference_doctype") if isinstance(values, dict) else None,
            "reference_docname": (values or {}).get("reference_docname") if isinstance(values, dict) else None,
            **kwargs,
        }
    )
    if name:
        request.flags._name = name
    return request.insert(ignore_permissions=True, ignore_links=True, set_name=name)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else frappe.as_json(value)


def get_payment_gateway_controller(payment_gateway: str) -> Any:
    """Give the settings document of a payment gateway."""
    gateway = frappe.get_doc("Payment Gateway", payment_gateway)
    if gateway.gateway_controller is None:
        return frappe.get_doc(f"{payment_gateway} Settings")
    return frappe.get_doc(gateway.gateway_settings, gateway.gateway_controller)


def json_handler(obj: Any) -> str | None:
    """Give a date as text, for `json.dumps(default=…)`."""
    return str(obj) if hasattr(obj, "isoformat") else None


def get_json(obj: Any) -> Any:
    """Give a value as JSON text, texts as they are."""
    return obj if isinstance(obj, str) else frappe.as_json(obj, indent=1)
