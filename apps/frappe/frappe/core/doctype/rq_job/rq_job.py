"""Controller of the DocType RQ Job."""

from frappe.model.document import Document


class RQJob(Document):
    """A background job of this site, waiting, running or failed."""
