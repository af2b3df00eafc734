"""Controller of the DocType Email Template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils.jinja import validate_template


class EmailTemplate(Document):
    """The subject and the text of mails of one kind, with Jinja."""

    @property
    def response_(self) -> str:
        """The text of the mail."""
        return str((self.response_html if self.use_html else self.response) or "")

    def validate(self) -> None:
        """Refuse what is no template."""
        validate_template(self.subject)
        validate_template(self.response_)

    def get_formatted_subject(self, doc: Any) -> str:
        """Give the subject for a document (or a dict of values)."""
        return frappe.render_template(self.subject, _values(doc))

    def get_formatted_response(self, doc: Any) -> str:
        """Give the text for a document (or a dict of values)."""
        return frappe.render_template(self.response_, _values(doc))

    def get_formatted_email(self, doc: Any) -> dict[str, str]:
        """Give `subject` and `message` for a document (or a dict of values)."""
        return {"subject": self.get_formatted_subject(doc), "message": self.get_formatted_response(doc)}


def _values(doc: Any) -> dict[str, Any]:
    """Templates name fields alone, and the document as `doc`."""
    given = frappe.parse_json(doc) if isinstance(doc, str) else doc
    values = dict(given or {}) if not given or isinstance(given, Mapping) else given.as_dict()
    return {**values, "doc": values.get("doc", given if hasattr(given, "as_dict") else frappe._dict(values))}


@frappe.whitelist()
def get_email_template(template_name: str, doc: Any) -> dict[str, str]:
    """Give `subject` and `message` of a template for a document."""
    template = frappe.get_doc("Email Template", template_name)
    template.check_permission("read")
    return template.get_formatted_email(doc)
