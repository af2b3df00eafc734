"""What a function takes, as JSON Schemas and as parameters of an operation.

Invariant: a parameter's schema admits what `frappe_engine.http.arguments` accepts in JSON for the same annotation.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal, Union

from frappe_engine.http.arguments import signature_of
from frappe_engine.http.openapi.schemas import Schema

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
    list: {"type": "array"},
    tuple: {"type": "array"},
    set: {"type": "array"},
    type(None): {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string"},
    time: {"type": "string"},
    Any: {},
}


def schema_of(annotation: Any) -> Schema:
    """Give the schema of the values an annotation stands for; {} where JSON has no word for it."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType):
        return _any_of([schema_of(choice) for choice in inner])
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is typing.Annotated:
        return schema_of(inner[0])
    plain = origin or annotation
    if plain in _PLAIN:
        schema = dict(_PLAIN[plain])
        if schema.get("type") == "array" and inner:
            schema["items"] = schema_of(inner[0])
        return schema
    if isinstance(plain, type):
        if issubclass(plain, Mapping):
            return {"type": "object"}
        if issubclass(plain, Sequence):
            return {"type": "array"}
    return {}


def _any_of(schemas: list[Schema]) -> Schema:
    if any(not schema for schema in schemas):
        return {}
    names = [schema.get("type") for schema in schemas if set(schema) == {"type"}]
    if len(names) == len(schemas):
        return {"type": names[0] if len(names) == 1 else names}
    return {"anyOf": schemas}


def body_schema(function: Callable[..., Any], skip_first: bool = False) -> Schema:
    """Give the schema of the JSON object a function takes its arguments from."""
    properties = _properties(function, skip_first)
    schema: Schema = {"type": "object", "properties": properties}
    required = [name for name in signature_of(function, skip_first).required if name in properties]
    if required:
        schema["required"] = required
    return schema


def query_parameters(function: Callable[..., Any], skip_first: bool = False) -> list[dict[str, Any]]:
    """Give a function's arguments as parameters of the query string; lists and objects are JSON text there."""
    required = signature_of(function, skip_first).required
    return [
        {"name": name, "in": "query", "required": name in required, **_in_query(schema)}
        for name, schema in _properties(function, skip_first).items()
    ]


def _in_query(schema: Schema) -> dict[str, Any]:
    """How a value of a schema stands in a query string."""
    kinds = schema.get("type")
    structured = {"object", "array"} & set([kinds] if isinstance(kinds, str) else kinds or ())
    if structured:
        return {"content": {"application/json": {"schema": schema}}}
    return {"schema": schema}


def _properties(function: Callable[..., Any], skip_first: bool) -> dict[str, Schema]:
    signature = signature_of(function, skip_first)
    found: dict[str, Schema] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in signature.names:
            continue
        schema = schema_of(signature.annotations.get(name, Any))
        if isinstance(parameter.default, (str, int, float, bool)):
            schema = {**schema, "default": parameter.default}
        found[name] = schema
    return found


def answer_schema(function: Callable[..., Any]) -> Schema:
    """Give the schema of what a function returns, as far as its annotation says."""
    try:
        hints = typing.get_type_hints(inspect.unwrap(function))
    except (NameError, TypeError, AttributeError):
        return {}  # names that exist for type checkers alone
    returned = hints.get("return", Any)
    return {} if returned is type(None) else schema_of(returned)
