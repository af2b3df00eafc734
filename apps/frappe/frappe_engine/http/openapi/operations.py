"""The operations of the API: on documents of a DocType, on functions, on sessions and files.

Invariant: pure: what is described comes as arguments; every operation has an id of its own and names every status a
client has to expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from frappe_engine.http.openapi.arguments import answer_schema, body_schema, query_parameters
from frappe_engine.http.openapi.functions import Endpoint
from frappe_engine.http.openapi.schemas import Schema, needed_fields, reference, schema_name
from frappe_engine.schema.meta import Meta

Operation = dict[str, Any]

USUAL = ("NotAllowed", "NotThere", "Refused")
STATUSES = {"NotAllowed": "403", "NotThere": "404", "Taken": "409", "Refused": "417"}
GUESTS: list[dict[str, list[str]]] = [{}, {"token": []}, {"session": []}]


def refusals(*more: str) -> dict[str, Any]:
    """Give the answers an operation has beside success: the usual refusals, those of `more`, and any other."""
    named = {STATUSES[name]: {"$ref": f"#/components/responses/{name}"} for name in (*USUAL, *more)}
    return {**dict(sorted(named.items())), "default": {"$ref": "#/components/responses/Other"}}


def answer(description: str, schema: Schema) -> dict[str, Any]:
    """Give a JSON answer."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _data(schema: Schema) -> Schema:
    messages = {"$ref": "#/components/schemas/-messages"}
    return {"type": "object", "properties": {"data": schema, "_server_messages": messages}}


def _json_text(name: str, description: str, schema: Schema) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"name": name, "in": "query", "required": False, "description": description, "content": content}


FILTERS: Schema = {"anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "array"}}]}
LIST_PARAMETERS: dict[str, dict[str, Any]] = {
    "fields": _json_text(
        "fields", "names of fields, `*` for all, or aggregates such as count(name) as n",
        {"type": "array", "items": {"type": "string"}, "default": ["name"]},
    ),
    "filters": _json_text("filters", "{field: value}, or a list of [field, operator, value]", FILTERS),
    "or_filters": _json_text("or_filters", "the same; one of them has to fit", FILTERS),
    "order_by": {
        "name": "order_by", "in": "query", "required": False, "schema": {"type": "string"},
        "description": "fields with asc or desc, and commas between them",
    },
    "group_by": {"name": "group_by", "in": "query", "required": False, "schema": {"type": "string"}},
    "limit_start": {
        "name": "limit_start", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    "limit_page_length": {
        "name": "limit_page_length", "in": "query", "required": False, "description": "0 for all",
        "schema": {"type": "integer", "minimum": 0, "default": 20},
    },
    "parent": {
        "name": "parent", "in": "query", "required": False, "schema": {"type": "string"},
        "description": "the parent's DocType, for rows of tables",
    },
    "as_dict": {
        "name": "as_dict", "in": "query", "required": False, "schema": {"type": "integer", "enum": [0, 1], "default": 1},
        "description": "0 gives rows as lists of values",
    },
}  # fmt: skip
NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "the document's key",
}


# documents


def document_paths(meta: Meta, rights: frozenset[str], methods: Sequence[tuple[str, Any]]) -> dict[str, Operation]:
    """Give the paths of a DocType's documents as far as `rights` ("read", "create" …) reach."""
    base = f"/api/resource/{quote(meta.name, safe='')}"
    key = schema_name(meta.name)
    paths: dict[str, Operation] = {}
    collection: Operation = {}
    if not meta.issingle:
        if not meta.istable:
            collection["get"] = _list(meta, key)
        if "create" in rights:
            collection["post"] = _create(meta, key)
    if collection:
        paths[base] = collection
    paths[f"{base}/{{name}}"] = {"parameters": [NAME], **_of_one(meta, key, rights)}
    for name, operation in _document_methods(meta, key, rights, methods):
        path = f"/api/v2/document/{quote(meta.name, safe='')}/{{name}}/method/{name}"
        paths[path] = {"parameters": [NAME], "post": operation}
    return paths


def _operation(meta: Meta, key: str, verb: str, summary: str, **parts: Any) -> Operation:
    return {"operationId": f"{verb}.{key}", "summary": f"{summary} {meta.name}", "tags": [str(meta.module)], **parts}


def _list(meta: Meta, key: str) -> Operation:
    parameters = [{"$ref": f"#/components/parameters/{name}"} for name in LIST_PARAMETERS]
    rows = _data({"type": "array", "items": {"anyOf": [{"type": "object"}, {"type": "array"}]}})
    responses = {"200": answer("The rows that fit and the asker may see", rows), **refusals()}
    return _operation(meta, key, "list", "List", parameters=parameters, responses=responses)


def _create(meta: Meta, key: str) -> Operation:
    body: Schema = reference(meta.name)
    needed = needed_fields(meta)
    if needed:
        body = {"allOf": [body, {"type": "object", "required": needed}]}
    responses = {"200": answer("The stored document", _data(reference(meta.name))), **refusals("Taken")}
    return _operation(meta, key, "create", "Create a", requestBody=_body(body), responses=responses)


def _of_one(meta: Meta, key: str, rights: frozenset[str]) -> Operation:
    found = answer("The document", _data(reference(meta.name)))
    methods: Operation = {
        "get": _operation(meta, key, "read", "Read a", responses={"200": found, **refusals()}),
    }
    if "write" in rights:
        body = _body(reference(meta.name))
        responses = {"200": found, **refusals("Taken")}
        summary = "Change, submit or cancel a" if meta.is_submittable else "Change a"
        methods["put"] = _operation(meta, key, "change", summary, requestBody=body, responses=responses)
    if "delete" in rights and not meta.issingle:
        gone = answer("It is deleted", _data({"const": "ok"}))
        methods["delete"] = _operation(meta, key, "delete", "Delete a", responses={"202": gone, **refusals()})
    return methods


def _document_methods(
    meta: Meta, key: str, rights: frozenset[str], methods: Sequence[tuple[str, Any]]
) -> Iterable[tuple[str, Operation]]:
    for right in ("submit", "cancel"):
        if meta.is_submittable and right in rights:
            responses = {"200": answer("Done", _data({})), **refusals()}
            yield right, _operation(meta, key, right, f"{right.capitalize()} a", responses=responses)
    for name, function in methods if "write" in rights else ():
        body = _body(body_schema(function, skip_first=True), required=False)
        responses = {"200": answer("What the method returns", _data(answer_schema(function))), **refusals("Taken")}
        operation = _operation(meta, key, f"call.{name}", f"{name} of a", requestBody=body, responses=responses)
        yield name, operation


def _body(schema: Schema, *, required: bool = True) -> dict[str, Any]:
    return {"required": required, "content": {"application/json": {"schema": schema}}}


# functions


def function_path(endpoint: Endpoint) -> Operation:
    """Give the operations of a function, one per verb it takes."""
    return {
        verb.lower(): _call(endpoint, verb)
        for verb in endpoint.verbs
        if verb in ("GET", "POST") or len(endpoint.verbs) < 4
    }


def _call(endpoint: Endpoint, verb: str) -> Operation:
    function = endpoint.function
    message = answer_schema(function)
    body: Schema = {
        "type": "object",
        "properties": {"message": message, "_server_messages": {"$ref": "#/components/schemas/-messages"}},
    }
    success = {
        "description": "What the function returns, or a file",
        "content": {"application/json": {"schema": body}, "*/*": {}},
    }
    operation: Operation = {
        "operationId": f"{verb.lower()}.{endpoint.path}",
        "summary": endpoint.summary,
        "tags": [_tag(endpoint)],
        "responses": {"200": success, "302": {"description": "It is elsewhere"}, **refusals("Taken")},
    }
    if endpoint.for_guests:
        operation["security"] = GUESTS
    if verb in ("GET", "DELETE"):
        operation["parameters"] = query_parameters(function)
    else:
        operation["requestBody"] = _body(body_schema(function), required=False)
    return operation


def _tag(endpoint: Endpoint) -> str:
    return endpoint.path.rsplit(".", 1)[0]


def fixed_paths(doctypes: Sequence[str], named: Callable[[str], Endpoint | None]) -> dict[str, Operation]:
    """Give the paths that every site has: signing in and out, functions with bare names, version 2 of documents."""
    paths: dict[str, Operation] = {"/api/method/login": {"post": _login()}}
    for name in ("ping", "logout", "run_doc_method"):
        endpoint = named(name)
        if endpoint is not None:
            paths[f"/api/method/{name}"] = function_path(endpoint)
    paths["/api/method/upload_file"] = {"post": _upload()}
    if doctypes:
        paths.update(_version_2(doctypes))
    return paths


def _login() -> Operation:
    properties = {"usr": {"type": "string"}, "pwd": {"type": "string", "format": "password"}}
    schema = {"type": "object", "required": ["usr", "pwd"], "properties": properties}
    texts = {name: {"type": "string"} for name in ("message", "full_name", "home_page")}
    welcome = answer("Signed in: the cookie `sid` is set", {"type": "object", "properties": texts})
    return {
        "operationId": "login",
        "summary": "Sign in with a password",
        "tags": ["session"],
        "security": [{}],
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": schema} for kind in ("application/json", "application/x-www-form-urlencoded")},
        },
        "responses": {"200": welcome, **refusals()},
    }


def _upload() -> Operation:
    texts = ("doctype", "docname", "fieldname", "folder", "file_name", "file_url")
    properties: dict[str, Schema] = {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "is_private": {"type": "integer", "enum": [0, 1]},
        **{name: {"type": "string"} for name in texts},
    }
    stored = {"type": "object", "properties": {"message": {"type": "object"}}}
    return {
        "operationId": "upload_file",
        "summary": "Store a file, and attach it to a document",
        "tags": ["files"],
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": {"type": "object", "properties": properties}}},
        },
        "responses": {"200": answer("The File document", stored), **refusals()},
    }


def _version_2(doctypes: Sequence[str]) -> dict[str, Operation]:
    kind = {"name": "doctype", "in": "path", "required": True, "schema": {"type": "string", "enum": list(doctypes)}}
    rows = _data({"type": "array"})
    rows["properties"]["has_next_page"] = {"type": "boolean"}
    wanted = ("fields", "filters", "order_by", "limit_start", "group_by")
    some = [{"$ref": f"#/components/parameters/{name}"} for name in wanted]
    limit = {
        "name": "limit",
        "in": "query",
        "required": False,
        "schema": {"type": "integer", "minimum": 0, "default": 20},
    }
    filters = {"$ref": "#/components/parameters/filters"}

    def read(name: str, summary: str, schema: Schema, **parts: Any) -> Operation:
        found = {"200": answer("Found", schema), **refusals()}
        return {
            "get": {"operationId": f"v2.{name}", "summary": summary, "tags": ["version 2"], "responses": found, **parts}
        }

    document = "/api/v2/document/{doctype}"
    return {
        document: {"parameters": [kind], **read("list", "List documents", rows, parameters=[*some, limit])},
        f"{document}/{{name}}": {
            "parameters": [kind, NAME],
            **read("read", "Read a document", _data({"type": "object"})),
        },
        f"{document}/{{name}}/copy": {
            "parameters": [kind, NAME],
            **read("copy", "Give an unsaved copy", _data({"type": "object"})),
        },
        "/api/v2/doctype/{doctype}/meta": {
            "parameters": [kind],
            **read("meta", "Describe a DocType", _data({"type": "object"})),
        },
        "/api/v2/doctype/{doctype}/count": {
            "parameters": [kind],
            **read("count", "Count documents", _data({"type": "integer"}), parameters=[filters]),
        },
    }
