"""Controller of the DocType Scheduled Job Log."""

from frappe.model.document import Document


class ScheduledJobLog(Document):
    """One run of a scheduled job."""
