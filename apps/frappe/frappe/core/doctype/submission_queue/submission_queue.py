"""A document that is being submitted in the background."""

from frappe.model.document import Document


class SubmissionQueue(Document):
    """A Submission Queue document."""
