"""Any DocType, any change: either it is refused and nothing is different, or no stored value is lost.

A lost value is one that can't be read any more: from its field, under its new name or type, or from the column that a
removed field leaves behind. A table that was brought in line stays so: planning again finds nothing to do.
"""

from __future__ import annotations

import datetime
import os
from typing import Any

from frappe_engine.database.catalogue import Catalogue
from frappe_engine.documents.metas import get_meta
from frappe_engine.schema.plan import as_table, plan_changes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

IS_MARIADB = os.environ.get("EC_TEST_DB") == "mariadb"
EXAMPLES = int(os.environ.get("EC_TEST_EXAMPLES") or (25 if IS_MARIADB else 120))
TYPES = (
    "Data", "Small Text", "Long Text", "Int", "Check", "Float", "Currency", "Date", "Datetime", "Time", "Select", "JSON",
    "Percent", "Long Int", "Duration",
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "12",
        "-7",
        "3.0",
        "3.25",
        "2026-02-28",
        "2026-02-28 10:11:12",
        "10:11:12",
        "large",
        "12a",
        "x" * 150,
    ]
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Data": WORDS.filter(lambda text: len(text) <= 140),
    "Small Text": WORDS,
    "Long Text": WORDS,
    "Select": WORDS.filter(lambda text: len(text) <= 140),
    "JSON": st.sampled_from(["", "[1, 2]", "12", '{"a": 1}']),
    "Int": st.integers(-(2**31) + 1, 2**31 - 1),
    "Long Int": st.integers(-(2**53), 2**53),
    "Check": st.integers(0, 1),
    "Float": st.sampled_from([0, 1, -2.5, 1234.5678, 99999999.25]),
    "Currency": st.sampled_from([0, 1, -2.5, 1234.56]),
    "Percent": st.sampled_from([0, 12.5, 100]),
    "Duration": st.sampled_from([0, 60, 86399, 90061.5]),
    "Date": st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1)),
    "Datetime": st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2060, 1, 1)),
    "Time": st.times(),
}
NAMES = ("alpha", "beta", "gamma")


@st.composite
def definitions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Fields of a DocType, with the values of up to three documents each."""
    fields = []
    for name in NAMES[: draw(st.integers(1, 3))]:
        fieldtype = draw(st.sampled_from(TYPES))
        values = draw(st.lists(VALUES[fieldtype], min_size=3, max_size=3))
        fields.append({"fieldname": name, "label": name, "fieldtype": fieldtype, "values": values})
    return fields


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """What becomes of the field of each name: another type, another name, gone, an index; and the kind of DocType."""
    per_field = st.fixed_dictionaries(
        {
            "fieldtype": st.none() | st.sampled_from(TYPES),
            "rename": st.booleans(),
            "remove": st.booleans(),
            "search_index": st.booleans(),
            "length": st.sampled_from([0, 0, 3, 200]),
        }
    )
    fields = {name: draw(per_field) for name in NAMES}
    return {
        "fields": fields,
        "kind": draw(st.sampled_from([None] * 12 + ["istable", "issingle", "is_tree", "is_submittable"])),
    }


def apply(doctype: Any, change: dict[str, Any]) -> dict[str, str]:
    """Change a DocType document; give the new name of each field that stays."""
    kept: dict[str, str] = {}
    for row in list(doctype.fields):
        wanted = change["fields"].get(row.fieldname)
        if wanted is None:
            continue
        old = row.fieldname
        if wanted["remove"]:
            doctype.remove(row)
            continue
        row.fieldtype = wanted["fieldtype"] or row.fieldtype
        row.length = wanted["length"]
        row.search_index = int(
            wanted["search_index"] and row.fieldtype in ("Data", "Int", "Date", "Currency", "Select")
        )
        if wanted["rename"]:
            row.fieldname = f"{old}_new"
        kept[old] = row.fieldname
    if change["kind"]:
        doctype.set(change["kind"], 1)
    doctype.append("fields", {"fieldname": "extra", "label": "Extra", "fieldtype": "Int", "default": "5"})
    return kept


def plain(value: Any) -> Any:
    """A value as all types can say it: numbers as numbers, moments as text, nothing for what is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime.timedelta):
        return plain((datetime.datetime.min + value).time().isoformat())
    if isinstance(value, (datetime.date, datetime.datetime, datetime.time)):
        value = value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else value.isoformat()
    text = str(value)
    try:
        return round(float(text), 6) or None
    except ValueError:
        return text.removesuffix(".000000").removesuffix(" 00:00:00")


def stored(frappe: Any, columns: dict[str, str]) -> list[dict[str, Any]]:
    """What the table holds in the columns, by the old names, in the order of the documents."""
    listed = ", ".join(f"`{column}`" for column in columns.values())
    rows = frappe.db.sql(f"select {listed} from `tabProbe Box` order by idx")
    return [dict(zip(columns, map(plain, row), strict=True)) for row in rows]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="EC_TEST_EXAMPLES" not in os.environ,
)
@given(fields=definitions(), change=changes())
def test_no_change_loses_a_value(frappe: Any, fields: list[dict[str, Any]], change: dict[str, Any]) -> None:
    frappe.db.savepoint("example") if frappe.db.is_sqlite else None
    try:
        check(frappe, fields, change)
    finally:
        clean(frappe)


def clean(frappe: Any) -> None:
    """Undo an example: MariaDB has committed it."""
    if frappe.db.is_sqlite:
        frappe.db.rollback()
        return
    frappe.db.rollback()
    frappe.clear_cache(doctype="Probe Box")
    frappe.delete_doc("DocType", "Probe Box", force=True, ignore_missing=True)
    frappe.db.commit()


def check(frappe: Any, fields: list[dict[str, Any]], change: dict[str, Any]) -> None:
    own = [{key: value for key, value in field.items() if key != "values"} for field in fields]
    rights = [{"role": "System Manager", "read": 1, "write": 1}]
    given_doctype = {
        "doctype": "DocType",
        "name": "Probe Box",
        "module": "Custom",
        "custom": 1,
        "fields": own,
        "permissions": rights,
    }
    doctype = frappe.get_doc(given_doctype).insert()
    for number in range(3):
        values = {field["fieldname"]: field["values"][number] for field in fields}
        frappe.get_doc({"doctype": "Probe Box", "idx": number, **values}).insert()
    names = {field["fieldname"]: field["fieldname"] for field in fields}
    before = stored(frappe, names)
    renamed = apply(doctype, change)
    frappe.db.savepoint("before_change")
    try:
        doctype.save()
    except frappe.ValidationError:
        frappe.db.rollback(save_point="before_change")
        frappe.clear_cache(doctype="Probe Box")
        assert stored(frappe, names) == before
        return
    after = stored(frappe, {name: renamed.get(name, name) for name in names})
    assert after == before
    assert planned(frappe) == []
    doctype.reload()
    doctype.save()
    assert stored(frappe, {name: renamed.get(name, name) for name in names}) == before


def planned(frappe: Any) -> list[str]:
    """What would have to be done to bring the table in line."""
    catalogue: Catalogue = frappe.db
    table = as_table(catalogue.get_column_types("tabProbe Box"), catalogue.get_indexes("tabProbe Box"))
    plan = plan_changes(get_meta("Probe Box"), table, frappe.db.db_type)
    return [*plan.statements, *plan.rebuild]
