"""Controller of the DocType Email Group Member."""

from frappe.model.document import Document


class EmailGroupMember(Document):
    """An address in an email group."""
