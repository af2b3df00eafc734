"""The parameters of a request, as `frappe.form_dict` holds them.

A JSON object in the body replaces the query string; a JSON list arrives under `data`; form fields join the query
string and win over it. `_`, which some clients add against caching, is dropped.

Invariant: what can't be read is refused with `ValidationError` (417), never with a 500.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.incoming import json_parameter, load_json
from frappe_engine.kit.attrdict import _dict

TRANSPORT = frozenset({"cmd", "csrf_token", "sid", "run_method"})


def read_parameters(request: Request) -> Any:
    """Give the parameters of `request`. Raises `ValidationError` when its body is no JSON, or a bare value."""
    if request.is_json and request.content_length != 0:
        body = request.get_data(cache=True, as_text=False)
        if body.strip():
            return _from_json(body)
    values = _dict(request.args.to_dict())
    if request.method not in ("GET", "HEAD", "OPTIONS") or request.content_length:
        values.update(request.form.to_dict())
    values.pop("_", None)
    return values


def _from_json(body: bytes) -> Any:
    content = load_json(body, _("The body of the request is not valid JSON: {0}"))
    if isinstance(content, dict):
        content.pop("_", None)
        return _dict(content)
    if isinstance(content, list):
        return _dict(data=content)
    throw(_("Invalid request arguments"))


def document_parameter(values: Any) -> dict[str, Any]:
    """Give the document in the parameters: the JSON object under `data`, or the parameters themselves.

    Raises `ValidationError` when the body was a list, or `data` is text but no JSON object.
    """
    own = {key: value for key, value in values.items() if key not in TRANSPORT}
    if set(own) != {"data"}:
        return own
    if isinstance(own["data"], str) and own["data"].lstrip()[:1] not in ("{", "["):
        return own
    return dict(json_parameter(own, "data", (dict,)) or {})
