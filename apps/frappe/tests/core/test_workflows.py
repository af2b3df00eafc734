"""Workflows: the steps that are open, taking them, what is refused, and whose turn it is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from frappe_engine.automation.workflow import action_for


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """Connected to a site of its own: a workflow adds a field, which MariaDB commits."""
    import frappe as face

    with own_site.connected():
        yield face


@pytest.fixture
def leave(frappe: Any, make_doctype: Any, make_user: Any) -> Any:
    """A submittable DocType with the workflow Draft → Pending → Approved / Rejected → Cancelled."""
    fields = [
        {"label": "Title", "fieldname": "title", "fieldtype": "Data"},
        {"label": "Days", "fieldname": "days", "fieldtype": "Int"},
        {"label": "Verdict", "fieldname": "verdict", "fieldtype": "Data"},
    ]
    rights = [
        {"role": role, "read": 1, "write": 1, "create": 1, "submit": 1, "cancel": 1, "delete": 1}
        for role in ("Workspace Manager", "Report Manager")
    ]
    make_doctype("Leave", fields, is_submittable=1, permissions=rights)
    make_user("worker@example.com", "Workspace Manager", send_welcome_email=0)
    make_user("boss@example.com", "Report Manager", send_welcome_email=0)
    return workflow(frappe)


def step(state: str, action: str, following: str, role: str, **values: Any) -> dict[str, Any]:
    return {"state": state, "action": action, "next_state": following, "allowed": role, **values}


def workflow(frappe: Any, **values: Any) -> Any:
    for state in ("Asked", "Granted", "Refused", "Withdrawn", "New"):
        if not frappe.db.exists("Workflow State", state):
            frappe.get_doc({"doctype": "Workflow State", "workflow_state_name": state}).insert()
    for action in ("Ask", "Grant", "Refuse", "Withdraw"):
        if not frappe.db.exists("Workflow Action Master", action):
            frappe.get_doc({"doctype": "Workflow Action Master", "workflow_action_name": action}).insert()
    worker, boss = "Workspace Manager", "Report Manager"
    given = {
        "doctype": "Workflow", "workflow_name": "Leave Flow", "document_type": "Leave", "is_active": 1,
        "states": [
            {"state": "New", "doc_status": "0", "allow_edit": worker},
            {"state": "Asked", "doc_status": "0", "allow_edit": boss},
            {"state": "Granted", "doc_status": "1", "allow_edit": boss, "update_field": "verdict", "update_value": "yes"},
            {"state": "Refused", "doc_status": "0", "allow_edit": boss},
            {"state": "Withdrawn", "doc_status": "2", "allow_edit": boss},
        ],
        "transitions": [
            step("New", "Ask", "Asked", worker),
            step("Asked", "Grant", "Granted", boss, condition="doc.days <= 10", allow_self_approval=0),
            step("Asked", "Refuse", "Refused", boss),
            step("Granted", "Withdraw", "Withdrawn", boss),
        ],
        **values,
    }  # fmt: skip
    return frappe.get_doc(given).insert()


def leave_of(frappe: Any, **values: Any) -> Any:
    return frappe.get_doc({"doctype": "Leave", "title": "x", "days": 3, **values}).insert()


def actions(frappe: Any, document: Any) -> list[str]:
    from frappe.model.workflow import get_transitions

    return [one.action for one in get_transitions(document.as_json())]


def take(document: Any, action: str) -> Any:
    from frappe.model.workflow import apply_workflow

    return apply_workflow(document.as_json(), action)


def test_a_document_goes_through_its_states(frappe: Any, leave: Any, acting_as: Any) -> None:
    with acting_as("worker@example.com"):
        document = leave_of(frappe)
        assert (document.workflow_state, actions(frappe, document)) == ("New", ["Ask"])
        document = take(document, "Ask")
    with acting_as("boss@example.com"):
        assert actions(frappe, document) == ["Grant", "Refuse"]
        document = take(document, "Grant")
        assert (document.docstatus, document.workflow_state, document.verdict) == (1, "Granted", "yes")
        document = take(document, "Withdraw")
    assert (document.docstatus, document.workflow_state) == (2, "Withdrawn")
    said = frappe.get_all("Comment", {"reference_name": document.name, "comment_type": "Workflow"}, pluck="content")
    assert len(said) == 3


def test_who_lacks_the_role_sees_no_step_and_takes_none(frappe: Any, leave: Any, acting_as: Any) -> None:
    from frappe.model.workflow import WorkflowTransitionError

    with acting_as("worker@example.com"):
        document = take(leave_of(frappe), "Ask")
        assert actions(frappe, document) == []
        with pytest.raises(WorkflowTransitionError):
            take(document, "Grant")


def test_a_condition_closes_a_step(frappe: Any, leave: Any, acting_as: Any) -> None:
    with acting_as("worker@example.com"):
        document = take(leave_of(frappe, days=11), "Ask")
    with acting_as("boss@example.com"):
        assert actions(frappe, document) == ["Refuse"]


def test_nobody_grants_their_own_wish(frappe: Any, leave: Any, acting_as: Any) -> None:
    from frappe.model.workflow import WorkflowTransitionError

    frappe.get_doc("User", "boss@example.com").add_roles("Workspace Manager")
    with acting_as("boss@example.com"):
        document = take(leave_of(frappe), "Ask")
        with pytest.raises(WorkflowTransitionError):
            take(document, "Grant")


@pytest.mark.parametrize("state", ["Granted", "Nowhere", "Asked"])
def test_a_state_is_not_just_written(frappe: Any, leave: Any, acting_as: Any, state: str) -> None:
    with acting_as("boss@example.com"):
        with pytest.raises(frappe.ValidationError):
            leave_of(frappe, workflow_state=state)
        document = leave_of(frappe)
        document.workflow_state = state
        with pytest.raises(frappe.ValidationError):
            document.save()


def test_a_state_that_submits_needs_the_step(frappe: Any, leave: Any, acting_as: Any) -> None:
    from frappe.model.workflow import WorkflowStateError

    with acting_as("worker@example.com"):
        document = take(leave_of(frappe), "Ask")
    with acting_as("boss@example.com"):
        document.workflow_state = "Granted"
        with pytest.raises(WorkflowStateError):
            document.save()


def test_each_state_is_edited_by_its_role(frappe: Any, leave: Any, acting_as: Any) -> None:
    with acting_as("worker@example.com"):
        document = take(leave_of(frappe), "Ask")
        document.title = "changed"
        with pytest.raises(frappe.ValidationError):
            document.save()
    with acting_as("boss@example.com"):
        document.reload()
        document.title = "changed"
        document.save()


def test_submitting_directly_finds_the_state(frappe: Any, leave: Any) -> None:
    document = leave_of(frappe)
    document.submit()
    assert document.workflow_state == "Granted"
    document.cancel()
    assert frappe.db.get_value("Leave", document.name, "workflow_state") == "Withdrawn"


def test_documents_from_before_get_a_state(frappe: Any, leave: Any) -> None:
    document = leave_of(frappe)
    frappe.db.set_value("Leave", document.name, "workflow_state", None)
    leave.save()
    assert frappe.db.get_value("Leave", document.name, "workflow_state") == "New"


def test_one_workflow_is_active_and_none_when_it_is_gone(frappe: Any, leave: Any) -> None:
    from frappe.model.workflow import can_cancel_document, get_workflow_name

    other = workflow(frappe, workflow_name="Other Flow")
    assert (get_workflow_name("Leave"), frappe.db.get_value("Workflow", leave.name, "is_active")) == (other.name, 0)
    assert can_cancel_document("Leave") is False
    other.delete()
    assert (get_workflow_name("Leave"), can_cancel_document("Leave")) == (None, True)
    leave_of(frappe).submit()


def test_steps_that_no_document_can_take_are_refused(frappe: Any, leave: Any) -> None:
    leave.append("transitions", step("Withdrawn", "Ask", "New", "Workspace Manager"))
    with pytest.raises(frappe.ValidationError):
        leave.save()
    assert [action_for(*pair) for pair in ((0, 1), (1, 2), (0, 2), (2, 0), (1, 0))] == [
        "submit",
        "cancel",
        None,
        None,
        None,
    ]


def test_whose_turn_it_is(frappe: Any, leave: Any, acting_as: Any) -> None:
    with acting_as("worker@example.com"):
        document = take(leave_of(frappe), "Ask")
        assert frappe.get_list("Workflow Action", {"status": "Open"}) == []
    with acting_as("boss@example.com"):
        (name,) = frappe.get_list("Workflow Action", {"status": "Open", "reference_name": document.name}, pluck="name")
        take(document, "Refuse")
    done = frappe.db.get_value("Workflow Action", name, ["status", "completed_by", "completed_by_role"])
    assert done == ("Completed", "boss@example.com", "Report Manager")


def test_many_at_once(frappe: Any, leave: Any, acting_as: Any) -> None:
    from frappe.model.workflow import _bulk, bulk_workflow_approval, get_common_transition_actions

    with acting_as("worker@example.com"):
        names = [leave_of(frappe).name for _number in range(3)]
        assert get_common_transition_actions(json.dumps([{"name": name} for name in names]), "Leave") == ["Ask"]
        bulk_workflow_approval(json.dumps(names), "Leave", "Ask")
    assert set(frappe.get_all("Leave", {"name": ["in", names]}, pluck="workflow_state")) == {"Asked"}
    frappe.db.set_value("Leave", names[0], "days", 99)
    with acting_as("boss@example.com"):
        assert _bulk(names, "Leave", "Grant") == {"done": names[1:], "failed": names[:1]}


def test_a_step_is_taken_by_a_link_of_a_mail(frappe: Any, leave: Any, acting_as: Any) -> None:
    from frappe.utils.verified_command import get_signed_params
    from frappe.workflow.doctype.workflow_action import workflow_action

    leave.send_email_alert = 1
    leave.save()
    account = {"doctype": "Email Account", "email_account_name": "S", "email_id": "s@example.com", "enable_outgoing": 1}
    frappe.get_doc({**account, "default_outgoing": 1, "smtp_server": "127.0.0.1"}).insert()
    with acting_as("worker@example.com"):
        document = take(leave_of(frappe), "Ask")
    queued = frappe.get_all("Email Queue Recipient", {"recipient": "boss@example.com"}, pluck="parent")
    (text,) = frappe.get_all("Email Queue", {"name": ["in", queued]}, pluck="message")
    assert "confirm_action" in text
    values = {
        "action": "Refuse",
        "doctype": "Leave",
        "docname": document.name,
        "current_state": "Asked",
        "user": "boss@example.com",
    }
    for query, state in (
        (get_signed_params(values).replace("Refuse", "Grant"), "Asked"),
        (get_signed_params(values), "Refused"),
    ):
        frappe.local.request = frappe._dict(query_string=query.encode(), headers={})
        with acting_as("Guest"):
            workflow_action.apply_action(**values)
        assert frappe.db.get_value("Leave", document.name, "workflow_state") == state
    frappe.local.request = None


def test_forms_are_given_the_workflow(frappe: Any, leave: Any) -> None:
    from frappe_engine.desk.metas import described

    (rules, *others) = described(frappe.get_meta("Leave"))["__workflow_docs"]
    assert (rules["name"], len(rules["transitions"])) == ("Leave Flow", 4)
    assert {other["doctype"] for other in others} == {"Workflow State", "Workflow Action Master"}
