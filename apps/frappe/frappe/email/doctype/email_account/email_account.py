"""Controller of the DocType Email Account."""

from frappe.model.document import Document


class EmailAccount(Document):
    """A mailbox that this site sends from or reads."""
