"""Controller of the DocType Email Template."""

from frappe.model.document import Document


class EmailTemplate(Document):
    """Subject and text of a mail with fields of a document."""
