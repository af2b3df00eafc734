"""Dates and times of a document in memory: they stay as they were given, and are stored and read as what they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

TIMES = {"day": "2026-1-2", "moment": "2026-01-02T03:04:05", "clock": "09:30:00"}
STORED = (date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), timedelta(hours=9, minutes=30))
KINDS = {"day": "Date", "moment": "Datetime", "clock": "Time"}


@pytest.fixture
def slots(frappe: Any, make_doctype: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that makes a document with times of its own and a row with the same ones; it is not stored yet."""
    fields = [{"label": name.title(), "fieldname": name, "fieldtype": kind} for name, kind in KINDS.items()]
    make_doctype("GT Row", fields, istable=1)
    rows = {"label": "Rows", "fieldname": "rows", "fieldtype": "Table", "options": "GT Row"}
    title = {"label": "Title", "fieldname": "title", "fieldtype": "Data"}
    make_doctype("GT Slot", [title, *fields, rows], track_changes=1)
    return lambda **given: frappe.get_doc({"doctype": "GT Slot", **given, "rows": [given]})


def times(document: Any) -> tuple[Any, ...]:
    return tuple(document.get(name) for name in KINDS)


def test_texts_stay_texts_until_the_document_is_read(frappe: Any, slots: Callable[..., Any]) -> None:
    slot = slots(**TIMES).insert()
    for document in (slot, slot.rows[0], slot.save(), slot.rows[0]):
        assert times(document) == tuple(TIMES.values())
    assert slot.as_dict().clock == "09:30:00"
    for document in (frappe.get_doc("GT Slot", slot.name), slot.reload()):
        assert times(document) == times(document.rows[0]) == STORED


def test_other_values_stay_what_they_are(slots: Callable[..., Any]) -> None:
    given = {"day": datetime(2026, 1, 2, 9), "moment": date(2026, 1, 2), "clock": time(9, 30)}
    slot = slots(**given).insert()
    assert times(slot) == times(slot.rows[0]) == tuple(given.values())
    assert times(slot.reload()) == (STORED[0], datetime(2026, 1, 2), STORED[2])
    assert times(slots(day="", moment="", clock="").insert()) == ("", "", "")


def test_who_listens_sees_the_texts(frappe: Any, slots: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    slot = slots(**TIMES)
    for event in ("validate", "after_insert", "on_update", "on_change"):
        monkeypatch.setitem(slot.__dict__, event, lambda name=event: seen.append((name, slot.clock)))
    slot.insert()
    assert seen == [(name, "09:30:00") for name in ("validate", "after_insert", "on_update", "on_change")]


def test_the_same_time_in_another_form_is_no_change(frappe: Any, slots: Callable[..., Any]) -> None:
    slot = slots(**TIMES).insert().reload()
    slot.update(TIMES)
    slot.rows[0].update(TIMES)
    slot.save()
    assert not any(map(slot.has_value_changed, KINDS))
    assert not frappe.db.exists("Version", {"docname": slot.name})
    slot.clock = "09:31"
    slot.save()
    assert [name for name in KINDS if slot.has_value_changed(name)] == ["clock"]


def test_a_save_that_was_refused_leaves_nothing_to_a_later_one(frappe: Any, slots: Callable[..., Any]) -> None:
    slot = slots(**TIMES)
    slot.title = "x" * 150
    with pytest.raises(frappe.CharacterLengthExceededError):
        slot.insert()
    slot.update({"title": "x", **dict(zip(KINDS, STORED, strict=True))})
    slot.rows[0].update(dict(zip(KINDS, STORED, strict=True)))
    slot.insert()
    assert times(slot) == times(slot.rows[0]) == STORED
