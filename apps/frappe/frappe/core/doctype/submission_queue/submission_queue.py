"""Controller of the DocType Submission Queue."""

from frappe.model.document import Document


class SubmissionQueue(Document):
    """A document that is being submitted in the background."""
