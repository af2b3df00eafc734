"""Kanban boards, milestones, events and submitting in the background."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

# boards


@pytest.fixture
def board(frappe: Any, make_user: Callable[..., Any]) -> Any:
    from frappe.desk.doctype.kanban_board.kanban_board import quick_kanban_board

    return quick_kanban_board("ToDo", "Tasks", "status")


def cards(frappe: Any, *texts: str) -> list[str]:
    return [str(frappe.get_doc({"doctype": "ToDo", "description": text}).insert().name) for text in texts]


def test_a_board_has_a_column_for_each_value(frappe: Any, board: Any) -> None:
    from frappe.desk.doctype.kanban_board.kanban_board import get_kanban_boards

    assert [row.column_name for row in board.columns] == ["Open", "Closed", "Cancelled"]
    assert [row.name for row in get_kanban_boards("ToDo")] == ["Tasks"]


def test_a_card_is_moved_by_saving_its_document(frappe: Any, board: Any) -> None:
    from frappe.desk.doctype.kanban_board import kanban_board as calls

    one, two = cards(frappe, "one", "two")
    calls.add_card(board.name, one, "Open")
    calls.add_card(board.name, two, "Open")
    moved = calls.update_order_for_single_card(board.name, one, "Open", "Closed", 1, 0)
    assert frappe.db.get_value("ToDo", one, "status") == "Closed"
    assert [json.loads(row.order or "[]") for row in moved.columns] == [[two], [one], []]


def test_the_order_of_all_cards_is_kept_and_those_that_moved_are_named(frappe: Any, board: Any) -> None:
    from frappe.desk.doctype.kanban_board.kanban_board import update_order

    one, two = cards(frappe, "one", "two")
    kept, moved = update_order(board.name, json.dumps({"Open": [two], "Closed": [one, "gone"]}))
    assert moved == [{"name": one, "column": "Closed"}]
    assert json.loads(kept.column("Closed").order) == [one, "gone"]


def test_who_may_not_write_a_card_moves_nothing(
    frappe: Any, board: Any, make_user: Callable[..., Any], acting_as: Any
) -> None:
    from frappe.desk.doctype.kanban_board.kanban_board import update_order_for_single_card

    make_user("k@example.com", "Report Manager")
    (one,) = cards(frappe, "one")
    with acting_as("k@example.com"), pytest.raises(frappe.PermissionError):
        update_order_for_single_card(board.name, one, "Open", "Closed", 0, 0)
    assert frappe.db.get_value("ToDo", one, "status") == "Open"


def test_columns_are_added_put_in_order_coloured_and_set_aside(frappe: Any, board: Any) -> None:
    from frappe.desk.doctype.kanban_board import kanban_board as calls

    calls.add_column(board.name, "Later")
    calls.update_column_order(board.name, json.dumps(["Later", "Open"]))
    calls.set_indicator(board.name, "Later", "Red")
    calls.archive_restore_column(board.name, "Closed", "Archived")
    stored = frappe.get_doc("Kanban Board", board.name)
    assert [row.column_name for row in stored.columns] == ["Later", "Open", "Closed", "Cancelled"]
    assert (stored.columns[0].indicator, stored.column("Closed").status) == ("Red", "Archived")
    with pytest.raises(frappe.ValidationError):
        calls.add_column(board.name, "Later")


def test_what_cards_show_is_kept(frappe: Any, board: Any) -> None:
    from frappe.desk.doctype.kanban_board.kanban_board import save_settings

    save_settings(board.name, json.dumps({"fields": ["date"], "show_labels": 1}))
    stored = frappe.get_doc("Kanban Board", board.name)
    assert (json.loads(stored.fields), stored.show_labels) == (["date"], 1)


def test_private_boards_are_their_owners_alone(
    frappe: Any, board: Any, make_user: Callable[..., Any], acting_as: Any
) -> None:
    from frappe.desk.doctype.kanban_board.kanban_board import get_kanban_boards

    make_user("k@example.com", "Report Manager")
    board.private = 1
    board.save()
    with acting_as("k@example.com"):
        assert get_kanban_boards("ToDo") == []
        assert not frappe.has_permission("Kanban Board", "read", board.name)


def test_a_board_needs_a_field_to_make_columns_of(frappe: Any) -> None:
    from frappe.desk.doctype.kanban_board.kanban_board import quick_kanban_board

    with pytest.raises(frappe.ValidationError):
        quick_kanban_board("ToDo", "Bad", "no_such_field")


# milestones


def test_each_value_a_field_took_is_a_milestone(frappe: Any) -> None:
    tracker = {"doctype": "Milestone Tracker", "document_type": "ToDo", "track_field": "status"}
    made = frappe.get_doc(tracker).insert()
    todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
    todo.save()
    todo.status = "Closed"
    todo.save()
    rows = frappe.get_all(
        "Milestone", {"reference_name": todo.name}, ["value", "milestone_tracker"], order_by="creation"
    )
    assert [(row.value, row.milestone_tracker) for row in rows] == [("Open", made.name), ("Closed", made.name)]
    made.disabled = 1
    made.save()
    todo.status = "Open"
    todo.save()
    assert frappe.db.count("Milestone", {"reference_name": todo.name}) == 2


def test_a_tracker_needs_a_field_of_its_doctype(frappe: Any) -> None:
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc({"doctype": "Milestone Tracker", "document_type": "ToDo", "track_field": "nothing"}).insert()


# events


def event(frappe: Any, **values: Any) -> Any:
    given = {
        "doctype": "Event",
        "subject": "Meet",
        "starts_on": "2026-01-05 09:00:00",
        "event_type": "Private",
        **values,
    }
    return frappe.get_doc(given).insert()


@pytest.mark.parametrize(
    ("values", "days"),
    [
        ({"repeat_on": "Daily", "repeat_till": "2026-01-08"}, ["05", "06", "07", "08"]),
        ({"repeat_on": "Weekly"}, ["05", "12", "19", "26"]),
        ({"repeat_on": "Weekly", "monday": 1, "friday": 1, "repeat_till": "2026-01-17"}, ["05", "09", "12", "16"]),
        ({"repeat_on": "Monthly"}, ["05"]),
    ],
)
def test_events_come_again(frappe: Any, values: dict[str, Any], days: list[str]) -> None:
    from frappe.desk.doctype.event.event import get_events

    event(frappe, repeat_this_event=1, ends_on="2026-01-05 10:30:00", **values)
    found = get_events("2026-01-01", "2026-01-31")
    assert [str(one.starts_on) for one in found] == [f"2026-01-{day} 09:00:00" for day in days]
    assert str(found[-1].ends_on) == f"2026-01-{days[-1]} 10:30:00"


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ("Monthly", ["2026-02-28", "2026-03-31", "2026-04-30"]),
        ("Quarterly", ["2026-04-30"]),
        ("Half Yearly", []),
        ("Yearly", []),
    ],
)
def test_the_last_day_of_a_month_stays_the_last(frappe: Any, repeat: str, days: list[str]) -> None:
    from frappe.desk.doctype.event.event import occurrences

    values = frappe._dict(starts_on="2026-01-31", repeat_this_event=1, repeat_on=repeat)
    assert [str(day) for day in occurrences(values, date(2026, 2, 1), date(2026, 4, 30))] == days


def test_an_event_that_goes_on_is_shown_on_its_later_days(frappe: Any) -> None:
    from frappe.desk.doctype.event.event import get_events

    event(frappe, ends_on="2026-01-09 12:00:00")
    assert len(get_events("2026-01-08", "2026-01-08")) == 1
    assert get_events("2026-01-10", "2026-01-11") == []


def test_private_events_are_seen_by_who_takes_part(frappe: Any, make_user: Callable[..., Any], acting_as: Any) -> None:
    for name in ("in", "out"):
        make_user(f"{name}@example.com", "Report Manager")
    invited = [{"reference_doctype": "User", "reference_docname": "in@example.com"}]
    made = event(frappe, event_participants=invited)
    assert made.event_participants[0].email == "in@example.com"
    with acting_as("in@example.com"):
        assert [row.name for row in frappe.get_list("Event")] == [made.name]
        assert frappe.has_permission("Event", "read", made.name)
    with acting_as("out@example.com"):
        assert frappe.get_list("Event") == []
        assert not frappe.has_permission("Event", "read", made.name)


def test_an_event_is_on_the_timelines_of_who_takes_part(frappe: Any) -> None:
    from frappe.desk.doctype.event.event import delete_communication

    contact = frappe.get_doc({"doctype": "Contact", "first_name": "C"}).insert()
    made = event(frappe, event_participants=[{"reference_doctype": "Contact", "reference_docname": contact.name}])
    made.subject = "Meet later"
    made.save()
    links = {"link_doctype": "Contact", "link_name": contact.name}
    (kept,) = frappe.get_all("Communication Link", links, pluck="parent")
    assert frappe.db.get_value("Communication", kept, "subject") == "Meet later"
    assert delete_communication(made.name, "Contact", contact.name) == {"deleted": 1}
    assert not frappe.db.exists("Communication Link", links)


def test_events_that_mean_nothing_are_refused(frappe: Any) -> None:
    for values in (
        {"ends_on": "2026-01-04 09:00:00"},
        {"repeat_this_event": 1},
        {"repeat_this_event": 1, "repeat_on": "Daily", "ends_on": "2026-01-06 09:00:00"},
    ):
        with pytest.raises(frappe.ValidationError):
            event(frappe, **values)


def test_who_has_events_today_is_reminded_in_the_morning(own_site: Any) -> None:
    import frappe
    from frappe.desk.doctype.event.event import send_event_digest

    with own_site.connected():
        account = {"email_account_name": "S", "email_id": "s@example.com", "enable_outgoing": 1, "default_outgoing": 1}
        frappe.get_doc({"doctype": "Email Account", **account, "smtp_server": "127.0.0.1"}).insert()
        person = {"doctype": "User", "email": "e@example.com", "first_name": "E", "send_welcome_email": 0}
        frappe.get_doc({**person, "roles": [{"role": "Report Manager"}]}).insert()
        today = f"{frappe.utils.nowdate()} 15:00:00"
        for number, subject in enumerate(("quiet", "loud")):
            values = {"starts_on": today, "event_type": "Public", "send_reminder": number}
            frappe.get_doc({"doctype": "Event", "subject": subject, **values}).insert()
        send_event_digest()
        (mail,) = frappe.get_all("Email Queue", fields=["name", "message"])
        assert "loud" in mail.message
        assert "quiet" not in mail.message


# submitting in the background


@pytest.fixture
def queued(own_site: Any) -> Any:
    """A site with a DocType whose documents are submitted by a worker; those titled "bad" fail."""
    import frappe

    own_site.set_config("redis_queue", "")
    with own_site.connected() as context:
        rights = {"role": "System Manager", **dict.fromkeys(("read", "write", "create", "submit", "cancel"), 1)}
        fields = [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}]
        values = {"is_submittable": 1, "queue_in_background": 1, "custom": 1, "module": "Custom", "fields": fields}
        frappe.get_doc({"doctype": "DocType", "name": "Slow", **values, "permissions": [rights]}).insert()
        context.db.commit()
    return own_site


def submit(frappe: Any, title: str) -> str:
    from frappe.desk.form.save import savedocs

    values = {"doctype": "Slow", "title": title, "__islocal": 1, "name": "new-slow-1"}
    savedocs(json.dumps(values), "Submit")
    frappe.db.commit()
    return str(frappe.get_last_doc("Slow").name)


def test_a_form_is_submitted_by_a_worker(queued: Any) -> None:
    import frappe

    from .test_by_worker import work

    with queued.connected():
        name = submit(frappe, "good")
        document = frappe.get_doc("Slow", name)
        assert (document.docstatus, document.is_locked) == (0, True)
        with pytest.raises(frappe.DocumentLockedError):
            document.save()
    work(queued)
    with queued.connected():
        from frappe.core.doctype.submission_queue.submission_queue import get_latest_submissions

        document = frappe.get_doc("Slow", name)
        assert (document.docstatus, document.is_locked) == (1, False)
        assert get_latest_submissions("Slow", name)["status"] == "Finished"
        assert frappe.db.exists("Notification Log", {"document_name": name, "for_user": "Administrator"})


def test_what_fails_is_told_and_left_as_a_draft(queued: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import frappe
    from frappe.core.doctype.submission_queue.submission_queue import background_submission
    from frappe.model.document import Document

    with queued.connected():
        name = submit(frappe, "bad")

        def fails(_self: Any) -> None:
            raise frappe.ValidationError("not today")

        monkeypatch.setattr(Document, "submit", fails)
        entry = frappe.get_last_doc("Submission Queue")
        background_submission(entry.name, "Submit")
        entry.reload()
        assert (entry.status, "not today" in entry.exception) == ("Failed", True)
        document = frappe.get_doc("Slow", name)
        assert (document.docstatus, document.is_locked) == (0, False)


def test_a_note_is_its_writers_until_it_is_public(frappe: Any, make_user: Any, acting_as: Any) -> None:
    make_user("reader@example.com", "Desk User")
    note = frappe.get_doc({"doctype": "Note", "title": "salaries", "content": "100"}).insert()
    seen = []
    for public in (0, 1):
        note.db_set("public", public)
        with acting_as("reader@example.com"):
            listed = note.name in frappe.get_list("Note", pluck="name")
            seen.append((frappe.has_permission("Note", "read", note.name), listed))
    assert seen == [(False, False), (True, True)]
