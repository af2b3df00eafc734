"""A small data set to query: a tree of groups, five documents with rows, tags, dates and empty values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from frappe_engine.context.local import Context
from frappe_engine.testing import TestSite, temporary_site
from frappe_engine.testing.doctypes import field, make_doctype

TREE = (
    ("All", None),
    ("Food", "All"),
    ("Fruit", "Food"),
    ("Apple", "Fruit"),
    ("Pear", "Fruit"),
    ("Tools", "All"),
    ("Saw", "Tools"),
)
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {
        "title": "D1", "status": "Open", "qty": 1, "amount": 10, "rate": 0.5, "active": 1, "day": "2026-01-01",
        "at": "2026-01-01 00:00:00", "tm": "08:00:00", "grp": "Apple", "who": "tester@example.com", "remark": "alpha",
        "ref_dt": "User", "ref": "Guest", "dur": 60, "rows": [{"sku": "A", "qty": 1, "grp": "Apple"}, {"sku": "B", "qty": 2}],
        "tags": [{"tag": "System Manager"}],
    },
    {
        "title": "D2", "status": "Closed", "qty": 2, "amount": 20, "rate": 0.25, "day": "2026-01-15",
        "at": "2026-01-15 12:30:00", "tm": "12:00:00", "grp": "Pear", "who": "Administrator", "remark": "50% off_x",
        "rows": [{"sku": "A", "qty": 5}],
    },
    {
        "title": "D3", "status": "", "active": 1, "day": "2026-01-31", "at": "2026-01-31 23:59:59.999999", "grp": "Food",
        "tm": "00:05:00", "remark": "",
    },
    {"title": "D4", "qty": 4, "amount": 40.5, "rate": 1, "tm": "00:05:00"},
    {
        "title": "d5 Lower", "status": "Open", "qty": 5, "amount": -5, "rate": 2, "active": 1, "day": "2026-02-01",
        "at": "2026-02-01 00:00:00", "tm": "00:05:00", "grp": "Saw", "remark": "Beta", "rows": [{"sku": "C", "qty": 7, "grp": "Saw"}],
    },
)  # fmt: skip


@pytest.fixture(scope="session")
def queried_site() -> Iterator[TestSite]:
    """A site that holds the data set; do not commit on it."""
    with temporary_site() as made:
        with made.connected() as context:
            _make_doctypes()
            _fill(context)
            context.db.commit()
        yield made


@pytest.fixture
def queried(queried_site: TestSite) -> Iterator[Context]:
    """A connection to the data set as Administrator; what the test wrote is undone after it."""
    with queried_site.connected() as context:
        yield context


@pytest.fixture
def frappe(queried: Context) -> Any:
    """The public package, connected to the data set."""
    return import_module("frappe")


def _make_doctypes() -> None:
    make_doctype(
        "QP Group",
        [
            field("title", unique=1),
            field("lft", "Int"),
            field("rgt", "Int"),
            field("is_group", "Check"),
            field("old_parent", "Link", "QP Group"),
            field("parent_qp_group", "Link", "QP Group"),
        ],
        is_tree=1,
        autoname="field:title",
        nsm_parent_field="parent_qp_group",
    )
    make_doctype("QP Row", [field("sku"), field("qty", "Float"), field("grp", "Link", "QP Group")], istable=1)
    make_doctype("QP Tag Row", [field("tag", "Link", "Role")], istable=1)
    make_doctype(
        "QP Doc",
        [
            field("title", unique=1),
            field("status", "Select", "\nOpen\nClosed"),
            field("qty", "Int"),
            field("amount", "Currency"),
            field("rate", "Float"),
            field("active", "Check"),
            field("day", "Date"),
            field("at", "Datetime"),
            field("tm", "Time"),
            field("grp", "Link", "QP Group"),
            field("who", "Link", "User"),
            field("remark", "Text"),
            field("ref_dt", "Link", "DocType"),
            field("ref", "Dynamic Link", "ref_dt"),
            field("virt", "Data", is_virtual=1),
            field("dur", "Duration"),
            field("rows", "Table", "QP Row"),
            field("tags", "Table MultiSelect", "QP Tag Row"),
        ],
        autoname="field:title",
    )


def _fill(context: Context) -> None:
    frappe = import_module("frappe")
    frappe.get_doc(
        {
            "doctype": "User",
            "email": "tester@example.com",
            "first_name": "tester",
            "api_secret": "testersecret",
            "send_welcome_email": 0,
        }
    ).insert()
    for name, parent in TREE:
        frappe.get_doc({"doctype": "QP Group", "title": name, "parent_qp_group": parent, "is_group": 1}).insert()
    for number, values in enumerate(DOCUMENTS, start=1):
        frappe.get_doc({"doctype": "QP Doc", **values}).insert()
        stamps = {"creation": datetime(2026, 3, number, 10), "modified": datetime(2026, 3, 6 - number, 10)}
        if "status" not in values:
            stamps["status"] = None
        frappe.db.set_value("QP Doc", values["title"], stamps, update_modified=False)
    frappe.db.set_value("QP Doc", "D2", "_user_tags", ",blue", update_modified=False)


@pytest.fixture(scope="module")
def queried_sql(queried_site: TestSite) -> Iterator[Any]:
    """Run one statement on the data set: its first value, or what the options of `sql` say. For property tests."""
    with queried_site.connected() as context:

        def run(query: str, values: Any = (), **options: Any) -> Any:
            found = context.db.sql(query, values, **options)
            return found if options else found[0][0]

        yield run
