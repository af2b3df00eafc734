"""Controller of the DocType Workflow Action: whose turn it is with a document.

Invariant: a document has at most one open action, for the state it is in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.user.passwords import can_send_mail
from frappe.model.document import Document
from frappe.model.workflow import (
    apply_workflow,
    get_workflow,
    get_workflow_name,
    has_approval_access,
    is_transition_condition_satisfied,
    send_email_alert,
)
from frappe.utils import escape_html, get_url, get_url_to_form
from frappe.utils.user import get_users_with_role
from frappe.utils.verified_command import get_signed_params, verify_request

METHOD = "/api/method/frappe.workflow.doctype.workflow_action.workflow_action"


class WorkflowAction(Document):
    """A step that somebody is to take."""


def on_doctype_update() -> None:
    """Find the actions of a document."""
    frappe.db.add_index("Workflow Action", ["reference_doctype", "reference_name", "status"], "of_document")


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """Show users the actions that one of their roles may take."""
    who = user or frappe.session.user
    if who == "Administrator":
        return None
    roles = ", ".join(frappe.db.escape(role) for role in frappe.get_roles(who)) or "''"
    return (
        "(`tabWorkflow Action`.`name` IN (SELECT `parent` FROM `tabWorkflow Action Permitted Role`"
        f" WHERE `role` IN ({roles})) OR `tabWorkflow Action`.`user` = {frappe.db.escape(who)})"
    )


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see an action."""
    who = user or frappe.session.user
    roles = {row.role for row in doc.permitted_roles}
    return who in ("Administrator", doc.user) or bool(roles & set(frappe.get_roles(who)))


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType with a workflow."""
    if not get_workflow_name(doctype):
        return {}
    events = ("on_update", "on_update_after_submit", "on_cancel", "on_trash")
    return {event: [process_workflow_actions] for event in events}


def process_workflow_actions(doc: Any, state: str) -> None:
    """Note whose turn it is after a document was saved, and that the step before was taken."""
    if state == "on_trash":
        frappe.db.delete("Workflow Action", {"reference_doctype": doc.doctype, "reference_name": str(doc.name)})
        return
    rules = get_workflow(doc.doctype)
    present = doc.get(rules.workflow_state_field)
    about = {"reference_doctype": doc.doctype, "reference_name": str(doc.name), "status": "Open"}
    if frappe.db.exists("Workflow Action", {**about, "workflow_state": present}):
        return
    _complete(about)
    steps = [
        step
        for step in rules.transitions
        if step.state == present and is_transition_condition_satisfied(step, doc) and not _is_optional(rules, step)
    ]
    if not steps:
        return
    roles = list(dict.fromkeys(step.allowed for step in steps))
    rows = [{"role": role} for role in roles]
    action = frappe.get_doc({"doctype": "Workflow Action", **about, "workflow_state": present, "permitted_roles": rows})
    action.insert(ignore_permissions=True)
    if send_email_alert(rules.name) and can_send_mail():
        _write_mails(doc, rules, steps)


def _is_optional(rules: Any, step: Any) -> bool:
    return any(row.is_optional_state for row in rules.states if row.state == step.next_state)


def _complete(about: dict[str, Any]) -> None:
    roles = set(frappe.get_roles())
    for name in frappe.get_all("Workflow Action", about, pluck="name"):
        permitted = frappe.get_all("Workflow Action Permitted Role", {"parent": name}, pluck="role")
        role = next((role for role in permitted if role in roles), None)
        values = {"status": "Completed", "completed_by": frappe.session.user, "completed_by_role": role}
        frappe.db.set_value("Workflow Action", name, values)


# mails


def _write_mails(doc: Any, rules: Any, steps: list[Any]) -> None:
    """Write to everybody whose turn it is, with a link for each step they may take."""
    state = next((row for row in rules.states if row.state == steps[0].state), None)
    if state is not None and not state.send_email:
        return
    for user, own in _users(doc, steps).items():
        subject, message = _words(doc, state)
        links = [_link(doc, rules, step, user) for step in own]
        frappe.sendmail(
            recipients=[user],
            subject=subject,
            message=f"{message}<p>{' &nbsp; '.join(links)}</p>",
            reference_doctype=doc.doctype,
            reference_name=doc.name,
            add_unsubscribe_link=0,
        )


def _users(doc: Any, steps: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for step in steps:
        for user in get_users_with_role(step.allowed):
            known = frappe.db.get_value("User", user, ["enabled", "email"], as_dict=True)
            if not known or not known.enabled or "@" not in str(known.email or ""):
                continue
            if has_approval_access(user, doc, step) and frappe.has_permission(doc.doctype, "read", doc, user=user):
                found.setdefault(known.email, []).append(step)
    return found


def _words(doc: Any, state: Any) -> tuple[str, str]:
    link = f'<a href="{get_url_to_form(doc.doctype, doc.name)}">{escape_html(doc.name)}</a>'
    subject = _("Workflow Action") + f" - {_(doc.doctype)}: {doc.name}"
    if state is not None and state.next_action_email_template:
        text = frappe.get_doc("Email Template", state.next_action_email_template).get_formatted_email(doc)
        return text["subject"], text["message"]
    if state is not None and state.message:
        return subject, frappe.render_template(state.message, {"doc": doc})
    return subject, f"<p>{_(doc.doctype)} {link}: {escape_html(_(state.state) if state is not None else '')}</p>"


def _link(doc: Any, rules: Any, step: Any, email: str) -> str:
    values = {
        "doctype": doc.doctype,
        "docname": doc.name,
        "user": frappe.db.get_value("User", {"email": email}, "name"),
        "current_state": doc.get(rules.workflow_state_field),
        "last_modified": str(doc.modified),
        "action": step.action,
    }
    # the link opens a page that asks: programs that read mail open links by themselves
    address = get_url(f"{METHOD}.confirm_action?{get_signed_params(values)}")
    return f'<a href="{escape_html(address)}">{escape_html(_(step.action))}</a>'


@frappe.whitelist(allow_guest=True)
def confirm_action(
    doctype: str, docname: str, user: str, action: str, current_state: str = "", last_modified: str = ""
) -> None:
    """Ask whoever came by a link of a mail whether to take the step; the step is taken by the link on that page."""
    if not verify_request():
        return
    values = {"action": action, "doctype": doctype, "docname": docname, "current_state": current_state, "user": user}
    address = get_url(f"{METHOD}.apply_action?{get_signed_params({**values, 'last_modified': last_modified})}")
    words = f"{escape_html(_(doctype))} {escape_html(docname)}: "
    frappe.respond_as_web_page(
        _("Confirm Your Action"), f'{words}<a href="{escape_html(address)}">{escape_html(_(action))}</a>'
    )


@frappe.whitelist(allow_guest=True)
def apply_action(
    action: str,
    doctype: str,
    docname: str,
    current_state: str,
    user: str | None = None,
    last_modified: str | None = None,
) -> None:
    """Take a step for the user whom a signed link was written to, unless the document moved on meanwhile."""
    if not verify_request():
        return
    document = frappe.get_doc(doctype, docname)
    if document.get(get_workflow(doctype).workflow_state_field) != current_state:
        frappe.respond_as_web_page(
            _("Link Expired"),
            _("{0} {1} is not in the state {2} any more").format(_(doctype), docname, _(current_state)),
        )
        return
    before = frappe.session.user
    frappe.set_user(user or before)
    try:
        apply_workflow(document, action)
    finally:
        frappe.set_user(before)
    frappe.flags.commit = True
    frappe.respond_as_web_page(
        _("Success"), f"{escape_html(_(doctype))} {escape_html(docname)}: {escape_html(_(action))}"
    )
