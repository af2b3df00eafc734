"""Assignment rules and repeated documents: the dates, who is next, and what is made."""

import datetime
from typing import Any

import pytest
from frappe_engine.automation.assignment import least_loaded, next_in_turn
from frappe_engine.automation.recurrence import Schedule, dates, next_date
from hypothesis import given
from hypothesis import strategies as st


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# dates


@pytest.mark.parametrize(
    ("values", "after", "expected"),
    [
        ({"frequency": "Daily"}, "2026-01-31", ["2026-02-01", "2026-02-02"]),
        ({"frequency": "Weekly"}, "2026-01-31", ["2026-02-07", "2026-02-14"]),
        ({"frequency": "Weekly", "weekdays": ("Monday", "Friday")}, "2026-01-31", ["2026-02-02", "2026-02-06"]),
        ({"frequency": "Monthly"}, "2026-01-31", ["2026-02-28", "2026-03-31"]),
        ({"frequency": "Monthly", "day_of_month": 15}, "2026-01-31", ["2026-02-15", "2026-03-15"]),
        ({"frequency": "Monthly", "on_last_day": True}, "2026-01-31", ["2026-02-28", "2026-03-31"]),
        ({"frequency": "Quarterly"}, "2026-01-31", ["2026-04-30", "2026-07-31"]),
        ({"frequency": "Half-yearly"}, "2026-01-31", ["2026-07-31", "2027-01-31"]),
        ({"frequency": "Yearly"}, "2028-01-31", ["2029-01-31", "2030-01-31"]),
        ({"frequency": "Daily", "end": day("2026-02-01")}, "2026-01-31", ["2026-02-01"]),
        ({"frequency": "Monthly"}, "2020-01-01", ["2026-02-28", "2026-03-31"]),
        ({"frequency": "Daily"}, "2020-01-01", ["2026-02-01", "2026-02-02"]),
        ({"frequency": "Weekly", "weekdays": ("Saturday", "Monday")}, "2020-01-01", ["2026-02-02", "2026-02-07"]),
        ({"frequency": "Quarterly", "day_of_month": 5}, "2020-01-01", ["2026-04-05", "2026-07-05"]),
        ({"frequency": "Yearly", "on_last_day": True}, "2020-01-01", ["2027-01-31", "2028-01-31"]),
    ],
)
def test_dates_of_schedules(values: dict[str, Any], after: str, expected: list[str]) -> None:
    schedule = Schedule(start=day("2026-01-31"), **values)
    assert dates(schedule, day(after), 2) == [day(text) for text in expected]


@given(
    st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)),
    st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)),
    st.sampled_from(["Daily", "Weekly", "Monthly", "Quarterly", "Half-yearly", "Yearly"]),
    st.integers(0, 31),
)
def test_dates_only_go_forward(start: datetime.date, after: datetime.date, frequency: str, on: int) -> None:
    found = next_date(Schedule(start=start, frequency=frequency, day_of_month=on), after)
    assert found is not None
    assert found > after
    assert found > start


# who is next


def test_turns() -> None:
    assert [next_in_turn(["a", "b"], last) for last in (None, "a", "b", "gone")] == ["a", "b", "a", "a"]
    assert least_loaded(["a", "b", "c"], {"a": 2, "b": 1, "c": 1}) == "b"
    assert (next_in_turn([], "a"), least_loaded([], {})) == (None, None)


# assignment rules


@pytest.fixture
def people(make_user: Any) -> list[str]:
    names = ["a@example.com", "b@example.com"]
    for name in names:
        make_user(name, "System Manager")
    return names


def rule(frappe: Any, people: list[str], **values: Any) -> Any:
    given_values = {
        "doctype": "Assignment Rule", "name": f"Rule {frappe.generate_hash(length=5)}", "document_type": "Note",
        "assign_condition": "public == 1", "unassign_condition": "public == 0", "close_condition": "title == 'done'",
        "rule": "Round Robin", "users": [{"user": name} for name in people], "description": "Look at {{ title }}",
        **values,
    }  # fmt: skip
    return frappe.get_doc(given_values).insert()


def note(frappe: Any, title: str = "n", **values: Any) -> Any:
    return frappe.get_doc({"doctype": "Note", "title": title, "public": 1, **values}).insert()


def tasks(frappe: Any, document: Any) -> list[tuple[str, str]]:
    filters = {"reference_name": document.name}
    rows = frappe.get_all("ToDo", filters, ["allocated_to", "status"], order_by="creation")
    return [(row.allocated_to, row.status) for row in rows]


def test_documents_go_round(frappe: Any, people: list[str]) -> None:
    rule(frappe, people)
    given_to = [tasks(frappe, note(frappe, title))[0][0] for title in ("x", "y", "z")]
    assert given_to == ["a@example.com", "b@example.com", "a@example.com"]
    assert frappe.db.get_value("ToDo", {"allocated_to": "b@example.com"}, "description") == "Look at y"


def test_a_rule_counts_at_once_though_documents_of_its_kind_were_saved_before(frappe: Any, people: list[str]) -> None:
    note(frappe, "before")
    made = rule(frappe, people)
    assert tasks(frappe, note(frappe, "x")) == [("a@example.com", "Open")]
    made.disabled = 1
    made.save()
    assert tasks(frappe, note(frappe, "after")) == []


def test_the_least_busy_is_next(frappe: Any, people: list[str]) -> None:
    rule(frappe, people, rule="Load Balancing")
    first = note(frappe, "x")
    assert tasks(frappe, first) == [("a@example.com", "Open")]
    assert tasks(frappe, note(frappe, "y")) == [("b@example.com", "Open")]
    first.title = "done"
    first.save()
    assert tasks(frappe, note(frappe, "z")) == [("a@example.com", "Open")]


def test_tasks_are_taken_back_and_closed(frappe: Any, people: list[str]) -> None:
    rule(frappe, people)
    document = note(frappe)
    document.public = 0
    document.save()
    assert tasks(frappe, document) == [("a@example.com", "Cancelled")]
    document.public = 1
    document.save()
    document.title = "done"
    document.save()
    assert [status for _user, status in tasks(frappe, document)] == ["Cancelled", "Closed"]


def test_a_task_ends_when_its_document_is_cancelled(frappe: Any, make_doctype: Any, make_user: Any) -> None:
    rights = {"role": "System Manager", **dict.fromkeys(("read", "write", "create", "submit", "cancel"), 1)}
    make_doctype("AU Order", [{"fieldname": "title", "fieldtype": "Data"}], is_submittable=1, permissions=[rights])
    make_user("a@example.com", "System Manager")  # after the DocType, with which MariaDB commits
    conditions = {"assign_condition": "docstatus == 1", "unassign_condition": "", "close_condition": "docstatus == 2"}
    rule(frappe, ["a@example.com"], document_type="AU Order", **conditions)
    order = frappe.get_doc({"doctype": "AU Order"}).insert()
    order.submit()
    assert tasks(frappe, order) == [("a@example.com", "Open")]
    order.cancel()
    assert tasks(frappe, order) == [("a@example.com", "Closed")]


def by_hand(document: Any, user: str) -> None:
    from frappe.desk.form.assign_to import add

    add({"doctype": document.doctype, "name": document.name, "assign_to": [user]})


def changed(document: Any, **values: Any) -> Any:
    document.update(values)
    return document.save()


def test_who_has_a_task_by_hand_gets_no_second_one(frappe: Any, people: list[str]) -> None:
    document = note(frappe, public=0)
    by_hand(document, "b@example.com")
    rule(frappe, people)
    assert tasks(frappe, changed(document, public=1)) == [("b@example.com", "Open")]


def test_a_document_that_is_done_closes_all_its_tasks_and_opens_them_again(frappe: Any, people: list[str]) -> None:
    rule(frappe, people)
    document = note(frappe)
    by_hand(document, "b@example.com")
    assert tasks(frappe, changed(document, title="done")) == [("a@example.com", "Closed"), ("b@example.com", "Closed")]
    assert tasks(frappe, changed(document, content="x")) == [("a@example.com", "Closed"), ("b@example.com", "Closed")]
    assert tasks(frappe, changed(document, title="n2")) == [("a@example.com", "Open"), ("b@example.com", "Open")]


def test_a_rule_takes_back_all_tasks_where_it_gave_one(frappe: Any, people: list[str]) -> None:
    rule(frappe, people)
    document = note(frappe)
    by_hand(document, "b@example.com")
    assert tasks(frappe, changed(document, public=0)) == [
        ("a@example.com", "Cancelled"),
        ("b@example.com", "Cancelled"),
    ]
    other = note(frappe, "other", public=0)
    by_hand(other, "b@example.com")
    assert tasks(frappe, changed(other, content="x")) == [("b@example.com", "Open")]


def test_what_is_done_from_the_first_is_given_and_closed(frappe: Any, people: list[str]) -> None:
    rule(frappe, people)
    assert tasks(frappe, note(frappe, "done")) == [("a@example.com", "Closed")]


def test_a_rule_that_takes_back_and_gives_passes_a_document_on(frappe: Any, people: list[str]) -> None:
    rule(frappe, people, unassign_condition="title == 'next'", close_condition="")
    document = note(frappe)
    assert tasks(frappe, changed(document, title="next")) == [("a@example.com", "Cancelled"), ("b@example.com", "Open")]


def test_a_day_stands_in_a_rule_once(frappe: Any, people: list[str]) -> None:
    from frappe.automation.doctype.assignment_rule.assignment_rule import get_repeated

    with pytest.raises(frappe.ValidationError):
        rule(frappe, people, assignment_days=[{"day": "Monday"}, {"day": "Monday"}])
    assert get_repeated([1, 2, 2, 3, 3]) == ["2", "3"]


def test_no_task_on_other_days_and_none_for_who_left(frappe: Any, people: list[str]) -> None:
    today = frappe.utils.get_weekday()
    other = "Monday" if today != "Monday" else "Tuesday"
    rule(frappe, people, assignment_days=[{"day": other}])
    assert tasks(frappe, note(frappe, "x")) == []
    frappe.db.set_value("User", "a@example.com", "enabled", 0)
    rule(frappe, people, assignment_days=[{"day": today}])
    assert tasks(frappe, note(frappe, "y")) == [("b@example.com", "Open")]


# repeating documents


def repeat(frappe: Any, document: Any, **values: Any) -> Any:
    given_values = {
        "doctype": "Auto Repeat", "reference_doctype": document.doctype, "reference_document": document.name,
        "frequency": "Daily", "start_date": frappe.utils.nowdate(), **values,
    }  # fmt: skip
    return frappe.get_doc(given_values).insert()


def in_days(frappe: Any, count: int) -> datetime.date:
    return frappe.utils.getdate(frappe.utils.add_days(frappe.utils.nowdate(), count))


def due(frappe: Any, document: Any, **values: Any) -> Any:
    """A schedule that began ten days ago and has its next date today."""
    made = repeat(frappe, document, start_date=in_days(frappe, -10), **values)
    assert made.next_schedule_date == in_days(frappe, 0)
    return made


def todo(frappe: Any, words: str = "x") -> Any:
    return frappe.get_doc({"doctype": "ToDo", "description": words}).insert()


def test_a_day_makes_one_copy(frappe: Any) -> None:
    from frappe.automation.doctype.auto_repeat.auto_repeat import create_repeated_entries, get_auto_repeat_entries

    made = due(frappe, todo(frappe, "count the stock"))
    entries = [entry for entry in get_auto_repeat_entries() if entry.name == made.name]
    create_repeated_entries(entries)
    create_repeated_entries(entries)
    assert frappe.db.count("ToDo", {"description": "count the stock"}) == 2
    stored = frappe.db.get_value("Auto Repeat", made.name, ["next_schedule_date", "status"])
    assert stored == (in_days(frappe, 1), "Active")


def test_the_last_copy_completes_the_schedule(frappe: Any) -> None:
    from frappe.automation.doctype.auto_repeat.auto_repeat import create_repeated_entries

    made = due(frappe, todo(frappe), end_date=frappe.utils.nowdate())
    create_repeated_entries([made])
    assert frappe.db.get_value("Auto Repeat", made.name, ["next_schedule_date", "status"]) == (None, "Completed")


def test_the_document_itself_is_the_first_of_its_schedule(frappe: Any) -> None:
    made = repeat(frappe, todo(frappe))
    assert made.next_schedule_date == in_days(frappe, 1)
    made.disabled = 1
    assert (made.save().next_schedule_date, made.status) == (None, "Disabled")


def test_a_schedule_does_not_begin_in_the_past(frappe: Any) -> None:
    frappe.flags.in_test = False
    frappe.make_property_setter(
        {"doctype": "ToDo", "doctype_or_field": "DocType", "property": "allow_auto_repeat", "value": 1}
    )
    made = repeat(frappe, todo(frappe), start_date="2020-01-31")
    frappe.flags.in_test = True
    assert (str(made.start_date), made.next_schedule_date) == (frappe.utils.nowdate(), in_days(frappe, 1))


def test_the_coming_dates_are_the_next_one_or_all_until_the_end(frappe: Any) -> None:
    made = repeat(frappe, todo(frappe), frequency="Weekly")
    assert [row["next_scheduled_date"] for row in made.get_auto_repeat_schedule()] == [in_days(frappe, 7)]
    ended = repeat(frappe, todo(frappe), frequency="Weekly", end_date=in_days(frappe, 15))
    coming = [row["next_scheduled_date"] for row in ended.get_auto_repeat_schedule()]
    assert coming == [in_days(frappe, 7), in_days(frappe, 14)]


def test_the_date_after_another_is_not_past_unless_all_are_asked_for(frappe: Any) -> None:
    made = repeat(frappe, todo(frappe), frequency="Weekly")
    past = in_days(frappe, -10)
    assert made.get_next_schedule_date(past) == in_days(frappe, 4)
    assert made.get_next_schedule_date(past, for_full_schedule=True) == in_days(frappe, -3)


def test_texts_are_shown_as_they_would_be_mailed(frappe: Any) -> None:
    from frappe.automation.doctype.auto_repeat.auto_repeat import generate_message_preview

    task = todo(frappe, "shelf")
    shown = generate_message_preview("ToDo", task.name, "<b>{{ doc.description }}</b>", "New: {{ doc.status }}")
    assert shown == {"message": "<b>shelf</b>", "subject": "New: Open"}
    assert generate_message_preview("ToDo", task.name)["message"] == ""


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "'Recipients' not specified"),
        ({"recipients": "a@example.com, foo"}, "foo is an invalid email address in 'Recipients'"),
        ({"recipients": "a@example.com", "subject": "{{ doc"}, "template"),
    ],
)
def test_a_mail_that_could_not_be_sent_is_refused(frappe: Any, values: dict[str, Any], words: str) -> None:
    frappe.local.lang = "en"
    with pytest.raises(frappe.ValidationError, match=words):
        repeat(frappe, todo(frappe), notify_by_email=1, **values)


def test_a_document_has_one_active_schedule(frappe: Any) -> None:
    from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

    field = {"fieldname": "auto_repeat", "label": "Auto Repeat", "fieldtype": "Link", "options": "Auto Repeat"}
    create_custom_fields({"Note": [{**field, "no_copy": 1}]})
    document = note(frappe)
    made = repeat(frappe, document)
    with pytest.raises(frappe.ValidationError, match=made.name):
        repeat(frappe, document)
    changed(made, disabled=1)
    assert repeat(frappe, document).status == "Active"


def test_every_assignee_gets_a_copy(frappe: Any, people: list[str]) -> None:
    todo = frappe.get_doc({"doctype": "Note", "title": "shelf", "public": 1}).insert()
    made = repeat(
        frappe, todo, generate_separate_documents_for_each_assignee=1, assignee=[{"user": name} for name in people]
    )
    found = [tasks(frappe, copy) for copy in made.create_documents()]
    assert found == [[("a@example.com", "Open")], [("b@example.com", "Open")]]


def test_a_schedule_that_fails_is_stopped_and_its_owner_told(own_site: Any) -> None:
    import frappe
    from frappe.automation.doctype.auto_repeat.auto_repeat import make_auto_repeat_entry

    with own_site.connected():
        todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
        bad = repeat(frappe, todo, reference_document=todo.name)
        good = repeat(frappe, frappe.get_doc({"doctype": "ToDo", "description": "good"}).insert())
        frappe.db.set_value("Auto Repeat", bad.name, "reference_document", "gone")
        for schedule in (bad, good):
            schedule.db_set("next_schedule_date", frappe.utils.nowdate())
        frappe.db.commit()
        make_auto_repeat_entry()
        assert frappe.db.get_value("Auto Repeat", bad.name, "status") == "Disabled"
        assert frappe.db.exists("Error Log", {"reference_name": bad.name})
        assert frappe.db.count("ToDo", {"description": "good"}) == 2
        assert frappe.db.get_value("Auto Repeat", good.name, "status") == "Active"


def test_a_schedule_that_ends_before_it_starts_is_refused(frappe: Any) -> None:
    todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
    with pytest.raises(frappe.exceptions.InvalidDates):
        repeat(frappe, todo, start_date="2026-02-01", end_date="2026-01-01")
