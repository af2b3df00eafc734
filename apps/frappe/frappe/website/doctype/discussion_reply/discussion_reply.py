"""Controller of the DocType Discussion Reply: pages that show the topic learn of it at once.

Invariant: a reply is taken back by its author alone.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document


class DiscussionReply(Document):
    """What somebody says on a topic of a discussion."""

    def on_update(self) -> None:
        """Tell open pages that it changed."""
        self._tell("update_message", {"reply": frappe.utils.md_to_html(self.reply or ""), "reply_name": self.name})

    def after_insert(self) -> None:
        """Tell open pages, with the card that they show it as."""
        fields = ["name", "title", "reference_doctype", "reference_docname"]
        topic = frappe.db.get_value("Discussion Topic", self.topic, fields, as_dict=True)
        card = frappe.render_template("templates/discussions/reply_card.html", {"reply": self, "topic": topic})
        self._tell("publish_message", {"template": card, "topic_info": topic, "reply_owner": self.owner})

    def after_delete(self) -> None:
        """Tell open pages that it is gone."""
        self._tell("delete_message", {"reply_name": self.name})

    def _tell(self, event: str, message: dict[str, Any]) -> None:
        frappe.publish_realtime(event, {**message, "topic": self.topic}, room=_room(), after_commit=True)


def _room() -> str:
    from frappe.realtime import get_website_room  # pages of the website alone need it

    return get_website_room()


@frappe.whitelist()
def delete_message(reply_name: Any) -> None:
    """Take back what one has said; nothing happens to what others said."""
    if frappe.db.get_value("Discussion Reply", reply_name, "owner") == frappe.session.user:
        frappe.delete_doc("Discussion Reply", reply_name, ignore_permissions=True)
