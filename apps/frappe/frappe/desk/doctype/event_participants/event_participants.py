"""Controller of the DocType Event Participants."""

from frappe.model.document import Document


class EventParticipants(Document):
    """A person or other document that takes part in an event."""
