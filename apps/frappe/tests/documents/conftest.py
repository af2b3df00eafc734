"""A site with DocTypes of every kind the life cycle cares about; what a test writes is undone after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from frappe_engine.context import hooks as hooks_module
from frappe_engine.context.local import Context
from frappe_engine.documents.metas import forget_all_metas
from frappe_engine.testing import TestSite, temporary_site
from frappe_engine.testing.doctypes import field, make_doctype

ALL_TYPES = (
    "Data", "Small Text", "Text", "Long Text", "Text Editor", "HTML Editor", "Markdown Editor", "Code", "JSON", "Int", "Float",
    "Currency", "Percent", "Check", "Date", "Datetime", "Time", "Duration", "Select", "Link", "Dynamic Link", "Password",
    "Read Only", "Rating", "Color", "Barcode", "Geolocation", "Attach", "Attach Image", "Signature", "Icon", "Phone",
    "Autocomplete",
)  # fmt: skip
OPTIONS = {"Select": "\nA\nB", "Link": "User", "Dynamic Link": "f_kind"}


@pytest.fixture(scope="session")
def lab_site() -> Iterator[TestSite]:
    """A site that holds the DocTypes and no documents; do not commit on it."""
    with temporary_site() as made:
        with made.connected() as context:
            _make_doctypes()
            context.db.commit()
        yield made


@pytest.fixture
def lab(lab_site: TestSite) -> Iterator[Context]:
    """A connection to the DocTypes as Administrator; what the test wrote is undone after it."""
    with lab_site.connected() as context:
        yield context


@pytest.fixture
def frappe(lab: Context) -> Any:
    """The public package, connected to the DocTypes."""
    return import_module("frappe")


@pytest.fixture
def own_lab() -> Iterator[TestSite]:
    """The same DocTypes on a site of its own, where a test may commit."""
    with temporary_site() as made:
        with made.connected() as context:
            _make_doctypes()
            context.db.commit()
        yield made


@pytest.fixture
def with_hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the framework's app set further hooks for this test: `with_hooks(doc_events={…})`."""
    original = hooks_module._app_hooks
    added: dict[str, Any] = {}

    def app_hooks(app: str) -> dict[str, Any]:
        merged = dict(original(app))
        for name, value in added.items() if app == "frappe" else ():
            current = merged.get(name)
            merged[name] = {**current, **value} if isinstance(current, dict) else value
        return merged

    def forget() -> None:
        hooks_module.merged_hooks.cache_clear()
        hooks_module.hook_function.cache_clear()
        forget_all_metas()

    def add(**hooks: Any) -> None:
        added.update(hooks)
        monkeypatch.setattr(hooks_module, "_app_hooks", app_hooks)
        forget()

    yield add
    monkeypatch.setattr(hooks_module, "_app_hooks", original)
    forget()


def _make_doctypes() -> None:
    make_doctype(
        "MP Master",
        [field("title", unique=1), field("note"), field("amount", "Currency")],
        autoname="field:title",
        allow_rename=1,
    )
    make_doctype(
        "MP Sub",
        [field("title", unique=1), field("amended_from", "Link", "MP Sub", no_copy=1, read_only=1)],
        autoname="field:title",
        is_submittable=1,
    )
    make_doctype(
        "MP Row",
        [
            field("item", reqd=1),
            field("qty", "Float", non_negative=1),
            field("master", "Link", "MP Master"),
            field("kind", "Select", "\nA\nB"),
            field("later", allow_on_submit=1),
            field("secret", "Password"),
        ],
        istable=1,
    )
    make_doctype(
        "MP Doc",
        [
            field("title", reqd=1),
            field("kind", "Select", "A\nB"),
            field("qty", "Float", non_negative=1),
            field("n", "Int"),
            field("short", length=5),
            field("code", unique=1),
            field("master", "Link", "MP Master"),
            field("note_of_master", fetch_from="master.note"),
            field("note_if_empty", fetch_from="master.note", fetch_if_empty=1),
            field("sub", "Link", "MP Sub"),
            field("fixed", set_only_once=1),
            field("day", "Date"),
            field("dtm", "Datetime"),
            field("clock", "Time"),
            field("mail", options="Email"),
            field("phone", options="Phone"),
            field("url", options="URL"),
            field("person", options="Name"),
            field("js", "JSON"),
            field("script", "Code", "Python"),
            field("pct", "Percent"),
            field("rating", "Rating"),
            field("dt", "Link", "DocType"),
            field("dyn", "Dynamic Link", "dt"),
            field("note", allow_on_submit=1),
            field("maybe", mandatory_depends_on="eval:doc.title == 'must'"),
            field("locked", read_only=1),
            field("secret", "Password"),
            field("rows", "Table", "MP Row"),
            field("more", "Table", "MP Row", allow_on_submit=1),
            field("amended_from", "Link", "MP Doc", no_copy=1, read_only=1),
        ],
        autoname="MP-.####",
        is_submittable=1,
        track_changes=1,
        allow_rename=1,
    )
    make_doctype(
        "MP Types",
        [
            field("f_kind", "Link", "DocType"),
            *(field(_name(kind), kind, OPTIONS.get(kind)) for kind in ALL_TYPES),
            field("f_rows", "Table", "MP Row"),
        ],
        autoname="hash",
    )
    make_doctype(
        "MP Settings",
        [
            *(field(_name(kind), kind, OPTIONS.get(kind)) for kind in ALL_TYPES if kind != "Dynamic Link"),
            field("master", "Link", "MP Master"),
            field("rows", "Table", "MP Row"),
        ],
        issingle=1,
    )
    make_doctype(
        "MP Tree",
        [
            field("title", unique=1),
            field("lft", "Int"),
            field("rgt", "Int"),
            field("is_group", "Check"),
            field("old_parent", "Link", "MP Tree"),
            field("parent_mp_tree", "Link", "MP Tree"),
        ],
        is_tree=1,
        autoname="field:title",
        nsm_parent_field="parent_mp_tree",
        allow_rename=1,
    )
    make_doctype(
        "MP Target Row", [field("item"), field("quantity", "Float"), field("origin"), field("qty", "Float")], istable=1
    )
    make_doctype(
        "MP Target",
        [
            field("title"),
            field("qty", "Float", no_copy=1),
            field("n", "Int"),
            field("source"),
            field("lines", "Table", "MP Target Row"),
        ],
        autoname="hash",
    )


def _name(kind: str) -> str:
    return f"f_{kind.lower().replace(' ', '_')}"
