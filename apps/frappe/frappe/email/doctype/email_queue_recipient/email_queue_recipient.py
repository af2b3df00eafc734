"""Controller of the DocType Email Queue Recipient."""

from frappe.model.document import Document


class EmailQueueRecipient(Document):
    """One recipient of a queued mail."""
