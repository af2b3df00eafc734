"""The texts of an app that want translation: from its code, its pages and its documents.

Invariant: pure of the site: what is found depends on the app's files alone.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from typing import Any

SKIPPED = frozenset({"node_modules", "dist", "__pycache__", "translations", "locale", "public/dist", "tests"})
SCRIPT = re.compile(r"""\b__\(\s*(?P<quote>['"`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)(?P<rest>[^()]*)""", re.S)
PAGE = re.compile(r"""\b_\(\s*(?P<quote>['"])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""", re.S)
CONTEXT = re.compile(r""",\s*(?:\[[^\]]*\]|null|undefined)\s*,\s*(['"])(?P<context>(?:\\.|(?!\1).)*)\1""", re.S)
TRANSLATED_KEYS = ("label", "description", "title", "subtitle", "documentation_text")
NAMED_KINDS = frozenset(
    {"DocType", "Report", "Page", "Workspace", "Print Format", "Web Form", "Module Def", "Role", "Workflow State"}
)
SCRIPTS = (".js", ".ts", ".vue", ".jsx", ".tsx")
Message = tuple[str, str]


def messages_of(folder: str) -> dict[Message, list[str]]:
    """Give the messages (text, context) of the app whose package is `folder`, each with the files that hold it."""
    found: dict[Message, list[str]] = {}
    for path in _files(folder):
        shown = os.path.relpath(path, os.path.dirname(folder))
        for message in _messages_in(path):
            places = found.setdefault(message, [])
            if shown not in places:
                places.append(shown)
    modules = os.path.join(folder, "modules.txt")
    if os.path.exists(modules):
        with open(modules, encoding="utf-8") as file:
            for line in file.read().splitlines():
                if line.strip():
                    found.setdefault((line.strip(), ""), [f"{os.path.basename(folder)}/modules.txt"])
    return found


def _files(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            if not name.startswith("test_"):
                yield os.path.join(parent, name)


def _messages_in(path: str) -> Iterator[Message]:
    extension = os.path.splitext(path)[1]
    readers = {".py": python_messages, ".html": page_messages, ".json": document_messages}
    reader = script_messages if extension in SCRIPTS else readers.get(extension)
    if reader is None:
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        yield from reader(file.read())


def python_messages(source: str) -> Iterator[Message]:
    """Give the texts in calls of `_`, also as `frappe._`, with their context."""
    return (message for _line, message in python_places(source))


def python_places(source: str) -> Iterator[tuple[int, Message]]:
    """Give the messages of a Python file, each with its line."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or _called(node.func) not in ("_", "_lt"):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.strip():
            yield node.lineno, (first.value, _context(node))


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _context(node: ast.Call) -> str:
    for keyword in node.keywords:
        if keyword.arg == "context" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""


def script_messages(source: str) -> Iterator[Message]:
    """Give the texts in calls of `__`, with their context; texts with parts computed in them are none."""
    return (message for _line, message in script_places(source))


def script_places(source: str) -> Iterator[tuple[int, Message]]:
    """Give the messages of a script, each with its line."""
    for match in SCRIPT.finditer(source):
        text = unescaped(match["text"])
        if text.strip() and not (match["quote"] == "`" and "${" in text):
            context = CONTEXT.match(match["rest"])
            yield _line_of(match), (text, unescaped(context["context"]) if context else "")


def page_messages(source: str) -> Iterator[Message]:
    """Give the texts in calls of `_` and `__` in a page."""
    return (message for _line, message in page_places(source))


def page_places(source: str) -> Iterator[tuple[int, Message]]:
    """Give the messages of a page, each with its line."""
    for match in PAGE.finditer(source):
        if match["text"].strip():
            yield _line_of(match), (unescaped(match["text"]), "")
    yield from script_places(source)


def _line_of(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1


def unescaped(text: str) -> str:
    """Give a text as it reads in a program."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text, flags=re.S)


def document_messages(source: str) -> Iterator[Message]:
    """Give the texts of a document, or of a list of documents: names, labels, descriptions, options of selections."""
    try:
        content = json.loads(source)
    except json.JSONDecodeError:
        return
    for document in content if isinstance(content, list) else [content]:
        if isinstance(document, dict) and document.get("doctype"):
            yield from _of_document(document)


def _of_document(document: dict[str, Any]) -> Iterator[Message]:
    if document["doctype"] in NAMED_KINDS and isinstance(document.get("name"), str):
        yield document["name"], ""
    yield from _of_values(document)
    for value in document.values():
        for row in value if isinstance(value, list) else ():
            if isinstance(row, dict):
                yield from _of_values(row)


def _of_values(values: dict[str, Any]) -> Iterator[Message]:
    for key in TRANSLATED_KEYS:
        text = values.get(key)
        if isinstance(text, str) and text.strip():
            yield text, ""
    options = values.get("options")
    if values.get("fieldtype") == "Select" and isinstance(options, str):
        for option in options.split("\n"):
            if option.strip() and not option.strip().isdigit():
                yield option.strip(), ""
