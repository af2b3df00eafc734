"""A method that runs at set times."""

from frappe.model.document import Document


class ScheduledJobType(Document):
    """A Scheduled Job Type document."""
