"""Workflows at work: the steps open to a user, taking one, and refusing those that are not there.

Invariant: a document's state changes by a transition of its workflow, taken by somebody with its role, whose condition
holds; or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from frappe_engine.automation.workflow import action_for, first_state, state_named
from frappe_engine.context.local import current
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.listeners import forget_listeners

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, get_datetime, now, now_datetime

MOST_AT_ONCE, MOST_IN_BACKGROUND = 20, 500
KIND = "workflow_name|"


class WorkflowStateError(frappe.ValidationError):
    """The document is in no state of its workflow."""


class WorkflowTransitionError(frappe.ValidationError):
    """There is no such step."""


class WorkflowPermissionError(frappe.ValidationError):
    """The user may not take this step."""


# which workflow


def get_workflow_name(doctype: str) -> str | None:
    """Give the name of the workflow that is active for a DocType, None without one."""
    found = process_cache_of(current()).get_or_load(f"{KIND}{doctype}", lambda: _active(doctype))
    return str(found) if found else None


def _active(doctype: str) -> str:
    return frappe.db.get_value("Workflow", {"document_type": doctype, "is_active": 1}, "name") or ""


def forget_workflow(doctype: str) -> None:
    """Read anew which workflow is active for a DocType, in every process."""
    process_cache_of(current()).forget(f"{KIND}{doctype}")
    forget_listeners(doctype)


def get_workflow(doctype: str) -> Any:
    """Give the workflow that is active for a DocType. Raises `DoesNotExistError` without one."""
    return frappe.get_cached_doc("Workflow", get_workflow_name(doctype))


def get_workflow_state_field(workflow_name: str) -> str:
    """Give the field that holds the state of documents."""
    return str(get_workflow_field_value(workflow_name, "workflow_state_field"))


def get_workflow_field_value(workflow_name: str, field: str) -> Any:
    """Give a field of a workflow."""
    return frappe.get_cached_value("Workflow", workflow_name, field)


def send_email_alert(workflow_name: str) -> bool:
    """Tell whether a workflow writes mails to those whose turn it is."""
    return bool(get_workflow_field_value(workflow_name, "send_email_alert"))


# the steps that are open


@frappe.whitelist()
def get_transitions(
    doc: Any, workflow: Any = None, raise_exception: bool = False, user: str | None = None
) -> list[Any]:
    """Give the steps the one who asks may take with a document; none for one that is not saved.

    Raises `WorkflowStateError` when the document has no state, `PermissionError` for what may not be read.
    """
    document = _document(doc)
    if document.is_new():
        return []
    document.load_from_db()
    document.check_permission("read")
    rules = workflow or get_workflow(document.doctype)
    state = document.get(rules.workflow_state_field)
    if not state:
        if raise_exception:
            raise WorkflowStateError
        frappe.throw(_("Workflow State not set"), WorkflowStateError)
    roles = set(frappe.get_roles(frappe.session.user))
    return [
        step.as_dict()
        for step in rules.transitions
        if step.state == state and step.allowed in roles and is_transition_condition_satisfied(step, document)
    ]


def _document(doc: Any) -> Any:
    if isinstance(doc, str):
        doc = json.loads(doc)
    if isinstance(doc, dict):
        doc = frappe.get_doc(doc)
        if doc.name and frappe.db.exists(doc.doctype, doc.name):
            doc = frappe.get_doc(doc.doctype, doc.name)
    if not hasattr(doc, "doctype"):
        frappe.throw(_("Parameter {0} must be JSON: {1}").format("doc", _("object")))
    return doc


def get_workflow_safe_globals() -> dict[str, Any]:
    """Give the names that conditions of transitions may use."""
    utils = {"now_datetime": now_datetime, "add_to_date": add_to_date, "get_datetime": get_datetime, "now": now}
    return {
        "frappe": frappe._dict(
            db=frappe._dict(get_value=frappe.db.get_value, get_list=frappe.db.get_list),
            session=frappe._dict(user=frappe.session.user),
            utils=frappe._dict(utils),
        )
    }


def is_transition_condition_satisfied(transition: Any, doc: Any) -> bool:
    """Tell whether the condition of a transition holds for a document."""
    if not transition.condition:
        return True
    return bool(frappe.safe_eval(transition.condition, get_workflow_safe_globals(), {"doc": doc.as_dict()}))


def has_approval_access(user: str, doc: Any, transition: Any) -> bool:
    """Tell whether a user may take a step with a document: their own ones only where the step says so."""
    return bool(user == "Administrator" or transition.get("allow_self_approval") or user != doc.get("owner"))


# taking a step


@frappe.whitelist()
def apply_workflow(doc: Any, action: str) -> Any:
    """Take the step called `action` with a document; give the document.

    Raises `WorkflowTransitionError` when that step is not open to the one who asks.
    """
    document = _document(doc)
    document.load_from_db()
    rules = get_workflow(document.doctype)
    step = next((one for one in get_transitions(document, rules) if one.action == action), None)
    if step is None:
        frappe.throw(_("Not a valid Workflow Action"), WorkflowTransitionError)
    if not has_approval_access(frappe.session.user, document, step):
        frappe.throw(_("Self approval is not allowed"), WorkflowTransitionError)
    state = state_named(rules.states, step.next_state)
    document.set(rules.workflow_state_field, step.next_state)
    _set_field(document, state)
    _carry_out(document, cint(state.doc_status))
    document.add_comment("Workflow", _(step.next_state))
    document.run_method("workflow_transition")
    return document


def _set_field(doc: Any, state: Any) -> None:
    if not state.update_field:
        return
    value = state.update_value
    if state.get("evaluate_as_expression"):
        value = frappe.safe_eval(value, get_workflow_safe_globals(), {"doc": doc.as_dict()})
    doc.set(state.update_field, value)


def _carry_out(doc: Any, docstatus: int) -> None:
    action = action_for(cint(doc.docstatus), docstatus)
    if action is None:
        frappe.throw(_("Illegal Document Status for {0}").format(doc.name))
    doc.flags.in_workflow = True
    getattr(doc, action)()
    doc.flags.in_workflow = False


@frappe.whitelist()
def can_cancel_document(doctype: str) -> bool:
    """Tell whether documents may be cancelled directly: not where a step of the workflow does that."""
    name = get_workflow_name(doctype)
    if not name:
        return True
    rules = frappe.get_cached_doc("Workflow", name)
    cancelling = {state.state for state in rules.states if cint(state.doc_status) == 2}
    return not any(step.next_state in cancelling for step in rules.transitions)


# what is checked when documents are saved


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType with a workflow."""
    if not get_workflow_name(doctype):
        return {}
    return {event: [check_document] for event in ("validate", "before_update_after_submit", "before_cancel")}


def check_document(doc: Any, _event: str) -> None:
    """Refuse a state that no step leads to, and keep the state in line with what is done to a document."""
    if frappe.flags.in_install or frappe.flags.in_patch:
        return
    rules = get_workflow(doc.doctype)
    validate_workflow(doc, rules)
    action = doc.__dict__.get("_action")
    if action != "save":
        set_workflow_state_on_action(doc, rules, action)


def validate_workflow(doc: Any, workflow: Any = None) -> None:
    """Raise unless the state of a document is the one it had, its first one, or one that a step open to the user leads to."""
    rules = workflow or get_workflow(doc.doctype)
    fieldname = rules.workflow_state_field
    before = doc.get_doc_before_save()
    first = rules.states[0].state
    stored = (before.get(fieldname) if before is not None else None) or first
    wanted = doc.get(fieldname) or first
    doc.set(fieldname, wanted)
    state = state_named(rules.states, wanted)
    if state is None:
        words = _("{0} is not a valid Workflow State. Please update your Workflow and try again.")
        frappe.throw(words.format(frappe.bold(wanted)), WorkflowStateError)
    if stored == wanted:
        if before is not None and before.get(fieldname):
            _check_editing(doc, state)
        return
    _check_step(doc, before, rules, stored, wanted)
    if cint(state.doc_status) != cint(doc.docstatus):
        frappe.throw(
            _("A document in the state {0} needs the step that leads there").format(frappe.bold(_(wanted))),
            WorkflowStateError,
        )


def _check_step(doc: Any, before: Any, rules: Any, stored: str, wanted: str) -> None:
    if before is not None and not doc.flags.in_workflow:
        steps = [step for step in get_transitions(before, rules) if step.next_state == wanted]
        if any(has_approval_access(frappe.session.user, before, step) for step in steps):
            return
    elif before is not None:
        return
    words = _("Workflow State transition not allowed from {0} to {1}")
    frappe.throw(words.format(frappe.bold(_(stored)), frappe.bold(_(wanted))), WorkflowPermissionError)


def _check_editing(doc: Any, state: Any) -> None:
    """In each state one role edits; code that was told to ask for no rights, and other actions than saving, pass."""
    if doc.flags.ignore_permissions or doc.flags.in_workflow or doc.__dict__.get("_action") != "save":
        return
    if state.allow_edit and state.allow_edit not in frappe.get_roles():
        words = _("Documents in the state {0} are edited by {1} only")
        frappe.throw(
            words.format(frappe.bold(_(state.state)), frappe.bold(_(state.allow_edit))), WorkflowPermissionError
        )


def set_workflow_state_on_action(doc: Any, workflow: Any, action: str | None) -> None:
    """Give a document that is submitted or cancelled directly the first state for that."""
    docstatus = {"update_after_submit": 1, "submit": 1, "cancel": 2}.get(str(action))
    fieldname = workflow.workflow_state_field
    present = state_named(workflow.states, doc.get(fieldname))
    if docstatus is None or (present is not None and cint(present.doc_status) == docstatus):
        return
    state = first_state(workflow.states, docstatus)
    if state is not None:
        doc.set(fieldname, state.state)


# many at once


@frappe.whitelist()
def get_common_transition_actions(docs: list[Any], doctype: str) -> list[str]:
    """Give the steps that are open with all of some documents."""
    given = json.loads(docs) if isinstance(docs, str) else docs
    common: list[str] | None = None
    for entry in given:
        document = frappe.get_doc(doctype, entry["name"] if isinstance(entry, dict) else entry)
        open_steps = [
            step.action
            for step in get_transitions(document)
            if has_approval_access(frappe.session.user, document, step)
        ]
        common = open_steps if common is None else [action for action in common if action in open_steps]
        if not common:
            return []
    return list(dict.fromkeys(common or []))


@frappe.whitelist()
def bulk_workflow_approval(docnames: list[str], doctype: str, action: str) -> None:
    """Take a step with several documents: at once up to 20, in the background up to 500."""
    names = json.loads(docnames) if isinstance(docnames, str) else docnames
    if len(names) <= MOST_AT_ONCE:
        _bulk(names, doctype, action)
    elif len(names) <= MOST_IN_BACKGROUND:
        frappe.msgprint(_("Bulk {0} is enqueued in background.").format(_(action)), alert=True)
        frappe.enqueue(
            "frappe.model.workflow._bulk", docnames=names, doctype=doctype, action=action, queue="short", timeout=1000
        )
    else:
        frappe.throw(_("Bulk approval only support up to {0} documents.").format(MOST_IN_BACKGROUND))


def _bulk(docnames: list[str], doctype: str, action: str) -> dict[str, list[str]]:
    """Take a step document by document; one that fails undoes itself alone. Gives names that `failed` and `done`."""
    outcome: dict[str, list[str]] = {"done": [], "failed": []}
    for name in docnames:
        frappe.db.savepoint("bulk_step")
        try:
            apply_workflow(frappe.get_doc(doctype, name), action)
            frappe.db.release_savepoint("bulk_step")
            outcome["done"].append(name)
        except Exception:  # noqa: BLE001 - one document's trouble stops no other; all are named to the user below
            frappe.db.rollback(save_point="bulk_step")
            outcome["failed"].append(name)
    if outcome["failed"]:
        frappe.msgprint(_("{0} failed for: {1}").format(_(action), ", ".join(outcome["failed"])), indicator="orange")
    return outcome


def get_workflow_docs(doctype: str) -> list[dict[str, Any]]:
    """Give what forms need of a DocType's workflow: it, its states and actions."""
    name = get_workflow_name(doctype)
    if not name:
        return []
    rules = frappe.get_cached_doc("Workflow", name)
    states = dict.fromkeys(row.state for row in rules.states)
    actions = dict.fromkeys(step.action for step in rules.transitions)
    found = [rules, *(frappe.get_cached_doc("Workflow State", state) for state in states)]
    found += [frappe.get_cached_doc("Workflow Action Master", action) for action in actions]
    return [document.as_dict() for document in found]
