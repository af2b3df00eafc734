"""Controller of the DocType Discussion Topic, and how visitors of the website take part.

Invariant: a reply is changed by its author alone; guests take no part.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document


class DiscussionTopic(Document):
    """Something that is talked about on the website."""


@frappe.whitelist()
def submit_discussion(
    doctype: Any, docname: Any, reply: str, title: str, topic_name: Any = None, reply_name: Any = None
) -> str | None:
    """Say something on a topic: a new one, `topic_name`, or change what one said in `reply_name`.

    Gives the name of the topic, None where a reply was changed. A reply of somebody else stays as it is.
    """
    if reply_name:
        if frappe.db.get_value("Discussion Reply", reply_name, "owner") == frappe.session.user:
            stored = frappe.get_doc("Discussion Reply", reply_name)
            stored.reply = reply
            stored.save(ignore_permissions=True)
        return None
    topic = topic_name or _new_topic(doctype, docname, title)
    said = frappe.get_doc({"doctype": "Discussion Reply", "reply": reply, "topic": topic})
    said.insert(ignore_permissions=True)
    return str(topic)


def _new_topic(doctype: Any, docname: Any, title: str) -> str:
    topic = frappe.get_doc(
        {"doctype": "Discussion Topic", "title": title, "reference_doctype": doctype, "reference_docname": docname}
    )
    return str(topic.insert(ignore_permissions=True).name)
