"""Controller of the DocType Note Seen By."""

from frappe.model.document import Document


class NoteSeenBy(Document):
    """A user who has seen a note."""
