"""Controller of the DocType Workflow Action."""

from frappe.model.document import Document


class WorkflowAction(Document):
    """A document that waits for somebody's step."""
