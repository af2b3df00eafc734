"""A background job of this site, waiting, running or failed."""

from frappe.model.document import Document


class RQJob(Document):
    """A RQ Job document."""
