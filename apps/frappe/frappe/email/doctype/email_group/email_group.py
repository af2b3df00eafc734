"""Controller of the DocType Email Group."""

from frappe.model.document import Document


class EmailGroup(Document):
    """People who get the same mails and can unsubscribe."""
