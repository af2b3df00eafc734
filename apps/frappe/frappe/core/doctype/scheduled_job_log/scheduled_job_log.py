"""One run of a scheduled job."""

from frappe.model.document import Document


class ScheduledJobLog(Document):
    """A Scheduled Job Log document."""
